"""How a request moves: states, steps, endings, and the one table of moves."""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.letters import LETTERS, LetterKind
from core.law.ways import RIGHTS, Course, Kind, Ruling, needs_second


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
    ASK_OUTSIDE = "ask_outside"
    RETURN = "return"
    APPROVE = "approve"
    REFUSE = "refuse"
    ACCEPT_OUTSIDE = "accept_outside"
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


@dataclass(frozen=True)
class Move:
    """One line of the table: the act performs the move, so who may do it stands in one place.

    `course` is how the answer comes to be of which the line is; without one, it is of every course.
    """

    source: State
    step: Step
    target: State
    act: Act
    when: When = When.ALWAYS
    course: Course | None = None


OPEN_STATES = tuple(state for state in State if state is not State.CLOSED)

# A sent answer stays in ready_to_send until it is closed, so that a letter that comes back finds its request open
# and a closed request never has to move.
MOVES: tuple[Move, ...] = (
    Move(State.RECEIVED, Step.START, State.IN_PROGRESS, Act.REQUEST_START),
    Move(State.IN_PROGRESS, Step.ASK_APPROVAL, State.AWAITING_APPROVAL, Act.RELEASE_ASK, When.SECOND, Course.COPY),
    Move(State.IN_PROGRESS, Step.ASK_APPROVAL, State.AWAITING_APPROVAL, Act.PLAN_ASK, When.SECOND, Course.PLAN),
    Move(State.IN_PROGRESS, Step.ASK_REFUSAL, State.AWAITING_APPROVAL, Act.REFUSAL_ASK, When.REFUSED),
    Move(State.IN_PROGRESS, Step.ASK_OUTSIDE, State.AWAITING_APPROVAL, Act.OUTSIDE_ASK),
    Move(State.IN_PROGRESS, Step.CARRY_OUT, State.CARRYING_OUT, Act.REQUEST_CARRY_OUT, When.ALONE, Course.PLAN),
    Move(State.IN_PROGRESS, Step.SETTLE, State.READY_TO_SEND, Act.LETTER_SENT, course=Course.RECORD),
    Move(State.AWAITING_APPROVAL, Step.RETURN, State.IN_PROGRESS, Act.RELEASE_RETURN),
    Move(State.AWAITING_APPROVAL, Step.APPROVE, State.CARRYING_OUT, Act.RELEASE_APPROVE, course=Course.COPY),
    Move(State.AWAITING_APPROVAL, Step.APPROVE, State.CARRYING_OUT, Act.PLAN_APPROVE, course=Course.PLAN),
    Move(State.AWAITING_APPROVAL, Step.REFUSE, State.READY_TO_SEND, Act.REFUSAL_APPROVE),
    Move(State.AWAITING_APPROVAL, Step.ACCEPT_OUTSIDE, State.READY_TO_SEND, Act.OUTSIDE_APPROVE),
    Move(State.CARRYING_OUT, Step.HAND_BACK, State.IN_PROGRESS, Act.REQUEST_HAND_BACK),
    Move(State.CARRYING_OUT, Step.CARRIED_OUT, State.READY_TO_SEND, Act.PACKAGE_RELEASE, course=Course.COPY),
    Move(State.CARRYING_OUT, Step.CARRIED_OUT, State.READY_TO_SEND, Act.CARRYING_END, course=Course.PLAN),
    # Of somebody whom no system knows there is nothing to carry out: what stopped at the intake is looked at again.
    Move(State.CARRYING_OUT, Step.CARRIED_OUT, State.READY_TO_SEND, Act.REQUEST_CARRY_OUT, When.ALONE, Course.PLAN),
    Move(State.READY_TO_SEND, Step.REVISE, State.IN_PROGRESS, Act.REQUEST_REVISE, When.NOT_SENT),
    Move(State.READY_TO_SEND, Step.SEND, State.READY_TO_SEND, Act.ANSWER_SENT, When.NOT_SENT),
    Move(State.READY_TO_SEND, Step.CAME_BACK, State.READY_TO_SEND, Act.ANSWER_CAME_BACK, When.SENT),
    Move(State.READY_TO_SEND, Step.CLOSE_ANSWERED, State.CLOSED, Act.REQUEST_CLOSE, When.SENT),
    *(Move(state, Step.WITHDRAW, State.CLOSED, Act.REQUEST_WITHDRAW) for state in OPEN_STATES),
    *(Move(state, Step.WITHDRAW, State.CLOSED, Act.FEE_OUTCOME) for state in OPEN_STATES),  # rather than pay a fee
    *(Move(state, Step.CLOSE, State.CLOSED, Act.REQUEST_CLOSE, When.NOT_SENT) for state in OPEN_STATES),
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
# Nobody is left without a word (Article 12(4)): every ending without action has its letter.
TOLD_BY: Mapping[Closing, LetterKind] = {
    Closing.NOT_IDENTIFIED: LetterKind.NOT_IDENTIFIED,
    Closing.NO_DATA_HELD: LetterKind.NO_DATA_HELD,
    Closing.NO_ANSWER: LetterKind.NO_ANSWER,
    Closing.DUPLICATE: LetterKind.DUPLICATE,
    Closing.FORWARDED: LetterKind.FORWARDED,
    Closing.NOT_A_REQUEST: LetterKind.NOT_A_REQUEST,
    Closing.OUTSIDE: LetterKind.OUTSIDE,
}
# These refuse nothing that was asked: where nobody can be written to, why not is recorded instead.
MAY_STAY_UNTOLD = frozenset({Closing.DUPLICATE, Closing.FORWARDED, Closing.NOT_A_REQUEST, Closing.OUTSIDE})
LEAST_WORDS = 20  # characters below which no reason is told


def moves_from(state: State, kind: Kind, ruling: Ruling = Ruling.GRANTED, *, sent: bool = False) -> tuple[Move, ...]:
    """Return the moves open from `state` for a request of a kind, what its plan gives the person, and its answer sent or not."""
    true = {When.ALWAYS, When.SENT if sent else When.NOT_SENT, When.SECOND if needs_second(kind, ruling) else When.ALONE}
    if ruling is Ruling.REFUSED:
        true.add(When.REFUSED)
    courses = {None, RIGHTS[kind].course}
    return tuple(move for move in MOVES if move.source is state and move.when in true and move.course in courses)


def after(
    state: State, step: Step, kind: Kind, ruling: Ruling = Ruling.GRANTED, *, by: Act, sent: bool = False
) -> State:
    """Return the state that `step` leads to where the act `by` performs it; NotPossible with a sentence for no such move.

    >>> after(State.RECEIVED, Step.START, Kind.ACCESS, by=Act.REQUEST_START)
    <State.IN_PROGRESS: 'in_progress'>
    """
    for move in moves_from(state, kind, ruling, sent=sent):
        if move.step is step and move.act is by:
            return move.target
    if state is State.CLOSED:
        raise NotPossible("A closed request does not move. Open a new one and link it.")
    raise NotPossible(f"This cannot be done while the request is {state.replace('_', ' ')}.")


def open_steps(state: State, allowed: Container[Act], kind: Kind, *, sent: bool = False) -> tuple[Step, ...]:
    """Return the steps to draw as buttons, each once: open from `state` and with an act among the `allowed` ones."""
    return tuple(dict.fromkeys(move.step for move in moves_from(state, kind, sent=sent) if move.act in allowed))


def end(step: Step, closing: Closing) -> Closing:
    """Return `closing` when `step` may end a request that way; NotPossible with a sentence otherwise."""
    if closing not in ENDINGS.get(step, ()):
        raise NotPossible(f"This step does not end a request as {closing.replace('_', ' ')}.")
    return closing


def require_told(ending: Closing, sent: Collection[LetterKind], untold: str) -> None:
    """Raise unless the letter that tells of an ending is among those `sent`, or `untold` says why nobody was told.

    REF-3. NotPossible where the letter lacks and is owed in any case, Invalid where the reason is too short to be one.

    >>> require_told(Closing.FORWARDED, [LetterKind.FORWARDED], "")
    >>> require_told(Closing.NOT_A_REQUEST, [], "An advertisement without a sender: there is nobody to write to.")
    >>> require_told(Closing.NO_ANSWER, [LetterKind.REMINDER], "Nobody to write to, as far as we can see.")
    Traceback (most recent call last):
    ...
    core.law.errors.NotPossible: Send the person the letter that says so first, and mark it as sent: Closed without an answer.
    """
    letter = TOLD_BY.get(ending)
    if letter is None or letter in sent:
        return
    first = f"Send the person the letter that says so first, and mark it as sent: {LETTERS[letter].title}."
    if ending not in MAY_STAY_UNTOLD:
        raise NotPossible(first)
    if not untold.strip():
        raise NotPossible(f"{first} Or write why nobody is told.")
    if len(untold.strip()) < LEAST_WORDS:
        raise Invalid("Write why nobody is told: a few words of this case.", "untold")
