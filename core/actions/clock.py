"""The clock of a request: its dates from the pinned profile, the questions that pause it, and their answers."""

from datetime import UTC, date, datetime

from core.actions.act import Now, act, found, keep_apart, new_id, repeated
from core.actions.desk import Desk
from core.actions.establishment import establishment
from core.law.acts import Act
from core.law.deadlines import Clock, Deadline, due
from core.law.errors import Conflict, Invalid, NotPossible
from core.law.pauses import Pause
from core.law.workflow import State
from core.store.datafiles import calendars, profiles
from core.store.engine import Row, Tx
from core.store.keys import KeyKind

QUESTIONS = {"identity": "Who is asking (Art. 12(6))", "clarification": "What is asked for (Recital 63)"}


def today_of(desk: Desk) -> date:
    """Return today's date where the establishment is."""
    return establishment(desk.store).local(desk.now).date()


def deadline(tx: Tx, request: Row, today: date | None = None) -> Deadline:
    """Compute the dates of a request from what is stored with it: receipt, pinned profile, calendar, pauses."""
    pauses = tuple(
        Pause(row["kind"], row["asked_on"], row["answered_on"])
        for row in tx.rows("requests.pauses", request_id=request["id"])
    )
    return due(
        Clock(
            received=request["received_at"].replace(tzinfo=UTC), zone=request["zone"],
            profile=profiles().pinned(f"{request['profile_id']}@{request['profile_version']}"),
            calendar=calendars().get(request["calendar_id"]), pauses=pauses,
            restart=_restart(tx, request),
        ),
        today,
    )


def _restart(tx: Tx, request: Row) -> date | None:
    """Return the day the last answer to an identity question came: a restart in laws that know one."""
    row = tx.one("requests.identity_answered", request_id=request["id"])
    profile = profiles().pinned(f"{request['profile_id']}@{request['profile_version']}")
    return row["answered_on"] if row and row["answered_on"] and "identity_received" in profile.restart_on else None


def set_dates(tx: Tx, request: Row) -> None:
    """Write the computed dates of a request; overdue itself is never stored."""
    dates = deadline(tx, request)
    tx.run(
        "requests.set_dates", id=request["id"], base_due=dates.base_due, final_due=dates.final_due,
        safe_due=dates.safe_due, clock_state="paused" if dates.paused_since else "running",
    )


@repeated
def ask(
    desk: Desk, request_id: str, kind: str, question: str, reason: str, *, key: str, asked_on: date | None = None
) -> str:
    """Record a question to the person that pauses the clock; it needs the facts that justify it (PAU-1, PAU-5).

    An identity question concerns the whole case and pauses each of its open requests. Returns the pause's id.
    """
    with act(desk, Act.REQUEST_ASK, request=request_id, key=key) as now:
        if now.earlier is not None:
            return now.earlier
        row = _open_request(desk, now, Act.REQUEST_ASK, request_id)
        today = today_of(desk)
        asked = asked_on or today
        if kind not in QUESTIONS:
            raise Invalid("Choose what the question is about.", "kind")
        if not question.strip() or len(question) > 4000:
            raise Invalid("Write the question to the person (at most 4,000 characters).", "question")
        if not reason.strip() or len(reason) > 2000:
            raise Invalid("Write the facts that make the question necessary (at most 2,000 characters).", "reason")
        if asked > today or asked < establishment(desk.store).local(row["received_at"]).date():
            raise Invalid("The question was asked between the receipt and today.", "asked_on")
        concerned = now.tx.rows("requests.open_of_case", case_ref=row["case_ref"]) if kind == "identity" else [row]
        keys, first = desk.store.keys, ""
        for request in concerned:
            if now.tx.rows("requests.open_pauses", request_id=request["id"], kind=kind):
                raise NotPossible("Such a question is open already: record its answer first.")
            pause = new_id()
            first = first or pause
            now.tx.run(
                "requests.add_pause", id=pause, case_ref=row["case_ref"], request_id=request["id"], kind=kind,
                asked_on=asked,
                reason=keys.seal(KeyKind.CASE, row["case_ref"], reason.strip(), f"pauses:{pause}:reason"),
                question=keys.seal(KeyKind.CASE, row["case_ref"], question.strip(), f"pauses:{pause}:question"),
            )
            set_dates(now.tx, request)
        now.result = first
        now.detail |= {"kind": kind, "requests": len(concerned)}
    return first


@repeated
def answered(desk: Desk, request_id: str, kind: str, answered_on: date, *, key: str) -> None:
    """Record that the person answered: the clock of every request paused by that question runs again."""
    with act(desk, Act.REQUEST_ANSWERED, request=request_id, key=key) as now:
        if now.earlier is not None:
            return
        row = _open_request(desk, now, Act.REQUEST_ANSWERED, request_id)
        end_pause(now, row, kind, answered_on, today_of(desk))
        now.detail["kind"] = kind


def end_pause(now: Now, request: Row, kind: str, answered_on: date, today: date) -> None:
    """End the open question of a kind; an identity answer ends it for the whole case."""
    concerned = now.tx.rows("requests.open_of_case", case_ref=request["case_ref"]) if kind == "identity" else [request]
    ended = 0
    for each in concerned:
        for pause in now.tx.rows("requests.open_pauses", request_id=each["id"], kind=kind):
            if not pause["asked_on"] <= answered_on <= today:
                raise Invalid("The answer came between the day of the question and today.", "answered_on")
            ended += now.tx.run("requests.end_pause", id=pause["id"], answered_on=answered_on)
        set_dates(now.tx, each)
    if not ended:
        raise NotPossible("No such question is open.")


def _open_request(desk: Desk, now: Now, what: Act, request_id: str) -> Row:
    row = found(now.tx.one("requests.one", id=request_id), "request")
    now.case = str(row["case_ref"])
    keep_apart(desk, now.tx, what, None, now.case)
    if row["state"] == State.CLOSED:
        raise NotPossible("The request is closed: its clock has stopped.")
    return row


def moment_of(desk: Desk, day: date, hour: int = 12, minute: int = 0) -> datetime:
    """Return a local day and time of the establishment as naive UTC."""
    return establishment(desk.store).utc(datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001 - local


def guard(touched: int) -> None:
    """Refuse when a guarded update found nobody: somebody was faster."""
    if not touched:
        raise Conflict("Somebody changed this meanwhile. Look at it again, then repeat your step.")


def local_day(desk: Desk, moment: datetime) -> date:
    """Return the local day of a stored moment (naive UTC)."""
    return establishment(desk.store).local(moment).date()


def local_time(desk: Desk, moment: datetime) -> datetime:
    """Return a stored moment (naive UTC) as local time of the establishment."""
    return establishment(desk.store).local(moment)
