"""When the period may be extended, on which ground, and until when the person must be told (Article 12(3) GDPR).

No extension is automatic: the act that approves one takes another person than the handler (EXT-3).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.law.clock.deadlines import LAST_DAY, Deadline
from core.law.clock.profiles import Profile
from core.law.errors import Invalid, NotPossible
from core.law.records import Record, Under, record
from core.law.typed import check_day

LEAST_WORDS = 20  # characters below which no fact is told


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground of Article 12(3): its name for the user, and the words that complete "because" in the notice."""

    code: str
    title: str
    sentence: str


# Whether both are needed is disputed; at least one is required, and which one is recorded with its facts (EXT-1).
GROUNDS: dict[str, Ground] = {
    row.code: row
    for row in (
        Ground("complexity", "The request is complex", "of the complexity of your request"),
        Ground("number", "The number of requests", "of the number of requests"),
    )
}
# The parts of a notice, each with words that stand in a letter that says it.
PARTS = {"extension": ("extend",), "reasons": ("because",)}
PART_NAMES = {"extension": "that the period is extended", "reasons": "the reasons"}


class Reason(StrEnum):
    """The codes of the grounds, as a record names them."""

    COMPLEXITY = "complexity"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class ExtensionStanding:
    """How an extension stands: a code for colour, and one sentence for the clock."""

    code: str  # none, barred, prepared, asked, approved, effective, late
    sentence: str


def notice_due(deadline: Deadline) -> date | None:
    """Return the last day on which the person can be told with effect; None while the clock stands still (EXT-2)."""
    return deadline.base_due


def barred(profile: Profile, deadline: Deadline, today: date, *, told_on: date | None, sent: bool, closed: bool) -> str:
    """Return why the period can no longer be extended on `today`, empty where it can.

    The last day of the first period counts; one day later a notice has no effect (EXT-2). There is at most one
    extension (EXT-1).
    """
    if closed:
        return "The request is closed: its clock has stopped."
    if sent:
        return "The answer was sent: there is nothing left to extend."
    if profile.extension is None:
        return f"{profile.name} knows no extension."
    if told_on is not None:
        return f"The person was told of an extension on {told_on:%d %b %Y}; there is at most one (Art. 12(3))."
    last = notice_due(deadline)
    if last is not None and today > last:
        return (
            f"The first period ended on {last:%d %b %Y}. An extension told after that day has no effect (Art. 12(3)): "
            "the answer is overdue, send it as soon as you can."
        )
    return ""


def require_possible(reason: str) -> None:
    """Raise NotPossible with the reason for which an extension is barred; an empty one passes."""
    if reason:
        raise NotPossible(reason)


def require_grounds(codes: Collection[str], facts: str) -> tuple[Ground, ...]:
    """Return the grounds in their order. Raises Invalid without a ground, or without the facts that make it true.

    >>> [each.code for each in require_grounds(["number", "complexity"], "Nine systems, three of them paper files.")]
    ['complexity', 'number']
    """
    if not codes or not set(codes) <= set(GROUNDS):
        raise Invalid("Choose the ground: complexity, the number of requests, or both (Art. 12(3)).", "grounds")
    if len(facts.strip()) < LEAST_WORDS:
        raise Invalid("Write the facts of this request that make the ground true: the person reads them.", "facts")
    return tuple(ground for code, ground in GROUNDS.items() if code in codes)


def require_until(profile: Profile, deadline: Deadline, until: date | None) -> date | None:
    """Return the day told to the person, in a law without a cap; None where the law itself sets the length.

    Raises Invalid where such a law is given no day, or one that does not lie after the first period; and, whatever the
    law, for a day that no calendar has.
    """
    if until is not None:
        check_day(until, "until", "the day until which the person will have the answer", latest=LAST_DAY)
    if profile.extension is None or profile.extension.total is not None:
        return None
    first = notice_due(deadline) or deadline.safe_due
    if until is None or (first is not None and until <= first):
        raise Invalid("Name the day until which the person will have the answer; it lies after the first period.", "until")
    return until


def is_strict_late(deadline: Deadline, day: date) -> bool:
    """Say whether a notice on `day` is late in the strict reading, which ignores every pause (EXT-2, `safe_notice_due`).

    It has effect all the same; an authority may see it otherwise.
    """
    return deadline.safe_notice_due is not None and day > deadline.safe_notice_due


def missing(letter: str) -> tuple[str, ...]:
    """Return which of its parts a notice lacks.

    >>> missing("We extend the period by two months.")
    ('reasons',)
    """
    text = " ".join(letter.lower().split())
    return tuple(part for part, words in PARTS.items() if not all(word in text for word in words))


def require_whole(letter: str) -> None:
    """Raise NotPossible, naming the parts, where a notice lacks one that Article 12(3) demands."""
    if lacks := missing(letter):
        names = " and ".join(PART_NAMES[part] for part in lacks)
        raise NotPossible(f"The letter does not say {names} (Art. 12(3)). Complete it first.")


def standing(
    profile: Profile, deadline: Deadline, today: date, *, state: str, told_on: date | None, sent: bool, closed: bool
) -> ExtensionStanding:
    """Say how an extension stands; `state` is none, prepared, asked or approved, as it is recorded.

    An extension told too late is shown as without effect: the request stays due on its first day.
    """
    if told_on is not None:
        if deadline.extension_effective:
            return ExtensionStanding("effective", f"Extended: the person was told on {told_on:%d %b %Y}.")
        return ExtensionStanding(
            "late", f"Without effect: the person was told on {told_on:%d %b %Y}, after the first period had ended."
        )
    if reason := barred(profile, deadline, today, told_on=None, sent=sent, closed=closed):
        return ExtensionStanding("barred", reason)
    last = notice_due(deadline)
    by = f"the person must be told by {last:%d %b %Y}" if last is not None else "the clock stands still at present"
    words = {
        "prepared": f"Prepared, not yet approved; {by}.", "asked": f"Waits for its approval; {by}.",
        "approved": f"Approved: send the letter and mark it as sent; {by}.",
    }
    return ExtensionStanding(state, words[state]) if state in words else ExtensionStanding("none", f"Not extended; {by}.")


_DECIDED = {
    "prepared": (True, "EXT-1", "An extension by the ground named is prepared; another person decides on it."),
    "approved": (True, "EXT-3", "The extension is approved: it has effect once the person is told in time."),
    "returned": (False, "EXT-3", "The extension is not approved and went back to its preparer."),
    "effective": (True, "EXT-2", "The person was told in time: the period is extended."),
    "late": (False, "EXT-2", "The person was told after the first period had ended: the extension has no effect."),
}


def record_of(
    outcome: str, codes: Collection[str], under: Under, *, notice_due: date | None, told_on: date | None = None
) -> Record:
    """Return a decision on an extension: `prepared`, `approved`, `returned`, `effective` or `late` (EXT-1 to EXT-3).

    >>> made = record_of("late", ["number"], Under("eu_gdpr@2018-05-25"), notice_due=date(2026, 4, 2), told_on=date(2026, 4, 3))
    >>> made.granted, made.rule, dict(made.inputs)["told_on"]
    (False, 'EXT-2', '2026-04-03')
    """
    granted, rule, sentence = _DECIDED[outcome]
    return record(
        granted, outcome, article="12(3)", rule=rule, under=under, sentence=sentence,
        grounds={Reason(code) for code in codes}, notice_due=notice_due, told_on=told_on,
    )
