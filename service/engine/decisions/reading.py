"""Reading DMN 1.1 to 1.5: tolerant of everything that is drawing, complete about what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree

from service.engine import feel
from service.engine.decisions import words
from service.engine.decisions.kinds import base_of
from service.engine.decisions.model import (
    AGGREGATIONS,
    ANYTHING,
    SEVERAL,
    SINGLE,
    Decision,
    DecisionFile,
    DecisionUnreadable,
    Expression,
    Input,
    Kind,
    Output,
    Problem,
    Row,
    Table,
)
from service.rules.sentences import filled

CAMUNDA = "{http://camunda.org/schema/1.0/dmn}"
NAMESPACES = frozenset({
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/", "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/",
})  # fmt: skip
DRAWING = frozenset(
    "description extensionElements documentation textAnnotation association knowledgeSource elementCollection "
    "performanceIndicator organizationUnit group inputData itemDefinition decision DMNDI".split()
)
BOXED = frozenset(
    "context invocation relation list functionDefinition conditional for every some filter expression".split()
)
MAX_ROWS = 5_000
_OWN_WORDS = re.compile(r"(?<![\w.])(item|partial)(?!\w)")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def is_dmn(root: Any) -> bool:
    """Whether it is the root element of a DMN file of a version that is read."""
    namespace, _, name = str(root.tag).rpartition("}")
    return name == "definitions" and namespace.removeprefix("{") in NAMESPACES


def read_decision_bytes(content: bytes) -> DecisionFile:
    """The decisions of a checked file. Raises DecisionUnreadable for what the linter should have refused."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DecisionUnreadable(filled(words.NOT_XML, line=error.lineno)) from error
    if not is_dmn(root):
        raise DecisionUnreadable(words.NOT_DMN)
    found = read_decisions(root)
    for problem in found.problems:
        raise DecisionUnreadable(filled(words.AGAINST_RULE, line=problem.element.sourceline, code=problem.code))
    return found


def read_decisions(root: Any) -> DecisionFile:
    """The decisions of a DMN file by its root element, and everything wrong with it. Never raises."""
    return _Reader(root).read()


class _Reader:
    def __init__(self, root: Any) -> None:
        self.root = root
        self.prefix = str(root.tag).rpartition("}")[0] + "}"
        self.problems: list[Problem] = []
        self.items = {item.get("name") or "": item for item in self.children(root, "itemDefinition")}
        self.data = {item.get("id") or "": self.variable_of(item) for item in self.children(root, "inputData")}
        self.elements = {item.get("id") or "": item for item in self.children(root, "decision")}

    def say(self, code: str, element: Any, **params: object) -> None:
        self.problems.append(Problem(code=code, element=element, params=params))

    def children(self, element: Any, name: str) -> list[Any]:
        return list(element.iterchildren(self.prefix + name))

    def local(self, element: Any) -> str:
        tag = element.tag if isinstance(element.tag, str) else ""
        return tag.removeprefix(self.prefix) if tag.startswith(self.prefix) else ""

    def text(self, element: Any) -> str:
        """What its `text` child says."""
        return next(((child.text or "").strip() for child in self.children(element, "text")), "")

    def variable_of(self, element: Any) -> str:
        named = next((child.get("name") for child in self.children(element, "variable") if child.get("name")), None)
        return " ".join((named or element.get("name") or element.get("id") or "").split())

    def read(self) -> DecisionFile:
        self.check_roots()
        self.check_ids()
        decisions: dict[str, Decision] = {}
        for id, element in self.elements.items():
            if id:
                decision = self.decision(id, element)
                if decision is not None:
                    decisions[id] = decision
        self.check_circles(decisions)
        return DecisionFile(
            id=self.root.get("id") or "",
            name=self.root.get("name") or "",
            decisions=decisions,
            problems=tuple(self.problems),
        )

    def check_roots(self) -> None:
        if not self.elements:
            self.say("LB801", self.root)
        for child in self.root:
            name = self.local(child)
            if name in ("businessKnowledgeModel", "decisionService", "import"):
                self.say("LB802", child, what=name)
            elif name and name not in DRAWING and not name.startswith("DMN"):
                self.say("LB802", child, what=name)

    def check_ids(self) -> None:
        first: dict[str, Any] = {}
        for element in self.root.iter():
            if not isinstance(element.tag, str) or not element.tag.startswith(self.prefix):
                continue
            id = element.get("id")
            if id and id in first:
                self.say("LB803", element, id=id)
            first.setdefault(id or "", element)
        for element in self.children(self.root, "decision"):
            if not (element.get("id") or "").strip():
                self.say("LB804", element)

    # -- one decision

    def decision(self, id: str, element: Any) -> Decision | None:
        requires, names = self.requirements(element)
        logic: Table | Expression | None = None
        found = [child for child in element if self.local(child) in ("decisionTable", "literalExpression", *BOXED)]
        if len(found) != 1:
            self.say("LB805", element, id=id)
            return None
        body = found[0]
        scope = self.scope(names)
        if self.local(body) == "decisionTable":
            logic = self.table(body, scope, self.variable_of(element))
        elif self.local(body) == "literalExpression":
            if not self.text(body):
                self.say("LB805", element, id=id)
                return None
            logic = self.expression(body, self.text(body), scope, what="表达式")
        else:
            self.say("LB806", body, what=self.local(body))
        if logic is None:
            return None
        variable = next(iter(self.children(element, "variable")), None)
        reference = variable.get("typeRef") if variable is not None else None
        if reference is None and self.local(body) == "literalExpression":
            reference = body.get("typeRef")
        return Decision(
            id=id,
            name=element.get("name") or id,
            variable=self.variable_of(element),
            kind=self.kind(reference, body),
            logic=logic,
            requires=requires,
            version_tag=element.get(f"{CAMUNDA}versionTag"),
            element=element,
        )

    def requirements(self, element: Any) -> tuple[tuple[str, ...], list[str]]:
        """Ids of the decisions it needs, and the names of everything it may read (names with blanks must be known)."""
        requires: list[str] = []
        names: list[str] = []
        for requirement in self.children(element, "informationRequirement"):
            for needed in requirement:
                what, href = self.local(needed), (needed.get("href") or "").strip()
                id = href.removeprefix("#")
                if what == "requiredDecision":
                    if not href.startswith("#") or id not in self.elements:
                        self.say("LB807", requirement, ref=href)
                    else:
                        requires.append(id)
                        names += self.made_by(self.elements[id])
                elif what == "requiredInput":
                    if not href.startswith("#") or id not in self.data:
                        self.say("LB807", requirement, ref=href)
                    else:
                        names.append(self.data[id])
        for requirement in self.children(element, "knowledgeRequirement"):
            self.say("LB802", requirement, what="knowledgeRequirement")
        return tuple(dict.fromkeys(requires)), names

    def made_by(self, element: Any) -> Iterable[str]:
        yield self.variable_of(element)
        for table in self.children(element, "decisionTable"):
            yield from (output.get("name") or "" for output in self.children(table, "output"))

    def scope(self, names: Iterable[str]) -> dict[str, Any]:
        return dict.fromkeys((name for name in names if name), 0)

    def table(self, element: Any, scope: Mapping[str, Any], variable: str) -> Table | None:
        policy = " ".join((element.get("hitPolicy") or "UNIQUE").upper().replace("_", " ").split())
        aggregation = (element.get("aggregation") or "").strip().upper() or None
        if policy not in SINGLE | SEVERAL:
            self.say("LB810", element, policy=element.get("hitPolicy") or "")
            return None
        if aggregation == "LIST":
            aggregation = None
        if aggregation is not None and (aggregation not in AGGREGATIONS or policy != "COLLECT"):
            self.say("LB811", element, policy=policy, aggregation=aggregation)
            return None
        inputs = [self.input(child, number, scope) for number, child in enumerate(self.children(element, "input"), 1)]
        found = self.children(element, "output")
        outputs = [self.output(child, number, len(found), scope, variable) for number, child in enumerate(found, 1)]
        if not found:
            self.say("LB813", element)
            return None
        names = [output.name for output in outputs if output is not None]
        if len(set(names)) != len(names):
            self.say("LB814", element)
        if aggregation is not None and len(found) > 1:
            self.say("LB815", element, aggregation=aggregation)
        if policy in ("PRIORITY", "OUTPUT ORDER") and not any(o is not None and o.ranks for o in outputs):
            self.say("LB816", element, policy=policy)
        rules = self.children(element, "rule")
        if len(rules) > MAX_ROWS:
            self.say("LB819", element, count=len(rules))
            return None
        rows = [self.row(child, number, len(inputs), len(found), scope) for number, child in enumerate(rules, 1)]
        if None in inputs or None in outputs or None in rows:
            return None
        return Table(
            policy=policy,
            aggregation=aggregation,
            inputs=tuple(one for one in inputs if one),
            outputs=tuple(one for one in outputs if one),
            rows=tuple(one for one in rows if one),
        )

    def input(self, element: Any, number: int, scope: Mapping[str, Any]) -> Input | None:
        label = element.get("label") or ""
        inner = next(iter(self.children(element, "inputExpression")), None)
        text = self.text(inner) if inner is not None else ""
        if inner is None or not text:
            self.say("LB812", element, number=number)
            return None
        expression = self.expression(inner, text, scope, what=f"输入列{number}")
        if expression is None:
            return None
        kind = self.kind(inner.get("typeRef"), element)
        allowed = None
        for values in self.children(element, "inputValues"):
            if self.text(values):
                allowed = self.expression(values, self.text(values), scope, what=f"输入列{number}的取值", unary=True)
        if allowed is None and kind.allowed:
            allowed = self.expression(element, kind.allowed, scope, what=f"输入列{number}的取值", unary=True)
        return Input(label=label or text, expression=expression, kind=kind, allowed=allowed)

    def output(self, element: Any, number: int, count: int, scope: Mapping[str, Any], variable: str) -> Output | None:
        name = (element.get("name") or "").strip()
        if not name:
            if count > 1:
                self.say("LB814", element)
                return None
            name = variable
        kind = self.kind(element.get("typeRef"), element)
        ranks: tuple[Any, ...] = ()
        for values in self.children(element, "outputValues"):
            text = self.text(values)
            if text:
                listed = self.expression(values, text, scope, what=f"输出列{number}的取值", listed=True)
                ranks = self.ranks(values, listed)
        default = None
        for entry in self.children(element, "defaultOutputEntry"):
            text = self.text(entry)
            if text:
                default = self.expression(entry, text, scope, what=f"输出列{number}的默认值")
        return Output(name=name, label=element.get("label") or name, kind=kind, ranks=ranks, default=default)

    def ranks(self, element: Any, listed: Expression | None) -> tuple[Any, ...]:
        if listed is None or listed.names:
            return ()
        try:
            found = feel.evaluate("=" + listed.text)
        except feel.FeelError as error:
            self.say(
                "LB820", element, what="outputValues", expression=listed.text, problem=error.text, english=error.english
            )
            return ()
        if isinstance(found, list) and not any(isinstance(one, dict) for one in found):
            return tuple(found)
        return ()

    def row(self, element: Any, number: int, inputs: int, outputs: int, scope: Mapping[str, Any]) -> Row | None:
        cells, results = self.children(element, "inputEntry"), self.children(element, "outputEntry")
        if len(cells) != inputs or len(results) != outputs:
            self.say("LB817", element, number=number, inputs=inputs, outputs=outputs)
            return None
        asked: list[Expression | None] = []
        given: list[Expression] = []
        for column, cell in enumerate(cells, 1):
            text = self.text(cell)
            if text in ("", ANYTHING):
                asked.append(None)
                continue
            found = self.expression(cell, text, scope, what=f"第{number}行输入列{column}", unary=True)
            if found is None:
                return None
            asked.append(found)
        for column, cell in enumerate(results, 1):
            text = self.text(cell)
            if text == ANYTHING:
                self.say("LB818", cell, number=number, place=column)
                return None
            found = self.expression(cell, text or "null", scope, what=f"第{number}行输出列{column}")
            if found is None:
                return None
            given.append(found)
        return Row(number=number, id=element.get("id") or "", cells=tuple(asked), results=tuple(given), element=element)

    # -- expressions and types

    def expression(
        self,
        element: Any,
        text: str,
        scope: Mapping[str, Any],
        *,
        what: str,
        unary: bool = False,
        listed: bool = False,
    ) -> Expression | None:
        language = (element.get("expressionLanguage") or "").strip().lower()
        if language and "feel" not in language and not (language == "juel" and text.startswith(("${", "#{"))):
            self.say("LB821", element, what=what, language=language)
            return None
        try:
            found = feel.compile_expression(f"[{text}]" if listed else text, unary=unary, context=scope)
        except feel.FeelError as error:
            self.say("LB820", element, what=what, expression=text, problem=error.text, english=error.english)
            return None
        for name in found.unknown_functions:
            self.say("LB822", element, what=what, expression=text, name=name)
        own = tuple(dict.fromkeys(_OWN_WORDS.findall(_STRING.sub("", found.source))))
        if "[" in found.source:
            return Expression(text=found.source, names=found.names, maybe=own)
        return Expression(text=found.source, names=tuple(dict.fromkeys((*found.names, *own))))

    def kind(self, reference: str | None, element: Any) -> Kind:
        if not reference or not reference.strip():
            return Kind()
        collection, allowed = False, ""
        for _ in range(20):  # item definitions may name each other
            item = self.items.get(reference.strip()) or self.items.get(reference.strip().rpartition(":")[2])
            if item is None:
                break
            collection = collection or item.get("isCollection") == "true"
            for values in self.children(item, "allowedValues"):
                allowed = allowed or self.text(values)
            if self.children(item, "itemComponent"):
                return Kind(base="context", collection=collection)
            reference = next(((c.text or "").strip() for c in self.children(item, "typeRef")), "Any")
        base = base_of(reference)
        if base is None:
            self.say("LB823", element, type=reference)
            return Kind()
        return Kind(base=base, collection=collection, allowed="" if collection else allowed)

    def check_circles(self, decisions: Mapping[str, Decision]) -> None:
        done: set[str] = set()
        for start in decisions:
            path: list[str] = []
            work = [(start, 0)]
            while work:
                id, position = work.pop()
                if position == 0:
                    if id in done:
                        continue
                    path.append(id)
                needed = decisions[id].requires
                if position >= len(needed):
                    done.add(id)
                    path.pop()
                    continue
                work.append((id, position + 1))
                following = needed[position]
                if following in path:
                    circle = " → ".join([*path[path.index(following) :], following])
                    self.say("LB808", decisions[id].element, path=circle)
                elif following in decisions and following not in done:
                    work.append((following, 0))
