"""LB6xx: forms are form-js schemas whose components, keys and conditions are sound."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from service.engine.facts import Resource
from service.engine.feel import FeelError, compile_expression
from service.engine.lint.catalog import Rule, error, note, warning
from service.engine.lint.diagram import Diagram
from service.engine.lint.report import Pen, Report
from service.rules.form_fields import ASKING, KNOWN

EDIT = "在表单设计器（form-js）中修改"

NOT_JSON = error("LB601", "表单不是有效的 JSON：{detail}", "the form is not JSON: {detail}", EDIT)
NOT_SCHEMA = error("LB602", "不是 form-js 表单：没有 components 列表", "no form-js schema: no list of components", EDIT)
COMPONENT = error("LB603", "表单组件类型“{kind}”不支持", "form components of type {kind} are not supported", EDIT)
HTML = error(
    "LB604", "表单中不允许 html 和 iframe 组件", "html and iframe components are not allowed", "改用 text 组件"
)
NO_KEY = error("LB605", "表单组件“{label}”没有 key", "the form component {label} has no key", EDIT)
SAME_KEY = error("LB606", "表单中 key“{key}”重复", "the key {key} is used twice in the form", EDIT)
FORMULA = error(
    "LB607", "表单组件“{label}”的表达式“{expression}”有错：{problem}", "{label}: {expression}: {english}", EDIT
)
TOO_DEEP = error("LB608", "表单嵌套过深或组件过多", "the form is too deep or too large", EDIT)
MISSING = note(
    "LB609", "表单 {key} 不在本次上传的文件中", "the form {key} is not among the files", "与流程一起上传表单"
)
NO_CHOICES = warning("LB610", "“{label}”没有可选项", "{label} has no options", EDIT)

MAX_BYTES = 500_000
MAX_DEPTH = 12
MAX_COMPONENTS = 1_000
CHOOSING = frozenset({"select", "radio", "checklist", "taglist"})
RAW = frozenset({"html", "iframe"})


class Forms:
    """The forms among the resources, by form key: the file's name without suffix, and the schema's id."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.by_key: dict[str, Resource] = {}
        self.schemas: dict[str, Mapping[str, Any]] = {}

    def read(self, resource: Resource) -> None:
        """Take a form in and check it."""
        name = resource.name.rsplit("/", 1)[-1]
        key = name.removesuffix(".json").removesuffix(".form")
        self.by_key[key] = resource
        schema = self.parse(resource)
        if schema is None:
            return
        identity = schema.get("id")
        if isinstance(identity, str) and identity:
            self.by_key.setdefault(identity, resource)
            self.schemas.setdefault(identity, schema)
        self.schemas[key] = schema
        FormCheck(self.report, resource).check(schema)

    def parse(self, resource: Resource) -> Mapping[str, Any] | None:
        """The schema, or None after a finding."""
        if len(resource.content) > MAX_BYTES:
            self.report.add(TOO_DEEP, resource.name)
            return None
        try:
            schema = json.loads(resource.content.decode("utf-8-sig"))
        except RecursionError:
            self.report.add(TOO_DEEP, resource.name)
            return None
        except ValueError as failure:
            line = getattr(failure, "lineno", 1)
            self.report.add(NOT_JSON, resource.name, line=line, detail=str(failure))
            return None
        if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
            self.report.add(NOT_SCHEMA, resource.name)
            return None
        return schema


class FormCheck:
    """The components of one form."""

    def __init__(self, report: Report, resource: Resource) -> None:
        self.report = report
        self.file = resource.name
        self.lines = resource.content.decode("utf-8-sig").splitlines()
        self.keys: set[str] = set()
        self.count = 0

    def check(self, schema: Mapping[str, Any]) -> None:
        """All components, then their expressions."""
        self.check_components(schema["components"], "", 0)

    def check_components(self, components: list[Any], path: str, depth: int) -> None:
        """The components of a form or group; `path` is what groups put in front of keys."""
        if depth > MAX_DEPTH:
            self.report.add(TOO_DEEP, self.file)
            return
        for component in components:
            self.count += 1
            if self.count > MAX_COMPONENTS:
                self.report.add(TOO_DEEP, self.file)
                return
            if not isinstance(component, dict):
                self.say(COMPONENT, {}, kind=type(component).__name__)
                continue
            self.check_component(component, path)
            inner = component.get("components")
            if isinstance(inner, list):
                below = component.get("path")
                joined = f"{path}{below}." if isinstance(below, str) and below else path
                self.check_components(inner, joined, depth + 1)

    def check_component(self, component: Mapping[str, Any], path: str) -> None:
        """One component: its type, its key, its expressions."""
        kind = component.get("type")
        if isinstance(kind, str) and kind in RAW:
            self.say(HTML, component)
        elif not isinstance(kind, str) or kind not in KNOWN:
            self.say(COMPONENT, component, kind=kind)
        elif kind in ASKING:
            key = component.get("key")
            if not isinstance(key, str) or not key.strip():
                self.say(NO_KEY, component, label=label_of(component))
            elif path + key in self.keys:
                self.say(SAME_KEY, component, key=path + key)
            else:
                self.keys.add(path + key)
            if kind in CHOOSING and not any(component.get(n) for n in ("values", "valuesKey", "valuesExpression")):
                self.say(NO_CHOICES, component, label=label_of(component))
        for text in expressions(component):
            try:
                compile_expression(text)
            except FeelError as refused:
                self.say(
                    FORMULA, component, label=label_of(component), expression=text, problem=refused.text,
                    english=refused.english,
                )  # fmt: skip

    def say(self, rule: Rule, component: Mapping[str, Any], **params: Any) -> None:
        """A finding about a component, at the line where its key or id stands."""
        named = component.get("key") or component.get("id")
        name = named if isinstance(named, str) else None
        quoted = json.dumps(name, ensure_ascii=False) if name else None
        line = next((n for n, text in enumerate(self.lines, 1) if quoted and quoted in text), 1)
        self.report.add(rule, self.file, line=line, element=name, **params)


def label_of(component: Mapping[str, Any]) -> str:
    """How people know a component."""
    return str(component.get("label") or component.get("dateLabel") or component.get("key") or component.get("type"))


def expressions(component: Mapping[str, Any]) -> Iterator[str]:
    """FEEL in a component: when it hides, what it computes, where its options come from."""
    conditional = component.get("conditional")
    if isinstance(conditional, dict) and isinstance(conditional.get("hide"), str):
        yield conditional["hide"]
    for name in ("expression", "valuesExpression"):
        if isinstance(component.get(name), str):
            yield component[name]
    for name in ("disabled", "readonly", "text", "description", "label", "defaultValue"):
        value = component.get(name)
        if isinstance(value, str) and value.startswith("="):
            yield value


def check_form_keys(diagram: Diagram, forms: Forms, pen: Pen) -> None:
    """Form keys mean forms that come with the process; without any form among the files nobody can tell."""
    if not forms.by_key:
        return
    for process in diagram.processes:
        if not process.executable:
            continue
        for node in process.nodes():
            key = node.form_key
            if key and key not in forms.by_key and not key.startswith(("${", "#{", "=")):
                pen.say(MISSING, node.element, key=key)
