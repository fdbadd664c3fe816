"""On behalf of another: who acts for the person, in which capacity, proven by what, for which rights and until when."""

import json
from dataclasses import dataclass, field
from datetime import date

from core.actions.cases import identity_documents
from core.actions.cases.authority import REPRESENTATIVE, goes_to, named, read, stands, verdict_of
from core.actions.cases.clock import profile_of
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import today_of
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.records import Under
from core.law.representatives import SHOWN, Capacity, Goes, Shown, record_of, require_apart
from core.law.typed import check_day, read_text
from core.law.ways import OF_PERSONS, Kind
from core.law.workflow import State
from core.matching.normal_forms import normal
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row, Store
from core.store.records import CaseRecord, RequestRecord

LIMITS = {"name": 300, "email": 320, "phone": 40, "address": 500}
OUTCOMES = {"sufficient": "Sufficient", "insufficient": "Not sufficient"}
ENDS = {"revoked": "The authority was revoked", "own": "Entered by mistake, or the person carries on themselves"}


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts for the person, as it is typed: the capacity claimed, and for which rights, from when until when."""

    capacity: str
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    rights: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    answers_to_representative: bool = False
    account_id: str | None = None  # where the representative is a colleague


@dataclass(frozen=True, slots=True)
class Shows:
    """A representative as the case shows them; `refused` holds a sentence for each open right that is not covered."""

    row: Row
    capacity: Capacity
    person: dict[str, str]
    rights: tuple[Kind, ...]
    words: str
    goes_to: Goes
    covered: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


@repeated
def add(desk: Desk, case_ref: str, what: Acting, *, key: str) -> str:
    """Enter who acts for the person of a case and return the id; nothing is proven by it, and nothing leaves yet.

    Raises Invalid with the field to mend, NotPossible while another acts already or an answer is under way.
    """
    with act(desk, Act.REPRESENTATIVE_ADD, things.case(case_ref), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        case = _open_case(now)
        representative_id = enter(desk, now, case_ref, what, today_of(desk))
        now.detail |= {"identity": str(case.identity_state)}
    return representative_id


def enter(desk: Desk, now: Now, case_ref: str, what: Acting, today: date) -> str:
    """Enter a representative inside another act: their address for answers is new, whoever they say they are."""
    acting = [row for row in now.tx.rows("representatives.of_case", case_ref=case_ref) if row["ended_at"] is None]
    if acting:
        raise NotPossible("Somebody acts for the person already: end that first.")
    person = check_acting(desk.store, what, today)
    number = new_id(desk.now)
    now.tx.run(
        "representatives.add", id=number, case_ref=case_ref, capacity=what.capacity,
        named=encrypt(desk.store, case_ref, json.dumps(person, ensure_ascii=False), Cell("representatives", number, "named")),
        account_id=what.account_id, rights=",".join(_rights(what.rights)), since=what.since or today, until=what.until,
        answers_to_representative=what.answers_to_representative,
        added_at=desk.now, added_by=desk.person.account_id,
    )
    for value in (person["email"], person["address"]):
        if value:
            each = new_id(desk.now)
            now.tx.run(
                "cases.add_address", id=each, case_ref=case_ref, kind=REPRESENTATIVE, standing="new",
                added_at=desk.now, added_by=desk.person.account_id,
                address=encrypt(desk.store, case_ref, value, Cell("reply_addresses", each, "address")),
            )
    now.object_kind, now.object_id, now.result = REPRESENTATIVE, number, now.result or number
    now.detail |= {"capacity": what.capacity, "rights": list(_rights(what.rights))}
    return number


def record_identity(
    desk: Desk, representative_id: str, proofs: list[str], outcome: str, reason: str = "", *, version: int, key: str
) -> None:
    """Record who acts: the second of two identities. A document needs the facts of the doubt, as for the person."""
    ended = _record_identity(desk, representative_id, proofs, outcome, reason, version=version, key=key)
    identity_documents.destroy_keys(desk.store, ended)


@repeated
def _record_identity(
    desk: Desk, representative_id: str, proofs: list[str], outcome: str, reason: str, *, version: int, key: str
) -> list[str]:
    with act(
        desk, Act.REPRESENTATIVE_IDENTITY, things.representative(representative_id), key=key
    ) as now:
        row = _row(now)
        if now.earlier is not None:
            return []
        if outcome not in {"proven", "failed"}:
            raise Invalid("Choose the outcome of the check.", "outcome")
        if not set(proofs) <= set(Shown) or (outcome == "proven" and not proofs):
            raise Invalid("Choose by what the representative showed who they are.", "proofs")
        words = read_text(reason, "reason", needed=False)
        if outcome == "proven" and Shown.DOCUMENT in proofs and not words:
            raise Invalid(
                "A document may be asked for only in reasonable doubt. Write down the facts that give rise to it.", "reason"
            )
        require_apart(row["account_id"] or "", desk.person.account_id)
        guard(now.tx.run(
            "representatives.set_identity", id=row["id"], state=outcome, proofs=",".join(sorted(proofs)),
            account_id=desk.person.account_id, now=desk.now, version=version,
        ))
        now.words = words
        ended = identity_documents.end_of(desk, now, row["case_ref"], row["id"], "outcome", proves="identity")
        now.detail |= {"outcome": outcome, "proofs": sorted(proofs), "documents": len(ended)}
        return ended


def check(
    desk: Desk, representative_id: str, outcome: str, words: str, *, rights: list[str], since: date,
    until: date | None = None, answers_to_representative: bool = False, ruled_out: bool = False, version: int, key: str,
) -> None:
    """Record what was checked about an authority: whether it is sufficient, its scope, its end, to whom answers go.

    `words` say what shows it or what is missing, and stay with the case. `ruled_out` says that the dead had ruled it out.
    Raises NotAllowed for whoever acts themselves. Documents that prove it end with the outcome.
    """
    ended = _check(
        desk, representative_id, outcome, words, rights, since, until, answers_to_representative, ruled_out,
        version=version, key=key,
    )
    identity_documents.destroy_keys(desk.store, ended)


@repeated
def _check(
    desk: Desk, representative_id: str, outcome: str, words: str, rights: list[str], since: date, until: date | None,
    answers_to_representative: bool, ruled_out: bool, *, version: int, key: str,
) -> list[str]:
    with act(desk, Act.AUTHORITY_CHECK, things.representative(representative_id), key=key) as now:
        row = _row(now)
        if now.earlier is not None:
            return []
        if outcome not in OUTCOMES:
            raise Invalid("Say whether the authority is sufficient.", "outcome")
        told = read_text(words, "words")
        scope = _rights(tuple(rights))
        _check_days(since, until)
        require_apart(row["account_id"] or "", desk.person.account_id)
        if row["ended_at"] is not None:
            raise NotPossible("This authority has ended.")
        guard(now.tx.run(
            "representatives.check_authority", id=row["id"], outcome=outcome, rights=",".join(scope), since=since,
            until=until, answers_to_representative=answers_to_representative, ruled_out=ruled_out,
            account_id=desk.person.account_id, today=today_of(desk), version=version,
            words=encrypt(desk.store, row["case_ref"], told, Cell("representatives", row["id"], "words")),
        ))
        ended = identity_documents.end_of(desk, now, row["case_ref"], row["id"], "outcome", proves="authority")
        now.words = told
        now.detail |= _decisions(desk, now, row) | {"outcome": outcome, "documents": len(ended)}
        return ended


@repeated
def end(desk: Desk, representative_id: str, reason: str, on: date | None = None, *, version: int, key: str) -> None:
    """End an authority: `revoked` on a day, after which nothing goes on for the representative; or `own`."""
    with act(desk, Act.AUTHORITY_END, things.representative(representative_id), key=key) as now:
        row = _row(now)
        if now.earlier is not None:
            return
        if reason not in ENDS:
            raise Invalid("Say why it ends.", "reason")
        day = (on or today_of(desk)) if reason == "revoked" else None
        if day is not None and day > today_of(desk):
            raise Invalid("The revocation lies in the future: enter the end of the authority instead.", "on")
        if day is not None:
            check_day(day, "on", "the day of the revocation")
        guard(now.tx.run(
            "representatives.end", id=row["id"], revoked_on=day, now=desk.now, account_id=desk.person.account_id,
            reason=reason, version=version,
        ))
        now.detail["reason"] = reason


@repeated
def show(desk: Desk, case_ref: str) -> Shows | None:
    """Return who acts for the person, and for each open right whether they may; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.case(case_ref), disclosure=True) as now:
        case = now.at.case
        acting = stands(now, case)
        if acting is None:
            return None
        shown = Shows(
            acting.row, acting.authority.capacity, named(desk, acting.row),
            tuple(kind for kind in OF_PERSONS if kind in acting.authority.rights),
            decrypt(desk.store, case_ref, acting.row["words"], Cell("representatives", acting.row["id"], "words")),
            goes_to(now, case),
        )
        for request in now.tx.records(RequestRecord, "requests.open_of_case", case_ref=case_ref):
            verdict = verdict_of(desk, now, case, Kind(request.kind))
            if verdict is not None:
                (shown.covered if verdict.granted else shown.refused)[request.kind] = verdict.sentence
        return shown


def shown_words(proofs: str | None) -> str:
    """Return in words by what a representative showed who they are."""
    return ", ".join(SHOWN[Shown(each)].lower() for each in (proofs or "").split(",") if each)


def _decisions(desk: Desk, now: Now, before: Row) -> dict[str, int | str | list[str]]:
    """Return for each open right what follows from the authority as it stands now: a record of the law, without a name."""
    row = found(now.tx.one("representatives.one", id=before["id"]), "representative")
    case = found(now.tx.record(CaseRecord, "cases.one", case_ref=row["case_ref"]), "case")
    told: dict[str, int | str | list[str]] = {"capacity": str(row["capacity"])}
    for request in now.tx.records(RequestRecord, "requests.open_of_case", case_ref=row["case_ref"]):
        profile = profile_of(request)
        made = record_of(
            read(row, case), Kind(request.kind), today_of(desk), Under(f"{profile.id}@{profile.version}")
        )
        told[f"right.{request.kind}"] = made.outcome
    return told


def check_acting(store: Store, what: Acting, today: date) -> dict[str, str]:
    """Return name and addresses of who acts, as they are kept. Raises Invalid, with the field, for what is amiss."""
    if what.capacity not in set(Capacity):
        raise Invalid("Choose in which capacity somebody acts for the person.", "capacity")
    person = {
        name: read_text(getattr(what, name), name, needed=name == "name", longest=limit) for name, limit in LIMITS.items()
    }
    if person["email"]:
        normal("email", person["email"])
    if person["phone"]:
        normal("phone", person["phone"], establishment(store).region)
    _check_days(what.since or today, what.until)
    return person


def _check_days(since: date, until: date | None) -> None:
    check_day(since, "since", "the first day of the authority")
    if until is not None and check_day(until, "until", "the last day of the authority") < since:
        raise Invalid("The authority ends before it begins.", "until")


def _rights(rights: tuple[str, ...]) -> tuple[str, ...]:
    if not rights or set(rights) - set(OF_PERSONS):
        raise Invalid("Name the rights that the authority covers.", "rights")
    return tuple(kind.value for kind in OF_PERSONS if kind in rights)


def _open_case(now: Now) -> CaseRecord:
    case = now.at.case
    rows = now.tx.records(RequestRecord, "requests.open_of_case", case_ref=case.case_ref)
    if not rows:
        raise NotPossible("Every request of this case is closed.")
    if any(row.state not in {State.RECEIVED, State.IN_PROGRESS} for row in rows):
        raise NotPossible("A request of this case is being approved or answered: take it back first.")
    return case


def _row(now: Now) -> Row:
    row = now.at.row
    if not now.tx.records(RequestRecord, "requests.open_of_case", case_ref=row["case_ref"]):
        raise NotPossible("Every request of this case is closed.")
    return row
