"""Pages for people in a browser: one module per place, server-rendered, everything from our own origin."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask

from service.web.pages import (
    absences,
    archive,
    bills,
    bulk,
    calendar,
    case,
    cases,
    cashier,
    certificates,
    clock,
    clock_acts,
    complaints,
    consultations,
    documents,
    errors,
    exchange,
    faults,
    fees,
    files,
    handovers,
    inbox,
    inbox_filters,
    incidents,
    intake,
    issuing,
    item_edit,
    item_files,
    item_reviews,
    item_words,
    items,
    language,
    material_files,
    materials,
    matrix,
    measures,
    message_texts,
    messages,
    money_desk,
    outages,
    processes,
    progress,
    protection,
    quality,
    quality_words,
    ratings,
    reconciliation,
    releases,
    sign_in,
    silence,
    standards,
    stationery,
    supervision,
    task,
    time_limit,
    time_proof,
    undelivered,
    upload,
    verify,
    wording,
)


def register(app: Flask, office: Any) -> None:
    """Adds the pages, their sessions, languages, protection and error wording to the application."""
    pages = Blueprint("pages", __name__, template_folder="../templates")
    language.register(app, pages)
    sign_in.register(app, pages, office)
    protection.register(app, pages)
    wording.register(app, pages, office)
    files.register(app, pages)
    for place in (
        inbox,
        inbox_filters,
        bulk,
        intake,
        task,
        silence,
        case,
        cases,
        processes,
        item_edit,
        item_files,
        item_reviews,
        items,
        upload,
        clock,
        clock_acts,
        matrix,
        time_limit,
        time_proof,
        absences,
        supervision,
        calendar,
        outages,
        issuing,
        handovers,
        archive,
        messages,
        undelivered,
        message_texts,
        materials,
        material_files,
        documents,
        certificates,
        stationery,
        progress,
        verify,
        fees,
        bills,
        cashier,
        money_desk,
        reconciliation,
        standards,
        incidents,
        exchange,
        complaints,
        quality,
        ratings,
        consultations,
        faults,
        measures,
        releases,
    ):
        place.register(pages, office)
    item_words.register(app)
    quality_words.register(app)
    app.register_blueprint(pages)
    app.extensions["answers"].append(("/", errors.answer))
