"""The JSON objects of `/api/v1` as JSON Schema 2020-12."""

from __future__ import annotations

from typing import Any

from service.rules.absences import AbsenceKind
from service.rules.cards import CardAct, CardLevel, CardState, Violation
from service.rules.countersign import Vote
from service.rules.item_words import ItemBoard
from service.rules.letters import LetterState, Power

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
INSTANT: Schema = {"type": "string", "format": "date-time"}
MAYBE_INSTANT: Schema = {"type": ["string", "null"], "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
MAYBE_DAY: Schema = {"type": ["string", "null"], "format": "date"}
MAYBE_ID: Schema = {"type": ["string", "null"], "format": "uuid"}
UNIT: Schema = {"enum": ["WORKDAY", "CALENDAR", "HALFDAY", "HOUR"]}
YEAR_STATUS: Schema = {"enum": ["PROVISIONAL", "ACTIVE"]}
HALF: Schema = {"enum": ["AM", "PM"]}
LIGHT: Schema = {"enum": ["GREEN", "YELLOW", "RED", "STOPPED", "DONE"]}
ID: Schema = {"type": "string", "format": "uuid"}
WHOLE: Schema = {"type": "integer"}
MAYBE_WHOLE: Schema = {"type": ["integer", "null"]}
SCOPE: Schema = {"type": ["string", "null"], "format": "uuid", "description": "联办链中的一个事项；不给则为办件本身。"}
FLAG: Schema = {"type": "boolean"}
SEEN: Schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
ANYTHING: Schema = {"type": "object"}


def ref(name: str) -> Schema:
    """A reference to one of the schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def shape(**properties: Schema) -> Schema:
    """An object that always has all of these properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def asked(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """An object a request may have: nothing but these properties."""
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema


def listed(item: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": item}


def paged(item: Schema) -> Schema:
    """One page of a list."""
    return shape(items=listed(item), total=WHOLE, page=WHOLE, size=WHOLE)


def text_up_to(longest: int, least: int = 0) -> Schema:
    """A text without NUL."""
    return {"type": "string", "minLength": least, "maxLength": longest, "pattern": "^[^\\u0000]*$"}


VARIABLES: Schema = {"type": "object", "propertyNames": text_up_to(255, 1), "additionalProperties": True}

SCHEMAS: dict[str, Schema] = {
    "Silence": shape(
        silences=listed(
            shape(
                level=TEXT,
                passed=FLAG,
                at=INSTANT,
                scope=MAYBE_ID,
                element=TEXT,
                taskId=MAYBE_ID,
                silent=TEXT,
                department=TEXT,
                document=TEXT,
                certificateBy=MAYBE_INSTANT,
                holds=listed(TEXT),
                again=MAYBE_INSTANT,
                late=listed(shape(author=TEXT, text=TEXT)),
            )
        ),
        notices=listed(
            shape(
                number=TEXT,
                scope=MAYBE_ID,
                issuedOn=DAY,
                replyBy=DAY,
                reminders=listed(DAY),
                gaps=listed(shape(material=TEXT, since=DAY, reason=TEXT)),
                notes=TEXT,
                state=TEXT,
                completeOn=MAYBE_DAY,
            )
        ),
    ),
    "MovePlaces": shape(
        places=listed(
            shape(
                element=TEXT,
                scope=MAYBE_ID,
                name=TEXT,
                process=TEXT,
                person=MAYBE_TEXT,
                doneAt=MAYBE_INSTANT,
                ends=listed(shape(element=TEXT, name=TEXT, kind=TEXT)),
                timers=WHOLE,
                joins=listed(TEXT),
                straight=FLAG,
                refused={"anyOf": [{"type": "null"}, shape(code=TEXT, message=TEXT)]},
            )
        ),
        seen=TEXT,
    ),
    "TaskReturn": asked(
        ("element", "reason"),
        element=text_up_to(255, 1),
        scope=ID,
        reason=text_up_to(500, 1),
        way={"enum": ["again", "straight"], "description": "again 重走，straight 直回"},
        seen=text_up_to(255, 1),
    ),
    "TakeBack": asked(("reason",), reason=text_up_to(500, 1), seen=text_up_to(255, 1)),
    "EndPreview": shape(tasks=listed(TEXT), seen=TEXT),
    "CaseEnd": asked(
        ("ground", "reason"),
        ground={"enum": ["GONE", "LAPSED", "FALSE", "MISFILED"]},
        reason=text_up_to(500, 1),
        seen=text_up_to(255, 1),
    ),
    "CaseReopen": asked(("reason",), reason=text_up_to(500, 1), seen=text_up_to(255, 1)),
    "TokenMove": asked(
        ("element", "reason"), element=text_up_to(255, 1), scope=ID, reason=text_up_to(500, 1), seen=text_up_to(255, 1)
    ),
    "SilenceReason": asked(("reason",), scope=ID, reason=text_up_to(2000, 1)),
    "LateOpinion": asked(("text",), text=text_up_to(2000, 1)),
    "Problem": {
        "type": "object",
        "description": "RFC 9457；code 稳定不变，detail 供人阅读。",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": WHOLE,
            "detail": TEXT,
            "code": TEXT,
            "fields": listed(shape(field=TEXT, code=TEXT, message=TEXT)),
            "findings": listed(ref("Finding")),
            "details": {
                **shape(rule=TEXT),
                "description": "岗位分离：拒绝所依据的规则，以及可以改由谁办理（instead）。",
            },
            "requestId": MAYBE_TEXT,
        },
        "required": ["type", "title", "status", "detail", "code", "fields"],
    },
    "Finding": shape(
        code=TEXT,
        severity={"enum": ["error", "warning", "note"]},
        file=TEXT,
        line=WHOLE,
        column=WHOLE,
        element=MAYBE_TEXT,
        message=TEXT,
        english=TEXT,
    ),
    "Case": shape(
        id=ID,
        businessKey=MAYBE_TEXT,
        title=MAYBE_TEXT,
        process=shape(id=ID, key=TEXT, name=TEXT, version=WHOLE),
        state={"enum": ["ACTIVE", "SUSPENDED", "COMPLETED", "TERMINATED"]},
        version=WHOLE,
        startedAt=INSTANT,
        startedBy=MAYBE_TEXT,
        endedAt=MAYBE_INSTANT,
        endElement=MAYBE_TEXT,
        reason=MAYBE_TEXT,
    ),
    "CaseDetail": {"allOf": [ref("Case"), shape(openTasks=listed(ref("Task")), variables=ANYTHING)]},
    "CasePage": paged(ref("Case")),
    "VariableNames": shape(items=listed(shape(scope=MAYBE_ID, name=TEXT, type=TEXT))),
    "VariableRepair": asked(
        ("reason",),
        variables=VARIABLES,
        remove=listed(text_up_to(255, 1)),
        scope=ID,
        reason=text_up_to(500, 2),
    ),
    "Absence": shape(
        id=ID,
        person=TEXT,
        name=TEXT,
        department=MAYBE_TEXT,
        since=INSTANT,
        until=MAYBE_INSTANT,
        kind={"enum": list(AbsenceKind)},
        reason=TEXT,
        standIn=MAYBE_TEXT,
        recordedBy=TEXT,
        recordedAt=INSTANT,
        withdrawnAt=MAYBE_INSTANT,
    ),
    "AbsencePage": paged(ref("Absence")),
    "WindowList": shape(
        items=listed(
            shape(
                code=TEXT,
                name=TEXT,
                board={"enum": list(ItemBoard)},
                general={"type": "boolean", "description": "全能岗：本板块全部事项"},
                items={**listed(TEXT), "description": "另外受理的事项编码"},
                active=FLAG,
            )
        )
    ),
    "WaitingPage": paged(
        shape(
            caseId=ID,
            taskId=ID,
            number=MAYBE_TEXT,
            title=MAYBE_TEXT,
            process=TEXT,
            stage=MAYBE_TEXT,
            window=MAYBE_TEXT,
            ticket=MAYBE_TEXT,
            receivedAt=INSTANT,
            deemedAt={**MAYBE_INSTANT, "description": "逾此时间未告知即视为受理；补正期间为空"},
        )
    ),
    "NewAbsence": asked(
        ("kind",),
        person={**text_up_to(60), "description": "用户名；不给则为本人"},
        kind={"enum": list(AbsenceKind)},
        since=INSTANT,
        until=INSTANT,
        reason=text_up_to(200),
        standIn={**text_up_to(60), "description": "首席代表授权委托书指定的代理人"},
    ),
    "Letter": shape(
        id=ID,
        number=TEXT,
        department=TEXT,
        grantor=TEXT,
        grantee=TEXT,
        deputy=MAYBE_TEXT,
        items={**listed(TEXT), "description": "事项编码；* 为本部门全部事项"},
        powers=listed({"enum": list(Power)}),
        validFrom=DAY,
        validTo=DAY,
        state={"enum": list(LetterState)},
        registeredBy=TEXT,
        registeredAt=INSTANT,
        activatedBy=MAYBE_TEXT,
        withdrawnBy=MAYBE_TEXT,
        reason=TEXT,
    ),
    "LetterList": shape(
        items=listed(ref("Letter")),
        rate={"type": ["string", "null"], "description": "授权到位率，百分数；只看本部门时为空"},
        without={**listed(TEXT), "description": "首席代表没有有效委托书的部门"},
    ),
    "NewLetter": asked(
        ("department", "grantor", "grantee", "items", "powers", "validFrom", "validTo"),
        department=text_up_to(8, 1),
        grantor=text_up_to(60, 1),
        grantee=text_up_to(60, 1),
        deputy=text_up_to(60),
        items=listed(text_up_to(10, 1)),
        powers=listed({"enum": list(Power)}),
        validFrom=DAY,
        validTo=DAY,
    ),
    "Reason": asked(("reason",), reason=text_up_to(300, 1)),
    "Contact": shape(contact=ANYTHING),
    "SupervisionEvent": shape(
        id=ID,
        caseId=MAYBE_ID,
        scope=MAYBE_ID,
        taskId=MAYBE_ID,
        violation={"enum": list(Violation)},
        level={"enum": list(CardLevel)},
        addressee={"type": "string", "description": "用户名或部门编码"},
        department=MAYBE_TEXT,
        number={"type": ["string", "null"], "description": "督办单号"},
        at={**INSTANT, "description": "规则的时刻"},
        raisedAt=INSTANT,
        feedbackBy=MAYBE_INSTANT,
        state={"enum": list(CardState)},
        upgraded=FLAG,
        fault=FLAG,
        acts=listed(shape(act={"enum": list(CardAct)}, by=TEXT, at=INSTANT, text=TEXT)),
    ),
    "SupervisionPage": paged(ref("SupervisionEvent")),
    "SupervisionAct": asked(("act",), act={"enum": list(CardAct)}, text=text_up_to(2000)),
    "NewCase": asked(
        process={**text_up_to(255), "description": "流程标识，取最新版本；与 processId 二选一。"},
        processId=text_up_to(255),
        businessKey=text_up_to(255),
        title=text_up_to(200),
        answers={**VARIABLES, "description": "启动表单的填写内容，按表单校验。"},
        variables=VARIABLES,
    ),
    "Journal": shape(
        items=listed(
            shape(
                line=WHOLE,
                at=INSTANT,
                action=TEXT,
                actor=MAYBE_TEXT,
                element=MAYBE_TEXT,
                taskId=MAYBE_TEXT,
                detail=ANYTHING,
            )
        )
    ),
    "Task": shape(
        id=ID,
        name=TEXT,
        element=TEXT,
        description=MAYBE_TEXT,
        case=shape(id=ID, title=MAYBE_TEXT, businessKey=MAYBE_TEXT, state=TEXT),
        process=shape(id=ID, key=TEXT, name=TEXT),
        assignee=MAYBE_TEXT,
        actingFor={**MAYBE_TEXT, "description": "代岗：为谁办理"},
        priority=WHOLE,
        stage=MAYBE_TEXT,
        department=MAYBE_TEXT,
        role=MAYBE_TEXT,
        formKey=MAYBE_TEXT,
        seen=WHOLE,
        createdAt=INSTANT,
        dueAt=MAYBE_INSTANT,
        followUpAt=MAYBE_INSTANT,
        escalatedAt=MAYBE_INSTANT,
        endedAt=MAYBE_INSTANT,
        endedBy=MAYBE_TEXT,
        outcome={"enum": ["COMPLETED", "CANCELLED", "TACIT", None]},
    ),
    "TaskPage": paged(ref("Task")),
    "TaskForm": shape(schema={"type": ["object", "null"]}, data=ANYTHING, seen=WHOLE, mayComplete=FLAG),
    "Handed": shape(id=ID, assignee=MAYBE_TEXT, owner=MAYBE_TEXT, delegated=FLAG, seen=WHOLE),
    "Transfer": asked(("to", "reason"), to=text_up_to(255), reason=text_up_to(500), seen=SEEN),
    "Delegation": asked(("to", "question"), to=text_up_to(255), question=text_up_to(500), seen=SEEN),
    "DelegationAnswer": asked(("opinion",), opinion=text_up_to(2000)),
    "Note": asked(note=text_up_to(500)),
    "NeededReason": asked(("reason",), reason=text_up_to(500)),
    "Counted": shape(count=WHOLE),
    "Heard": shape(completed={**FLAG, "description": "承办人提交的内容随之生效，任务完成"}),
    "Done": shape(done=FLAG),
    "CaseNamed": shape(caseId=ID),
    "Opinion": asked(("vote",), vote={"enum": list(Vote)}, opinion=text_up_to(2000)),
    "NewSigning": asked(
        ("people", "place", "question"),
        people=listed(text_up_to(60)),
        place={"enum": ["BEFORE", "PARALLEL", "AFTER"]},
        policy={"type": "string", "description": "all、any、ratio:60、sequential 或 veto", "default": "all"},
        question=text_up_to(500),
    ),
    "Signing": shape(
        held={**FLAG, "description": "承办人已提交，等待会签"},
        urged=WHOLE,
        rounds=listed(
            shape(
                id=ID,
                place={"enum": ["BEFORE", "PARALLEL", "AFTER"]},
                policy=TEXT,
                question=TEXT,
                askedBy=TEXT,
                askedAt=INSTANT,
                state={"enum": ["WAITING", "OPEN", "PASSED", "FAILED", "CANCELLED"]},
                closedAt=MAYBE_INSTANT,
                signers=listed(
                    shape(
                        id=ID,
                        person=TEXT,
                        state={"enum": ["WAITING", "OPEN", "AGREE", "OBJECT", "REMOVED", "SPARED"]},
                        opinion=TEXT,
                        answeredAt=MAYBE_INSTANT,
                    )
                ),
            )
        ),
    ),
    "NewInstance": asked(("reason",), item={"description": "部门编码，或与集合元素相同的内容"}, reason=text_up_to(500)),
    "NewCopies": asked(("people",), people=listed(text_up_to(60)), note=text_up_to(500)),
    "Copies": shape(
        items=listed(
            shape(id=ID, person=TEXT, sentBy=TEXT, sentAt=INSTANT, note=TEXT, readAt=MAYBE_INSTANT),
        )
    ),
    "NewHandOver": asked(("successor", "reason"), successor=text_up_to(255), reason=text_up_to(500)),
    "HandOver": shape(
        person=TEXT,
        items=listed(
            shape(
                kind={"enum": ["TASK", "DELEGATED", "SIGNER", "STAND_IN", "LETTER"]},
                id=MAYBE_ID,
                name=TEXT,
                caseId=MAYBE_ID,
                number=MAYBE_TEXT,
                draft=FLAG,
                refusal={"type": ["object", "null"], "description": "不能移交的原因：code、text"},
            )
        ),
    ),
    "TaskCompletion": asked(
        answers={**VARIABLES, "description": "表单的填写内容，按表单校验。"},
        seen={"type": "integer", "minimum": 0, "maximum": 2**31 - 1, "description": "取自表单或任务。"},
    ),
    "Settled": shape(caseId=ID, caseEnded=FLAG),
    "Completed": shape(caseId=ID, caseEnded=FLAG, held={**FLAG, "description": "已提交，会签意见到齐后生效"}),
    "Process": shape(
        id=ID,
        key=TEXT,
        name=TEXT,
        version=WHOLE,
        versionTag=MAYBE_TEXT,
        kind=MAYBE_TEXT,
        suspended=FLAG,
        deploymentId=ID,
        deployedAt=INSTANT,
        resource=TEXT,
        calls=listed(TEXT),
        starts=listed(shape(kind=MAYBE_TEXT, name=MAYBE_TEXT)),
    ),
    "ProcessPage": paged(ref("Process")),
    "Upload": asked(
        ("files",),
        name=text_up_to(200),
        note=text_up_to(4000),
        files={
            "type": "array",
            "minItems": 1,
            "maxItems": 200,
            "items": {
                "type": "object",
                "properties": {"name": text_up_to(255, 1), "content": text_up_to(4_000_000, 1)},
                "required": ["name", "content"],
            },
        },
    ),
    "UploadedFiles": {
        "type": "object",
        "properties": {"name": TEXT, "note": TEXT},
        "additionalProperties": {"type": "string", "contentMediaType": "application/octet-stream"},
    },
    "Deployed": shape(
        deploymentId=ID,
        unchanged=FLAG,
        processes=listed(shape(id=ID, key=TEXT, name=TEXT, version=WHOLE)),
        findings=listed(ref("Finding")),
    ),
    "Examined": shape(
        acceptable=FLAG,
        findings=listed(ref("Finding")),
        processes=listed(shape(key=TEXT, name=TEXT, file=TEXT, calls=listed(TEXT))),
    ),
    "Incident": shape(
        id=ID,
        kind={"enum": ["failedJob", "failedExternalTask", "calendarMissing", "engineFailure"]},
        caseId=MAYBE_TEXT,
        process=MAYBE_TEXT,
        element=MAYBE_TEXT,
        message=TEXT,
        openedAt=INSTANT,
        closedAt=MAYBE_INSTANT,
    ),
    "IncidentPage": paged(ref("Incident")),
    "LimitQuestion": asked(
        ("start", "limit"),
        start={**INSTANT, "examples": ["2026-03-16T10:00:00+08:00"]},
        limit=asked(("amount", "unit"), amount={**WHOLE, "minimum": 0, "maximum": 999}, unit=UNIT),
        suspensions={
            "type": ["array", "null"],
            "maxItems": 100,
            "description": "(from, to] 中的日子不计入；to 为空表示尚未恢复。",
            "items": asked(
                ("from",), **{"from": DAY, "to": MAYBE_DAY, "kind": {**text_up_to(40), "examples": ["EXPERT"]}}
            ),
        },
        extensions={
            "type": ["array", "null"],
            "maxItems": 1,
            "items": asked(
                ("amount", "unit"), amount={**WHOLE, "minimum": 1, "maximum": 999}, unit=UNIT, approved=MAYBE_DAY
            ),
        },
        now={**MAYBE_INSTANT, "description": "不给则为当前时间。"},
    ),
    "LimitPreview": shape(
        due={**DAY, "description": "尚未恢复的暂停按当日恢复推算。"},
        due_at=INSTANT,
        used=WHOLE,
        remaining=WHOLE,
        light={"enum": ["GREEN", "YELLOW", "RED", "STOPPED"]},
        warn_from=INSTANT,
        next_turn=MAYBE_INSTANT,
        explanation=listed(TEXT),
    ),
    "ClockBook": shape(caseId=ID, now=INSTANT, clocks=listed(ref("CaseClock")), proceedings=listed(ref("Proceeding"))),
    "CaseClock": shape(
        id=ID,
        scope=MAYBE_TEXT,
        kind=TEXT,
        name=TEXT,
        element=MAYBE_TEXT,
        department=MAYBE_TEXT,
        basis=TEXT,
        unit=UNIT,
        total=WHOLE,
        used=MAYBE_WHOLE,
        remaining=MAYBE_WHOLE,
        state={"enum": ["RUNNING", "PAUSED", "STOPPED"]},
        light=LIGHT,
        binds={**FLAG, "description": "该事项最先到期的时限。"},
        startedAt=INSTANT,
        warnAt=MAYBE_INSTANT,
        dueAt={**MAYBE_INSTANT, "description": "暂停中到期日未定，为空。"},
        stoppedAt=MAYBE_INSTANT,
        suspensions=listed(ref("Pause")),
        extensions=listed(ref("Extension")),
    ),
    "Proceeding": shape(
        id=ID,
        scope=MAYBE_TEXT,
        kind=TEXT,
        state={"enum": ["OPEN", "GRANTED", "REFUSED", "CLOSED"]},
        openedAt=INSTANT,
        openedBy=MAYBE_TEXT,
        closedAt=MAYBE_INSTANT,
        closedBy=MAYBE_TEXT,
        document=MAYBE_TEXT,
        detail=ANYTHING,
    ),
    "Proceedings": shape(items=listed(ref("Proceeding"))),
    "NewSuspension": asked(
        ("kind",),
        kind={**text_up_to(40, 1), "examples": ["EXPERT"]},
        scope=SCOPE,
        notice={**text_up_to(40), "description": "书面告知申请人的文书编号。"},
        expectedDays={**MAYBE_WHOLE, "minimum": 0, "maximum": 999},
        basis=text_up_to(500),
        reason=text_up_to(500),
    ),
    "SuspensionEnd": asked(scope=SCOPE, document=text_up_to(40)),
    "TacitHold": shape(until=DAY),
    "NewTacitHold": asked(("reason",), scope=SCOPE, reason=text_up_to(500, 1)),
    "NewExtension": asked(
        ("amount", "reason"), scope=SCOPE, amount={**WHOLE, "minimum": 1, "maximum": 999}, reason=text_up_to(500, 1)
    ),
    "ExtensionDecision": asked(("grant",), grant=FLAG, notice=text_up_to(40), reason=text_up_to(500)),
    "NewProceeding": asked(
        ("kind",),
        kind={**text_up_to(40, 1), "examples": ["OBJECTION", "HEARING_REQUEST", "INVESTIGATION"]},
        scope=SCOPE,
        document=text_up_to(40),
        reason=text_up_to(500),
    ),
    "ProceedingEnd": asked(document=text_up_to(40), reason=text_up_to(500)),
    "NewOutage": asked(("down", "up", "reason"), down=INSTANT, up=INSTANT, reason=text_up_to(500, 1)),
    "Outage": shape(moved=listed(shape(caseId=ID, clockId=MAYBE_TEXT, wasDueAt=MAYBE_INSTANT, dueAt=MAYBE_INSTANT))),
    "CalendarList": shape(items=listed(ref("CalendarEntry"))),
    "CalendarEntry": shape(
        region=TEXT,
        year=WHOLE,
        status=YEAR_STATUS,
        notice=TEXT,
        enteredBy=TEXT,
        enteredAt=INSTANT,
    ),
    "Calendar": {
        "allOf": [
            ref("CalendarEntry"),
            shape(
                inherited={**FLAG, "description": "该地区没有自己的规定，全部从全国日历继承。"},
                provisional={**FLAG, "description": "暂定，尚未依据通知确认。"},
                workdays=WHOLE,
                version=WHOLE,
                days=listed(
                    shape(
                        date=DAY,
                        workday=FLAG,
                        kind={"enum": ["WORK", "REST", "HOLIDAY", "MAKEUP", "LOCAL"]},
                        name=TEXT,
                        closed=listed(HALF),
                    )
                ),
            ),
        ]
    },
    "NewCalendar": asked(
        ("status", "days"),
        status=YEAR_STATUS,
        notice={**text_up_to(200), "description": "依据的通知；ACTIVE 时必填。"},
        seen={**WHOLE, "minimum": 0, "description": "预览时的 version；其间日历被修改则拒绝。"},
        days={
            "type": "array",
            "maxItems": 366,
            "description": "与周一至周五不同（全国），或与全国不同（地区）的日子。",
            "items": asked(
                ("date", "workday"),
                date={**DAY, "examples": ["2027-01-01"]},
                workday=FLAG,
                reason={"enum": ["HOLIDAY", "MAKEUP", "LOCAL"]},
                name=text_up_to(40),
                closed={"type": "array", "items": HALF, "uniqueItems": True, "maxItems": 2},
            ),
        },
    ),
    "CalendarChange": shape(
        preview=FLAG,
        region=TEXT,
        year=WHOLE,
        status=YEAR_STATUS,
        notice=TEXT,
        version=WHOLE,
        moved=listed(
            shape(
                caseId=ID,
                businessKey=MAYBE_TEXT,
                title=MAYBE_TEXT,
                kind=TEXT,
                name=TEXT,
                was=MAYBE_INSTANT,
                due=MAYBE_INSTANT,
                days={"type": ["integer", "null"], "description": "推迟的工作日数，负数为提前。"},
            )
        ),
    ),
    "TimeProof": shape(
        caseId=ID,
        scope=MAYBE_TEXT,
        businessKey=MAYBE_TEXT,
        subject=TEXT,
        receivedAt=INSTANT,
        deliveredAt=MAYBE_INSTANT,
        madeAt=INSTANT,
        elapsedDays=WHOLE,
        shares={
            "type": "object",
            "additionalProperties": WHOLE,
            "description": "自然日由谁占用；各项之和等于 elapsedDays。",
        },
        binding=MAYBE_TEXT,
        clocks=listed(ref("ProvenClock")),
        pauses=listed(ref("Pause")),
        marks=listed(shape(mark=TEXT, at=INSTANT, on=DAY)),
        holdings=listed(
            shape(
                task=TEXT,
                process=TEXT,
                department=MAYBE_TEXT,
                user=MAYBE_TEXT,
                since=INSTANT,
                until=MAYBE_INSTANT,
                outcome=MAYBE_TEXT,
            )
        ),
        items=listed(shape(scope=ID, name=TEXT, light=LIGHT, dueAt=MAYBE_INSTANT)),
    ),
    "ProvenClock": shape(
        id=ID,
        kind=TEXT,
        name=TEXT,
        department=MAYBE_TEXT,
        basis=TEXT,
        unit=UNIT,
        total=WHOLE,
        used={"type": "number"},
        remaining=WHOLE,
        light=LIGHT,
        inTime=FLAG,
        binds=FLAG,
        startedAt=INSTANT,
        dueAt=MAYBE_INSTANT,
        provisional={**FLAG, "description": "到期日所在年份的工作日历为暂定。"},
        stoppedAt=MAYBE_INSTANT,
        extensions=listed(ref("Extension")),
        days=listed(shape(day=DAY, used={"type": "number"}, rule=TEXT, text=TEXT)),
    ),
    "Pause": shape(
        kind=TEXT,
        name=TEXT,
        after=DAY,
        through=MAYBE_DAY,
        beganAt=MAYBE_INSTANT,
        endedAt=MAYBE_INSTANT,
        basis=TEXT,
        approvedBy=TEXT,
        notice=TEXT,
        expectedDays=MAYBE_WHOLE,
    ),
    "Extension": shape(amount=WHOLE, approvedOn=MAYBE_DAY, approvedBy=TEXT, notice=TEXT, basis=TEXT),
    "Clock": shape(now=INSTANT, frozen=FLAG, attended=WHOLE),
    "ClockMove": asked(
        now={**INSTANT, "examples": ["2026-03-16T09:00:00+08:00"]},
        advance={**text_up_to(40), "description": "PT36H、P2D，或工作时间 P3WD、P2HD。"},
        frozen={**FLAG, "description": "true：时钟在两次调整之间停住；false：继续走。可单独给出。"},
    ),
}
