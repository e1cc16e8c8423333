"""What the desks of 配套流程 ask."""

from __future__ import annotations

from pathlib import Path

from drawing.forms import area, checklist, day, line, number, radio, write_form

AGREE = ("agree", "同意"), ("refuse", "不同意")
REFUSED = 'decision != "refuse"'
FORMS = {
    "measure_order": [
        area("order_matter", "督办事由"),
        area("order_demand", "督办要求"),
    ],
    "measure_order_issue": [
        radio("decision", "处理意见", ("issue", "签发督办单"), ("none", "不予督办")),
        line("order_to", "承办部门编码", required=True, maximum=3, description="三位部门编码，如 104")
        | {"conditional": {"hide": '=decision != "issue"'}},
        area("order_matter", "督办事由", required=True, hide='decision != "issue"'),
        area("order_demand", "督办要求", required=True, hide='decision != "issue"'),
        area("reason", "不予督办的理由", required=True, hide='decision != "none"'),
    ],
    "measure_sign": [area("remark", "签收说明")],
    "measure_reply": [
        area("order_reply", "书面回复", required=True, description="写明原因、整改措施和完成时间"),
    ],
    "measure_rule": [
        radio("conclusion", "审核结论", ("met", "达标"), ("unmet", "不达标"),
              description="不达标的退回重办一次；仍不达标的升级分管领导并发红牌"),
        area("ruling_note", "审核意见", required=True, hide='conclusion != "unmet"'),
    ],
    "measure_interview": [
        day("held_on", "约谈日期", required=True),
        line("person", "约谈对象"),
        area("interview", "约谈记录", required=True),
        day("follow_up", "整改复查日期", required=True),
    ],
    "measure_extension": [
        number("amount", "延长天数", 1),
        area("reason", "延期理由", required=True),
    ],
    "measure_extension_decide": [
        radio("decision", "决定", *AGREE, description="延期一次，须在到期前批准；同意的由系统出具延期告知书并告知申请人"),
        area("answer", "不同意的理由", required=True, hide=REFUSED),
    ],
    "measure_withdrawal": [
        radio("ending", "类型", ("WITHDRAWN", "申请人撤回"), ("TERMINATED", "机关终止办理")),
        area("reason", "理由", required=True),
    ],
    "measure_withdrawal_confirm": [
        radio("decision", "本人意愿", ("confirm", "确认撤回"), ("keep", "继续办理")),
        checklist("identity", "身份核验", ["已核对申请人或代理人身份"], hide='decision != "confirm"'),
        radio("handling", "材料处理", ("returned", "当场退还"), ("kept", "通知领回"), ("none", "没有纸质材料"))
        | {"conditional": {"hide": '=decision != "confirm"'}},
        line("receiver", "领取人", required=True) | {"conditional": {"hide": '=handling != "returned"'}},
        area("remark", "备注"),
    ],
    "measure_termination": [
        radio("decision", "决定", ("confirm", "终止办理"), ("keep", "继续办理")),
        area("answer", "依据和理由", required=True),
    ],
    "measure_renewal": [
        line("certificate_no", "原证照号"),
    ],
    "measure_renewal_follow": [
        area("remark", "补办情况", required=True, description="写明未在届满前作出决定的原因和换发新证的安排"),
    ],
    "measure_check": [
        radio("conclusion", "核查结论", ("lawful", "合法"), ("unlawful", "违法，建议撤销")),
        area("opinion", "核查意见", required=True, description="违法的依行政许可法第六十九条另案撤销，并依法补偿"),
    ],
    "measure_filing": [
        checklist("filed", "填报情况", ["本部门事项已逐项填报"], description="在清理名单页逐项填报保留、变更、取消或新增"),
        area("remark", "说明"),
    ],
    "measure_sum": [area("remark", "汇总说明")],
    "measure_legal": [
        radio("decision", "审核意见", ("agree", "审核通过"), ("revise", "退回修改"),
              description="退回的由业务科会同部门修改后再报，最多退回三次"),
        area("opinion", "法制审核意见", hide='decision = "revise"'),
        area("answer", "需要修改的事项和依据", required=True, hide='decision != "revise"'),
    ],
    "measure_public": [
        number("objections", "收到意见件数", 0),
        area("opinion", "意见摘要"),
    ],
    "measure_publish": [
        radio("decision", "处理意见", ("agree", "公布生效"), ("stop", "不公布")),
        area("answer", "意见处理情况"),
    ],
    "measure_refund": [
        line("amount", "退费金额（元）"),
        area("reason", "退费理由", required=True),
    ],
    "measure_refund_review": [
        radio("decision", "审核意见", *AGREE),
        area("answer", "不同意的理由", required=True, hide=REFUSED),
    ],
    "measure_refund_approve": [
        radio("decision", "批准意见", *AGREE, description="同意的原路退回；提出和审核退费的人不得批准"),
        area("answer", "不同意的理由", required=True, hide=REFUSED),
    ],
    "measure_release": [
        area("note", "修订说明"),
    ],
    "measure_release_review": [
        radio("decision", "审核意见", *AGREE, description="修改内容和校验结果见发布页；设计人不得审核自己的流程"),
        area("answer", "不同意的理由", required=True, hide=REFUSED),
    ],
    "measure_release_deploy": [
        radio("decision", "处理", ("agree", "部署"), ("refuse", "不部署"),
              description="设计人、审核人和部署人须为三人；在办件沿用原版本"),
        area("answer", "不部署的理由", required=True, hide=REFUSED),
    ],
    "measure_explain": [
        area("explanation", "暂缓说明", required=True, description="写明例外情形、预计消除时间和监督意见"),
    ],
    "measure_certificate": [
        line("certificate_no", "证照号", description="须与本件已制发的证照一致"),
        area("remark", "备注"),
    ],
}  # fmt: skip


def write_measure_forms(folder: Path) -> None:
    """Write them into `folder`."""
    for key, components in FORMS.items():
        write_form(key, components, folder)
