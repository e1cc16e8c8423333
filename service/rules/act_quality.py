"""The acts of quality: cards, complaints, ratings, samples (docs/support.md)."""

from __future__ import annotations

from service.rules.act_cards import ActCard, Input, InputKind, Output
from service.rules.vocabulary import InHouseAction

QUALITY = (
    ActCard(
        name=InHouseAction.CARD,
        label="亮牌",
        does="就办件所指的部门记一次监察提示或牌，按情形定等级，同一情形只记一次",
        english="gives the department the case is about (variable department) a hint or card of the level of its violation, once",
        inputs=(
            Input(name="violation", kind=InputKind.VIOLATION, label="情形", english="violation", required=True),
        ),
        journal=("card:raised",),
        refusals=("VIOLATION_UNKNOWN",),
    ),
    ActCard(
        name=InHouseAction.DISPATCH,
        label="分派投诉",
        does="按投诉类别和回避要求确定由部门还是督查调查，投诉指明的人及其所在部门不办理",
        english="decides whether the department or supervision investigates a complaint; never the person it names, nor their department (S-12)",
        outputs=(
            Output(name="handler", type="String", label="由谁调查", english="department or supervision"),
            Output(name="investigator_role", type="String", label="调查岗位", english="role that investigates"),
            Output(name="investigator_dept", type="String", label="调查部门", english="department that investigates"),
            Output(name="reviewer_dept", type="String", label="复核部门", english="where somebody else reviews"),
            Output(name="person", type="String", label="回避的人", english="username that is kept away"),
        ),
        journal=("action:done",),
    ),
    ActCard(
        name=InHouseAction.EXCLUDE_RATING,
        label="标记评价无效",
        does="把误评的评价标记为无效，保留记录，不计入平均",
        english="marks a mistaken rating: it stays on record and counts for nothing",
        journal=("action:done",),
        refusals=("RATING_MISSING",),
    ),
    ActCard(
        name=InHouseAction.SAMPLE,
        label="抽样",
        does="从上一月办结的办件中按留存的种子抽取百分之五，另加必须回访或抽查的办件",
        english="draws five per cent of the cases that ended in the period by a seed that is kept, and all that must be looked at",
        inputs=(
            Input(name="sampling", kind=InputKind.SAMPLING, label="抽样种类", english="kind of sample", required=True),
        ),
        outputs=(
            Output(name="sample", type="Json", label="样本", english="cases drawn, each with number, title, department, reasons"),
            Output(name="sample_size", type="Integer", label="样本数", english="how many"),
        ),
        journal=("action:done",),
        refusals=("PERIOD_UNREADABLE",),
    ),
)  # fmt: skip
