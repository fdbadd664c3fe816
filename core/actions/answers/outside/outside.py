"""A request answered outside the desk: a line for each system with its evidence, the letter, another person's approval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.answers import need_records, plans
from core.actions.answers.bound_letter import OUTSIDE as VERB
from core.actions.answers.bound_letter import ByLetter, bound_plan
from core.actions.answers.letters import drafting
from core.actions.answers.planned import PlanBody, read_body
from core.actions.answers.rooms import ROOMS
from core.actions.cases.authority import require_authority, require_person
from core.actions.cases.letter_source import language_of
from core.actions.cases.transitions import require_state
from core.actions.desk import deciding, things
from core.actions.desk.act import Now, act, found, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.desk.letter_text import text_of
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened
from core.actions.people.inventory import take_inventory
from core.connectors import desk_records
from core.connectors.catalogue import catalogue
from core.documents.languages import words_of
from core.law import outside
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.letters import LetterKind
from core.law.outside import Done, Line
from core.law.typed import check_day, read_text
from core.law.ways import RIGHTS, Asker, Kind, Ruling
from core.law.workflow import Closing, State, Step
from core.store.records import ApprovalRecord, PlanRecord, PrintedLetter

LONGEST = 2_000  # characters of a line


@dataclass(frozen=True, slots=True)
class Outside:
    """What was answered outside the desk as it is shown: the lines by system, why not by the desk, the letter."""

    request_id: str
    reason: str
    lines: tuple[tuple[str, Line], ...]  # the system's title, and what was done there
    ending: Closing
    letter_id: str
    letter: str
    letter_sent: bool
    made_by: str
    made_at: datetime
    may_decide: str = ""  # empty, or the sentence why this person may not approve


def systems() -> tuple[tuple[str, str], ...]:
    """Return code and title of the systems of which a line is asked: all of the catalogue but the request file itself."""
    return tuple((each.code, each.title) for each in catalogue().systems if each.code != desk_records.SYSTEM)


def may_be_outside(kind: Kind) -> bool:
    """Say whether such a request can be answered outside the desk: every one that a person makes."""
    return RIGHTS[kind].asker is Asker.PERSON


@repeated
def record(desk: Desk, request_id: str, lines: Sequence[Line], reason: str = "", *, version: int, key: str) -> str:
    """Record what was done in each system outside the desk, and draft the letter; return the letter's id.

    The same law holds as for the desk's own answer: the person is proven and decided where the right needs it, what goes
    before an erasure has gone, what a kind needs is weighed. A plan or a package made before is replaced, a record made
    before takes the new words. Raises Invalid with what is missing in a line, NotPossible with what to do first.
    """
    with act(desk, Act.OUTSIDE_RECORD, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = now.at.of_version(version)
        kind = Kind(at.request.kind)
        require_state(at.request, State.IN_PROGRESS, "Start work on the request first; it is answered in progress.")
        read = tuple(_read(desk, each) for each in lines)
        why = read_text(reason, "reason", needed=False, longest=LONGEST)
        outside.check(kind, [code for code, _ in systems()], read, why, room=kind in ROOMS)
        _require_lawful(desk, now, read)
        earlier = _recorded(desk, now, at)
        letter_id = _letter(desk, now, at, read, earlier[1].terms["letter_id"] if earlier else None)
        body = PlanBody((), (), "", {"reason": why, "lines": outside.terms_of(read), "letter_id": letter_id})
        plans.keep(desk, now, body, VERB, version)
        now.result = letter_id
        now.detail |= {"ending": outside.ending(read).value, **_counted(read)}
    return letter_id


@repeated
def of_request(desk: Desk, request_id: str) -> Outside | None:
    """Return what is recorded of an answer outside the desk, or None; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        held = _recorded(desk, now, now.at)
        return _shown(desk, now, *held) if held else None


class OutsideApproval(ByLetter[Outside]):
    """The approval that a request was answered outside the desk, as recorded, with exactly this letter."""

    code, called = "outside", "the approval of the answer outside the desk"
    asks, opens, approves = Act.OUTSIDE_ASK, Act.OUTSIDE_OPEN, Act.OUTSIDE_APPROVE
    ask_step, approve_step = Step.ASK_OUTSIDE, Step.ACCEPT_OUTSIDE
    verb, missing = VERB, "Record first what was done outside the desk."

    def ruling(self, desk: Desk, now: Now) -> Ruling:
        """Return whether the person got all of what they asked."""
        lines = outside.lines_of(self.prepared(desk, now)[1].terms["lines"])
        return Ruling.GRANTED if outside.ending(lines) is Closing.FULFILLED else Ruling.REFUSED

    def require_bearable(self, desk: Desk, now: Now, body: PlanBody) -> None:
        """Raise what the law asks for before the answer, and what the desk itself finds against a line."""
        _require_lawful(desk, now, outside.lines_of(body.terms["lines"]))

    def show(self, desk: Desk, now: Now, approval: ApprovalRecord, barred: str) -> Outside:
        """Return the lines with their evidence beside the letter."""
        return _shown(desk, now, *self.prepared(desk, now), barred)

    def approved(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Have the letter ready to send, and keep a decision for each system."""
        super().approved(desk, now, approval, words)
        request, lines = now.at.request, outside.lines_of(self.prepared(desk, now)[1].terms["lines"])
        deciding.keep(
            desk, now, request,
            [outside.record_of(Kind(request.kind), line, deciding.under(request, line.system)) for line in lines],
            [line.evidence for line in lines],
        )
        now.detail |= {"plan": approval.hash, "ending": outside.ending(lines).value, **_counted(lines)}


OUTSIDE = OutsideApproval()


def _require_lawful(desk: Desk, now: Now, lines: Sequence[Line]) -> None:
    """Raise NotPossible with what the law asks for before this right is answered, whoever answers it.

    A line that says that nothing is held, or of an erasure that it is done, is held against what the desk itself finds.
    """
    at, kind = now.at, Kind(now.at.request.kind)
    if not may_be_outside(kind):
        raise NotPossible("An authority is answered on its own path: record there what it needs.")
    if RIGHTS[kind].needs_identity:
        require_person(desk, now, at, nobody=True)
    require_authority(desk, now, at)
    need_records.require_weighed(desk, now, at)
    if kind in ROOMS:
        ROOMS[kind].require_lawful(desk, now, at)
    gone = {Done.NOTHING_HELD, Done.DONE} if kind is Kind.ERASURE else {Done.NOTHING_HELD}
    claimed = {line.system for line in lines if line.outcome in gone}
    if at.case.subject_ref is None or not claimed:
        return
    use_for(now, at.case.subject_ref, at.request)
    held = take_inventory(desk.store, now.tx, now.permitted(at.case.subject_ref), at.case.case_ref)
    if found_in := [each.title for each in held.systems if each.code in claimed and each.rows]:
        raise NotPossible(f"The desk itself still finds data of the person here: {', '.join(found_in)}. Correct that line.")


def _read(desk: Desk, line: Line) -> Line:
    """Return a line with its texts read, its day checked, and nothing that its outcome does not have."""
    if line.system not in {code for code, _ in systems()} or line.outcome not in set(Done):
        raise Invalid("Choose for each system what was done there.", "lines")
    kept = line.outcome is Done.KEPT
    if kept and line.until is not None:
        check_day(line.until, "until", "the day until which the data are kept", earliest=today_of(desk))
    return Line(
        line.system, Done(line.outcome), read_text(line.told, "told", needed=False, longest=LONGEST),
        read_text(line.evidence, "evidence", needed=False, longest=LONGEST), line.until if kept else None,
    )


def _letter(desk: Desk, now: Now, at: Opened, lines: Sequence[Line], letter_id: str | None) -> str:
    language = language_of(desk, now, at.case, LetterKind.ANSWERED_OUTSIDE)
    titles, written = dict(systems()), words_of(language).written

    def of(outcome: Done) -> list[str]:
        return [f"{titles[line.system]}{_words(line, written)}" for line in lines if line.outcome is outcome]

    drafted = drafting.write(desk, now, at, LetterKind.ANSWERED_OUTSIDE, {
        "article": RIGHTS[Kind(at.request.kind)].article, "done": of(Done.DONE), "nothing": of(Done.NOTHING_HELD),
        "kept": of(Done.KEPT), "open": of(Done.NOT_DONE),
    })
    return drafting.keep_again(desk, now, at, LetterKind.ANSWERED_OUTSIDE, drafted, letter_id)


def _words(line: Line, written: Callable[[date], str]) -> str:
    """Return what the letter says of a system behind its title."""
    told = " ".join(line.told.split())
    if line.outcome is Done.KEPT and line.until is not None:
        return f": until {written(line.until)}, because {told}"
    return {Done.NOTHING_HELD: "", Done.NOT_DONE: f": because {told}"}.get(line.outcome, f": {told}")


def _recorded(desk: Desk, now: Now, at: Opened) -> tuple[PlanRecord, PlanBody] | None:
    plan = bound_plan(now, at)
    return (plan, read_body(desk, now, plan.id)) if plan is not None and plan.verb == VERB else None


def _counted(lines: Sequence[Line]) -> dict[str, int]:
    return {f"outside.{outcome.value}": sum(line.outcome is outcome for line in lines) for outcome in Done}


def _shown(desk: Desk, now: Now, plan: PlanRecord, body: PlanBody, barred: str = "") -> Outside:
    letter = found(now.tx.record(PrintedLetter, "letters.one", id=body.terms["letter_id"]), "letter")
    titles, lines = dict(systems()), outside.lines_of(body.terms["lines"])
    return Outside(
        plan.request_id, body.terms["reason"], tuple((titles.get(line.system, line.system), line) for line in lines),
        outside.ending(lines), letter.id, text_of(desk.store, letter), letter.sent_at is not None, plan.made_by,
        plan.made_at, barred,
    )
