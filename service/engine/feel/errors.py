"""What can be wrong with an expression: a stable code, a Chinese sentence for designers, an English one for logs."""

from __future__ import annotations


class FeelError(ValueError):
    """An expression is wrong, or passed a limit. `code` is stable, `text` Chinese, `english` English.

    Codes: FEEL_SYNTAX, FEEL_TOO_LONG, FEEL_TIME, FEEL_MEMORY, FEEL_DEPTH (limits), FEEL_VALUE (a value FEEL does not
    know), FEEL_FUNCTION (a function that is not available here), FEEL_FAILED (wrong while running),
    JUEL_UNSUPPORTED (a part of `${…}` that is not translated).
    """

    def __init__(self, code: str, text: str, english: str) -> None:
        self.code = code
        self.text = text
        self.english = english
        super().__init__(text)

    def __reduce__(self) -> tuple[type[FeelError], tuple[str, str, str]]:
        return type(self), (self.code, self.text, self.english)


def syntax_error(source: str, position: int) -> FeelError:
    """The error for a source that cannot be parsed at a position (0-based)."""
    near = source[position : position + 12].strip()
    where = f"第 {position + 1} 个字符“{near}”附近" if near else "末尾"
    hint = "；相等用一个等号" if "==" in source else ""
    return FeelError(
        "FEEL_SYNTAX", f"表达式有语法错误：{where}{hint}", f"syntax error at character {position + 1}: {near!r}"
    )


def from_javascript(message: str, source: str) -> FeelError:
    """The error for what QuickJS said, first line."""
    if "interrupted" in message:
        return FeelError("FEEL_TIME", "表达式计算超时", "the expression takes too much time")
    if "stack overflow" in message.lower() or "Maximum call stack" in message:
        return FeelError("FEEL_DEPTH", "表达式嵌套过深", "the expression is nested too deeply")
    if message in ("null", "") or "out of memory" in message:
        return FeelError("FEEL_MEMORY", "表达式占用内存过多", "the expression takes too much memory")
    if message.startswith("Error: Incomplete"):
        return FeelError("FEEL_SYNTAX", "表达式不完整", f"the expression is incomplete: {message[7:]}")
    if message.startswith(("Error: Unrecognized", "Error: Statement", "SyntaxError")):
        hint = "；相等用一个等号，“并且”用 and，“或者”用 or" if any(s in source for s in ("==", "&&", "||")) else ""
        return FeelError("FEEL_SYNTAX", f"表达式有无法识别的内容{hint}", message)
    return FeelError("FEEL_FAILED", "表达式无法计算", message)
