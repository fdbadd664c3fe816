"""Proposing corrections: what is contested, what was found, the new values, their proof, and the people shown them."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.answers.rectification.corrected_values import (
    check_value,
    held_by_other,
    logged,
    put_in_place,
    rekeys,
    systems_of,
)
from core.actions.answers.rectification.correction_words import changes, of_request
from core.actions.cases.transitions import require_state
from core.actions.desk import things
from core.actions.desk.act import Now, act, guard, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened
from core.connectors import local
from core.connectors.catalogue import System
from core.connectors.fields import ATTRIBUTE
from core.connectors.held_values import held_values
from core.connectors.outside.manual import NotAnswered
from core.connectors.registered import connector_of
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.rights.rectification import STATEMENT, UNIQUE, Finding, Proof, decide
from core.law.typed import read_text
from core.law.ways import Kind
from core.law.workflow import State
from core.store.encryption import Cell, encrypt
from core.store.engine import Row

WAITS, SHARED = "waits", "shared"
ANOTHERS = (
    "Another person holds this new value. Nothing is changed: a human must decide whether it was mistyped, whether the "
    "two are one person, or whether both really share it."
)
LONGEST_STATEMENT = 5_000


@dataclass(frozen=True, slots=True)
class Proposed:
    """What proposing did: the ids of the points, and whether another person holds the value (never who)."""

    ids: tuple[str, ...]
    waits: bool


@repeated
def propose(
    desk: Desk, request_id: str, field: str, value: str = "", *, finding: str = Finding.INACCURATE.value, reason: str = "",
    place: int | None = None, version: int, key: str,
) -> Proposed:
    """Propose what becomes of one field in every system that holds it; it replaces an earlier proposal for the field.

    An empty value empties the field. Where several identifiers of a kind are held, `place` says which of them gives way,
    counted from 0 as they stand; the one after the last adds a further one. A finding that changes nothing needs its
    reason instead of a value (Art. 12(4)). Where another person holds the value, the proposal is kept and waits for a
    human decision. Raises Invalid for a value that cannot be read, with no value in the sentence.
    """
    with act(desk, Act.RECTIFY_PROPOSE, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            ids = tuple(now.earlier.partition(" ")[0].split(","))
            return Proposed(ids, now.earlier.endswith(WAITS))
        at = _open(now, version)
        found_as, words = _finding(finding), read_text(reason, "reason", needed=False)
        systems = systems_of(field)
        if not systems:
            raise Invalid("No connected system can correct this field. Choose another.", "field")
        changing = decide(found_as).change
        if not changing and not words:
            raise Invalid("Say why the data stay as they are: the person will be told (Art. 12(4)).", "reason")
        text = check_value(desk.store, today_of(desk), field, value) if changing else ""
        values = {system.code: _held(desk, now, system, at.data_subject) for system in systems}
        if field.startswith(ATTRIBUTE) and not any(field in each for each in values.values()):
            raise Invalid("Nothing of this name is held about the person. Take in a supplementary statement.", "field")
        held = {code: each.get(field, "") for code, each in values.items()}
        wanted = {code: put_in_place(field, each, place, text) if changing else "" for code, each in held.items()}
        if changing and wanted == held:
            raise Invalid("This is what the systems hold already.", "value")
        waits = changing and held_by_other(desk, now, field, text, at.data_subject)
        _replace(now, at, field)
        ids = tuple(
            _add(
                desk, now, at, system.code, field, found_as, held[system.code], wanted[system.code], words,
                rekeys=changing and rekeys(desk.store, field, held[system.code], wanted[system.code]), waits=waits,
            )
            for system in systems
        )
        now.result = ",".join(ids) + (f" {WAITS}" if waits else " free")
        now.detail |= {"field": logged(field), "finding": found_as.value, "systems": len(ids), "waits": int(waits)}
    return Proposed(ids, waits)


@repeated
def propose_statement(desk: Desk, request_id: str, text: str, *, version: int, key: str) -> str:
    """Take in a supplementary statement: it is kept beside the data and part of every later copy (Art. 16)."""
    with act(desk, Act.RECTIFY_PROPOSE, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = _open(now, version)
        words = read_text(text, "statement", longest=LONGEST_STATEMENT)
        _replace(now, at, STATEMENT)
        now.result = _add(
            desk, now, at, local.SYSTEM, STATEMENT, Finding.INCOMPLETE, "", words, "", rekeys=False, waits=False
        )
        now.detail |= {"field": STATEMENT, "characters": len(words)}
        return now.result


@repeated
def withdraw(desk: Desk, change_id: str, *, key: str) -> None:
    """Take a proposed point back before anything is carried out."""
    with act(desk, Act.RECTIFY_PROPOSE, things.rectification(change_id), key=key) as now:
        if now.earlier is not None:
            return
        row = now.at.row
        _open(now, None)
        guard(now.tx.run("rectification.withdraw", id=change_id, version=row["version"]))
        now.detail |= {"field": logged(row["field"]), "withdrawn": 1}


@repeated
def decide_shared(desk: Desk, change_id: str, reason: str, *, key: str) -> None:
    """Decide that both people really share the new value, with the reason; never for one's own proposal.

    Raises NotAllowed for the proposer, NotPossible for a number that two people never hold together.
    """
    with act(desk, Act.RECTIFY_DECIDE, things.rectification(change_id), key=key) as now:
        if now.earlier is not None:
            return
        row, at = now.at.row, _open(now, None)
        words = read_text(reason, "reason")
        if row["field"] in UNIQUE:
            raise NotPossible("Two people never hold the same number. Take the proposal back and ask the person again.")
        guard(now.tx.run(
            "rectification.decide_shared", id=change_id, version=row["version"], account_id=desk.person.account_id,
            now=desk.now,
        ))
        number = new_id(desk.now)
        now.tx.run(
            "cases.add_note", id=number, case_ref=at.case.case_ref, written_at=desk.now,
            written_by=desk.person.account_id,
            body=encrypt(desk.store, at.case.case_ref, words, Cell("notes", number, "body")),
        )
        now.words = words
        now.detail |= {"field": logged(row["field"]), "decision": SHARED}


@repeated
def record_proof(desk: Desk, request_id: str, proofs: list[str], words: str = "", *, version: int, key: str) -> None:
    """Record how it was shown that the new value is the person's own: the kinds, never the document itself."""
    with act(desk, Act.RECTIFY_PROVE, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = _open(now, version)
        if not proofs or not set(proofs) <= {each.value for each in Proof}:
            raise Invalid("Choose the proofs from the list.", "proofs")
        number, note = new_id(desk.now), read_text(words, "words", needed=False)
        cell = Cell("rectification_proofs", number, "words")
        now.tx.run(
            "rectification.prove", id=number, request_id=request_id, case_ref=at.case.case_ref,
            proofs=",".join(sorted(proofs)), account_id=desk.person.account_id, now=desk.now,
            words=encrypt(desk.store, at.case.case_ref, note, cell) if note else None,
        )
        now.detail["proofs"] = sorted(proofs)


def proofs_of(now: Now, at: Opened) -> frozenset[Proof]:
    """Return the kinds of proof recorded for a request since its latest recognising proposal."""
    latest = max((row["proposed_at"] for row in of_request(now, at) if row["rekeys"]), default=datetime.min)  # noqa: DTZ901
    kinds = {
        kind for row in now.tx.rows("rectification.proofs", request_id=at.request.id)
        if row["recorded_at"] >= latest for kind in row["proofs"].split(",")
    }
    return frozenset(Proof(kind) for kind in kinds)


def carried(now: Now, at: Opened, system: str) -> list[Row]:
    """Return the points of one system whose finding changes the data."""
    return [row for row in of_request(now, at) if row["system"] == system and changes(row)]


def _open(now: Now, version: int | None) -> Opened:
    at = now.at.of_version(version)
    if at.request.kind != Kind.RECTIFICATION:
        raise NotPossible("Corrections are proposed in a request for correction.")
    require_state(at.request, State.IN_PROGRESS, "Corrections are proposed while the request is in progress.")
    if at.case.subject_state != "decided" or at.case.subject_ref is None:
        raise NotPossible("Decide first which person the case is about.")
    use_for(now, at.case.subject_ref, at.request)
    return at


def _finding(code: str) -> Finding:
    try:
        return Finding(code)
    except ValueError:
        raise Invalid("Choose what was found.", "finding") from None


def _held(desk: Desk, now: Now, system: System, subject_ref: str) -> dict[str, str]:
    connector = connector_of(desk.store, system.code, now.at.case.case_ref)
    try:
        return held_values(connector.export(now.tx, now.permitted(subject_ref))) if connector else {}
    except NotAnswered:
        raise NotPossible(f"Have the owner search first, what it holds is not known: {system.title}.") from None


def _replace(now: Now, at: Opened, field: str) -> None:
    for row in of_request(now, at):
        if row["field"] == field and row["state"] == "proposed":
            guard(now.tx.run("rectification.withdraw", id=row["id"], version=row["version"]))


def _add(
    desk: Desk, now: Now, at: Opened, system: str, field: str, finding: Finding, old: str, new: str, reason: str, *,
    rekeys: bool, waits: bool,
) -> str:
    number, case_ref = new_id(desk.now), at.case.case_ref

    def sealed(text: str, column: str) -> bytes:
        return encrypt(desk.store, case_ref, text, Cell("rectifications", number, column))

    now.tx.run(
        "rectification.add", id=number, request_id=at.request.id, case_ref=case_ref, subject=at.case.subject_ref,
        system=system, field=field, finding=finding.value, rekeys=rekeys, held_by_other=WAITS if waits else "",
        old_value=sealed(old, "old_value"), new_value=sealed(new, "new_value"),
        reason=sealed(reason, "reason") if reason else None, account_id=desk.person.account_id, now=desk.now,
    )
    return number
