"""Consent and its withdrawal (Article 7(3)): the line of the history that counts, and what a withdrawal ends (CON-1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.law.rights.suppression import ALL


@dataclass(frozen=True, slots=True)
class Consent:
    """One line of the history: for which purpose and channel it was given or withdrawn, and when. Lines are only added."""

    purpose: str
    channel: str
    given: bool
    happened_at: datetime
    text_version: str | None = None  # of the words that were agreed to


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a message withdraws, and when it was received; `all` stands for every purpose, or every channel."""

    purpose: str
    channel: str
    since: datetime

    def reaches(self, consent: Consent) -> bool:
        """Whether it ends this consent: of its purpose and channel, and not given later."""
        return (
            consent.given and consent.happened_at <= self.since
            and self.purpose in {ALL, consent.purpose} and self.channel in {ALL, consent.channel}
        )


def latest(history: Iterable[Consent]) -> list[Consent]:
    """Return the last line of each purpose and channel; at the same moment a withdrawal counts as the later one.

    >>> day = datetime(2026, 3, 2)
    >>> [each.given for each in latest([Consent("news", "email", False, day), Consent("news", "email", True, day)])]
    [False]
    """
    last: dict[tuple[str, str], Consent] = {}
    for each in sorted(history, key=lambda one: (one.happened_at, not one.given)):
        last[each.purpose, each.channel] = each
    return list(last.values())


def ended_by(history: Iterable[Consent], asked: Sequence[Withdrawal]) -> list[Consent]:
    """Return a line of withdrawal for each consent in force that is withdrawn, as of the latest message that does so.

    It names the version of the text that the person had agreed to: what was withdrawn can be shown (Article 7(1)).

    It works for the future: no line of the history is changed, and a consent given after the message stands.

    >>> history = [Consent("news", "email", True, datetime(2026, 1, 1)), Consent("news", "post", True, datetime(2026, 1, 1))]
    >>> [(each.channel, each.given) for each in ended_by(history, [Withdrawal("news", "email", datetime(2026, 2, 1))])]
    [('email', False)]
    """
    ended = []
    for each in latest(history):
        moments = [one.since for one in asked if one.reaches(each)]
        if moments:
            ended.append(Consent(each.purpose, each.channel, False, max(moments), text_version=each.text_version))
    return ended
