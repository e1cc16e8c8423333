"""Files a page is sent: process files of a browser, and the same carried along by the page that asks to confirm."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable

from flask import request

from service.casework.workbench import Resource
from service.rules.refusals import Invalid

KINDS = (".bpmn", ".bpmn20.xml", ".form", ".dmn", ".xml")
TOGETHER = 4 * 1024 * 1024  # bytes of all files of one upload


def sent_files() -> tuple[Resource, ...]:
    """The files of the browser. Refused: Invalid NO_FILES, FILE_KIND, FILES_TOO_LARGE."""
    found = []
    for file in request.files.getlist("files"):
        name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1].strip()
        if name:
            found.append(Resource(name=name[:255], content=file.read()))
        file.close()
    return _checked(found)


def kept_files() -> tuple[Resource, ...]:
    """The files the confirmation page carried along; they are examined again when they are deployed."""
    names, contents = request.form.getlist("file-name"), request.form.getlist("file-content")
    try:
        return _checked(
            [Resource(name=n, content=base64.b64decode(c, validate=True)) for n, c in zip(names, contents, strict=True)]
        )
    except (binascii.Error, ValueError):
        raise Invalid("UPLOAD_BROKEN", "上传的内容不完整，请重新选择文件。") from None


def _checked(resources: list[Resource]) -> tuple[Resource, ...]:
    if not resources:
        raise Invalid("NO_FILES", "请选择至少一个文件。")
    for resource in resources:
        if not resource.name.lower().endswith(KINDS):
            raise Invalid("FILE_KIND", "文件“{name}”不是 BPMN、DMN 或表单文件。", name=resource.name)
    if sum(len(resource.content) for resource in resources) > TOGETHER:
        raise Invalid("FILES_TOO_LARGE", "文件合计超过 4 MB，请分批上传。")
    return tuple({resource.name: resource for resource in resources}.values())


def carried(resources: Iterable[Resource]) -> list[tuple[str, str]]:
    """Name and content as hidden fields of the page that asks to confirm."""
    return [(one.name, base64.b64encode(one.content).decode("ascii")) for one in resources]
