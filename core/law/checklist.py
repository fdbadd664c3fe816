"""What a request still needs, drawn from its right and its real state: one source for stage and list."""

from dataclasses import dataclass

from core.law.rights import Right
from core.law.workflow import Closing, State

_BUILT = frozenset({"built", "released", "fetched"})


@dataclass(frozen=True)
class Facts:
    """What is recorded about a request and its case."""

    state: State
    closing: Closing | None
    acknowledged: bool  # the receipt letter is marked as sent
    identity_state: str  # open, proven, failed
    subject_state: str  # open, decided, nobody
    package_state: str | None
    sent: bool
    told: bool  # the letter that says why there is no action is marked as sent


@dataclass(frozen=True)
class Item:
    """One thing to do, with the reason for it; `why` says what it rests on or what is missing."""

    title: str
    done: bool
    why: str


def checklist(right: Right, facts: Facts) -> tuple[Item, ...]:
    """Return the items of a request in their order; a right that needs no identity or approval has no such item.

    >>> from core.law.rights import RIGHTS, Kind
    >>> facts = Facts(State.RECEIVED, None, False, "open", "open", None, False, False)
    >>> [item.title for item in checklist(RIGHTS[Kind.OBJECTION], facts)][:2]
    ['Confirm the receipt', 'Find the person']
    """
    items = [Item("Confirm the receipt", facts.acknowledged, "The person knows it arrived, and by when we answer.")]
    if right.needs_identity:
        items.append(_identity(facts))
    items.append(_person(facts))
    ends_without = facts.identity_state == "failed" or facts.subject_state == "nobody"
    if ends_without:
        items.append(Item(
            "Tell the person why nothing is done", facts.told,
            "Art. 12(4): the reason, the complaint to the authority, the way to a court.",
        ))
    elif right.verb == "export":
        items += _export(facts)
    items.append(_end(facts))
    return tuple(items)


def _identity(facts: Facts) -> Item:
    why = {
        "proven": "Art. 12(6): proven, with the proofs this right needs.",
        "failed": "Art. 12(2): it could not be proven; the person is told.",
    }
    return Item(
        "Check who is asking", facts.identity_state != "open",
        why.get(facts.identity_state, "Art. 12(6): no more proof than this right and this way of asking need."),
    )


def _person(facts: Facts) -> Item:
    why = {"decided": "A human decided which person it is.", "nobody": "A human decided that nobody here is the person."}
    return Item(
        "Find the person", facts.subject_state != "open",
        why.get(facts.subject_state, "Exact matches apart from possible ones; a human decides, never a score."),
    )


def _export(facts: Facts) -> list[Item]:
    built, past = facts.package_state in _BUILT, facts.state in {State.CARRYING_OUT, State.READY_TO_SEND}
    done = facts.state is State.CLOSED and facts.sent
    return [
        Item("Collect the data of every system", built or done, "Art. 15(3): a copy, and a line for each system asked."),
        Item("Have a second person approve the release", past or done, "Nobody releases what they prepared."),
        Item("Send the answer", facts.sent, "Art. 12(3): it counts when it is sent, to the approved address."),
    ]


def _end(facts: Facts) -> Item:
    words = f"Closed: {facts.closing.replace('_', ' ')}." if facts.closing else "A closed request never moves again."
    return Item("Close the request", facts.state is State.CLOSED, words)
