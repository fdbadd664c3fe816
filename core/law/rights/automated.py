"""Decisions by machines alone: when they may be taken, and what a person may demand (ADM-1; Article 22, UK Articles 22A-D).

The articles of the United Kingdom are to be checked against the official text before they are quoted to users.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.law.errors import NotAllowed
from core.law.records import Record, Under, record


class Regime(StrEnum):
    """Which articles govern a decision: those of the Union, or those of the United Kingdom since 5 February 2026."""

    UNION = "22"
    KINGDOM = "22A-22D"


class Ground(StrEnum):
    """What a decision by a machine alone rests on."""

    CONTRACT = "22.2.a"
    LAW = "22.2.b"
    CONSENT = "22.2.c"  # explicit consent
    RECOGNISED = "6.1.ea"  # a recognised legitimate interest: in the United Kingdom alone, and never enough there
    OTHER = "other"


class Special(StrEnum):
    """Whether the decision rests on special categories of data, and what permits their use."""

    NONE = "none"
    CONSENT = "9.2.a"
    PUBLIC_INTEREST = "9.2.g"
    OTHER = "other"


class Safeguard(StrEnum):
    """What a person may demand against such a decision."""

    INFORMED = "informed"
    HUMAN = "human_intervention"
    OWN_VIEW = "own_view"
    CONTEST = "contest"


# The Union demands three with a contract or consent (22(3)), the Kingdom all four with every decision (22C).
SAFEGUARDS: Mapping[Regime, frozenset[Safeguard]] = {
    Regime.UNION: frozenset({Safeguard.HUMAN, Safeguard.OWN_VIEW, Safeguard.CONTEST}),
    Regime.KINGDOM: frozenset(Safeguard),
}
KINGDOM_PROFILES: Mapping[str, date] = {"uk_gdpr": date(2026, 2, 5)}


@dataclass(frozen=True, slots=True)
class MachineDecision:
    """A decision: did a machine alone take it, does it matter legally or alike, what does it rest on, what is offered."""

    alone: bool  # no human took part in a way that could have changed it
    significant: bool
    ground: Ground
    special: Special = Special.NONE
    safeguards: frozenset[Safeguard] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the decision may be taken, under which article, and why."""

    allowed: bool
    article: str
    sentence: str


def regime(profile_id: str, day: date) -> Regime:
    """Return which articles govern a decision taken on a day under a profile.

    >>> regime("uk_gdpr", date(2026, 2, 4)), regime("uk_gdpr", date(2026, 2, 5)), regime("eu_gdpr", date(2026, 2, 5))
    (<Regime.UNION: '22'>, <Regime.KINGDOM: '22A-22D'>, <Regime.UNION: '22'>)
    """
    since = KINGDOM_PROFILES.get(profile_id)
    return Regime.KINGDOM if since is not None and day >= since else Regime.UNION


def judge(decision: MachineDecision, governed: Regime) -> Verdict:
    """Return whether a decision may be taken as it is.

    >>> loan = MachineDecision(True, True, Ground.OTHER)
    >>> judge(loan, Regime.UNION).sentence
    'It needs a contract that demands it, a law that permits it, or explicit consent.'
    >>> judge(loan, Regime.KINGDOM).sentence
    'These safeguards are missing: contest, human intervention, informed, own view.'
    >>> judge(MachineDecision(True, True, Ground.CONTRACT, safeguards=frozenset(Safeguard)), Regime.UNION).allowed
    True
    """
    if not covered(decision):
        return Verdict(True, "22(1)" if governed is Regime.UNION else "22A",
                       "The article does not cover it: a human decides, or nothing of weight is decided.")
    if governed is Regime.UNION:
        return _union(decision)
    return _kingdom(decision)


def covered(decision: MachineDecision) -> bool:
    """Whether the article covers a decision at all: by a machine alone, with legal effect or one that weighs as much."""
    return decision.alone and decision.significant


def _union(decision: MachineDecision) -> Verdict:
    if decision.ground not in {Ground.CONTRACT, Ground.LAW, Ground.CONSENT}:
        return Verdict(False, "22(1)", "It needs a contract that demands it, a law that permits it, or explicit consent.")
    if decision.special is Special.OTHER:
        return Verdict(False, "22(4)", "Special categories of data need explicit consent or a law of substantial public "
                                       "interest.")
    if decision.ground is not Ground.LAW and (missing := SAFEGUARDS[Regime.UNION] - decision.safeguards):
        return Verdict(False, "22(3)", _missing(missing))
    article = {Ground.CONTRACT: "22(2)(a)", Ground.LAW: "22(2)(b)"}.get(decision.ground, "22(2)(c)")
    return Verdict(True, article, "It may be taken, with the safeguards that the law demands.")


def _kingdom(decision: MachineDecision) -> Verdict:
    if decision.ground is Ground.RECOGNISED:
        return Verdict(False, "22B", "A recognised legitimate interest alone carries no such decision.")
    if decision.special is Special.OTHER or (
        decision.special is Special.PUBLIC_INTEREST and decision.ground not in {Ground.CONTRACT, Ground.LAW}
    ):
        return Verdict(False, "22B", "Special categories of data need explicit consent, or a contract or law together with "
                                     "a substantial public interest.")
    if missing := SAFEGUARDS[Regime.KINGDOM] - decision.safeguards:
        return Verdict(False, "22C", _missing(missing))
    return Verdict(True, "22C", "It may be taken, with the safeguards that the law demands.")


def _missing(safeguards: Collection[Safeguard]) -> str:
    return f"These safeguards are missing: {', '.join(sorted(safeguards)).replace('_', ' ')}."


def require_reviewer(reviewer: str, took_part: Collection[str], *, may_change: bool) -> None:
    """Refuse a review by somebody who took part in the decision, or who has no power to change it.

    >>> require_reviewer("b", ["a"], may_change=True)
    """
    if reviewer in took_part:
        raise NotAllowed("You took part in this decision: another person looks at it again.")
    if not may_change:
        raise NotAllowed("A human review needs somebody who can change the decision.")


def record_of(decision: MachineDecision, profile_id: str, day: date, under: Under) -> Record:
    """Return the judgement of a decision, with the articles of its day.

    >>> record_of(MachineDecision(True, True, Ground.LAW), "eu_gdpr", date(2026, 3, 2), Under("eu_gdpr@2018-05-25")).article
    '22(2)(b)'
    """
    governed = regime(profile_id, day)
    verdict = judge(decision, governed)
    return record(
        verdict.allowed, "allowed" if verdict.allowed else "not_allowed", article=verdict.article, rule="ADM-1", under=under,
        sentence=verdict.sentence, regime=governed, day=day, alone=decision.alone, significant=decision.significant,
        ground=decision.ground, special=decision.special, safeguards=decision.safeguards,
    )
