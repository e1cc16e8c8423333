"""流程包: everything an installation runs by as one file, and what another installation makes of it."""

from service.casework.packages.exporting import export_package
from service.casework.packages.importing import Imported, import_package
from service.casework.packages.judging import EntryView, PackageView, Verdict, preview_package

__all__ = ["EntryView", "Imported", "PackageView", "Verdict", "export_package", "import_package", "preview_package"]
