"""Fields of a register card (processes/items/*.json) as form-js components, worded as the office asks them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from drawing.forms import PROJECT_CODE, USCC, area, checklist, day, line

IDENTITY = "^[1-9][0-9]{16}[0-9X]$"
PATTERNS = {  # key: pattern; whatever ends with uscc is a credit code
    "project_code": PROJECT_CODE,
    "phone": "^1[0-9]{10}$",
    "industry_code": "^[0-9]{4}$",
    "from_area": "^[0-9]{6}$",
}
HEAD = frozenset(  # asked once at the head of every form, whatever a card calls it
    {"applicant", "applicant_uscc", "uscc", "contact", "contacts", "phone", "project_code", "project_name", "site_address"}
)  # fmt: skip
SAME = {"115-GG-004": {"person", "age"}, "118-QR-002": {"a"}}  # is the applicant of the head, or computed from it
PEOPLE = frozenset(
    {"legal_rep", "b", "person", "child", "guardian", "pharmacist", "driver"}
)  # parties with an identity number
IN_MATERIALS = frozenset({"photo", "review_report"})  # files a line of the materials asks for already
OPTIONAL = frozenset(
    {
        "co_owners", "self_made", "exempt_basis", "case_ref", "evaluator", "review_agency", "reviewer_agency", "issue_no",
        "farmland_area_m2", "carver", "spot_rate", "staff_health", "deviation_pct", "test_report_no", "tech_level",
    }
)  # fmt: skip
OFFICE = {  # what the office finds out or the system says, not the applicant
    "103-XK-004": ("site_check",),
    "104-QT-004": ("spot_check", "spot_rate"),
    "104-QT-007": ("docs_check",),
    "106-XK-001": ("inspectors",),
    "112-QT-001": ("seal_codes",),
    "113-QR-003": ("base", "rate", "amount", "exempt_basis"),
}
MORE = {  # asked beyond the card
    "110-QT-001": [
        {"key": "old_permit", "label": "持有原粮食收购许可证", "kind": "YES_NO"},
        {"key": "old_permit_no", "label": "原粮食收购许可证编号", "kind": "TEXT", "length": 40,
         "hint": "备案后标注失效"},
    ],
}  # fmt: skip
HIDE = {  # (item, field): FEEL while which it is not asked
    ("110-QT-001", "old_permit_no"): "old_permit != true",
    ("102-QR-005", "price"): 'reg_type != "转移"',
    ("112-QR-005", "invest_project"): 'reason != "投资"',
}
BOUNDS: dict[tuple[str, str], tuple[float | None, float | None]] = {  # least and most where the law sets them
    ("102-QR-004", "deviation_pct"): (-100, 100),
    ("104-XK-006", "invested_pct"): (25, 100),
    ("113-QR-003", "rate"): (0, 1),
    ("117-XK-002", "seats"): (7, None),
    ("127-GG-001", "rate"): (5, 12),
}
LINES = {  # what one line of a list says
    "shareholders": "每行一人：姓名或名称，证件号码，出资比例",
    "employees": "每行一人：姓名，身份证号码，起始月份，缴费基数",
    "performers": "每行一人：姓名，证件号码",
    "staff": "每行一人：姓名，证件名称和编号",
    "trees": "每行一项：树种，胸径，株数，移植或砍伐",
    "vehicles": "每行一辆：号牌号码，车辆类型，核定载质量或载客人数",
    "outlets": "每行一个：编号，位置，去向",
    "items": "每行一项",
}
LONG = {"employees": 20_000}
DIGITS = {("113-QR-003", "rate"): 4}


def asked(card: Mapping, office: Collection[str] = ()) -> list[dict]:
    """The fields of a card the applicant answers: without the head, what the office fills in and files."""
    own = {*OFFICE.get(card["code"], ()), *office}
    left = HEAD | SAME.get(card["code"], set()) | IN_MATERIALS | own
    listed = [*card["fields"], *MORE.get(card["code"], ())]
    return [one for one in listed if one["key"] not in left and not is_file(one)]


def kept(card: Mapping) -> list[dict]:
    """The fields of a card the office fills in."""
    return [one for one in card["fields"] if one["key"] in OFFICE.get(card["code"], ())]


def is_file(one: Mapping) -> bool:
    """Whether a field is a file, to be handed in with the materials; a number of a paper is a text."""
    return one["kind"] == "FILE" and not one["label"].endswith("编号")


def components(
    card: Mapping, one: Mapping, *, required: bool | None = None, hide: str = "", optional: Collection[str] = ()
) -> list[dict]:
    """What a form asks for one field: one component, two for a span of days or a person. `hide`: FEEL without `=`."""
    key, label, kind = one["key"], one["label"], one["kind"]
    must = required if required is not None else key not in OPTIONAL and key not in optional
    hidden = hide or HIDE.get((card["code"], key), "")
    if kind == "DATE_RANGE":
        about = label.removesuffix("日期").removesuffix("起止")
        ends = {"from": f"{about}开始日期", "to": f"{about}结束日期"}
        return [day(f"{key}_{end}", word, required=must, hide=hidden) for end, word in ends.items()]
    if kind == "DATE":
        return [day(key, label, required=must, hide=hidden)]
    if kind == "PARTY" and key in PEOPLE:
        name = line(key, f"{label}姓名", required=must)
        number = line(f"{key}_id_no", f"{label}身份证号码", required=must, maximum=18)
        number["validate"]["pattern"] = IDENTITY
        return [hidden_while(part, hidden) for part in (name, number)]
    if kind == "LIST" and one.get("choices"):
        listed = checklist(key, label, one["choices"], hide=hidden, description=one.get("hint", ""))
        if not must:
            del listed["validate"]
        return [listed]
    if kind in ("LIST", "LONG_TEXT", "PLACE"):
        told = LINES.get(key) or one.get("hint") or {"LIST": "每行一项", "PLACE": "每行一个拐点坐标"}.get(kind, "")
        text = area(key, label, required=must, hide=hidden, description=told)
        text["validate"]["maxLength"] = LONG.get(key, 2000)
        return [text]
    return [hidden_while(_single(card, one, must), hidden)]


def hidden_while(component: dict, hide: str) -> dict:
    """The component, not asked while the FEEL condition holds."""
    return component | ({"conditional": {"hide": f"={hide}"}} if hide else {})


def _single(card: Mapping, one: Mapping, must: bool) -> dict:
    key, kind, hint = one["key"], one["kind"], one.get("hint", "")
    made: dict = {"id": f"Field_{key}", "key": key, "label": one["label"]} | ({"description": hint} if hint else {})
    rules: dict = {"required": True} if must else {}
    if kind == "CHOICE":
        made |= {"type": "radio", "values": [{"value": word, "label": word} for word in one["choices"]]}
        if len(one["choices"]) == 1:
            made["defaultValue"] = one["choices"][0]
    elif kind == "YES_NO":
        made["type"] = "checkbox"
        rules = (
            {"required": True} if key.startswith("commit") and "承诺" in one["label"] and key != "commit_mode" else {}
        )
    elif kind in ("WHOLE", "DECIMAL"):
        least, most = BOUNDS.get((card["code"], key), (0, 100 if one.get("unit") == "%" else None))
        made |= {"type": "number", "decimalDigits": DIGITS.get((card["code"], key), 2 if kind == "DECIMAL" else 0)}
        rules |= {"min": least} | ({} if most is None else {"max": most})
    else:
        made["type"] = "textfield"
        pattern = PATTERNS.get(key) or (USCC if key.endswith("uscc") else "")
        rules |= {"maxLength": one.get("length") or 100} | ({"pattern": pattern} if pattern else {})
    unit = {"appearance": {"suffixAdorner": one["unit"]}} if one.get("unit") else {}
    return made | unit | ({"validate": rules} if rules else {})
