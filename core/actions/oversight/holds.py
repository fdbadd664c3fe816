"""Holds: set by one at once, released by two; what each of them stops, and what waits until it ends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.desk import things
from core.actions.desk.act import Now, act, guard, look, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.desk.opening import listed
from core.actions.desk.tasks import WHOLE, Task, enqueue
from core.connectors.held import categories, hold_of
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible
from core.law.rights.holds import MAY_RELEASE, Hold, Reason, released_by, set_hold
from core.law.roles import Role
from core.law.typed import check_day, read_text
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row

LEVELS = {
    "person": "This person's data", "case": "The file of this case", "category": "A category of everybody's data",
}


@dataclass(frozen=True, slots=True)
class HoldShown:
    """A hold as it is listed: its level and reason, since when and by whom, what it stops; nobody's name."""

    id: str
    number: str
    level: str
    reason: Reason
    category: str
    case_reference: str
    stops: str
    set_by: str
    set_at: datetime
    review_on: date | None
    review_due: bool
    words: str
    asked_at: datetime | None
    may_release: str  # empty, or the sentence why this person cannot confirm its release
    version: int


@repeated
def set_on(
    desk: Desk, level: str, reason: str, words: str, *, request_id: str | None = None, category: str = "",
    review_on: date | None = None, key: str,
) -> str:
    """Set a hold at once and return its id: on a person's data or a case's file, by a request, or on a whole category.

    What it covers is not deleted by an erasure, by retention, nor with its case. The reason is a code; the words are sealed.
    Raises Invalid for a category that is none, a review that is not ahead, or a whole category without one.
    """
    of = things.request(request_id or "") if level != "category" else None
    with act(desk, Act.HOLD_SET, of, key=key) as now:
        if now.earlier is not None:
            return now.earlier
        if level not in LEVELS or reason not in set(Reason):
            raise Invalid("Choose what is held, and for which reason.", "reason")
        if category and category not in categories():
            raise Invalid("Choose a category of the data catalogue.", "category")
        subject = case_ref = None
        if level != "category":
            subject, case_ref = now.at.case.subject_ref, now.at.case.case_ref
            if level == "person" and subject is None:
                raise NotPossible("Decide first which person the case is about, or hold the file of the case.")
        note, number = read_text(words, "words"), new_id(desk.now)
        if review_on is not None and review_on <= today_of(desk):
            raise Invalid("The day on which it is looked at again lies after today.", "review_on")
        if review_on is not None:
            check_day(review_on, "review_on", "the day on which it is looked at again")
        row = {
            "id": number, "level": level, "reason": reason, "category": "" if level == "case" else category,
            "subject_ref": subject if level == "person" else None, "case_ref": case_ref, "set_by": desk.person.account_id,
            "set_at": desk.now, "review_on": review_on,
        }
        hold = hold_of(row)
        set_hold(hold, now.role or Role.STEWARD)
        now.tx.run("holds.add", words=_seal(desk, row, note, "words"), **row)
        if level != "case":
            now.tx.run("carrying.touch_erasures", subject=row["subject_ref"])
        now.object_kind, now.object_id, now.result, now.words = "hold", number, number, note
        now.detail |= {"level": level, "reason": reason, "category": category.replace(" ", "_") or "every"}
    return number


@repeated
def ask_release(desk: Desk, hold_id: str, words: str, *, version: int, key: str) -> None:
    """Ask for the release of a hold, as the first of two people: the data protection officer, or an approver."""
    with act(desk, Act.HOLD_RELEASE_ASK, things.hold(hold_id), key=key) as now:
        if now.earlier is not None:
            return
        row = _standing(now)
        if row["version"] != version:
            raise Conflict("Somebody changed this meanwhile. Look at it again, then repeat your step.")
        if row["release_asked_by"] is not None:
            raise NotPossible("Its release is asked for already: another person confirms it.")
        note = read_text(words, "reason")
        guard(now.tx.run(
            "holds.ask_release", id=hold_id, version=version, account_id=desk.person.account_id, now=desk.now,
            roles=",".join(sorted(desk.person.roles & MAY_RELEASE)), words=_seal(desk, row, note, "release_words"),
        ))
        now.words = note
        now.detail |= {"level": row["level"], "reason": row["reason"]}


@repeated
def release(desk: Desk, hold_id: str, *, version: int, key: str) -> None:
    """Release a hold as the second of two people, one of them the data protection officer and one an approver.

    What it stopped and is due now is erased by the plan that was approved; what was never planned is planned anew.
    """
    with act(desk, Act.HOLD_RELEASE, things.hold(hold_id), key=key) as now:
        if now.earlier is not None:
            return
        row = _standing(now)
        if row["release_asked_by"] is None:
            raise NotPossible("Two people release a hold: its release is asked for first.")
        _check_second(desk, row)
        guard(now.tx.run("holds.release", id=hold_id, version=version, account_id=desk.person.account_id, now=desk.now))
        now.detail |= {"level": row["level"], "reason": row["reason"]}
        enqueue(desk, now, Task.EXPIRE, WHOLE)  # what waited for nothing else goes on at once, not within the hour


def list_holds(desk: Desk) -> list[HoldShown]:
    """Return the holds that stand, the oldest first, with what each one stops; nobody's name, no word of a case.

    Those of a case that is sealed to others, or close to this person, are left out.
    """
    with look(desk, Act.HOLD_LOOK) as now:
        return [_shown(desk, row) for row in listed(desk, now.tx, now.tx.rows("holds.all_open"))]


@repeated
def of_request(desk: Desk, request_id: str) -> list[HoldShown]:
    """Return the holds on the person and the case of a request, with their words; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        case_ref, subject = at.case.case_ref, at.case.subject_ref
        rows = [
            row for row in now.tx.rows("holds.all_open")
            if row["level"] == "category" or row["case_ref"] == case_ref or (subject and row["subject_ref"] == subject)
        ]
        return [
            _shown(desk, row, words=decrypt(
                desk.store, _owner(desk, row), row["words"], Cell("holds", row["id"], "words")
            ) if row["case_ref"] == case_ref else "")
            for row in rows
        ]


def category_names() -> tuple[str, ...]:
    """Return the categories of data that can be held."""
    return categories()


def _shown(desk: Desk, row: Row, words: str = "") -> HoldShown:
    try:
        _check_second(desk, row)
        barred = ""
    except NotAllowed as refusal:
        barred = str(refusal)
    return HoldShown(
        row["id"], f"H-{row['id'][-8:].upper()}", row["level"], Reason(row["reason"]), row["category"],
        row["reference"] or "", _stops(row), row["set_name"] or "a colleague", row["set_at"], row["review_on"],
        row["review_on"] is not None and row["review_on"] <= today_of(desk), words, row["release_asked_at"], barred,
        row["version"],
    )


def _stops(row: Row) -> str:
    """Return what a hold stops, in words."""
    if row["level"] == "case":
        return "The deletion of the file of this case; the person's data go their way."
    what = f"the category {row['category']}" if row["category"] else "every category"
    whose = "of this person" if row["level"] == "person" else "of everybody"
    return f"Erasure, retention and the deletion of a case file: {what} {whose}."


def _check_second(desk: Desk, row: Row) -> None:
    roles: Collection[Role] = [Role(each) for each in (row["release_roles"] or "").split(",") if each]
    hold: Hold = hold_of(row | {"subject_ref": None})
    released_by((row["release_asked_by"] or "", roles), (desk.person.account_id, desk.person.roles), hold, desk.now)


def _standing(now: Now) -> Row:
    row = now.at.row
    if row["released_at"] is not None:
        raise NotPossible("This hold is released already.")
    return row


def _owner(desk: Desk, row: Row) -> str:
    return row["case_ref"] or desk.store.chain


def _seal(desk: Desk, row: Row, text: str, column: str) -> bytes:
    return encrypt(desk.store, _owner(desk, row), text, Cell("holds", row["id"], column))

