"""Telling the recipients (Article 19), and who else has what was made public (Article 17(2); ERA-4): a notice each."""

from collections.abc import Iterable
from enum import StrEnum

from core.law.errors import Invalid, NotPossible

THE_PERSON = "the person themselves"


class Change(StrEnum):
    """What was carried out; refusals and the lifting of a restriction call for no notice."""

    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    MADE_PUBLIC = "made_public"  # erased after it had been made public: the others are no recipients (Article 17(2))


class Notice(StrEnum):
    """How far the notice to one recipient is."""

    TO_SEND = "to_send"
    SENT = "sent"
    ANSWERED = "answered"
    DISPROPORTIONATE = "disproportionate"  # or impossible, with the reason


_NEXT: dict[Notice, frozenset[Notice]] = {
    Notice.TO_SEND: frozenset({Notice.SENT, Notice.DISPROPORTIONATE}),
    Notice.SENT: frozenset({Notice.ANSWERED, Notice.DISPROPORTIONATE}),
    Notice.ANSWERED: frozenset(),
    Notice.DISPROPORTIONATE: frozenset({Notice.SENT}),
}


def to_tell(recipients: Iterable[str]) -> tuple[str, ...]:
    """Return each recipient of the disclosure log once; the person's own copy is no disclosure to another.

    >>> to_tell(["Carrier", "the person themselves", "Bank", " Carrier "])
    ('Bank', 'Carrier')
    """
    return tuple(sorted({each.strip() for each in recipients} - {THE_PERSON, ""}))


def require_steps(change: Change, target: Notice, words: str) -> None:
    """Refuse to call those told who process what was made public, without the reasonable steps that were taken (17(2)).

    >>> require_steps(Change.MADE_PUBLIC, Notice.SENT, "Their form for removals, filled in.")
    """
    if change is Change.MADE_PUBLIC and target is Notice.SENT and not words.strip():
        raise Invalid("Write down which steps were taken to tell them: the form, the address, the files.", "reason")


def next_notice(present: Notice, target: Notice, reason: str = "") -> Notice:
    """Return `target` when a notice may go there; "impossible or disproportionate" needs its reason.

    Raises NotPossible for a step back, Invalid for a missing reason.

    >>> next_notice(Notice.TO_SEND, Notice.SENT)
    <Notice.SENT: 'sent'>
    """
    if target not in _NEXT[present]:
        raise NotPossible(f"A notice that is {present.replace('_', ' ')} does not become {target.replace('_', ' ')}.")
    if target is Notice.DISPROPORTIONATE and not reason.strip():
        raise Invalid("Write down why telling this recipient is impossible or disproportionate.", "reason")
    return target
