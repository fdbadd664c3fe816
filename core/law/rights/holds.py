"""Holds: what must not be deleted while a dispute or an inquiry lasts; set by one, released by two (ERA; Art. 17(3)(e), 5(2))."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.records import Record, Under, record
from core.law.roles import Role

MAY_SET = frozenset({Role.STEWARD, Role.DPO})  # one alone, at once: what is deleted meanwhile is gone
MAY_RELEASE = frozenset({Role.DPO, Role.APPROVER})  # two people, one of each


class Reason(StrEnum):
    """Why nothing may be deleted; words beside it are kept with the case."""

    CLAIM = "claim"
    INQUIRY = "inquiry"
    INVESTIGATION = "investigation"
    LEGAL_DUTY = "legal_duty"


REASONS: dict[Reason, str] = {
    Reason.CLAIM: "a legal claim that is raised, or threatened",
    Reason.INQUIRY: "an inquiry of an authority",
    Reason.INVESTIGATION: "an investigation of our own",
    Reason.LEGAL_DUTY: "a legal duty to keep it",
}


class Deletion(StrEnum):
    """What a hold stops: each way in which data are deleted."""

    ERASURE = "erasure"
    RETENTION = "retention"
    ACCOUNT_CLOSURE = "account_closure"
    CASE_FILE = "case_file"


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold on a whole category of data, or on the records of one person in it; on every category where none is named.

    A hold on the file of one case names the case alone: it stops the deletion of that file, and of nothing else.
    """

    reason: Reason
    set_by: str
    set_at: datetime
    category: str = ""
    subject_ref: str = ""
    review_on: date | None = None
    released_at: datetime | None = None
    case_ref: str = ""


def set_hold(hold: Hold, role: Role) -> Hold:
    """Return a hold that may stand. Raises NotAllowed for other roles, Invalid where it would hold everything of everybody.

    >>> set_hold(Hold(Reason.CLAIM, "a", datetime(2026, 3, 2), subject_ref="s1"), Role.STEWARD).reason
    <Reason.CLAIM: 'claim'>
    """
    if role not in MAY_SET:
        raise NotAllowed("A steward or the Data Protection Officer sets a hold.")
    if not hold.category and not hold.subject_ref and not hold.case_ref:
        raise Invalid("A hold names a category of data, a person, or both, or the file of a case.", "category")
    if hold.review_on is None and not hold.subject_ref and not hold.case_ref:
        raise Invalid("A hold on a whole category needs the day on which it is looked at again.", "review_on")
    return hold


def release(hold: Hold, first: tuple[str, Role], second: tuple[str, Role], at: datetime) -> datetime:
    """Return when a hold ends. Raises NotAllowed unless two people release it, the DPO and an approver.

    >>> hold = Hold(Reason.CLAIM, "a", datetime(2026, 3, 2), subject_ref="s1")
    >>> release(hold, ("d", Role.DPO), ("p", Role.APPROVER), datetime(2026, 9, 1))
    datetime.datetime(2026, 9, 1, 0, 0)
    """
    if hold.released_at is not None:
        raise NotPossible("This hold is released already.")
    if first[0] == second[0]:
        raise NotAllowed("A hold is released by two people: another one confirms it.")
    if {first[1], second[1]} != MAY_RELEASE:
        raise NotAllowed("A hold is released by the Data Protection Officer together with an approver.")
    if at < hold.set_at:
        raise Invalid("A hold ends after it was set.", "released_at")
    return at


def stands(hold: Hold, at: datetime) -> bool:
    """Whether a hold stands at a moment: from when it was set until it is released; a past review ends nothing."""
    return hold.set_at <= at and (hold.released_at is None or at < hold.released_at)


def held(holds: Iterable[Hold], category: str, subject_ref: str, at: datetime) -> tuple[Hold, ...]:
    """Return the holds that stop the deletion of one person's data of one category.

    >>> holds = [Hold(Reason.CLAIM, "a", datetime(2026, 3, 2), category="contact", subject_ref="s1")]
    >>> [len(held(holds, *item, datetime(2026, 4, 1))) for item in (("contact", "s1"), ("contact", "s2"), ("orders", "s1"))]
    [1, 0, 0]
    """
    return tuple(
        each for each in holds
        if stands(each, at) and not each.case_ref and each.category in {"", category}
        and each.subject_ref in {"", subject_ref}
    )


def held_file(holds: Iterable[Hold], case_ref: str, subject_ref: str, category: str, at: datetime) -> tuple[Hold, ...]:
    """Return the holds that stop the deletion of a case's file: on the file itself, on its person, on its category.

    >>> file = Hold(Reason.INQUIRY, "a", datetime(2026, 3, 2), case_ref="c1")
    >>> [len(held_file([file], case, "s1", "requests", datetime(2026, 4, 1))) for case in ("c1", "c2")]
    [1, 0]
    """
    every = tuple(holds)
    own = tuple(each for each in every if each.case_ref == case_ref and each.case_ref and stands(each, at))
    return own + held(every, category, subject_ref, at)


def released_by(first: tuple[str, Collection[Role]], second: tuple[str, Collection[Role]], hold: Hold, at: datetime) -> datetime:
    """Return when a hold ends, for two people who may hold several roles each. Raises as `release` does.

    >>> hold = Hold(Reason.CLAIM, "a", datetime(2026, 3, 2), subject_ref="s1")
    >>> released_by(("d", [Role.STEWARD, Role.DPO]), ("p", [Role.APPROVER]), hold, datetime(2026, 9, 1))
    datetime.datetime(2026, 9, 1, 0, 0)
    """
    pairs = [(one, other) for one in first[1] for other in second[1] if {one, other} == MAY_RELEASE]
    one, other = pairs[0] if pairs else (Role.STEWARD, Role.STEWARD)
    return release(hold, (first[0], one), (second[0], other), at)


def require_free(standing: Collection[Hold], deletion: Deletion) -> None:
    """Refuse any deletion of what is held, whoever asks for it; every other use goes on."""
    if standing:
        words = {Deletion.ERASURE: "erased", Deletion.CASE_FILE: "deleted with its case"}.get(deletion, "deleted")
        raise NotPossible(f"A hold stands: this must not be {words} until the hold is released.")


def resumes_on(due_on: date, holds: Iterable[Hold], today: date) -> date | None:
    """Return when a stopped deletion is due: on its own day, or the day the last hold ended; None while one stands.

    >>> resumes_on(date(2026, 5, 1), [Hold(Reason.CLAIM, "a", datetime(2026, 3, 2), "x", released_at=datetime(2026, 9, 1))],
    ...     date(2026, 9, 2))
    datetime.date(2026, 9, 1)
    """
    ends = [each.released_at for each in holds]
    if any(end is None or end.date() > today for end in ends):
        return None
    return max([due_on, *(end.date() for end in ends if end is not None)])


def record_of(standing: Collection[Hold], deletion: Deletion, under: Under) -> Record:
    """Return whether a deletion may go on, with the reasons of the holds that stop it."""
    stopped = bool(standing)
    return record(
        not stopped, "held" if stopped else "free", article="17(3)(e)", rule="ERA", under=under,
        sentence="A hold stands: nothing is deleted until it is released." if stopped else "No hold stands.",
        deletion=deletion, reasons={each.reason for each in standing},
    )
