"""The words of the inbox: its places, orders, columns and acts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

TABS = {
    "all": _("全部待办"),
    "mine": _("我的"),
    "post": _("岗位待认领"),
    "department": _("部门"),
    "delegated": _("委派"),
    "copies": _("抄送给我"),
    "done": _("已办"),
    "followed": _("关注"),
}
READ = {"unread": _("未阅"), "read": _("已阅"), "all": _("全部")}
SORTS = {
    "due": _("到期时间"),
    "newest": _("最近到达"),
    "arrived": _("最早到达"),
    "item": _("事项"),
    "number": _("编号"),
    "priority": _("优先级"),
}
COLUMNS = {
    "matter": _("事项"),
    "number": _("编号"),
    "arrived": _("到达"),
    "stage": _("环节类别"),
    "department": _("部门"),
    "holder": _("承办人"),
}
EMPTY = {
    "all": _("分给您或您所在岗位的任务会出现在这里。"),
    "mine": _("您已认领或分给您的任务会出现在这里。"),
    "post": _("您所在岗位无人认领的任务会出现在这里。"),
    "department": _("本部门正在办理的任务会出现在这里。"),
    "delegated": _("您委派给他人、他人委派给您的任务会出现在这里。"),
}
ACTS = {
    "claim": _("认领"),
    "release": _("退回岗位"),
    "assign": _("指派"),
    "complete": _("填意见办结"),
}
HEADS = (
    _("时限"),
    _("到期"),
    _("任务"),
    _("办件"),
    _("事项"),
    _("编号"),
    _("环节类别"),
    _("部门"),
    _("承办人"),
    _("到达"),
    _("完成时间"),
)  # of the list as a file
STATES = {
    "WAITING": _("等待办理"),
    "DONE": _("已完成"),
    "SUBMITTED": _("已提交，待会签"),
    "REFUSED": _("未完成"),
}
RESULTS = {  # what became of a task, by act
    ("claim", "DONE"): _("已认领"),
    ("release", "DONE"): _("已退回岗位"),
    ("assign", "DONE"): _("已指派"),
    ("complete", "DONE"): _("已办结"),
    ("claim", "REFUSED"): _("未认领"),
    ("release", "REFUSED"): _("未退回"),
    ("assign", "REFUSED"): _("未指派"),
    ("complete", "REFUSED"): _("未办结"),
}
TURNED = {
    "done": _("已由%(who)s办理"),
    "taken": _("已由%(who)s承办"),
    "tacit": _("到期已依超时默许通过"),
    "cancelled": _("已随流程取消"),
}
