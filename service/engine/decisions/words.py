"""The sentences of a decision that gives no answer: where, what was expected, what came."""

from __future__ import annotations

from typing import Any

from service.engine.feel import FeelError
from service.rules.sentences import Sentence, Twofold, filled

DECISION = Sentence("决策“{name}”")
EXPRESSION = Sentence("{where}的表达式")
RESULT = Sentence("{where}的结果")
INPUT = Sentence("{where}的输入“{label}”")
OUTPUT = Sentence("{where}第{row}行的输出“{label}”")
DEFAULT = Sentence("{where}的默认输出“{label}”")

MISSING = Sentence("决策“{name}”应在文件中,但没有找到")
TOO_MANY = Sentence("决策“{name}”应只需要{most}个以内的其他决策,但需要{count}个")
UNIQUE = Sentence("{where}的命中策略是UNIQUE,应只有一行命中,但第{rows}行同时命中")
ANY = Sentence("{where}的命中策略是ANY,命中各行的结果应相同,但第{rows}行的结果不同")
ALLOWED = Sentence("{where}的值应在允许的取值({allowed})之内,但得到的是{value}")
DECLARED = Sentence("{where}应是声明的输出值之一,但得到的是{value}")
NUMBERS = Sentence("{where}汇总{how}的各行结果应为数,但第{rows}行不是")
UNKNOWN = Sentence("{where}要用的变量“{name}”应已存在(可以为空值),但没有这个变量")
KIND = Sentence("{where}应为{wanted},但得到的是{value}")
CELLS_FAIL = Sentence("{where}的单元格无法计算:{reason}")
FAILS = Sentence("{where}无法计算:{reason}")
NOT_XML = Sentence("决策文件应为XML,但第{line}行无法识别")
NOT_DMN = Sentence("决策文件的根元素应为DMN的definitions")
AGAINST_RULE = Sentence("决策文件第{line}行不符合规则{code}")
ONE_COLUMN = Sentence("{mapping}要求决策只有一个输出列,但它有多个")
ONE_ROW = Sentence("{mapping}要求最多一行结果,但命中了{count}行")
TOO_LONG = Sentence("“{label}”应不超过{most}个字符")
NO_FEEL = Sentence("“{label}”应为FEEL的值,但无法计算:{reason}")

NOTHING = Sentence("空值")
LIST = Sentence("{kind}列表")
KINDS = {
    "string": Sentence("文字"),
    "boolean": Sentence("真或假"),
    "number": Sentence("数"),
    "integer": Sentence("整数"),
    "date": Sentence("日期"),
    "time": Sentence("时间"),
    "date and time": Sentence("日期时间"),
    "duration": Sentence("时长"),
    "months": Sentence("年月时长"),
    "context": Sentence("对象"),
}
LONGEST = 60  # characters of a value


def said(error: FeelError) -> Twofold:
    """What FEEL says, in both languages."""
    return Twofold(error.text, english=error.english)


def shown(value: Any) -> Sentence | str:
    """A value, shortened."""
    text = str(value)
    return NOTHING if value is None else text if len(text) <= LONGEST else text[:LONGEST] + "…"


def kind_words(base: str, *, collection: bool) -> Sentence | str:
    """What a type is called."""
    kind = KINDS.get(base, base)
    return filled(LIST, kind=kind) if collection else kind
