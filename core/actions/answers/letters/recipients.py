"""Notices to recipients (Art. 19), proposed from the disclosure log, and to who else has what was made public (17(2))."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actions.answers.letters import drafting
from core.actions.answers.planned import read_body
from core.actions.answers.rectification import correction_words
from core.actions.cases.letter_source import person_of
from core.actions.desk import things
from core.actions.desk.act import Now, act, guard, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened
from core.connectors.disclosures import append_disclosure, disclosures_of
from core.documents.letter import Draft
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotPossible
from core.law.languages import FALLBACK
from core.law.letters import LetterKind
from core.law.rights.recipients import Change, Notice, next_notice, require_steps, to_tell
from core.law.typed import read_text
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row
from core.store.records import RequestRecord

DONE = {
    Change.RECTIFICATION: "the data were corrected", Change.ERASURE: "the data were erased",
    Change.RESTRICTION: "the use of the data was restricted",
}
OF_ERASED = frozenset({Change.ERASURE, Change.MADE_PUBLIC})  # who was erased gets no new row in the disclosure log
PUBLIC = "data made public"
DUTY = {
    Change.RECTIFICATION: "Please correct the data in the same way, and pass this on to whom you gave them.",
    Change.ERASURE: "Please erase the data, unless a ground of your own keeps them, and pass this on to whom you gave them.",
    Change.RESTRICTION: "Please only store the data until we tell you otherwise, and pass this on to whom you gave them.",
}


@dataclass(frozen=True, slots=True)
class RecipientNotice:
    """The notice to one recipient; `reason` says why telling them is impossible or disproportionate."""

    id: str
    recipient: str
    categories: str
    change: Change
    state: Notice
    letter_id: str | None
    reason: str
    proposed_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    version: int


def propose(desk: Desk, now: Now, request_row: RequestRecord, subject_ref: str, what: Change | str) -> int:
    """Enter one notice for each recipient in the disclosure log, inside the act that carried the change out.

    Call it while the disclosure log is still there: an erasure before its deletes. Returns how many were entered;
    a recipient who has one for this request gets no second.
    """
    change = Change(what)
    categories: dict[str, set[str]] = {}
    for row in disclosures_of(now.tx, subject_ref):
        categories.setdefault(row["recipient"].strip(), set()).update(row["categories"].split(", "))
    named = {name: ", ".join(sorted(categories[name])) for name in to_tell(categories)}
    now.detail["recipients"] = fresh = _propose(desk, now, request_row, subject_ref, change, named)
    return fresh


def propose_public(
    desk: Desk, now: Now, request_row: RequestRecord, subject_ref: str, whom: Sequence[str]
) -> int:
    """Enter one notice for each who processes what was made public and is erased (Art. 17(2)); return how many."""
    fresh = _propose(desk, now, request_row, subject_ref, Change.MADE_PUBLIC, dict.fromkeys(whom, PUBLIC))
    if fresh:
        now.detail["told_of_public"] = fresh
    return fresh


def _propose(
    desk: Desk, now: Now, request_row: RequestRecord, subject_ref: str, change: Change, named: Mapping[str, str]
) -> int:
    rows = now.tx.rows("rectification.notices", request_id=request_row.id)
    public = change is Change.MADE_PUBLIC  # a recipient may have copied what was public too: that is another duty
    known = {row["recipient"] for row in rows if (row["change"] == Change.MADE_PUBLIC) is public}
    fresh = [each for each in named if each not in known]
    for recipient in fresh:
        now.tx.run(
            "rectification.propose_notice", id=new_id(desk.now), request_id=request_row.id,
            case_ref=request_row.case_ref, subject=subject_ref, recipient=recipient, categories=named[recipient],
            change=change.value, now=desk.now,
        )
    return len(fresh)


@repeated
def list_notices(desk: Desk, request_id: str) -> tuple[RecipientNotice, ...]:
    """Return the notices of a request by recipient; opening the case file stands for them."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        return tuple(_shown(desk, row) for row in now.tx.rows("rectification.notices", request_id=request_id))


@repeated
def draft_notice(desk: Desk, notice_id: str, *, version: int, key: str) -> str:
    """Draft the letter to one recipient, with the new values where data were corrected; return the letter's id."""
    with act(desk, Act.LETTER_DRAFT, things.notice(notice_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        row, at = _opened(now, version)
        if row["letter_id"] is not None:
            raise NotPossible("The letter to this recipient is drafted already: it stands on the Letters tab.")
        letter, draft = _notice(desk, now, at, row)
        letter_id = drafting.keep(desk, now, at, letter, draft, None)
        guard(now.tx.run("rectification.attach_letter", id=notice_id, letter_id=letter_id, version=version))
        now.result = letter_id
    return letter_id


@repeated
def record(desk: Desk, notice_id: str, state: str, reason: str = "", *, version: int, key: str) -> None:
    """Record that a notice was sent or answered, or why it is impossible or disproportionate (reason mandatory).

    Of what was made public, that they were told needs the steps that were taken in place of the reason (Art. 17(2)).

    A notice that was sent names the person and the new values, so it is a disclosure itself and is entered as one.
    """
    with act(desk, Act.RECIPIENT_NOTICE, things.notice(notice_id), key=key) as now:
        if now.earlier is not None:
            return
        row, at = _opened(now, version)
        try:
            target = Notice(state)
        except ValueError:
            raise Invalid("Choose how far the notice is.", "state") from None
        words = read_text(reason, "reason", needed=False)
        next_notice(Notice(row["state"]), target, words)
        require_steps(Change(row["change"]), target, words)
        cell = Cell("recipient_notices", notice_id, "reason")
        sealed = encrypt(desk.store, at.case.case_ref, words, cell) if words else None
        guard(now.tx.run(
            "rectification.move_notice", id=notice_id, state=target.value, reason=sealed, now=desk.now,
            account_id=desk.person.account_id, version=version,
        ))
        if target is Notice.SENT and Change(row["change"]) not in OF_ERASED:
            append_disclosure(
                now.tx, row["subject_ref"], recipient=row["recipient"], categories=row["categories"].split(", "),
                basis="Art. 19", act=Act.RECIPIENT_NOTICE.value, source="desk", now=desk.now,
            )
        now.words = words
        now.detail |= {"state": target.value, "change": row["change"]}


def _opened(now: Now, version: int) -> tuple[Row, Opened]:
    at = now.at
    row = at.row
    if row["version"] != version:
        raise Conflict("Somebody changed this meanwhile. Look at it again, then repeat your step.")
    return row, at


def _notice(desk: Desk, now: Now, at: Opened, row: Row) -> tuple[LetterKind, Draft]:
    change, person = Change(row["change"]), person_of(desk, at.case)
    named = [" ".join(person[name].split()) for name in ("name", "email", "address") if person.get(name)]
    letter, told = LetterKind.RECIPIENT_NOTICE, {
        "salutation": "Dear Sir or Madam", "person": ", ".join(named) or f"our reference {at.case.reference}",
        "done_on": today_of(desk), "dpo_contact": establishment(desk.store).dpo_contact,
    }
    if change is Change.MADE_PUBLIC:  # the name leads them to the links; an e-mail address they need not have had
        letter = LetterKind.PUBLIC_NOTICE
        told |= {"person": " ".join(person.get("name", "").split()) or told["person"], "where": _where(desk, now, at)}
    else:
        details = correction_words.new_values(desk, now, at) if change is Change.RECTIFICATION else ()
        told |= {
            "categories": row["categories"], "change": DONE[change], "duty": DUTY[change],
            "details": details or (f"Concerned: {row['categories']}",),
        }
    return letter, drafting.write_with(at, letter, told, FALLBACK)


def _where(desk: Desk, now: Now, at: Opened) -> str:
    """Return where the plan of the erasure says that the data were made public."""
    return str(read_body(desk, now, at.request.plan_id).terms["public"]["where"])


def _shown(desk: Desk, row: Row) -> RecipientNotice:
    return RecipientNotice(
        row["id"], row["recipient"], row["categories"], Change(row["change"]), Notice(row["state"]), row["letter_id"],
        decrypt(desk.store, row["case_ref"], row["reason"], Cell("recipient_notices", row["id"], "reason")),
        row["proposed_at"], row["sent_at"],
        row["answered_at"], row["version"],
    )

