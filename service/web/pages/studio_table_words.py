"""Where in a decision table two versions differ, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

TABLES = {  # what a decision says otherwise
    "name": _("名称"),
    "requires": _("所依据的决策和数据"),
    "variable": _("结果变量"),
    "type": _("类型"),
    "expression": _("表达式"),
    "policy": _("命中策略"),
    "aggregation": _("汇总方式"),
    "input": _("输入列"),
    "output": _("输出列"),
    "row": _("规则"),
    "order": _("规则的次序"),
    "note": _("规则说明"),
}
COLUMNS = {
    "label": _("名称"),
    "name": _("变量"),
    "expression": _("表达式"),
    "type": _("类型"),
    "values": _("取值"),
    "default": _("默认值"),
}


def table_words(part: Any) -> str:
    """Where in a decision table something is said otherwise: the row and the column by their names."""
    side, _dot, what = part.aspect.partition(".")
    if part.aspect == "cell":
        return gettext("第 %(row)s 行 · %(column)s", row=part.row, column=part.column)
    if what:
        return gettext("%(side)s“%(column)s”的%(what)s", side=TABLES[side], column=part.column, what=COLUMNS[what])
    if part.column:
        return gettext("%(side)s“%(column)s”", side=TABLES[side], column=part.column)
    if part.row is not None:
        return gettext("第 %(row)s 行 · %(what)s", row=part.row, what=TABLES[side])
    return str(TABLES[side])
