"""The identity check of a case: which proofs are enough, which there were, with what outcome; never the facts themselves."""

from dataclasses import dataclass

from core.actions.cases import addresses, identity_documents
from core.actions.desk import deciding, things
from core.actions.desk.act import Now, act, new_id, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.identity import Channel, Data, Decision, Proof, Ways, enough, lacking, ladder, record_of, switched_off
from core.law.typed import read_text
from core.law.ways import RIGHTS, Kind
from core.law.workflow import State
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row
from core.store.records import CaseRecord, RequestRecord

NOTED, UNIDENTIFIABLE = "noted", "unidentifiable"
OUTCOMES = {
    "proven": "Identity proven", NOTED: "Proofs recorded, more is lacking", "failed": "Identity not proven",
    UNIDENTIFIABLE: "Nobody can be told apart in the data (Art. 11(2))",
}
STATE_AFTER = {"proven": "proven", NOTED: "open", "failed": "failed", UNIDENTIFIABLE: "failed"}
PROOFS = {
    Proof.SIGNED_IN: "Asked from the signed-in account",
    Proof.MAIL_HELD: "Wrote from the e-mail address we hold",
    Proof.CODE: "Returned a code sent to the address or number we hold",
    Proof.CALL_BACK: "Called back on the number we hold",
    Proof.TWO_FACTS: "Two facts we hold were right",
    Proof.DOCUMENT: "Showed an identity document (only in reasonable doubt)",
}


# What a proof must have been held for: without it the proof shows no more than that somebody wrote or answered.
HELD_BEFORE = {
    Proof.MAIL_HELD: ("email",), Proof.CODE: ("email", "phone", "post"), Proof.CALL_BACK: ("phone",),
}


@dataclass(frozen=True, slots=True)
class Rung:
    """What one request of the case needs: the sets of proofs of which one is enough, and the least that still lacks."""

    request_id: str
    kind: Kind
    channel: Channel
    ways: Ways
    lacking: Ways


@dataclass(frozen=True, slots=True)
class Ladder:
    """How far the identity check of a case is; `numbers_held` says that the person's data hold a national number."""

    data: Data
    recorded: frozenset[Proof]
    rungs: tuple[Rung, ...]
    numbers_held: bool


def weigh(kinds: list[str], channel: str, proofs: list[str], reason: str, data: str = Data.ORDINARY) -> Decision:
    """Return whether the proofs are enough for every right of the case: the strictest right decides."""
    chosen = [Proof(proof) for proof in proofs]
    decisions = [enough(Kind(kind), Channel(channel), chosen, reason, Data(data)) for kind in kinds]
    return next((each for each in decisions if not each.granted), decisions[0])


@repeated
def stand(desk: Desk, case_ref: str, data: str | None = None) -> Ladder:
    """Return for each open request of a case which proofs are enough, and what lacks; opening the case stands for it.

    `data` asks as if the data were of that kind; without it what was recorded last counts.
    """
    with act(desk, Act.CASE_OPEN, things.case(case_ref), disclosure=True) as now:
        case = now.at.case
        if data and data not in set(Data):
            raise Invalid("Choose the kind of data.", "data")
        checks = now.tx.rows("cases.identity_checks", case_ref=case_ref)
        kind, held = Data(data) if data else data_of(checks), _held(case, checks)
        rungs = tuple(
            Rung(row.id, right, channel, ladder(right, channel, kind), lacking(right, channel, held, kind))
            for row, channel in _by_channel(now, case)
            for right in [Kind(row.kind)]
        )
        rows = now.tx.rows("people.identifiers_of", subjects=[case.subject_ref]) if case.subject_ref else []
        return Ladder(kind, held, rungs, any(row["kind"] == "national_id" for row in rows))


def record(
    desk: Desk, case_ref: str, proofs: list[str], outcome: str, reason: str = "", *, data: str = Data.ORDINARY, key: str
) -> None:
    """Record proofs and the outcome of the identity check, once for all requests of the case.

    `proven` needs proofs that are enough by the ladder (Art. 12(6)), those noted since the last outcome included; a
    document needs the facts that made the doubt reasonable; `failed` needs the reason that the person will be told.
    `unidentifiable` is Article 11(2): the facts that show it, the burden is ours (PAU-6); rights that it does not switch
    off go on. The proof documents of the person end with the outcome, and so do their keys.
    """
    ended = _record(desk, case_ref, proofs, outcome, reason, data, key=key)
    identity_documents.destroy_keys(desk.store, ended)  # after the commit, as everywhere; the hourly work looks again


@repeated
def _record(
    desk: Desk, case_ref: str, proofs: list[str], outcome: str, reason: str, data: str, *, key: str
) -> list[str]:
    with act(desk, Act.IDENTITY_RECORD, things.case(case_ref), key=key) as now:
        if now.earlier is not None:
            return []
        reason = read_text(reason, "reason", needed=False)
        case = now.at.case
        requests = _by_channel(now, case)
        if not requests:
            raise NotPossible("Every request of this case is closed.")
        checks = now.tx.rows("cases.identity_checks", case_ref=case_ref)
        _check(case, [row for row, _ in requests], proofs, outcome, reason, data)
        noted = _noted(checks)
        every = sorted({*proofs, *noted})
        if outcome in {"proven", NOTED}:
            doubt = doubt_of(reason, noted)
            for row, channel in requests:  # a later message may have come another way
                decision = weigh([row.kind], channel, every, doubt, data)
                if outcome == "proven" and not decision.granted:
                    raise Invalid(decision.sentence, "proofs")
            _check_held(desk, now, case, proofs)
        number = new_id()
        sealed = encrypt(desk.store, case_ref, reason, Cell("identity_checks", number, "reason"))
        now.tx.run(
            "cases.add_identity_check", id=number, case_ref=case_ref, checked_at=desk.now,
            checked_by=desk.person.account_id, proofs=",".join(every), outcome=outcome,
            reason=sealed if reason else None, data=data,
        )
        now.tx.run("cases.set_identity", case_ref=case_ref, identity_state=STATE_AFTER[outcome])
        failed = STATE_AFTER[outcome] == "failed"
        for row, channel in requests if outcome != NOTED else ():
            deciding.keep(desk, now, row, [record_of(
                Kind(row.kind), channel, [Proof(each) for each in every], deciding.under(row), doubt_of(reason, noted),
                Data(data), failed=failed,
            )])
        served = outcome != NOTED or Proof.DOCUMENT in proofs
        ended = identity_documents.end_of(desk, now, case_ref, None, "outcome") if served else []
        now.detail |= {"outcome": outcome, "proofs": every, "data": data, "documents": len(ended)}
        return ended


def doubt_of(reason: str, noted: frozenset[str]) -> str:
    """Return the facts that made a document necessary; where one was noted, they were written down with it."""
    return reason or ("noted" if Proof.DOCUMENT in noted else "")


def data_of(checks: list[Row]) -> Data:
    """Return how sensitive the data were recorded to be; ordinary where nobody said so."""
    return Data(checks[-1]["data"] or Data.ORDINARY) if checks else Data.ORDINARY


def require_identifiable(now: Now, request: RequestRecord) -> None:
    """Refuse to end a request as not identified where its right needs no proof, or Article 11(2) leaves it on (PAU-6)."""
    kind = Kind(request.kind)
    if not RIGHTS[kind].needs_identity:
        raise NotPossible("This right needs no proof of identity: it is answered whoever asks.")
    checks = now.tx.rows("cases.identity_checks", case_ref=request.case_ref)
    if checks and checks[-1]["outcome"] == UNIDENTIFIABLE and not switched_off(kind, shown=True, supplied=False):
        raise NotPossible("Article 11(2) switches off the rights of Articles 15 to 20 only: this one is answered.")


def _check(case: CaseRecord, requests: list[RequestRecord], proofs: list[str], outcome: str, reason: str, data: str) -> None:
    moving = any(
        row.state not in {State.RECEIVED, State.IN_PROGRESS} and RIGHTS[Kind(row.kind)].needs_identity
        for row in requests
    )
    if outcome not in OUTCOMES:
        raise Invalid("Choose the outcome of the check.", "outcome")
    if moving and (STATE_AFTER[outcome] != "proven" or case.identity_state != "open"):
        raise NotPossible("A request of this case is being approved or answered: take it back first.")
    if not set(proofs) <= {proof.value for proof in Proof}:
        raise Invalid("Choose the proofs from the list.", "proofs")
    if data not in set(Data):
        raise Invalid("Say how sensitive the data are.", "data")
    if outcome == NOTED and not proofs:
        raise Invalid("Choose at least one proof that there was.", "proofs")
    if outcome == "failed" and not reason:
        raise Invalid("Say why the identity is not proven: the person will be told.", "reason")
    if outcome == UNIDENTIFIABLE:
        if not reason:
            raise Invalid("Write what shows that nobody can be told apart: the burden is ours (Art. 11(2)).", "reason")
        if case.subject_ref is not None:
            raise NotPossible("The case is about a person who was found: they can be told apart in the data.")
        if not any(switched_off(Kind(row.kind), shown=True, supplied=False) for row in requests):
            raise NotPossible("Article 11(2) switches off the rights of Articles 15 to 20 only: none of them is asked here.")


def _check_held(desk: Desk, now: Now, case: CaseRecord, proofs: list[str]) -> None:
    """Refuse a proof that names an address or number of the person unless that was held before the request came."""
    named = [Proof(proof) for proof in proofs if Proof(proof) in HELD_BEFORE]
    if named and case.subject_ref is None:
        raise NotPossible("Decide first which person the case is about: only then it is seen what we held about them.")
    for proof in named:
        if proof is Proof.MAIL_HELD:
            held = addresses.wrote_from_held(desk, now, case, _senders(desk, now, case))
        else:
            held = addresses.holds_before(now, case, HELD_BEFORE[proof])
        if not held:
            raise Invalid(
                f"'{PROOFS[proof]}' proves nothing here: nothing of the kind was held before the request came. Choose "
                "another proof.", "proofs",
            )


def _senders(desk: Desk, now: Now, case: CaseRecord) -> list[str]:
    """Return the addresses from which the messages of a case came: the last word of a sender, after the name."""
    sealed = [
        decrypt(desk.store, case.case_ref, row["sender"], Cell("messages", row["id"], "sender"))
        for row in now.tx.rows("cases.messages", case_ref=case.case_ref) if row["direction"] == "in"
    ]
    return [words[-1] for text in sealed if (words := text.split())]


def _by_channel(now: Now, case: CaseRecord) -> list[tuple[RequestRecord, Channel]]:
    """Return the open requests of a case, each with the way in which its message came."""
    came_by = {
        str(row["request_id"]): str(row["channel"])
        for row in now.tx.rows("cases.message_rights", case_ref=case.case_ref) if row["opened"]
    }
    return [
        (row, Channel(came_by.get(row.id, str(case.channel))))
        for row in now.tx.records(RequestRecord, "requests.open_of_case", case_ref=case.case_ref)
    ]


def _noted(checks: list[Row]) -> frozenset[str]:
    """Return the proofs noted since the last outcome: what an outcome rested on serves no later one by itself."""
    last = checks[-1] if checks else None
    return frozenset(each for each in last["proofs"].split(",") if each) if last and last["outcome"] == NOTED else frozenset()


def _held(case: CaseRecord, checks: list[Row]) -> frozenset[Proof]:
    if case.identity_state == "open":
        return frozenset(Proof(each) for each in _noted(checks))
    return frozenset(Proof(each) for each in checks[-1]["proofs"].split(",") if each) if checks else frozenset()
