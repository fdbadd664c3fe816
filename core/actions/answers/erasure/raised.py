"""What a withdrawal or an upheld objection leaves without a ground: the question put, its answer, the erasure opened from it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actions.answers.bound_letter import bound_plan
from core.actions.answers.planned import choose_terms, read_body
from core.actions.cases.intake import open_beside
from core.actions.desk import things
from core.actions.desk.act import Now, act, guard, new_id, repeated
from core.actions.desk.deciding import keep, under
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.opening import Opened
from core.actions.people.inventory import MISSING, SystemCount
from core.connectors import desk_records
from core.connectors.catalogue import catalogue
from core.law.acts import Act
from core.law.errors import Conflict, NotPossible
from core.law.rights.consent import Consent
from core.law.rights.erasure import Ground
from core.law.rights.raised import (
    RAISES,
    Becomes,
    Stopped,
    answer_of,
    ends,
    left_without_ground,
    record_answer,
    record_put,
)
from core.law.rights.suppression import STATE_OF, UPHELD_GROUND, Legal
from core.law.typed import read_text
from core.law.ways import Kind
from core.law.workflow import Closing, State
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row
from core.store.records import RequestRecord

_HELD = frozenset({"found", *MISSING})  # a system that did not answer may hold something
_WITH_EFFECT = frozenset({Closing.FULFILLED, Closing.PARTLY_FULFILLED})


@dataclass(frozen=True, slots=True)
class Question:
    """The question as it is shown: what was left without a ground, and the answer; `becomes` is None while it is open."""

    ground: Ground
    tables: tuple[str, ...]  # in words: system and table
    put_at: datetime
    becomes: Becomes | None
    reasons: str
    opened_id: str
    answered_by: str
    answered_at: datetime | None
    version: int


def put(
    desk: Desk, now: Now, request: RequestRecord, subject_ref: str, systems: Sequence[SystemCount], *, again: bool = False
) -> None:
    """Look what rested on what was stopped alone, in the act by which it had its effect; put the question where there is any.

    `systems` say what is held about the person. The test is kept as a decision either way; `again` only where it comes out
    otherwise. A question that is still open is put anew, an answered one stands.
    """
    kind = Kind(request.kind)
    row = now.tx.one("raised.of_request", request_id=request.id)
    if row is not None and row["becomes"] is not None:
        return
    stopped = _stopped(now, request, kind, subject_ref)
    left = [
        (system.code, table.table) for system in systems if system.code != desk_records.SYSTEM and system.state in _HELD
        for table in system.tables
        if (table.rows or system.state != "found")
        and left_without_ground(stopped, catalogue().uses(system.code, table.table))
    ]
    tables = " ".join(".".join(each) for each in left)
    if again and tables == (row["tables"] if row else ""):
        return
    now.tx.run("raised.forget", request_id=request.id)
    if left:
        ended = {use.purpose for each in left for use in catalogue().uses(*each) if ends(stopped, use)}
        now.tx.run(
            "raised.put", id=new_id(desk.now), request_id=request.id, case_ref=request.case_ref,
            ground=RAISES[kind].value, tables=tables, purposes=" ".join(sorted(ended)), now=desk.now,
        )
    keep(desk, now, request, [record_put(kind, under(request), left=bool(left))])
    now.detail["left_without_ground"] = len(left)


@repeated
def of_request(desk: Desk, request_id: str) -> Question | None:
    """Return the question that a request raised, or None; opening the case stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        row = now.tx.one("raised.of_request", request_id=request_id)
        return None if row is None else _shown(desk, row)


@repeated
def answer(desk: Desk, request_id: str, becomes: str, reasons: str = "", *, version: int, key: str) -> str:
    """Say what becomes of the data that rested on what was stopped alone; return the request for erasure, or "".

    Erased: a request for it is opened in the same case, its ground chosen and limited to the uses that ended; one that is
    open already is named. Kept: the other ground or the exception is written down. Raises NotPossible where no question
    stands or it is answered, Invalid without the reasons that keeping needs.
    """
    with act(desk, Act.RAISED_ANSWER, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at, row = now.at, now.tx.one("raised.of_request", request_id=request_id)
        if row is None:
            raise NotPossible("Nothing was left without a legal ground here: there is no question to answer.")
        if at.request.state == State.CLOSED:
            raise NotPossible("The request is closed: what was answered stands.")
        if row["becomes"] is not None:
            raise NotPossible("This was answered already.")
        if row["version"] != version:
            raise Conflict("What is left without a ground changed meanwhile. Look at it again.")
        said = answer_of(becomes)
        words = read_text(reasons, "reasons", needed=said is Becomes.KEPT)
        opened = _open_erasure(desk, now, at.request, row) if said is Becomes.ERASED else ""
        guard(now.tx.run(
            "raised.answer", id=row["id"], becomes=said.value, opened_id=opened or None, account_id=desk.person.account_id,
            now=desk.now, version=version,
            reasons=encrypt(desk.store, at.case.case_ref, words, Cell("raised_questions", row["id"], "reasons")),
        ))
        kind = Kind(at.request.kind)
        keep(
            desk, now, at.request, [record_answer(kind, said, under(at.request, each)) for each in row["tables"].split()],
            [words] * len(row["tables"].split()),
        )
        now.words, now.result = words, opened
        now.detail |= {"becomes": said.value, "ground": row["ground"]} | ({"opened": opened} if opened else {})
    return now.result


def require_answered(desk: Desk, now: Now, at: Opened, ending: Closing) -> None:
    """Raise NotPossible while it is open what becomes of the data that rested on what the request stopped alone.

    It is looked at once more: a later message may have stopped more since.
    """
    if ending not in _WITH_EFFECT or Kind(at.request.kind) not in RAISES:
        return
    if at.request.plan_id and at.case.subject_ref and bound_plan(now, at) is None:
        systems = read_body(desk, now, at.request.plan_id).systems
        put(desk, now, at.request, at.case.subject_ref, systems, again=True)
    row = now.tx.one("raised.of_request", request_id=at.request.id)
    if row is not None and row["becomes"] is None:
        raise NotPossible("Say first what becomes of the data that rested on it alone (Art. 17(1)): erased, or kept and why.")


def _stopped(now: Now, request: RequestRecord, kind: Kind, subject_ref: str) -> Stopped:
    state = STATE_OF.get(kind, Legal.OBJECTION)
    upheld = kind is Kind.OBJECTION
    rows = [
        row for row in now.tx.rows("suppression.of_case", case_ref=request.case_ref)
        if row["state"] == state and (row["ground"] == UPHELD_GROUND) is upheld
    ]
    consents = [
        Consent(row["purpose"], row["channel"], row["given"], row["happened_at"])
        for row in now.tx.rows("suppression.latest_consents", subject=subject_ref)
    ]
    return Stopped(kind, {(row["purpose"], row["channel"]) for row in rows}, consents, catalogue().purposes)


def _open_erasure(desk: Desk, now: Now, request: RequestRecord, row: Row) -> str:
    """Open the request for erasure with its ground chosen; return its id, or that of the one that is open already.

    Its clock runs from the receipt of the message; for an objection that had to be weighed from now, for only now its
    ground is there.
    """
    every = now.tx.records(RequestRecord, "requests.of_case", case_ref=request.case_ref)
    standing = [each for each in every if each.kind == Kind.ERASURE and each.state != State.CLOSED]
    if standing:
        return standing[-1].id
    received = desk.now if Kind(request.kind) is Kind.OBJECTION else request.received_at
    opened = open_beside(now, establishment(desk.store), request, Kind.ERASURE, received)
    choose_terms(desk, now, opened, {
        "grounds": [row["ground"]], "keep": [], "wished": False, "limits": {row["ground"]: row["purposes"].split()},
    })
    return opened.id


def _shown(desk: Desk, row: Row) -> Question:
    reasons = row["reasons"] and decrypt(
        desk.store, row["case_ref"], row["reasons"], Cell("raised_questions", row["id"], "reasons")
    )
    return Question(
        Ground(row["ground"]), tables_in_words(row["tables"].split()), row["put_at"],
        Becomes(row["becomes"]) if row["becomes"] else None, reasons or "", row["opened_id"] or "", row["answered_by"] or "",
        row["answered_at"], row["version"],
    )


def tables_in_words(names: Collection[str]) -> tuple[str, ...]:
    """Return tables, as `system.table`, in the words of the catalogue."""
    known = catalogue()
    systems = {each.code: each.title for each in known.systems}
    words = []
    for system, _, table in (name.partition(".") for name in names):
        words.append(f"{systems.get(system, system)}: {known.titles.get((system, table), table).lower()}")
    return tuple(words)
