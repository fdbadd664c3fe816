"""What a request of a kind with a path of its own needs for its answer: recorded one by one, each with who and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.actions.answers import need_records
from core.actions.answers.erasure import raised
from core.actions.answers.need_records import Recorded, recorded, took_part
from core.actions.cases.clock import deadline, set_dates
from core.actions.cases.intake import open_beside
from core.actions.cases.transitions import require_state
from core.actions.desk import things
from core.actions.desk.act import Now, act, guard, look, new_id, repeated
from core.actions.desk.deciding import keep, under
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.gateways import use_for
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened, barred_cases, listed
from core.actions.people.inventory import take_inventory
from core.connectors.catalogue import catalogue
from core.connectors.suppressed import Mark, enter, note_in_ledger, tokens_of_subject
from core.law import references
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.kinds import PATHS, Need, due_by_letter, lacking, tell_people_on
from core.law.needs import CASE, NOW, SILENT, UNTIL, USE, WANTED, Answer, read_answer, require_recordable
from core.law.refusal import is_late
from core.law.rights.automated import require_reviewer
from core.law.rights.balancing import Balancing, Outcome, Prevails, decide
from core.law.rights.balancing import record_of as balancing_record
from core.law.rights.bases import use_of
from core.law.rights.restriction import Ground
from core.law.rights.suppression import ALL, UPHELD_GROUND, Legal
from core.law.ways import Kind
from core.law.workflow import State
from core.store.engine import Row
from core.store.records import CaseRecord, RequestRecord

_REFUSED = frozenset({Outcome.NOT_UPHELD, Outcome.NOT_GIVEN})
REVIEW = timedelta(days=90)  # after which a restriction pending the balancing is looked at again


@dataclass(frozen=True, slots=True)
class Needs:
    """The needs of a request as its page shows them: what is met, what was recorded, which day and silence stand."""

    kind: Kind
    met: tuple[Need, ...]
    lacking: tuple[Need, ...]
    held: Mapping[Need, Recorded]
    outcome: str
    about: str  # reference of the case it is about, where it is one of this desk
    barred: str  # empty, or the sentence why this person may not go on
    restriction_id: str = ""  # the request for restriction until it is decided
    silent_until: date | None = None
    told_by: date | None = None  # until when the person must be told that they do not get what they asked (REF-2)
    late: bool = False


@repeated
def record(
    desk: Desk, request_id: str, need: str, picks: Mapping[str, str], texts: Mapping[str, str], day: date | None = None, *,
    version: int, key: str,
) -> None:
    """Record what one need of a request in progress asks for; a later record of the same need stands instead.

    What follows from it happens in the same transaction: a restriction that the person wants is opened, an objection that
    is upheld stops its use, a named day moves the clock. Raises NotAllowed for whoever may not handle the kind or took
    part before, Invalid with the field that is amiss.
    """
    with act(desk, Act.NEED_RECORD, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at.of_version(version)
        kind, held = Kind(at.request.kind), recorded(desk, now, at.request)
        try:
            chosen = Need(need)
        except ValueError:
            raise Invalid("A request of this kind does not need this.", "need") from None
        before = took_part(now, at.request, held)
        require_recordable(kind, chosen, desk.person.account_id, desk.person.roles, before, list(held))
        if not _late_notice(chosen, at.request):
            require_state(at.request, State.IN_PROGRESS, "Start work on the request first, or take its answer back.")
        answer = read_answer(chosen, Answer(picks, texts, day), list(uses_of(kind)), today_of(desk))
        if at.request.state != State.CLOSED:
            guard(now.tx.run("requests.touch", id=request_id, version=version))
        outcome, about = _FOLLOWS.get(chosen, _nothing)(desk, now, at, answer, held)
        number = new_id(desk.now)
        now.tx.run(
            "needs.record", id=number, request_id=request_id, case_ref=at.case.case_ref, need=chosen.value,
            outcome=outcome, about_case=about, day=answer.day, version=version, recorded_by=desk.person.account_id,
            recorded_at=desk.now,
            answer=need_records.sealed_answer(desk, at.case.case_ref, number, answer),
        )
        now.object_kind, now.object_id = "need", number
        now.detail |= {"need": chosen.value, "outcome": outcome}


@repeated
def of_request(desk: Desk, request_id: str) -> Needs | None:
    """Return the needs of a request, or None for a kind without a path of its own; opening the case stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        kind = Kind(at.request.kind)
        if kind not in PATHS:
            return None
        held = recorded(desk, now, at.request)
        done = need_records.met(desk, now, at, held)
        linked = held[Need.LINKED].about_case if Need.LINKED in held else None
        about = now.tx.record(CaseRecord, "cases.one", case_ref=linked) if linked else None
        silence = now.tx.one("needs.silence", request_id=request_id)
        barred = ""
        try:
            need_records.require_handling(desk, now, at)
        except NotAllowed as refusal:
            barred = str(refusal)
        outcome, today = need_records.outcome_of(kind, held), today_of(desk)
        told_by = deadline(now.tx, at.request, today).refusal_due if outcome in _REFUSED else None
        return Needs(
            kind, done, lacking(kind, done), held, outcome, str(about.reference) if about else "", barred,
            _restriction_of(now, at) if kind is Kind.OBJECTION else "", silence["look_on"] if silence else None, told_by,
            is_late(told_by, today),
        )


def uses_of(kind: Kind) -> dict[str, str]:
    """Return the purposes of the data catalogue, code to title and legal basis, to which an objection can be."""
    if kind is not Kind.OBJECTION:
        return {}
    return {code: f"{each.title}: {each.legal_basis}" for code, each in catalogue().purposes.items()}


@repeated
def holding(desk: Desk, case_ref: str) -> tuple[str, ...]:
    """Return the references of the open inquiries of an authority that hold a case; opening the case stands for it.

    One that this person may not know of holds as well, and has no reference here.
    """
    with act(desk, Act.CASE_OPEN, things.case(case_ref), disclosure=True) as now:
        barred = barred_cases(desk, now.tx)
        return tuple(
            "a sealed case" if row["case_ref"] in barred else row["reference"]
            for row in now.tx.rows("needs.holding", case_ref=case_ref)
        )


def silences_due(desk: Desk) -> list[Row]:
    """Return the disclosures whose silence is over or is to be looked at again: reference and day, nobody's name."""
    with look(desk, Act.QUEUE_LOOK) as now:
        return listed(desk, now.tx, now.tx.rows("needs.silences_due", today=today_of(desk)))


def _late_notice(need: Need, request: RequestRecord) -> bool:
    """Whether it is decided anew when the person is told, which outlives the request itself."""
    return need is Need.NOTICE_PLANNED and (request.state == State.CLOSED or request.sent_at is not None)


def _restriction_of(now: Now, at: Opened) -> str:
    rows = now.tx.records(RequestRecord, "requests.of_case", case_ref=at.case.case_ref)
    return next((str(row.id) for row in reversed(rows) if row.kind == Kind.RESTRICTION), "")


Following = Callable[[Desk, Now, Opened, Answer, dict[Need, Recorded]], tuple[str, str | None]]


def _nothing(_desk: Desk, _now: Now, _at: Opened, answer: Answer, _held: dict[Need, Recorded]) -> tuple[str, str | None]:
    return next((code for name, code in answer.picks.items() if name != USE), "recorded"), None


def _restrict(
    desk: Desk, now: Now, at: Opened, answer: Answer, _held: dict[Need, Recorded]
) -> tuple[str, str | None]:
    """Open the request for restriction that the person wants until it is decided (Art. 18(1)(d)), with its ground."""
    wish = answer.picks["wish"]
    if wish != WANTED:
        return wish, None
    every = now.tx.records(RequestRecord, "requests.of_case", case_ref=at.case.case_ref)
    if any(row.kind == Kind.RESTRICTION and row.state != State.CLOSED for row in every):
        return wish, None
    opened = open_beside(now, establishment(desk.store), at.request, Kind.RESTRICTION, at.request.received_at)
    now.tx.run(
        "suppression.keep_terms", request_id=opened.id, case_ref=at.case.case_ref, ground=Ground.OBJECTION.value,
        review_on=today_of(desk) + REVIEW, now=desk.now, account_id=desk.person.account_id,
    )
    now.detail["opened"] = Kind.RESTRICTION.value
    return wish, None


def _balance(
    desk: Desk, now: Now, at: Opened, answer: Answer, held: dict[Need, Recorded]
) -> tuple[str, str | None]:
    """Decide the objection by what was weighed; where it is upheld, the use stops at once (Art. 21(1))."""
    if Need.BALANCING in held and held[Need.BALANCING].outcome == Outcome.UPHELD:
        raise NotPossible("The objection is upheld and the use has stopped: that is not taken back.")
    subject = at.case.subject_ref
    if subject is None:
        raise NotPossible("Decide first which person the case is about: the use stops for that person.")
    code, texts = answer.picks[USE], answer.texts
    purpose = catalogue().purposes[code]
    balancing = Balancing(
        texts["our_grounds"], texts["persons_situation"], Prevails(answer.picks["prevails"]), desk.person.account_id,
        texts["reference"],
    )
    use = use_of(purpose.legal_basis, purpose.title, marketing=purpose.marketing)
    outcome = decide(Kind.OBJECTION, use, balancing, situation=Need.GROUNDS in held)
    if outcome is Outcome.OPEN:
        raise NotPossible("Write down first what the person says of their own situation.")
    item = f"purposes.{code}".lower().replace("-", "_")
    keep(desk, now, at.request, [balancing_record(
        Kind.OBJECTION, use, balancing, under(at.request, item), situation=Need.GROUNDS in held
    )])
    if outcome is Outcome.UPHELD:
        marks = [
            Mark(
                Legal.OBJECTION, each.h, each.kind, code, ALL, UPHELD_GROUND, desk.now, "request", at.case.case_ref, subject,
                value=each.value,
            )
            for each in tokens_of_subject(desk.store, now.tx, subject)
        ]
        now.detail["stopped"] = len(enter(desk.store, now.tx, marks, desk.now, today_of(desk)))
        note_in_ledger(desk.store, marks)
        use_for(now, subject, at.request)
        inventory = take_inventory(desk.store, now.tx, now.permitted(subject), at.case.case_ref)
        raised.put(desk, now, at.request, subject, inventory.systems)
    now.detail["use"] = code
    if outcome in _REFUSED:  # a late refusal is still one, so nothing stops it
        now.detail["late"] = int(is_late(deadline(now.tx, at.request, today_of(desk)).refusal_due, today_of(desk)))
    return outcome.value, None


def _review(
    desk: Desk, now: Now, at: Opened, answer: Answer, held: dict[Need, Recorded]
) -> tuple[str, str | None]:
    """Take the result of a reviewer who did not take part and may change the decision (Art. 22(3))."""
    if Need.OWN_VIEW not in held:
        raise NotPossible("Let the person put their own view first: the reviewer considers it (Art. 22(3)).")
    require_reviewer(
        desk.person.account_id, took_part(now, at.request, held), may_change=answer.picks["power"] == "yes"
    )
    return answer.picks["result"], None


def _link(
    desk: Desk, now: Now, at: Opened, answer: Answer, _held: dict[Need, Recorded]
) -> tuple[str, str | None]:
    if answer.picks["about"] != CASE:
        return answer.picks["about"], None
    row = now.tx.one("cases.by_reference", reference=references.read(answer.texts["reference"]))
    if row is None or now.tx.rows("cases.barred", case_ref=row["case_ref"], account_id=desk.person.account_id):
        raise Invalid("There is no such case that you may open. Look at the reference again.", "reference")
    alone = len(now.tx.records(RequestRecord, "requests.of_case", case_ref=row["case_ref"])) == 1
    if row["case_ref"] == at.case.case_ref and alone:
        raise Invalid("This is the reference of this very request. Write that of the matter it is about.", "reference")
    return CASE, str(row["case_ref"])


def _day(
    desk: Desk, now: Now, at: Opened, answer: Answer, _held: dict[Need, Recorded]
) -> tuple[str, str | None]:
    received = establishment(desk.store).local(at.request.received_at).date()
    day = due_by_letter(Kind(at.request.kind), received, answer.day)
    now.tx.run("needs.forget_day", request_id=at.request.id)
    now.tx.run(
        "needs.name_day", id=new_id(desk.now), request_id=at.request.id, case_ref=at.case.case_ref, day=day,
        named_at=desk.now,
    )
    set_dates(now.tx, at.request)
    now.detail["day"] = day.isoformat()
    return "named", None


def _silence(
    desk: Desk, now: Now, at: Opened, answer: Answer, _held: dict[Need, Recorded]
) -> tuple[str, str | None]:
    """Keep until when the law demands silence; while it does, no copy and no list for the person names the disclosure."""
    when, earlier = answer.picks["when"], now.tx.one("needs.silence", request_id=at.request.id)
    now.tx.run("needs.end_silence", request_id=at.request.id, now=desk.now)
    told = tell_people_on(today_of(desk), answer.day if when == UNTIL else None, silence=when != NOW)
    if when != NOW and answer.day is not None:
        now.tx.run(
            "needs.keep_silence", id=new_id(desk.now), request_id=at.request.id, case_ref=at.case.case_ref,
            look_on=told or answer.day, open_ended=when == SILENT,
        )
        if earlier and earlier["disclosure_id"]:
            now.tx.run("needs.name_disclosure", request_id=at.request.id, disclosure_id=earlier["disclosure_id"])
    now.detail["told_on"] = told.isoformat() if told else "open"
    return when, None


def _disclose(
    _desk: Desk, _now: Now, at: Opened, answer: Answer, _held: dict[Need, Recorded]
) -> tuple[str, str | None]:
    if not [each for each in answer.texts["categories"].split(",") if each.strip()]:
        raise Invalid("Name at least one category of data.", "categories")
    if at.case.subject_state == "open":
        raise NotPossible("Decide first, on the tab Person & data, of which person data are disclosed.")
    return "named", None


_FOLLOWS: Mapping[Need, Following] = {
    Need.RESTRICTION_OFFERED: _restrict, Need.BALANCING: _balance, Need.REVIEWED: _review, Need.LINKED: _link,
    Need.DUE_DAY: _day, Need.NOTICE_PLANNED: _silence, Need.DISCLOSURE_LOG: _disclose,
}
