"""Restrictions: their ground recorded before they are set, placed, and lifted by two after the person was told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.actions.answers.owners import owner_tasks
from core.actions.cases.transitions import require_state
from core.actions.desk import deciding, things
from core.actions.desk.act import Now, act, found, guard, look, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, today_of
from core.actions.desk.opening import listed
from core.actions.suppression.suppression_list import reference_of
from core.actions.suppression.suppressions import note_end
from core.connectors.suppressed import PERSON, Mark, enter, ledger_scope, token
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotPossible
from core.law.rights.restriction import Ground, ground_of, may_lift, record_lift
from core.law.rights.suppression import ALL, Legal
from core.law.typed import read_text
from core.law.ways import Kind
from core.law.workflow import State
from core.store.encryption import Cell, encrypt
from core.store.engine import Row
from core.store.ledger import RESTRICTED
from core.store.records import RequestRecord

LONGEST = timedelta(days=366)  # until a restriction is looked at again


@dataclass(frozen=True, slots=True)
class Lift:
    """A proposal to lift: which restriction, since when proposed, when the person was told; nobody's name."""

    id: str
    entry_id: str
    number: str
    ground: Ground
    case_reference: str
    proposed_at: datetime
    told_at: datetime | None
    mine: bool
    version: int


@repeated
def record_terms(desk: Desk, request_id: str, ground: str, review_on: date, *, version: int, key: str) -> None:
    """Record on which ground of Article 18(1) a request restricts, and when it is looked at again."""
    with act(desk, Act.RESTRICTION_TERMS, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at.of_version(version)
        if at.request.kind != Kind.RESTRICTION:
            raise NotPossible("This request does not ask for a restriction.")
        require_state(at.request, State.IN_PROGRESS, "Start work on the request first.")
        chosen, today = ground_of(ground), today_of(desk)
        if not today < review_on <= today + LONGEST:
            raise Invalid("The day on which it is looked at again lies after today, within a year.", "review_on")
        now.tx.run("suppression.forget_terms", request_id=request_id)
        now.tx.run(
            "suppression.keep_terms", request_id=request_id, case_ref=at.case.case_ref, ground=chosen.value,
            review_on=review_on, now=desk.now, account_id=desk.person.account_id,
        )
        now.detail |= {"ground": chosen.value, "review_on": review_on.isoformat()}


@repeated
def terms(desk: Desk, request_id: str) -> Row | None:
    """Return the recorded ground and review date of a request, or None; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        return now.tx.one("suppression.terms", request_id=request_id)


def terms_of(now: Now, request_id: str) -> Row:
    """Return the recorded terms inside another act. Raises NotPossible where there are none."""
    row = now.tx.one("suppression.terms", request_id=request_id)
    if row is None:
        raise NotPossible("Record first on which ground of Article 18(1) the data are restricted.")
    return row


def place(desk: Desk, now: Now, subject_ref: str, case_ref: str, request_id: str) -> None:
    """Enter the restriction of a person in the list, once the systems are marked; may be repeated."""
    row = terms_of(now, request_id)
    mark = Mark(
        Legal.RESTRICTION, token(desk.store, PERSON, subject_ref), PERSON, ALL, ALL, row["ground"], desk.now, "request",
        case_ref, subject_ref, row["review_on"],
    )
    enter(desk.store, now.tx, [mark], desk.now, today_of(desk))
    desk.store.ledger.add(RESTRICTED, bytes(mark.h).hex(), ledger_scope(mark), desk.now)


@repeated
def review_later(desk: Desk, entry_id: str, review_on: date, reason: str, *, version: int, key: str) -> None:
    """Record that a restriction was looked at again and stands on until another day, with the reason (RES-2).

    A review date that has passed lifts nothing: the restriction stands until it is lifted by two.
    """
    with act(desk, Act.RESTRICTION_REVIEW, things.suppression(entry_id), key=key) as now:
        if now.earlier is not None:
            return
        row, today = _standing(now.at.row), today_of(desk)
        if row["version"] != version:
            raise Conflict("This restriction changed meanwhile. Look at it again.")
        if now.tx.one("suppression.open_lift", suppression_id=entry_id):
            raise NotPossible("Its lifting is proposed: that is decided first.")
        if not today < review_on <= today + LONGEST:
            raise Invalid("The day on which it is looked at again lies after today, within a year.", "review_on")
        words, number = read_text(reason, "reason"), new_id(desk.now)
        guard(now.tx.run("suppression.review_later", id=entry_id, version=version, review_on=review_on))
        now.tx.run(
            "suppression.keep_review", id=number, suppression_id=entry_id, case_ref=row["case_ref"],
            account_id=desk.person.account_id, now=desk.now, from_day=row["review_on"] or today, to_day=review_on,
            reason=encrypt(
                desk.store, row["case_ref"] or desk.store.chain, words, Cell("restriction_reviews", number, "reason")
            ),
        )
        now.words = words
        now.detail |= {"ground": row["ground"], "review_on": review_on.isoformat()}


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """A restriction whose review date has come and whose lifting nobody proposed yet."""

    entry_id: str
    number: str
    ground: Ground
    review_on: date
    case_reference: str
    version: int


def reviews_due(desk: Desk) -> list[ReviewDue]:
    """Return the restrictions to be looked at again, the longest due first."""
    with look(desk, Act.SUPPRESSION_LOOK) as now:
        rows = listed(desk, now.tx, now.tx.rows("suppression.reviews_due", today=today_of(desk)))
    return [
        ReviewDue(
            row["id"], reference_of(row["id"]), Ground(row["ground"]), row["review_on"], row["reference"] or "", row["version"]
        )
        for row in rows
    ]


@repeated
def propose(desk: Desk, entry_id: str, reason: str, *, version: int, key: str) -> str:
    """Propose to lift a restriction, with the reason; the person is told next, and another person lifts it."""
    with act(desk, Act.RESTRICTION_PROPOSE, things.suppression(entry_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        row = _standing(now.at.row)
        if row["version"] != version:
            raise Conflict("This restriction changed meanwhile. Look at it again.")
        if now.tx.one("suppression.open_lift", suppression_id=entry_id):
            raise NotPossible("Its lifting is proposed already.")
        words, number = read_text(reason, "reason"), new_id(desk.now)
        owner = row["case_ref"] or desk.store.chain
        now.tx.run(
            "suppression.propose_lift", id=number, suppression_id=entry_id, subject=row["subject_ref"],
            case_ref=row["case_ref"], ground=row["ground"], account_id=desk.person.account_id, now=desk.now,
            reason=encrypt(desk.store, owner, words, Cell("restriction_lifts", number, "reason")),
        )
        now.words, now.result = words, number
        now.detail |= {"ground": row["ground"]}
    return number


@repeated
def lift(desk: Desk, lift_id: str, *, key: str) -> None:
    """Lift the restriction on every system: only a second person, only after the person was told (18(3), RES-3).

    Other restrictions of the same person stand on. Raises NotPossible until the notice is marked as sent.
    """
    with act(desk, Act.RESTRICTION_LIFT, things.restriction_lift(lift_id), key=key) as now:
        if now.earlier is not None:
            return
        proposed, row = _open(now)
        told = now.tx.one(
            "suppression.notice_sent", case_ref=proposed["case_ref"], proposed_at=proposed["proposed_at"]
        )
        may_lift(
            proposed_by=proposed["proposed_by"], lifted_by=desk.person.account_id, proposed_at=proposed["proposed_at"],
            informed_at=told["sent_at"] if told else None, lifted_at=desk.now,
        )
        _decide(desk, now, proposed, "lifted", told)
        guard(now.tx.run(
            "suppression.end", id=row["id"], version=row["version"], now=desk.now, end_ground="lifted_after_notice",
            account_id=desk.person.account_id,
        ))
        owner_tasks.lift_there(desk, now, row["subject_ref"], row["ground"], row["case_ref"])
        marks = now.tx.run(
            "people.lift_marks", subject=row["subject_ref"], ground=row["ground"], case_ref=row["case_ref"],
            now=desk.now,
        )
        note_end(desk, now, [row])
        _note(desk, now, row, told)
        now.detail |= {"ground": row["ground"], "marks": marks}


@repeated
def keep(desk: Desk, lift_id: str, *, key: str) -> None:
    """Decide that the restriction stays: the proposal ends, and may be made anew."""
    with act(desk, Act.RESTRICTION_KEEP, things.restriction_lift(lift_id), key=key) as now:
        if now.earlier is not None:
            return
        proposed, row = _open(now)
        _decide(desk, now, proposed, "kept", None)
        _note(desk, now, row, None)
        now.detail |= {"ground": row["ground"]}


def proposals(desk: Desk) -> list[Lift]:
    """Return the restrictions proposed for lifting, the oldest first."""
    with look(desk, Act.SUPPRESSION_LOOK) as now:
        rows = listed(desk, now.tx, now.tx.rows("suppression.open_lifts"))
    return [
        Lift(
            row["id"], row["suppression_id"], reference_of(row["suppression_id"]), Ground(row["ground"]),
            row["reference"] or "", row["proposed_at"], row["told_at"], row["proposed_by"] == desk.person.account_id,
            row["version"],
        )
        for row in rows
    ]


def waiting(desk: Desk) -> list[Lift]:
    """Return the liftings that this person could decide: the person was told, and somebody else proposed them."""
    return [each for each in proposals(desk) if each.told_at is not None and not each.mine]


def _standing(row: Row) -> Row:
    if row["state"] != Legal.RESTRICTION or row["subject_ref"] is None:
        raise NotPossible("Only a restriction is lifted. An objection or a withdrawal ends by the person's newer opt-in.")
    if row["ended_at"] is not None:
        raise NotPossible("This restriction has ended already.")
    return row


def _open(now: Now) -> tuple[Row, Row]:
    """Return a proposal that is not decided, and the restriction that it would lift."""
    row = now.at.row
    if row["decision"] is not None:
        raise NotPossible("This was decided already.")
    return row, _standing(found(now.tx.one("suppression.one", id=row["suppression_id"]), "restriction"))


def _decide(desk: Desk, now: Now, proposed: Row, decision: str, told: Row | None) -> None:
    guard(now.tx.run(
        "suppression.decide_lift", id=proposed["id"], version=proposed["version"], decision=decision,
        account_id=desk.person.account_id, now=desk.now, letter_id=told["id"] if told else None,
        informed_at=told["sent_at"] if told else None,
    ))


def _note(desk: Desk, now: Now, entry: Row, told: Row | None) -> None:
    """Keep the decision with the request that asked for the restriction; one that a backup brought back has none."""
    asked = now.tx.records(RequestRecord, "requests.of_case", case_ref=entry["case_ref"]) if entry["case_ref"] else []
    for request in asked:
        if request.kind == Kind.RESTRICTION:
            deciding.keep(desk, now, request, [record_lift(
                Ground(entry["ground"]), deciding.under(request), lifted=now.what is Act.RESTRICTION_LIFT,
                told_on=local_day(desk, told["sent_at"]) if told else None,
            )])
            return
