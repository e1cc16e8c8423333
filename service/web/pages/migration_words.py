"""The words of migration: verdicts, states, kinds of activities, for every language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

VERDICTS = {
    "AS_IS": _("可直接迁移"),
    "MAPPED": _("可按对应关系迁移"),
    "IMPOSSIBLE": _("不能迁移"),
    "STAYS": _("留在原版本"),
}
BADGES = {"AS_IS": "done", "MAPPED": "active", "IMPOSSIBLE": "over", "STAYS": ""}
BATCHES = {
    "RUNNING": _("正在迁移"),
    "PAUSED": _("已暂停"),
    "CANCELLED": _("已取消"),
    "DONE": _("已结束"),
}
ITEMS = {
    "WAITING": _("等待"),
    "DONE": _("已迁移"),
    "FAILED": _("未迁移"),
    "SKIPPED": _("已取消"),
    "UNDOING": _("等待撤回"),
    "UNDONE": _("已撤回"),
    "MOVED_ON": _("不能撤回"),
}
ITEM_BADGES = {"DONE": "done", "FAILED": "over", "MOVED_ON": "over", "UNDONE": "warned"}
HOW = {
    "id": _("编号相同"),
    "likeness": _("名称和位置相近"),
    "given": _("人工指定"),
    "": _("没有对应"),
}
REASONS = {
    "ELEMENT_GONE": _("正在办理的环节没有对应"),
    "ELEMENT_ELSEWHERE": _("环节移进或移出了子流程"),
    "SCOPE_DISSOLVED": _("子流程没有了，其中的环节移到了别处"),
    "TYPE_CHANGED": _("环节类型不同"),
    "WORK_CHANGED": _("处理方式不同"),
    "LOOP_ADDED": _("改成了分多份办理"),
    "LOOP_REMOVED": _("不再分多份办理"),
    "LOOP_CHANGED": _("分份方式变了"),
    "CALL_CHANGED": _("调用的流程变了"),
    "QUANTITY_CHANGED": _("需要的流入数变了"),
    "JOIN_ARRIVAL_LOST": _("已到达汇聚的分支没有对应"),
    "JOIN_STARVES": _("汇聚会一直等待"),
    "JOIN_SURPLUS": _("分支会重复到达"),
    "WAYS_CONVERGE": _("后续环节会办两遍"),
    "COMPENSATION_LOST": _("撤销环节没有对应"),
    "COMPENSATING": _("正在撤销"),
    "RETURN_LOST": _("要直回的环节没有对应"),
    "CASE_SUSPENDED": _("已挂起"),
}
