"""`${…}` of Camunda, Flowable and Activiti as FEEL: what the engine reads anyway, and the usual ways their users ask for a variable.

Methods that only compare or count (`equals`, `size`, `isEmpty`, `startsWith` …) and Flowable's `vars:` functions have the same
meaning in FEEL; everything else is refused by name and never guessed.
"""

from __future__ import annotations

import re

from service.engine.feel import FeelError, compile_expression
from service.engine.feel.juel import Translator, quote, strip_parentheses

PREFIXES = frozenset({"vars", "var", "variables"})
PREFIXED = re.compile(r":\s*(\w+)\s*\(")
OPENED = ("${", "#{")
COMPARED = {
    "equals": "=", "eq": "=", "notEquals": "!=", "ne": "!=", "lowerThan": "<", "lessThan": "<", "lt": "<",
    "lowerThanOrEquals": "<=", "lessThanOrEquals": "<=", "lte": "<=", "greaterThan": ">", "gt": ">",
    "greaterThanOrEquals": ">=", "gte": ">=",
}  # fmt: skip


class ForeignTranslator(Translator):
    """The translator of the engine, and a few idioms more."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        super().__init__(text, start)

    def value(self) -> str:
        """A text may be asked too: `'x'.equals(y)`."""
        if self.token.kind != "string":
            return super().value()
        return self.asked(quote(self.advance().text))

    def named(self, name: str) -> str:
        """`vars:get(x)`, `execution.getVariable("x")`, `x.equals(y)`, else as the engine reads it."""
        prefixed = PREFIXED.match(self.text, self.token.at) if name in PREFIXES and self.operator() == ":" else None
        if prefixed is not None:
            self.advance()
            return self.function(self.advance().text)
        if name == "execution" and self.operator() == ".":
            return self.asked(self.of_execution())
        if name in ("true", "false", "null", "instanceof") or self.operator() == "(":
            return super().named(name)
        return self.asked(name)

    def of_execution(self) -> str:
        """The variable a call of the execution reads."""
        self.advance()
        method = self.advance().text
        if method not in ("getVariable", "getVariableLocal") or self.operator() != "(":
            raise self.refused(f"execution.{method}")
        given = self.arguments()
        name = given[0].strip('"') if len(given) == 1 else ""
        if not re.fullmatch(r"[^\W\d]\w*", name):
            raise self.refused(f"execution.{method}")
        return name

    def asked(self, path: str) -> str:
        """A path with its members; a method ends in what it compares or counts."""
        while self.operator() in (".", "["):
            if self.advance().text == "[":
                path += self.index()
                continue
            token = self.advance()
            if token.kind != "name":
                self.token = token
                raise self.wrong()
            path = self.method(path, token.text) if self.operator() == "(" else f"{path}.{token.text}"
        return path

    def method(self, path: str, name: str) -> str:
        """What a method of a value means. Raises FeelError for all others."""
        given = self.arguments()
        match name, given:
            case ("equals", [other]):
                return f"({path} = {other})"
            case ("equalsIgnoreCase", [other]):
                return f"(lower case({path}) = lower case({other}))"
            case ("size", []):
                return f"count({path})"
            case ("length", []):
                return f"string length({path})"
            case ("isEmpty", []):
                return f"is empty({path})"
            case ("startsWith", [other]):
                return f"starts with({path}, {other})"
            case ("endsWith", [other]):
                return f"ends with({path}, {other})"
            case ("toLowerCase", []):
                return f"lower case({path})"
            case ("toUpperCase", []):
                return f"upper case({path})"
        raise self.refused(f"{name}(…)")

    def function(self, name: str) -> str:
        """Flowable's `vars:` functions; the first argument is the name of a variable, quoted or not."""
        given = self.arguments()
        variable = given[0].strip('"') if given else ""
        if re.fullmatch(r"[^\W\d]\w*", variable):
            match name, given[1:]:
                case ("get", []):
                    return self.asked(variable)
                case ("exists", []):
                    return f"({variable} != null)"
                case (("empty" | "isEmpty"), []):
                    return f"is empty({variable})"
                case (("notEmpty" | "isNotEmpty"), []):
                    return f"not(is empty({variable}))"
                case ("getOrDefault", [other]):
                    return f"(if {variable} = null then {other} else {variable})"
                case (compared, [other]) if compared in COMPARED:
                    return f"({variable} {COMPARED[compared]} {other})"
        raise self.refused(f"vars:{name}(…)")

    def arguments(self) -> list[str]:
        """What stands in the parentheses of a call."""
        self.expect("(")
        given: list[str] = []
        while self.operator() != ")":
            given.append(self.expression())
            if self.operator() != ",":
                break
            self.advance()
        self.expect(")")
        return given

    def refused(self, construct: str) -> FeelError:
        """The refusal of a call, by its name."""
        return FeelError(
            "JUEL_UNSUPPORTED", f"没有与 {construct} 相当的 FEEL 写法", f"FEEL has nothing like {construct}"
        )


def is_whole(text: str) -> bool:
    """Whether a text begins like one `${…}`."""
    return text.strip().startswith(OPENED)


def in_feel(text: str) -> str:
    """FEEL of a text that is exactly one `${…}` or `#{…}`, checked by compiling it. Raises FeelError."""
    stripped = text.strip()
    translator = ForeignTranslator(stripped, 2)
    translated = translator.expression()
    if translator.token.kind != "op" or translator.token.text != "}" or translator.token.at + 1 != len(stripped):
        raise translator.wrong()
    translated = strip_parentheses(translated)
    compile_expression(translated)
    return translated
