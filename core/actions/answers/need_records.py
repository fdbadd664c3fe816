"""What was recorded for a request with a path of its own, read inside another act: the needs met, who took part, the gate."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

from core.actions.answers.bound_letter import bound_plan
from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.letter_grants import granted
from core.actions.desk.opening import Opened
from core.law.errors import NotPossible
from core.law.kinds import NEEDS, PATHS, Handler, Need, require_answerable, require_handler
from core.law.letters import LETTERS, Approval
from core.law.needs import ASKS, Answer, Met, answer_letter, ending, opinion_owed
from core.law.rights.balancing import Balancing, Outcome, Prevails
from core.law.rights.balancing import require_approver as law_requires_approver
from core.law.ways import Kind
from core.law.workflow import Closing
from core.store.encryption import Cell, decrypt, encrypt
from core.store.records import LetterRecord, RequestRecord

OUTCOME = {Kind.OBJECTION: Need.BALANCING, Kind.HUMAN_REVIEW: Need.REVIEWED, Kind.COMPLAINT: Need.LOOKED_AT}

# What the answering letters state, so that a later record makes a drafted letter stale.
STATED = (
    Need.BALANCING, Need.REVIEWED, Need.LOOKED_AT, Need.CURRENT_VERSION, Need.DUE_DAY, Need.PACK, Need.LEGAL_BASIS,
    Need.DISCLOSURE_LOG,
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands for one need: what was entered, what it comes to in a code of the law, by whom and when."""

    need: Need
    outcome: str
    about_case: str | None
    answer: Answer
    recorded_by: str
    recorded_at: datetime


def recorded(desk: Desk, now: Now, request: RequestRecord) -> dict[Need, Recorded]:
    """Return the newest record of each need of a request."""
    found = {}
    for row in now.tx.rows("needs.of_request", request_id=request.id):
        kept = json.loads(decrypt(desk.store, row["case_ref"], row["answer"], Cell("needs_met", row["id"], "answer")))
        day = date.fromisoformat(kept["day"]) if kept["day"] else None
        found[Need(row["need"])] = Recorded(
            Need(row["need"]), row["outcome"], row["about_case"], Answer(kept["picks"], kept["texts"], day),
            row["recorded_by"], row["recorded_at"],
        )
    return found


def sealed_answer(desk: Desk, case_ref: str, record_id: str, answer: Answer) -> bytes:
    """Return what was entered, sealed under the case key."""
    kept = asdict(answer) | {"day": answer.day.isoformat() if answer.day else None}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return encrypt(desk.store, case_ref, text, Cell("needs_met", record_id, "answer"))


def outcome_of(kind: Kind, held: dict[Need, Recorded]) -> str:
    """Return the outcome that the answer follows; empty where none is recorded yet."""
    deciding = OUTCOME.get(kind)
    return held[deciding].outcome if deciding in held else ""


def met(desk: Desk, now: Now, at: Opened, held: dict[Need, Recorded]) -> tuple[Need, ...]:
    """Return the needs of a request that are met, in their order: recorded, or seen in what was done."""
    kind = Kind(at.request.kind)
    letter = _answer(now, at, answer_letter(kind, outcome_of(kind, held)))
    seen = {
        Met.ACKNOWLEDGED: bool(now.tx.records(
            LetterRecord, "letters.sent_of_request", request_id=at.request.id, kind="complaint_acknowledged"
        )),
        Met.HELD: Need.LINKED in held, Met.DRAFTED: letter is not None and _fresh(letter, held),
        Met.APPROVED: letter is not None and _approved(desk, now, letter),
    }
    before = took_part(now, at.request, held)
    return tuple(
        need for need in PATHS[kind].needs
        if (seen[ASKS[need].met] if ASKS[need].met in seen else _given(kind, held) if need is Need.OPINION
            else need in held and _counts(kind, held[need], before))
    )


def require_opinion(desk: Desk, now: Now, at: Opened) -> None:
    """Raise NotPossible where an opinion of a Data Protection Officer is owed before the answer, and none stands."""
    kind = Kind(at.request.kind)
    if kind in PATHS and Need.OPINION in PATHS[kind].needs and not _given(kind, recorded(desk, now, at.request)):
        raise NotPossible(f"Before the answer: {NEEDS[Need.OPINION]}")


def _given(kind: Kind, held: dict[Need, Recorded]) -> bool:
    """Whether the opinion stands, or none is owed: one on an older balancing is about another decision."""
    if not opinion_owed(kind, outcome_of(kind, held)):
        return True
    weighed = held.get(Need.BALANCING)
    return Need.OPINION in held and (weighed is None or held[Need.OPINION].recorded_at >= weighed.recorded_at)


def took_part(now: Now, request: RequestRecord, held: dict[Need, Recorded]) -> frozenset[str]:
    """Return who handled, decided or approved the matter before, as far as it was a case of this desk."""
    linked = held.get(Need.LINKED)
    if linked is None or linked.about_case is None or PATHS[Kind(request.kind)].handler is not Handler.ANOTHER:
        return frozenset()
    rows = now.tx.rows("needs.took_part", case_ref=linked.about_case, request_id=request.id)
    return frozenset(row["account_id"] for row in rows if row["account_id"])


def _counts(kind: Kind, record: Recorded, before: frozenset[str]) -> bool:
    """Whether a record stands: what somebody entered who turned out to have taken part before does not."""
    return record.need is Need.LINKED or PATHS[kind].handler is not Handler.ANOTHER or record.recorded_by not in before


def require_handling(desk: Desk, now: Now, at: Opened) -> None:
    """Raise NotAllowed for whoever may not handle a kind with a path of its own; nothing for any other."""
    kind = Kind(at.request.kind)
    if kind in PATHS:
        before = took_part(now, at.request, recorded(desk, now, at.request))
        require_handler(kind, desk.person.account_id, desk.person.roles, before)


def answers(desk: Desk, now: Now, at: Opened, letter_kind: str) -> bool:
    """Whether a letter of this kind is the answer to the request, on its own path."""
    kind = Kind(at.request.kind)
    return kind in PATHS and letter_kind == answer_letter(kind, outcome_of(kind, recorded(desk, now, at.request)))


def require_ready(desk: Desk, now: Now, at: Opened) -> None:
    """Raise NotPossible, in one sentence that names all that lacks, unless every need is met; NotAllowed for a wrong handler."""
    require_handling(desk, now, at)
    if bound_plan(now, at) is not None:
        raise NotPossible("A refusal, or an answer outside the desk, is prepared for this request: its own letter is the answer.")
    require_answerable(Kind(at.request.kind), met(desk, now, at, recorded(desk, now, at.request)))


def require_weighed(desk: Desk, now: Now, at: Opened) -> None:
    """Raise NotPossible unless all that a kind with a path of its own needs is met, its letter left aside."""
    require_handling(desk, now, at)
    kind = Kind(at.request.kind)
    if kind not in PATHS:
        return
    require_answerable(kind, {*met(desk, now, at, recorded(desk, now, at.request)), Need.LETTER, Need.APPROVED})


def ends(desk: Desk, now: Now, at: Opened) -> Closing | None:
    """Return how a request ends by what was recorded; None where it has no path of its own, or a letter alone answers it.

    Raises NotPossible unless its needs are met and the answering letter is marked as sent.
    """
    kind = Kind(at.request.kind)
    if kind not in PATHS or bound_plan(now, at) is not None:
        return None
    held = recorded(desk, now, at.request)
    require_answerable(kind, met(desk, now, at, held))
    outcome = outcome_of(kind, held)
    if not sent_answer(now, at, held):
        raise NotPossible("Send the letter with the answer first, and mark it as sent.")
    return ending(kind, outcome)


def sent_answer(now: Now, at: Opened, held: dict[Need, Recorded]) -> bool:
    """Whether the letter with the answer is marked as sent."""
    kind = Kind(at.request.kind)
    code = answer_letter(kind, outcome_of(kind, held))
    return bool(code and now.tx.records(LetterRecord, "letters.sent_of_request", request_id=at.request.id, kind=code))


def require_approver(held: dict[Need, Recorded], approver: str) -> None:
    """Refuse that whoever weighed an objection approves that the use goes on (Art. 21(1)); nothing for other kinds."""
    record = held.get(Need.BALANCING)
    if record is not None:
        texts = record.answer.texts
        balancing = Balancing(
            texts["our_grounds"], texts["persons_situation"], Prevails(record.answer.picks["prevails"]), record.recorded_by
        )
        law_requires_approver(balancing, approver, Outcome(record.outcome))


def _answer(now: Now, at: Opened, code: str) -> LetterRecord | None:
    rows = now.tx.records(LetterRecord, "letters.of_case", case_ref=at.case.case_ref)
    mine = [row for row in rows if row.request_id == at.request.id and row.kind == code and not row.came_back_at]
    return mine[-1] if mine else None


def _fresh(letter: LetterRecord, held: dict[Need, Recorded]) -> bool:
    """Whether a letter was drafted from what stands now: what it states was not recorded anew since."""
    last = max((held[need].recorded_at for need in STATED if need in held), default=letter.drafted_at)
    return letter.sent_at is not None or letter.drafted_at >= last


def _approved(desk: Desk, now: Now, letter: LetterRecord) -> bool:
    if LETTERS[letter.kind].approval is Approval.NOBODY or letter.sent_at is not None:
        return True
    return granted(desk.store, now.tx, letter)
