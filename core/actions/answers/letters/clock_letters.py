"""The letters that move the clock, an extension's notice and a fee's announcement: may they change or go, what follows."""

from datetime import date

from core.actions.answers.refusal.fee_costs import amount_of
from core.actions.cases.clock import ACKNOWLEDGEMENT, set_dates
from core.actions.cases.transitions import require_open
from core.actions.desk import deciding
from core.actions.desk.act import Now, found, guard
from core.actions.desk.desk import Desk
from core.actions.desk.letter_text import digest, has_passages, text_of
from core.actions.desk.moment import local_day
from core.law import fee
from core.law.clock import extension
from core.law.errors import Invalid, NotPossible
from core.law.letters import LetterKind
from core.law.ways import Kind
from core.store.records import LetterRecord, RequestRecord

BY_THEMSELVES = {
    LetterKind.REFUSAL: "This letter is drafted with the refusal: choose its ground there.",
    LetterKind.ANSWERED_OUTSIDE: "This letter is drafted with what was answered outside the desk: record it there.",
    LetterKind.EXTENSION: "This letter is drafted with the extension: prepare it at the clock.",
    LetterKind.FEE_ANNOUNCEMENT: "This letter is drafted with the fee: prepare it at the clock.",
    LetterKind.KEPT_PART_ERASED: "This letter is drafted by the desk when what was kept is erased on its day.",
}


def require_own_way(kind: str) -> None:
    """Raise NotPossible for a letter that is drafted with its decision, not from the list of letters."""
    if kind in BY_THEMSELVES:
        raise NotPossible(BY_THEMSELVES[LetterKind(kind)])


def require_editable(now: Now, letter: LetterRecord) -> None:
    """Raise NotPossible where the notice of an extension is being approved, or was: exactly that letter goes out."""
    if letter.kind != LetterKind.EXTENSION:
        return
    row = now.tx.one("clock.extension_of_letter", letter_id=letter.id)
    if row is not None and row["state"] in {"asked", "approved"}:
        raise NotPossible("This extension was handed in for approval: its letter stays as it is.")


def require_sendable(desk: Desk, now: Now, letter: LetterRecord, on: date) -> None:
    """Raise NotPossible unless the letter may go out: approved and unchanged, or an announcement that says all of it.

    Raises Invalid for a day before the approval or the drafting: nothing was sent before it was decided.
    """
    if letter.kind not in {LetterKind.EXTENSION, LetterKind.FEE_ANNOUNCEMENT}:
        return
    request = found(now.tx.record(RequestRecord, "requests.one", id=letter.request_id), "request")
    require_open(request)
    text, standing = text_of(desk.store, letter), has_passages(letter)
    if letter.kind == LetterKind.FEE_ANNOUNCEMENT:
        charged = found(now.tx.one("clock.fee_of_letter", letter_id=letter.id), "fee")
        if charged["state"] != "prepared":
            raise NotPossible("This fee has ended: there is nothing to announce.")
        if not standing:
            fee.require_whole(text, amount_of(desk, charged))
        decided = letter.drafted_at
    else:
        row = now.tx.one("clock.extension_of_letter", letter_id=letter.id)
        approval = row and now.tx.one(
            "approvals.approved", thing="extension", thing_id=row["id"], hash=digest(desk.store, text)
        )
        if row is None or row["state"] != "approved" or approval is None:
            raise NotPossible("Another person must approve this extension first; then exactly this letter goes out.")
        if not standing:
            extension.require_whole(text)
        decided = approval["decided_at"]
    if on < local_day(desk, decided):
        raise Invalid("The day of sending lies before the day on which this was decided.", "sent_at")


def note_sent(desk: Desk, now: Now, letter: LetterRecord, on: date) -> None:
    """Let the sent letter move the clock: the day it went out counts, and a late extension has no effect (EXT-2).

    An announced fee moves the clock only where the request's law says so; elsewhere its day is kept for the record.
    """
    if letter.kind == ACKNOWLEDGEMENT:
        set_dates(now.tx, found(now.tx.record(RequestRecord, "requests.one", id=letter.request_id), "request"))
    if letter.kind not in {LetterKind.EXTENSION, LetterKind.FEE_ANNOUNCEMENT}:
        return
    request = found(now.tx.record(RequestRecord, "requests.one", id=letter.request_id), "request")
    if letter.kind == LetterKind.EXTENSION:
        row = found(now.tx.one("clock.extension_of_letter", letter_id=letter.id), "extension")
        guard(now.tx.run("clock.told_extension", id=row["id"], told_on=on, version=row["version"]))
    else:
        row = found(now.tx.one("clock.fee_of_letter", letter_id=letter.id), "fee")
        if row["reply_by"] <= on:
            raise Invalid("The day until which the person may choose has come: prepare the fee anew.", "sent_at")
        guard(now.tx.run("clock.announced_fee", id=row["id"], announced_on=on, version=row["version"]))
    dates = set_dates(now.tx, request)
    now.detail |= {"due_before": _day(request.final_due), "due_after": _day(dates.final_due)}
    under = deciding.under(request)
    if letter.kind == LetterKind.EXTENSION:
        now.detail["effective"] = int(dates.extension_effective)
        made = extension.record_of(
            "effective" if dates.extension_effective else "late",
            found(now.tx.one("clock.extension_by_id", id=row["id"]), "extension")["grounds"].split(","), under,
            notice_due=extension.notice_due(dates), told_on=on,
        )
    else:
        charged = found(now.tx.one("clock.fee", id=row["id"]), "fee")
        made = fee.record_of(
            Kind(request.kind), fee.GROUNDS[charged["ground"]], under, announced_on=on, reply_by=charged["reply_by"]
        )
    deciding.keep(desk, now, request, [made])


def _day(day: date | None) -> str:
    return day.isoformat() if day else "open"
