"""安全标记 of fields: what a form says about a value goes before what its name and its shape say."""

from __future__ import annotations

from service.rules.field_labels import Label, labels_in, together
from service.rules.masking import HIDDEN, masked_contact

FORM = {
    "type": "default",
    "components": [
        {"key": "diagnosis", "type": "textarea", "properties": {"zw:label": "sensitive"}},
        {"key": "nickname", "type": "textfield", "properties": {"zw:label": "personal"}},
        {"key": "office_phone", "type": "textfield", "properties": {"zw:label": "public"}},
        {"key": "odd", "type": "textfield", "properties": {"zw:label": "secret"}},
        {"type": "group", "components": [{"key": "salary", "type": "number", "properties": {"zw:label": "sensitive"}}]},
        {"type": "dynamiclist", "path": "family", "properties": {"zw:label": "sensitive"}, "components": []},
    ],
}
LABELS = labels_in(FORM)
SAID = {
    "diagnosis": "糖尿病", "nickname": "老李", "office_phone": "13900000001", "salary": 5000, "family": [{"name": "李明"}],
    "project": "年产2亿只金属罐项目",
}  # fmt: skip


def test_labels_are_read_at_every_depth_and_unknown_ones_are_none() -> None:
    assert LABELS == {
        "diagnosis": Label.SENSITIVE, "nickname": Label.PERSONAL, "office_phone": Label.PUBLIC, "salary": Label.SENSITIVE,
        "family": Label.SENSITIVE,
    }  # fmt: skip


def test_the_strictest_of_several_forms_counts() -> None:
    assert together([{"a": Label.PUBLIC}, {"a": Label.SENSITIVE}, {"a": Label.PERSONAL}]) == {"a": Label.SENSITIVE}


def test_a_reader_sees_what_is_public_and_the_shape_of_what_is_personal() -> None:
    assert masked_contact(SAID, LABELS) == {
        "diagnosis": HIDDEN, "nickname": "老***", "office_phone": "13900000001", "salary": HIDDEN, "family": HIDDEN,
        "project": "年产2亿只金属罐项目",
    }  # fmt: skip


def test_each_kind_is_seen_by_its_own_right() -> None:
    assert masked_contact(SAID, LABELS, contact=True)["nickname"] == "老李"
    assert masked_contact(SAID, LABELS, contact=True)["salary"] == HIDDEN
    assert masked_contact(SAID, LABELS, sensitive=True)["salary"] == 5000
    assert masked_contact(SAID, LABELS, sensitive=True)["nickname"] == "老***"
    assert masked_contact(SAID, LABELS, contact=True, sensitive=True) == SAID


def test_identity_cards_and_bank_accounts_are_masked_under_any_name() -> None:
    said = {
        "applicant_id_no": "11010519491231002X", "bank_account": "6222020200112233445", "remark": "证号11010519491231002X",
        "applicant_uscc": "91990100MA0000001X", "certificate_no": "990100202603190005", "area": 12,
    }  # fmt: skip
    assert masked_contact(said) == {
        **said, "applicant_id_no": "1101**********002X", "bank_account": "6222***********3445",
        "remark": "证号1101**********002X",
    }  # fmt: skip
