"""收费标准管理: every version with its act; proposing one, deciding on one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.money.rights import FINANCE, STANDARD_KEEPERS
from service.casework.money.standards import (
    Proposal,
    decide_standard,
    find_standard,
    propose_standard,
    standard_list,
)
from service.casework.money.viewing import prices_of
from service.casework.people import list_departments
from service.rules.fees import BasisLevel
from service.rules.refusals import Refusal, refuse
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

KINDS = ("FIXED", "PER_UNIT", "PER_UNIT_DAYS", "RATIO", "TIERED")
TIERS, EXEMPTIONS = 4, 3  # rows the form has room for
PARAMS: Mapping[str, tuple[str, ...]] = {
    "FIXED": ("unit_price", "unit", "label", "input"),
    "PER_UNIT": ("unit_price", "unit", "label", "input", "share"),
    "PER_UNIT_DAYS": ("unit_price", "unit", "label", "input", "days"),
    "RATIO": ("rate", "label", "input"),
    "TIERED": ("unit", "label", "input"),
}
TEXTS = ("code", "name", "department", "effective_from", "effective_to", "cap", "floor")


def register(pages: Blueprint, office: Any) -> None:
    """Adds the versions, one version, and the form for a new one."""

    @pages.get("/fees/standards")
    def standards() -> str:
        found = standard_list(office, acting())
        return render_template(
            "standards.html", found=found, prices=prices_of, departments=_departments(office), may_propose=_proposes()
        )

    @pages.get("/fees/standards/<uuid:standard_id>")
    def standard(standard_id: UUID) -> str:
        return _one(office, standard_id)

    @pages.post("/fees/standards/<uuid:standard_id>")
    def decide(standard_id: UUID) -> Response | tuple[str, int]:
        grant = request.form.get("answer") == "yes"
        try:
            decide_standard(office, acting(), standard_id, grant=grant, answer=request.form.get("text", ""))
        except Refusal as refusal:
            code = status_of(refusal)
            if code == 404:
                raise
            return _one(office, standard_id, refusal=refusal), 422 if code == 400 else code
        flash(gettext("收费标准已批准。") if grant else gettext("收费标准未批准。"), "good")
        return redirect(url_for("pages.standard", standard_id=standard_id))

    @pages.route("/fees/standards/new", methods=["GET", "POST"], endpoint="propose_standard")
    def propose() -> Response | str | tuple[str, int]:
        standard_list(office, acting(), state="PROPOSED")  # refuses who may not see them
        if request.method == "GET":
            return _form(office, _copied(office))
        try:
            row = propose_standard(office, acting(), proposal_of(request.form))
        except Refusal as refusal:
            code = status_of(refusal)
            return _form(office, request.form, refusal=refusal), 422 if code == 400 else code
        flash(gettext("收费标准已提出，待财政批准。"), "good")
        return redirect(url_for("pages.standard", standard_id=row.id))


def proposal_of(form: Mapping[str, Any]) -> Proposal:
    """What the form says, as the catalogue writes it."""
    said = {name: str(form.get(name, "")).strip()[:200] for name in form}
    kind = said.get("kind", "")
    content: dict[str, Any] = {name: said[name] for name in TEXTS if said.get(name)}
    content["kind"] = kind
    content["basis"] = _basis(said, "basis")
    params: dict[str, Any] = {name: said[name] for name in PARAMS.get(kind, ()) if said.get(name)}
    if kind == "FIXED" and said.get("further_price"):
        names = {
            "unit_price": "further_price",
            "unit": "further_unit",
            "label": "further_label",
            "input": "further_input",
        }
        params["further"] = {name: said[field] for name, field in names.items() if said.get(field)}
    if kind == "TIERED":
        params["tiers"] = [
            {"upto": said.get(f"upto_{n}") or None, "unit_price": said[f"tier_{n}"]}
            for n in range(TIERS)
            if said.get(f"tier_{n}")
        ]
    content["params"] = params
    content["exemptions"] = [
        {
            "code": said.get(f"x{n}_code", ""),
            "name": said.get(f"x{n}_name", ""),
            "percent": said.get(f"x{n}_percent", ""),
            "part": said.get(f"x{n}_part") or "BASE",
            "basis": _basis(said, f"x{n}_basis"),
        }
        for n in range(EXEMPTIONS)
        if said.get(f"x{n}_code") or said.get(f"x{n}_name")
    ]
    if said.get("mandatory") == "no":
        content["mandatory"] = False
    refund = None
    if said.get("refund_amount"):
        if not (said["refund_amount"].isascii() and said["refund_amount"].isdigit()) or len(said["refund_amount"]) > 3:
            raise refuse("refund", "FEE_REFUND_RULE", "退费时限应写明数量、单位和依据。")
        refund = {
            "amount": int(said["refund_amount"]),
            "unit": said.get("refund_unit", ""),
            "basis": said.get("refund_basis", ""),
        }
    return Proposal(
        content=content,
        items=tuple(said.get("items", "").replace("，", " ").replace(",", " ").split()),
        on_demand=said.get("on_demand") == "yes",
        document=said.get("document", ""),
        refund=refund,
    )


def _basis(said: Mapping[str, str], name: str) -> dict[str, str]:
    return {
        "name": said.get(f"{name}_name", ""),
        "article": said.get(f"{name}_article", ""),
        "level": said.get(f"{name}_level", ""),
    }


def _copied(office: Any) -> dict[str, str]:
    """The fields of the version the new one shall follow (`?from=`), or nothing."""
    try:
        wanted = UUID(request.args.get("from", ""))
    except ValueError:
        return {"kind": "PER_UNIT", "basis_level": "LAW", "on_demand": "yes"}
    row = find_standard(office, acting(), wanted).row
    content = row.content
    fields = {name: str(content.get(name) or "") for name in (*TEXTS, "kind")}
    fields["effective_from"] = fields["effective_to"] = ""
    fields |= {f"basis_{name}": str(text) for name, text in content["basis"].items()}
    params = dict(content["params"])
    further = params.pop("further", None) or {}
    for n, tier in enumerate(params.pop("tiers", ())[:TIERS]):
        fields[f"upto_{n}"], fields[f"tier_{n}"] = str(tier.get("upto") or ""), str(tier["unit_price"])
    fields |= {name: str(value) for name, value in params.items()}
    fields |= {f"further_{'price' if name == 'unit_price' else name}": str(value) for name, value in further.items()}
    for n, one in enumerate(content.get("exemptions", ())[:EXEMPTIONS]):
        fields |= {f"x{n}_{name}": str(one.get(name, "")) for name in ("code", "name", "percent", "part")}
        fields |= {f"x{n}_basis_{name}": str(text) for name, text in one["basis"].items()}
    fields |= {f"refund_{name}": str(value) for name, value in (row.refund or {}).items()}
    fields["items"] = " ".join(row.items)
    fields["on_demand"] = "yes" if row.on_demand else "no"
    return fields


def _one(office: Any, standard_id: UUID, *, refusal: Refusal | None = None) -> str:
    found = find_standard(office, acting(), standard_id)
    return render_template(
        "standard.html",
        found=found,
        prices=prices_of(found.says),
        departments=_departments(office),
        decides=bool(acting().roles & set(FINANCE)) and found.row.proposed_by != acting().username,
        may_propose=_proposes(),
        content=json.dumps(dict(found.row.content), ensure_ascii=False, indent=1, sort_keys=True),
        refusal=refusal,
        said=request.form,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
    )


def _form(office: Any, fields: Mapping[str, Any], *, refusal: Refusal | None = None) -> str:
    return render_template(
        "standard_edit.html",
        fields=fields,
        named=[(code, f"{code} {names[1]}") for code, names in _departments(office).items()],
        kinds=KINDS,
        levels=tuple(BasisLevel),
        tiers=range(TIERS),
        exemptions=range(EXEMPTIONS),
        refusal=refusal,
        problems={_field(one.field): one for one in (refusal.fields if refusal else ())},
    )


def _field(name: str) -> str:
    """The field of the form behind the name a refusal uses."""
    if name.startswith("params.further."):
        word = name.rpartition(".")[2]
        return "further_price" if word == "unit_price" else f"further_{word}"
    if name.startswith("params.tiers."):
        _, _, n, word = name.split(".")
        return f"upto_{n}" if word == "upto" else f"tier_{n}"
    if name == "params.tiers":
        return "tier_0"
    if name.startswith("exemptions."):
        parts = name.split(".")
        return f"x{parts[1]}_{'_'.join(parts[2:])}"
    if name == "exemptions":
        return "x0_code"
    if name == "basis":
        return "basis_name"
    if name == "refund":
        return "refund_amount"
    return name.removeprefix("params.").replace("basis.", "basis_")


def _proposes() -> bool:
    return bool(acting().roles & set(STANDARD_KEEPERS))


def _departments(office: Any) -> dict[str, tuple[str, str]]:
    return {one.code: (one.name, one.short) for one in list_departments(office)}
