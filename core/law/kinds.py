"""The kinds of request with a path of their own: who handles them, by when, with which checklist and letters (ADM-1, OBJ-1).

An access or an erasure goes the way of every request; what stands here does not.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.law.clock.deadlines import LAST_DAY
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.roles import Role
from core.law.typed import check_day
from core.law.ways import RIGHTS, Kind


class By(StrEnum):
    """What sets the date by which a kind is answered."""

    PROFILE = "profile"  # the period of the pinned profile
    OWN_PROFILE = "own_profile"  # a clock profile of its own, where the law has one
    LETTER = "letter"  # the day that the authority's letter names


class Handler(StrEnum):
    """Who may handle a kind."""

    ANY = "any"
    ANOTHER = "another"  # nobody who handled, decided or approved the matter before


class Need(StrEnum):
    """What must be true before a kind is answered."""

    GROUNDS = "grounds"  # the person's grounds of their own situation
    RESTRICTION_OFFERED = "restriction_offered"
    BALANCING = "balancing"
    OWN_VIEW = "own_view"
    REVIEWED = "reviewed"
    LINKED = "linked"  # to the case it is about
    ACKNOWLEDGED = "acknowledged"
    LOOKED_AT = "looked_at"
    CURRENT_VERSION = "current_version"
    DUE_DAY = "due_day"
    HOLD = "hold"
    PACK = "pack"
    LEGAL_BASIS = "legal_basis"
    OPINION = "opinion"
    DISCLOSURE_LOG = "disclosure_log"
    NOTICE_PLANNED = "notice_planned"
    APPROVED = "approved"
    LETTER = "letter"


NEEDS: Mapping[Need, str] = {
    Need.GROUNDS: "The person's grounds relating to their own situation are written down (Art. 21(1)).",
    Need.RESTRICTION_OFFERED: "Restriction was offered until it is decided (Art. 18(1)(d)).",
    Need.BALANCING: "It is recorded whose grounds prevail, and why: the burden of proof is ours (Art. 21(1)).",
    Need.OWN_VIEW: "The person could put their own view (Art. 22(3)).",
    Need.REVIEWED: "A human with the power to change the decision looked at it and wrote down the result (Art. 22(3)).",
    Need.LINKED: "The case it is about is linked.",
    Need.ACKNOWLEDGED: "The receipt is confirmed to the person, in the law's own time.",
    Need.LOOKED_AT: "Another person than the first looked at the matter and wrote down the result (Art. 38(4)).",
    Need.CURRENT_VERSION: "The answer gives the notice in its version of that day, and it is logged as told (Art. 13, 14).",
    Need.DUE_DAY: "The day that the authority's letter names is entered.",
    Need.HOLD: "The case it is about cannot be deleted meanwhile: a hold stands (Art. 31).",
    Need.PACK: "The evidence pack is attached, and a redaction view of it was seen.",
    Need.LEGAL_BASIS: "The law on which the authority asks is named (Art. 6(1)(c) or (e); Art. 48 for a third country).",
    Need.OPINION: "The Data Protection Officer gave an opinion (Art. 38(1)).",
    Need.DISCLOSURE_LOG: "Each person and what is disclosed of them stands in the disclosure log (Art. 15(1)(c)).",
    Need.NOTICE_PLANNED: "It is decided when the people concerned are told: now, or when the law no longer demands silence.",
    Need.APPROVED: "Another person approved the answer.",
    Need.LETTER: "The answer is drafted from what is recorded now.",
}


@dataclass(frozen=True, slots=True)
class Path:
    """The path of one kind: its clock, who handles it in which role, what it needs in order, and the letter that answers.

    No letter is named for an objection: which one answers follows from its balancing.
    """

    kind: Kind
    by: By
    handler: Handler
    roles: frozenset[Role]
    needs: tuple[Need, ...]
    answer: str


_DESK = frozenset({Role.STEWARD, Role.DPO})
PATHS: Mapping[Kind, Path] = {
    path.kind: path
    for path in (
        Path(
            Kind.OBJECTION, By.PROFILE, Handler.ANY, _DESK,
            (Need.GROUNDS, Need.RESTRICTION_OFFERED, Need.BALANCING, Need.OPINION, Need.LETTER, Need.APPROVED),
            "",
        ),
        Path(
            Kind.HUMAN_REVIEW, By.PROFILE, Handler.ANOTHER, _DESK,
            (Need.LINKED, Need.OWN_VIEW, Need.REVIEWED, Need.LETTER), "human_review_answered",
        ),
        Path(
            Kind.COMPLAINT, By.OWN_PROFILE, Handler.ANOTHER, _DESK,
            (Need.ACKNOWLEDGED, Need.LINKED, Need.LOOKED_AT, Need.LETTER),
            "complaint_answered",
        ),
        Path(
            Kind.INFORMATION, By.PROFILE, Handler.ANY, _DESK, (Need.CURRENT_VERSION, Need.LETTER),
            "notice_answered",
        ),
        Path(
            Kind.INQUIRY, By.LETTER, Handler.ANY, frozenset({Role.DPO}),
            (Need.DUE_DAY, Need.LINKED, Need.HOLD, Need.PACK, Need.LETTER, Need.APPROVED), "authority_cover",
        ),
        Path(
            Kind.DISCLOSURE, By.LETTER, Handler.ANY, _DESK,
            (Need.LEGAL_BASIS, Need.OPINION, Need.DISCLOSURE_LOG, Need.NOTICE_PLANNED, Need.LETTER, Need.APPROVED),
            "authority_cover",
        ),
    )
}  # fmt: skip


# The case's profile, and that of a kind which has a clock of its own under the same law. California's opt-out and its limit on
# sensitive data are what there comes nearest to these rights: the shorter period is the safe one.
PROFILES: Mapping[Kind, Mapping[str, str]] = {
    Kind.COMPLAINT: {"uk_gdpr": "uk_complaint"},
    Kind.OBJECTION_MARKETING: {"us_ca_cpra": "us_ca_optout"},
    Kind.OBJECTION: {"us_ca_cpra": "us_ca_optout"},
    Kind.CONSENT_WITHDRAWAL: {"us_ca_cpra": "us_ca_optout"},
    Kind.RESTRICTION: {"us_ca_cpra": "us_ca_optout"},
}


def own_profile(kind: Kind, profile_id: str) -> str:
    """Return the id of the clock profile of a kind under the case's profile: its own where the law has one.

    >>> own_profile(Kind.COMPLAINT, "uk_gdpr"), own_profile(Kind.COMPLAINT, "eu_gdpr")
    ('uk_complaint', 'eu_gdpr')
    """
    return PROFILES.get(kind, {}).get(profile_id, profile_id)


def due_by_letter(kind: Kind, received: date, named: date | None) -> date:
    """Return the day on which an authority must have its answer: the day its letter names, never one of ours.

    Raises Invalid while no day is entered, or where it lies before the receipt or beyond every calendar.

    >>> due_by_letter(Kind.INQUIRY, date(2026, 3, 2), date(2026, 3, 16))
    datetime.date(2026, 3, 16)
    """
    if kind not in PATHS or PATHS[kind].by is not By.LETTER:
        raise Invalid(f"{RIGHTS[kind].name} has its date by law, not by a letter.", "kind")
    if named is None:
        raise Invalid("Enter the day that the authority's letter names.", "due_day")
    if named < received:
        raise Invalid("The day named lies before the receipt. Correct one of the dates.", "due_day")
    return check_day(named, "due_day", "the day named", latest=LAST_DAY)


def require_handler(kind: Kind, handler: str, roles: Collection[Role], before: Collection[str]) -> None:
    """Refuse a handler without the role, or who took part in the matter before where another person must look.

    >>> require_handler(Kind.COMPLAINT, "b", [Role.STEWARD], ["a"])
    >>> require_handler(Kind.COMPLAINT, "a", [Role.STEWARD], ["a"])
    Traceback (most recent call last):
    ...
    core.law.errors.NotAllowed: You took part in the matter before: another person handles it.
    """
    path = PATHS.get(kind)
    if path is None:
        return
    if not path.roles & set(roles):
        names = " or ".join(sorted(path.roles))
        raise NotAllowed(f"{RIGHTS[kind].name}: handled by {names} only.")
    if path.handler is Handler.ANOTHER and handler in before:
        raise NotAllowed("You took part in the matter before: another person handles it.")


def lacking(kind: Kind, met: Collection[Need]) -> tuple[Need, ...]:
    """Return what a kind still needs before it is answered, in its order; nothing for a kind without a path of its own.

    >>> lacking(Kind.INFORMATION, {Need.CURRENT_VERSION})
    (<Need.LETTER: 'letter'>,)
    """
    path = PATHS.get(kind)
    return () if path is None else tuple(need for need in path.needs if need not in met)


def require_answerable(kind: Kind, met: Collection[Need]) -> None:
    """Raise NotPossible with every sentence that is still missing before a kind may be answered."""
    if lacks := lacking(kind, met):
        raise NotPossible("Before the answer: " + " ".join(NEEDS[need] for need in lacks))


def tell_people_on(disclosed_on: date, silent_until: date | None, *, silence: bool) -> date | None:
    """Return when the people concerned are told of a disclosure: at once, or when the law's silence ends.

    None while the law demands silence and names no end; then it is looked at again at each review.

    >>> tell_people_on(date(2026, 3, 2), None, silence=False), tell_people_on(date(2026, 3, 2), None, silence=True)
    (datetime.date(2026, 3, 2), None)
    """
    if not silence:
        return disclosed_on
    return None if silent_until is None else max(disclosed_on, silent_until)


def may_delete_case(kind: Kind, *, open_: bool) -> bool:
    """Whether the case may be deleted when its retention ends: never while an inquiry of an authority about it is open."""
    return not (kind is Kind.INQUIRY and open_)
