"""A later message of a case: it answers an open question, uses further rights, and stops marketing in the same moment."""

from dataclasses import dataclass

from core.actions.cases.authority import own_values
from core.actions.cases.clock import end_pause
from core.actions.cases.dropped import reader
from core.actions.cases.identity import weigh
from core.actions.cases.intake import (
    Intake,
    add_texts,
    check_texts,
    keep_right,
    kinds_of,
    limits_of,
    named,
    note_stops,
    open_requests,
    received_at,
    references_after,
    sender_of,
)
from core.actions.cases.letter_source import person_of
from core.actions.desk import things
from core.actions.desk.act import Now, act, guard, repeated
from core.actions.desk.asking import may
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import today_of
from core.actions.suppression.suppressions import append_withdrawals, suppress_at_intake, widen
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.identity import Data
from core.law.rights.suppression import STATE_OF
from core.law.ways import RIGHTS, Kind
from core.law.workflow import State
from core.matching.normal_forms import normal
from core.messages.incoming import Incoming
from core.store.records import CaseRecord, RequestRecord

PAST_CARRYING = frozenset({State.CARRYING_OUT.value, State.READY_TO_SEND.value})


@dataclass(frozen=True, slots=True)
class Joined:
    """What a later message did: (id, reference, right) of the requests it opened, and of those it joined."""

    message_id: str
    opened: tuple[tuple[str, str, str], ...] = ()
    joined: tuple[tuple[str, str, str], ...] = ()
    suppressed: int | None = None  # addresses and numbers stopped at once; None where the message stops nothing
    identity_again: bool = False  # the recorded check does not cover what is asked now


@repeated
def add_message(desk: Desk, case_ref: str, what: Intake, *, answers: str = "", key: str) -> Joined:
    """Add a later message to the case, with the further rights it uses; return what it did.

    Each right opens a request in this case with a clock from the receipt of this message; one that is open already is
    joined. An objection to marketing or a withdrawal stops, in this transaction, the sender and whatever the message
    names (OBJ-2, CON-1), the addresses of the case, and all that the decided person holds. `answers` ends the open
    pause of that kind. Raises Invalid with the field to mend, NotPossible for rights in a case that is closed.
    """
    files = reader(desk.person, Act.CASE_MESSAGE, what.files)
    with act(desk, Act.CASE_MESSAGE, things.case(case_ref), key=key) as now:
        if now.earlier is not None:
            return _done_before(now, case_ref)
        case, here = now.at.case, establishment(desk.store)
        received = received_at(here, what, desk.now)
        if here.local(received).date() < here.local(case.received_at).date():
            raise Invalid("The message arrived between the first message and today.", "received_on")
        received = max(received, case.received_at)  # on the day of the first message, noon may lie before it
        check_texts(what, here.region)
        kinds = kinds_of(what.rights) if what.rights else []
        read = files()
        if not what.body.strip() and not read:
            raise Invalid("There is no message: drop the file, or write down what the person said.", "body")
        first, *_ = add_texts(desk, now, case_ref, what, read, received)
        if answers:
            _answer(desk, now, case_ref, answers, what)
        joined = Joined(first)
        if kinds:
            joined = _use_rights(desk, now, case, what, read, kinds, first)
        now.result = f"{first} {int(joined.identity_again)}"
        now.detail["files"] = len(read)
    return joined


def _answer(desk: Desk, now: Now, case_ref: str, kind: str, what: Intake) -> None:
    asked = [
        row for row in now.tx.records(RequestRecord, "requests.open_of_case", case_ref=case_ref)
        if now.tx.rows("requests.open_pauses", request_id=row.id, kind=kind)
    ]
    if not asked:
        raise NotPossible("No such question is open.")
    end_pause(now, asked[0], kind, what.received_on, today_of(desk))
    now.detail["answers"] = kind


def _use_rights(
    desk: Desk, now: Now, case: CaseRecord, what: Intake, read: list[Incoming], kinds: list[Kind], message_id: str
) -> Joined:
    case_ref, here = case.case_ref, establishment(desk.store)
    guard(now.tx.run("cases.touch", case_ref=case_ref))  # two messages at a time do not take the same reference
    every = now.tx.records(RequestRecord, "requests.of_case", case_ref=case_ref)
    standing = {Kind(row.kind): row for row in every if row.state != State.CLOSED}
    if not standing:
        raise NotPossible("Every request of this case is closed. Take the message in as a new request.")
    received = max(received_at(here, what, desk.now), case.received_at)
    fresh = [kind for kind in kinds if kind not in standing]
    opened = open_requests(now, here, case_ref, dict(zip(fresh, references_after(every, len(fresh)), strict=True)), received)
    for request in opened:
        _give_to_owner(desk, now, request.id, list(standing.values()))
    stopped = _stop(desk, now, case, what, read, kinds, standing)
    for request in opened:
        keep_right(now, message_id, request, opened=True, stopped=stopped)
    for kind in kinds:
        if kind in standing:
            keep_right(now, message_id, standing[kind], opened=False, stopped=stopped)
    note_stops(
        desk, now, [*opened, *(row for kind, row in standing.items() if kind in kinds)], limits_of(what), stopped
    )
    again = _identity_again(desk, now, case, what, read, fresh)
    now.detail |= {"kinds": [kind.value for kind in kinds], "requests": len(opened), "identity_again": int(again)}
    return _told(now, case_ref, message_id, again=again)


def _give_to_owner(desk: Desk, now: Now, request_id: str, standing: list[RequestRecord]) -> None:
    """Give the further request to whoever handles the case, as far as they still may."""
    owner = next((row.owner_id for row in standing if row.owner_id), None)
    if owner and may(desk, now, owner, Act.PACKAGE_FETCH):
        guard(now.tx.run("requests.assign", id=request_id, owner_id=owner, version=1))


def _stop(
    desk: Desk, now: Now, case: CaseRecord, what: Intake, read: list[Incoming], kinds: list[Kind],
    standing: dict[Kind, RequestRecord],
) -> int:
    """Stop what the message came from and names, what the case is known by, and what the decided person holds."""
    if not set(kinds) & set(STATE_OF):
        return 0
    case_ref, subject, known = case.case_ref, case.subject_ref, person_of(desk, case)
    here = establishment(desk.store)
    sender = {"email": sender_of(here, what, read)[1], "phone": what.phone.strip()}
    told = [*named(here, what, sender, read), *((kind, known.get(kind, "")) for kind in ("email", "phone"))]
    received, own = max(received_at(here, what, desk.now), case.received_at), own_values(desk, now, case_ref)
    stopped = suppress_at_intake(
        desk, now, case_ref, kinds, [each for each in dict.fromkeys(told) if each[1] and each[1].strip().casefold() not in own],
        limits_of(what), since=received,
    )
    if subject is not None and now.tx.rows("people.profiles_of", subjects=[subject]):
        widen(desk, now, subject, case_ref)
        withdrawn = standing.get(Kind.CONSENT_WITHDRAWAL)
        if Kind.CONSENT_WITHDRAWAL in kinds and withdrawn is not None and withdrawn.state in PAST_CARRYING:
            append_withdrawals(desk, now, subject, case_ref)  # no plan will do it any more
    return stopped


def _identity_again(
    desk: Desk, now: Now, case: CaseRecord, what: Intake, read: list[Incoming], fresh: list[Kind]
) -> bool:
    """Open the identity check again where the recorded one does not cover a further right; return whether it did.

    It covers what came from an address or number that the case is known by, as far as its proofs are enough for the
    right and the channel: whoever writes "and send me a copy" into somebody's case has proven nothing.
    """
    checked = [kind.value for kind in fresh if RIGHTS[kind].needs_identity]
    if not checked or case.identity_state != "proven":
        return False
    last = now.tx.rows("cases.identity_checks", case_ref=case.case_ref)[-1]
    proofs = [each for each in last["proofs"].split(",") if each]
    reason, data = "recorded" if last["reason"] else "", last["data"] or Data.ORDINARY
    if _known(desk, now, case, what, read) and weigh(checked, what.channel, proofs, reason, data).granted:
        return False
    now.tx.run("cases.set_identity", case_ref=case.case_ref, identity_state="open")
    return True


def _known(desk: Desk, now: Now, case: CaseRecord, what: Intake, read: list[Incoming]) -> bool:
    here, hashes = establishment(desk.store), []
    for kind, value in (("email", sender_of(here, what, read)[1]), ("phone", what.phone.strip())):
        try:
            form = normal(kind, value, here.region)
        except Invalid:
            continue  # nothing typed, or a sender's address that is no address
        hashes.append(desk.store.keyed_hash("identifiers", f"{kind}\0{form}"))
    return bool(hashes) and bool(now.tx.rows("cases.known_here", case_ref=case.case_ref, hashes=hashes))


def _done_before(now: Now, case_ref: str) -> Joined:
    message_id, _, again = (now.earlier or "").partition(" ")
    return _told(now, case_ref, message_id, again=again == "1")


def _told(now: Now, case_ref: str, message_id: str, *, again: bool) -> Joined:
    rows = [row for row in now.tx.rows("cases.message_rights", case_ref=case_ref) if row["message_id"] == message_id]
    stops = [row["stopped"] for row in rows if Kind(row["kind"]) in STATE_OF]
    opened, joined = (
        tuple((row["request_id"], row["reference"], row["kind"]) for row in rows if row["opened"] is made)
        for made in (True, False)
    )
    return Joined(message_id, opened, joined, max(stops) if stops else None, again)
