"""Whom a case is about, who may act for them, and where its answer goes: asked inside the acts that answer."""

import json
from dataclasses import dataclass
from typing import Any

from core.actions.cases import children
from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened
from core.law.errors import NotPossible
from core.law.letters import TO_RECIPIENTS, LetterKind
from core.law.representatives import (
    NO_RULE,
    Authority,
    Capacity,
    Goes,
    Verdict,
    acts_for,
    answer_goes_to,
    for_the_dead,
    require_living,
)
from core.law.ways import RIGHTS, Kind
from core.store.datafiles import death_rules
from core.store.encryption import Cell, decrypt
from core.store.engine import Row
from core.store.records import CaseRecord

# What is asked, what is not done, and for how long it takes: these say nothing about the person's data.
TO_WHOEVER_WROTE = frozenset({
    LetterKind.RECEIPT, LetterKind.IDENTITY_QUESTION, LetterKind.CLARIFICATION_QUESTION, LetterKind.REMINDER,
    LetterKind.EXTENSION,
    LetterKind.FEE_ANNOUNCEMENT, LetterKind.REPRESENTATIVE_UNPROVEN, LetterKind.NOT_IDENTIFIED, LetterKind.REFUSAL,
    LetterKind.WITHDRAWAL_CONFIRMED, LetterKind.NO_ANSWER, LetterKind.DUPLICATE, LetterKind.NOT_A_REQUEST, LetterKind.OUTSIDE,
})
REPRESENTATIVE = "representative"  # the kind of an address that is the representative's
TO_THE_PERSON = "The answer goes to the person: the authority does not say that it goes to the representative."


@dataclass(frozen=True, slots=True)
class Represented:
    """The representative who stands for the person of a case, with what was checked."""

    row: Row
    authority: Authority


def stands(now: Now, case: CaseRecord) -> Represented | None:
    """Return who acts for the person, a revoked one too; None where the person asks themselves."""
    rows = [row for row in now.tx.rows("representatives.of_case", case_ref=case.case_ref) if row["end_reason"] != "own"]
    last = max(rows, key=lambda row: (row["ended_at"] is None, row["added_at"]), default=None)  # one stands at a time
    return Represented(last, read(last, case)) if last is not None else None


def read(row: Row, case: CaseRecord) -> Authority:
    """Return what was checked about an authority as a value of the law."""
    return Authority(
        Capacity(row["capacity"]), frozenset(Kind(each) for each in row["rights"].split(",") if each), row["since"],
        row["until"], row["checked_by"] or "" if row["outcome"] == "sufficient" else "", row["checked_on"],
        row["identity_state"] == "proven", case.identity_state == "proven", row["answers_to_representative"],
        row["revoked_on"],
    )


def verdict_of(desk: Desk, now: Now, case: CaseRecord, kind: Kind) -> Verdict | None:
    """Return whether whoever acts may use a right for the person today; None where the person asks themselves.

    A right that needs no proof of identity needs none of an authority: it can only stop what the person may not want.
    """
    acting, death = stands(now, case), death_of(now, case)
    if death is not None:
        ruled = acting is not None and bool(acting.row["ruled_out"])
        verdict = for_the_dead(
            death_rules().get(_country(desk), NO_RULE), kind, death["died_on"], today_of(desk),
            acting.authority.capacity if acting else None, forbidden=ruled,
        )
        if not verdict.granted or acting is None:
            return verdict
    elif acting is None:
        return None
    elif acting.authority.capacity is Capacity.HEIR:
        return Verdict(False, "Recital 27", "An heir acts for somebody who has died: record the death first.")
    if not RIGHTS[kind].needs_identity:
        return Verdict(True, "12(2)", "This right needs no proof, of a person or of an authority.")
    verdict = acts_for(acting.authority, kind, today_of(desk))
    if not verdict.granted or acting.authority.capacity is not Capacity.PARENT:
        return verdict
    if now.tx.one("children.of_case", case_ref=case.case_ref) is None:
        return Verdict(False, "8", children.UNRECORDED)
    child = children.found_verdict(desk, now, case)
    return Verdict(child.granted, "8", child.sentence)


def require_authority(desk: Desk, now: Now, at: Opened) -> None:
    """Refuse to go on with a request that nobody proved they may make: outside the scope, after the end, unchecked."""
    verdict = verdict_of(desk, now, at.case, Kind(at.request.kind))
    if verdict is not None and not verdict.granted:
        raise NotPossible(verdict.sentence)


def require_person(desk: Desk, now: Now, at: Opened, *, nobody: bool = False) -> None:
    """Raise NotPossible until it is proven who asks, where the right needs it, and decided who it is.

    With `nobody` it may be decided that nobody here is the person.
    """
    if RIGHTS[Kind(at.request.kind)].needs_identity and at.case.identity_state != "proven":
        raise NotPossible("Prove first who is asking: record the identity check.")
    decided = at.case.subject_state == "decided" and at.case.subject_ref is not None
    if not decided and not (nobody and at.case.subject_state == "nobody"):
        raise NotPossible("Decide first which person the case is about.")
    require_authority(desk, now, at)


def goes_to(now: Now, case: CaseRecord) -> Goes:
    """Return to whom the answer of a case goes: to the person, unless a standing authority says otherwise."""
    acting, dead = stands(now, case), death_of(now, case) is not None
    if acting is None:
        return Goes.NOBODY if dead else Goes.PERSON
    return answer_goes_to(acting.authority, dead=dead)


def death_of(now: Now, case: CaseRecord) -> Row | None:
    """Return the death on record of the person of a case, in this case or in another of the same person."""
    rows = now.tx.rows("deaths.standing", case_ref=case.case_ref, subject_ref=case.subject_ref)
    return rows[0] if rows else None


def _country(desk: Desk) -> str:
    """Return the country whose law on the dead applies: that of the establishment which answers."""
    return establishment(desk.store).calendar_id.partition("-")[0]


def require_alive(now: Now, case: CaseRecord, address_kind: str) -> None:
    """Refuse whatever would go to somebody who has died: only what goes to the representative may leave."""
    death = death_of(now, case)
    to = Goes.REPRESENTATIVE if address_kind == REPRESENTATIVE else Goes.PERSON
    require_living(death["died_on"] if death else None, to)


def require_way(now: Now, case: CaseRecord, address_kind: str) -> None:
    """Refuse to send an answer to a representative to whom it does not go."""
    require_alive(now, case, address_kind)
    if address_kind == REPRESENTATIVE and goes_to(now, case) is not Goes.REPRESENTATIVE:
        raise NotPossible(TO_THE_PERSON)


def left_out(now: Now, case: CaseRecord) -> frozenset[str]:
    """Return the tables that stay out of the copy of a case: none, unless a parent asks for a child."""
    acting = stands(now, case)
    parent = acting is not None and acting.authority.capacity is Capacity.PARENT
    return children.left_out_of(now, case) if parent else frozenset()


def addressee(now: Now, case: CaseRecord, letter: LetterKind) -> Row | None:
    """Return the address to which a letter goes by itself; None where no such address is in the case.

    Outcomes go to the person unless the authority says otherwise; what is asked and what is not done, to whoever wrote.
    """
    rows = now.tx.rows("approvals.addresses", case_ref=case.case_ref)
    if stands(now, case) is None:
        return rows[0] if rows else None
    theirs = [row for row in rows if row["kind"] == REPRESENTATIVE]
    if letter in TO_WHOEVER_WROTE:
        return next(iter(theirs or rows), None)
    if goes_to(now, case) is Goes.REPRESENTATIVE:
        return theirs[0] if theirs else None
    return next((row for row in rows if row["kind"] != REPRESENTATIVE), None)


def require_addressee(desk: Desk, now: Now, at: Opened, letter: LetterKind, address: Row | None) -> None:
    """Refuse a letter with an outcome to a representative who may not have it, or whose authority does not carry it."""
    if letter in TO_RECIPIENTS:  # it goes to whoever received the data, not to the person
        return
    require_alive(now, at.case, address["kind"] if address else "")
    if address is None or address["kind"] != REPRESENTATIVE or letter in TO_WHOEVER_WROTE:
        return
    require_authority(desk, now, at)
    require_way(now, at.case, REPRESENTATIVE)


def named(desk: Desk, row: Row) -> dict[str, str]:
    """Return name, addresses and number of a representative."""
    text = decrypt(desk.store, row["case_ref"], row["named"], Cell("representatives", row["id"], "named"))
    told: dict[str, Any] = json.loads(text)
    return {name: str(value) for name, value in told.items()}


def own_values(desk: Desk, now: Now, case_ref: str) -> frozenset[str]:
    """Return the addresses and numbers of those who act for the person: never the person's own, so never stopped."""
    values = [
        value for row in now.tx.rows("representatives.of_case", case_ref=case_ref)
        for name, value in named(desk, row).items() if name in {"email", "phone"} and value
    ]
    return frozenset(value.strip().casefold() for value in values)

