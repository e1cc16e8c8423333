"""The studio (流程设计): drafts of processes, who edits them, what the linter says, and their way into a release."""

from service.casework.studio.beginning import begin_blank, begin_copy, begin_revision
from service.casework.studio.beside import FileLine
from service.casework.studio.checking import check_draft
from service.casework.studio.choices import check_expression, choices
from service.casework.studio.comparing import (
    Comparison,
    compare_draft,
    compare_release,
    compare_versions,
    release_diagram,
    require_version,
)
from service.casework.studio.files import DraftFile, add_file, copy_file, draft_file, remove_file, save_file, take_file
from service.casework.studio.handing_in import hand_in
from service.casework.studio.keeping import discard_draft, resume_draft, save_draft
from service.casework.studio.locking import hold_draft, let_go, take_over
from service.casework.studio.naming import functions, names_of_draft
from service.casework.studio.previewing import FormPreview, preview_form
from service.casework.studio.reading import DraftLine, DraftPage, draft_count, draft_list, draft_page, draft_source
from service.casework.studio.restoring import restore_version
from service.casework.studio.rights import DESIGNERS
from service.casework.studio.trying import Trial, try_table

__all__ = [
    "take_file",
    "save_file",
    "remove_file",
    "draft_file",
    "copy_file",
    "add_file",
    "FileLine",
    "DraftFile",
    "DESIGNERS",
    "Comparison",
    "DraftLine",
    "DraftPage",
    "Trial",
    "begin_blank",
    "begin_copy",
    "begin_revision",
    "check_draft",
    "check_expression",
    "choices",
    "compare_draft",
    "compare_release",
    "compare_versions",
    "discard_draft",
    "draft_count",
    "draft_list",
    "draft_page",
    "draft_source",
    "functions",
    "FormPreview",
    "hand_in",
    "preview_form",
    "hold_draft",
    "let_go",
    "names_of_draft",
    "release_diagram",
    "require_version",
    "restore_version",
    "resume_draft",
    "save_draft",
    "take_over",
    "try_table",
]
