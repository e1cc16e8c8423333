"""Names of lanes in a centre's procedures and the role that stands behind each (DOMAIN E.1, E.3.1, E.5, E.6)."""

from __future__ import annotations

import re

ROLES = {
    "申请人": "applicant",
    "综合窗口": "counter_clerk",
    "部门审核": "reviewer_a",
    "首席代表": "chief_rep",
    "部门首席代表": "chief_rep",
    "各部门首席代表": "chief_rep",
    "现场勘查": "inspector",
    "发证窗口": "issue_clerk",
    "牵头部门": "reviewer_a",
    "代办员": "agency_officer",
    "中心督查": "supervisor",
    "督查": "supervisor",
    "分管领导": "resident_leader",
    "部门负责人": "dept_head",
    "系统": "service",
    "业务科": "business_office",
    "投诉受理员": "complaint_officer",
    "回访员": "complaint_officer",
    "被投诉部门": "reviewer_a",
    "业务办理单位": "reviewer_a",
    "责任人": "reviewer_a",
    "责任部门": "reviewer_a",
    "收费部门": "reviewer_a",
    "秘书": "business_office",
    "召集人": "leader",
    "市政府办": "leader",
    "流程设计员": "process_designer",
    "法制审核": "legal_checker",
    "系统管理员": "system_admin",
}

DEPARTMENTS = {
    "发改": "101", "资源规划": "102", "自然资源": "102", "规划": "102", "生态环境": "103", "环保": "103", "住建": "104",
    "人防": "105", "消防": "106", "园林": "107", "城管": "107", "水利": "108", "交通": "109", "粮食": "110",
    "市监": "111", "公安": "112", "公安交管": "112", "税务": "113", "人社": "114", "卫健": "115", "应急": "116",
    "教育": "117", "民政": "118", "文旅": "119", "农业农村": "120", "林业": "121", "气象": "122", "烟草": "123",
    "财政": "124", "供水": "125", "供电": "125", "公积金": "127", "公积金/银行": "127", "医保": "128", "档案": "129",
    "城建档案": "129", "政务中心": "201", "监察": "202", "司法": "203",
    "发展和改革局": "101", "自然资源和规划局": "102", "生态环境局": "103", "住房和城乡建设局": "104",
    "国防动员办公室": "105", "人民防空办公室": "105", "消防救援大队": "106", "城市管理局": "107", "水利局": "108",
    "交通运输局": "109", "粮食和物资储备局": "110", "市场监督管理局": "111", "公安局": "112", "税务局": "113",
    "人力资源和社会保障局": "114", "卫生健康委员会": "115", "应急管理局": "116", "教育局": "117", "民政局": "118",
    "文化广电和旅游局": "119", "农业农村局": "120", "林业局": "121", "气象局": "122", "烟草专卖局": "123",
    "财政局": "124", "住房公积金管理中心": "127", "医疗保障局": "128", "城建档案馆": "129", "政务服务中心": "201",
    "司法局": "203",
}  # fmt: skip

REMARK = re.compile(r"[（(][^（()）]*[)）]\Z")


def is_lane(name: str) -> bool:
    """Whether the table knows the lane; a remark in parentheses at its end does not count: 住建(消防)."""
    plain = REMARK.sub("", name.strip()).strip()
    return plain in ROLES or plain in DEPARTMENTS
