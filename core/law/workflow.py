"""How a request moves: states, steps, endings, and the one table of moves."""

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

from core.law.errors import NotPossible
from core.law.kinds import PATHS
from core.law.ways import Kind, Ruling, needs_second


class State(StrEnum):
    """Where a request stands. Waiting for the person is an event of the clock, not a state."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    AWAITING_APPROVAL = "awaiting_approval"
    CARRYING_OUT = "carrying_out"
    READY_TO_SEND = "ready_to_send"
    CLOSED = "closed"


class Step(StrEnum):
    """What is done with a request."""

    START = "start"
    ASK_APPROVAL = "ask_approval"
    ASK_REFUSAL = "ask_refusal"
    RETURN = "return"
    APPROVE = "approve"
    REFUSE = "refuse"
    CARRY_OUT = "carry_out"
    HAND_BACK = "hand_back"
    CARRIED_OUT = "carried_out"
    SETTLE = "settle"
    REVISE = "revise"
    SEND = "send"
    CAME_BACK = "came_back"
    CLOSE_ANSWERED = "close_answered"
    WITHDRAW = "withdraw"
    CLOSE = "close"


class Closing(StrEnum):
    """How a request ended."""

    FULFILLED = "fulfilled"
    PARTLY_FULFILLED = "partly_fulfilled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_IDENTIFIED = "not_identified"
    NO_DATA_HELD = "no_data_held"
    NO_ANSWER = "no_answer"
    DUPLICATE = "duplicate"
    FORWARDED = "forwarded"
    NOT_A_REQUEST = "not_a_request"
    OUTSIDE = "outside"


class When(StrEnum):
    """What must be true of the request, besides its state, for a move to be open."""

    ALWAYS = "always"
    ALONE = "alone"  # what the plan gives needs no second person (`rights.needs_second`)
    SECOND = "second"
    REFUSED = "refused"  # the person does not get what they asked, or not all of it
    SENT = "sent"  # the answer is marked as sent and has not come back
    NOT_SENT = "not_sent"
    OWN_PATH = "own_path"  # a kind that is answered on a path of its own, without a plan


@dataclass(frozen=True)
class Move:
    """One line of the table; `act` is the value of the act that performs it, so who may do it stands in one place."""

    source: State
    step: Step
    target: State
    act: str
    when: When = When.ALWAYS


OPEN_STATES = tuple(state for state in State if state is not State.CLOSED)

# A sent answer stays in ready_to_send until it is closed, so that a letter that comes back finds its request open
# and a closed request never has to move.
MOVES: tuple[Move, ...] = (
    Move(State.RECEIVED, Step.START, State.IN_PROGRESS, "request.start"),
    Move(State.IN_PROGRESS, Step.ASK_APPROVAL, State.AWAITING_APPROVAL, "release.ask", When.SECOND),
    Move(State.IN_PROGRESS, Step.ASK_REFUSAL, State.AWAITING_APPROVAL, "refusal.ask", When.REFUSED),
    Move(State.IN_PROGRESS, Step.CARRY_OUT, State.CARRYING_OUT, "request.carry_out", When.ALONE),
    Move(State.IN_PROGRESS, Step.SETTLE, State.READY_TO_SEND, "letter.sent", When.OWN_PATH),
    Move(State.AWAITING_APPROVAL, Step.RETURN, State.IN_PROGRESS, "release.return"),
    Move(State.AWAITING_APPROVAL, Step.APPROVE, State.CARRYING_OUT, "release.approve"),
    Move(State.AWAITING_APPROVAL, Step.REFUSE, State.READY_TO_SEND, "refusal.approve"),
    Move(State.CARRYING_OUT, Step.HAND_BACK, State.IN_PROGRESS, "request.hand_back"),
    Move(State.CARRYING_OUT, Step.CARRIED_OUT, State.READY_TO_SEND, "package.release"),
    Move(State.READY_TO_SEND, Step.REVISE, State.IN_PROGRESS, "request.revise", When.NOT_SENT),
    Move(State.READY_TO_SEND, Step.SEND, State.READY_TO_SEND, "answer.sent", When.NOT_SENT),
    Move(State.READY_TO_SEND, Step.CAME_BACK, State.READY_TO_SEND, "answer.came_back", When.SENT),
    Move(State.READY_TO_SEND, Step.CLOSE_ANSWERED, State.CLOSED, "request.close", When.SENT),
    *(Move(state, Step.WITHDRAW, State.CLOSED, "request.withdraw") for state in OPEN_STATES),
    *(Move(state, Step.CLOSE, State.CLOSED, "request.close", When.NOT_SENT) for state in OPEN_STATES),
)

ENDINGS: dict[Step, tuple[Closing, ...]] = {
    Step.CLOSE_ANSWERED: (Closing.FULFILLED, Closing.PARTLY_FULFILLED, Closing.REFUSED, Closing.NO_DATA_HELD),
    Step.WITHDRAW: (Closing.WITHDRAWN,),
    Step.CLOSE: (
        Closing.NOT_IDENTIFIED,
        Closing.NO_DATA_HELD,
        Closing.NO_ANSWER,
        Closing.DUPLICATE,
        Closing.FORWARDED,
        Closing.NOT_A_REQUEST,
        Closing.OUTSIDE,
    ),
}
# Here real requests get lost: a reason is written down and another person looks at a sample.
SAMPLED = frozenset({Closing.DUPLICATE, Closing.NOT_A_REQUEST, Closing.OUTSIDE})


def moves_from(state: State, kind: Kind, ruling: Ruling = Ruling.GRANTED, *, sent: bool = False) -> tuple[Move, ...]:
    """Return the moves open from `state` for a request of a kind, what its plan gives the person, and its answer sent or not.

    One with a path of its own is neither released nor carried out: its answer is settled with its letter.
    """
    true = {When.ALWAYS, When.SENT if sent else When.NOT_SENT}
    true.add(When.OWN_PATH if kind in PATHS else When.SECOND if needs_second(kind, ruling) else When.ALONE)
    if ruling is Ruling.REFUSED:
        true.add(When.REFUSED)
    return tuple(move for move in MOVES if move.source is state and move.when in true)


def after(state: State, step: Step, kind: Kind, ruling: Ruling = Ruling.GRANTED, *, sent: bool = False) -> State:
    """Return the state that `step` leads to; NotPossible with a sentence when the table has no such move.

    >>> after(State.RECEIVED, Step.START, Kind.ACCESS)
    <State.IN_PROGRESS: 'in_progress'>
    """
    for move in moves_from(state, kind, ruling, sent=sent):
        if move.step is step:
            return move.target
    if state is State.CLOSED:
        raise NotPossible("A closed request does not move. Open a new one and link it.")
    raise NotPossible(f"This cannot be done while the request is {state.replace('_', ' ')}.")


def open_steps(state: State, allowed: Container[str], kind: Kind, *, sent: bool = False) -> tuple[Move, ...]:
    """Return the moves to draw as buttons: open from `state` and with an act among the `allowed` act names."""
    return tuple(move for move in moves_from(state, kind, sent=sent) if move.act in allowed)


def end(step: Step, closing: Closing) -> Closing:
    """Return `closing` when `step` may end a request that way; NotPossible with a sentence otherwise."""
    if closing not in ENDINGS.get(step, ()):
        raise NotPossible(f"This step does not end a request as {closing.replace('_', ' ')}.")
    return closing
