"""A refusal on its way: ground, facts and evidence, the letter with its three parts, the approval of another person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.answers import need_records, plans
from core.actions.answers.bound_letter import REFUSE, ByLetter, bound_plan
from core.actions.answers.letters import drafting
from core.actions.answers.planned import PlanBody, read_body
from core.actions.answers.refusal.refusal_settings import ALONE_WORDS, may_decide, require_hat
from core.actions.cases.clock import deadline
from core.actions.cases.transitions import require_state
from core.actions.desk import deciding, things
from core.actions.desk.act import Now, act, found, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.letter_text import has_passages, text_of
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened
from core.law.acts import Act
from core.law.errors import Invalid
from core.law.letters import LetterKind
from core.law.refusal import GROUNDS, Ground, is_late, missing, record_of, require_circumstances, require_ground
from core.law.typed import read_text
from core.law.ways import Kind, Ruling
from core.law.workflow import State, Step
from core.store.records import ApprovalRecord, LetterRecord, PlanRecord, PrintedLetter


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal as it is shown: its ground, the words typed, the letter, and until when the person must be told."""

    request_id: str
    ground: Ground
    facts: str
    evidence: str
    circumstances: tuple[str, ...]
    letter_id: str
    letter: str
    letter_sent: bool
    lacks: tuple[str, ...]  # parts of Article 12(4) that a letter drafted in one piece lost
    due: date | None
    late: bool
    made_by: str
    made_at: datetime
    approval_id: str = ""
    asked_by: str = ""
    may_decide: str = ""  # empty, or the sentence why this person may not approve


@repeated
def prepare(
    desk: Desk, request_id: str, ground: str, told: str, evidence: str = "", circumstances: Collection[str] = (), *,
    version: int, key: str,
) -> str:
    """Prepare the refusal of a request in progress and draft its letter; return the letter's id.

    REF-1, FEE-1: the facts are told to the person, the evidence is kept for whoever asks for it. FEE-2: what is unfounded
    or excessive is shown by `circumstances`, never by the number alone. A plan or a package
    made before is replaced, a refusal prepared before takes the new words. Raises NotPossible for an objection to
    direct marketing (Art. 21(3)), Invalid where the ground does not fit the right or its evidence is missing.
    """
    with act(desk, Act.REFUSAL_PREPARE, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = now.at.of_version(version)
        require_state(at.request, State.IN_PROGRESS, "Start work on the request first; it is refused in progress.")
        chosen = require_ground(Kind(at.request.kind), ground, told, evidence, circumstances)
        facts, shown_by = read_text(told, "facts"), list(require_circumstances(ground, circumstances))
        letter_id = _letter(desk, now, at, chosen, facts)
        terms = {
            "ground": chosen.code, "facts": facts, "evidence": read_text(evidence, "evidence", needed=False),
            "circumstances": shown_by, "letter_id": letter_id,
        }
        plans.keep(desk, now, PlanBody((), (), "", terms), REFUSE, version)
        now.result = letter_id
        now.detail |= {"ground": chosen.code, "evidence": int(bool(terms["evidence"])), "circumstances": shown_by}
        _note_day(desk, now, at)
    return letter_id


@repeated
def of_request(desk: Desk, request_id: str) -> Refusal | None:
    """Return the refusal that is prepared for a request, or None; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        plan = bound_plan(now, now.at)
        if plan is None or plan.verb != REFUSE:
            return None
        return _shown(desk, now, now.at, plan, read_body(desk, now, plan.id), None, "")


class RefusalApproval(ByLetter[Refusal]):
    """The approval that a request is refused with exactly this letter; no system is touched."""

    code, called = "refusal", "the approval of the refusal"
    asks, opens, approves = Act.REFUSAL_ASK, Act.REFUSAL_OPEN, Act.REFUSAL_APPROVE
    ask_step, approve_step = Step.ASK_REFUSAL, Step.REFUSE
    verb, missing = REFUSE, "Prepare the refusal first."

    def ruling(self, desk: Desk, now: Now) -> Ruling:
        """Return that the person does not get what they asked."""
        return Ruling.REFUSED

    def require_bearable(self, desk: Desk, now: Now, body: PlanBody) -> None:
        """Raise where the ground does not bear the refusal, or an opinion that is owed is not there.

        Notes whether the person is told after the day of REF-2.
        """
        terms = body.terms
        require_ground(
            Kind(now.at.request.kind), terms["ground"], terms["facts"], terms["evidence"], terms.get("circumstances", ())
        )
        need_records.require_opinion(desk, now, now.at)
        now.detail["ground"] = body.terms["ground"]
        _note_day(desk, now, now.at)

    def require_fit(self, desk: Desk, now: Now, account_id: str, field: str) -> None:
        """Refuse to ask a data protection officer alone where that is not set."""
        if not may_decide(desk, now, account_id):
            raise Invalid(ALONE_WORDS, field)

    def require_hat(self, desk: Desk, now: Now) -> None:
        """Refuse a data protection officer alone where that is not set."""
        require_hat(desk, now)

    def show(self, desk: Desk, now: Now, approval: ApprovalRecord, barred: str) -> Refusal:
        """Return the refusal beside its letter."""
        return _shown(desk, now, now.at, *self.prepared(desk, now), approval, barred)

    def approved(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Have the letter ready to send, and keep the decision."""
        super().approved(desk, now, approval, words)
        at, today = now.at, today_of(desk)
        terms = self.prepared(desk, now)[1].terms
        deciding.keep(desk, now, at.request, [record_of(
            Kind(at.request.kind), terms["ground"], terms["facts"], terms["evidence"], deciding.under(at.request),
            refusal_due=deadline(now.tx, at.request, today).refusal_due, today=today,
            circumstances=terms.get("circumstances", ()),
        )])


REFUSAL = RefusalApproval()


def _letter(desk: Desk, now: Now, at: Opened, chosen: Ground, told: str) -> str:
    """Draft the letter, in place of an unsent one of this request, and return its id."""
    drafted = drafting.write(desk, now, at, LetterKind.REFUSAL, {
        "ground": chosen.sentence, "article": chosen.article, "facts": told,
    })
    unsent = next((
        row.id for row in now.tx.records(LetterRecord, "letters.of_case", case_ref=at.case.case_ref)
        if (row.request_id, row.kind, row.sent_at) == (at.request.id, LetterKind.REFUSAL.value, None)
    ), None)
    return drafting.keep_again(desk, now, at, LetterKind.REFUSAL, drafted, unsent)


def _shown(
    desk: Desk, now: Now, at: Opened, plan: PlanRecord, body: PlanBody, approval: ApprovalRecord | None, barred: str
) -> Refusal:
    letter = found(now.tx.record(PrintedLetter, "letters.one", id=body.terms["letter_id"]), "letter")
    text, today = text_of(desk.store, letter), today_of(desk)
    due = deadline(now.tx, at.request, today).refusal_due
    return Refusal(
        at.request.id, GROUNDS[body.terms["ground"]], body.terms["facts"], body.terms["evidence"],
        tuple(body.terms.get("circumstances", ())), letter.id,
        text, letter.sent_at is not None, () if has_passages(letter) else missing(text), due, is_late(due, today), plan.made_by,
        plan.made_at, approval.id if approval else "", approval.asked_by if approval else "", barred,
    )


def _note_day(desk: Desk, now: Now, at: Opened) -> None:
    """Enter whether the person is told after the day of REF-2; a late refusal is still one, so nothing stops it."""
    today = today_of(desk)
    now.detail["late"] = int(is_late(deadline(now.tx, at.request, today).refusal_due, today))
