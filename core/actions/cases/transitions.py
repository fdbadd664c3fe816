"""Requests along the table of moves: the one guarded move, and what stands in its way."""

from core.actions.cases.clock import is_sent
from core.actions.cases.closing_draws import draw
from core.actions.desk.act import Now, guard, new_id
from core.actions.desk.desk import Desk
from core.law.errors import NotPossible
from core.law.ways import Kind, Ruling
from core.law.workflow import SAMPLED, Closing, State, Step, after, end
from core.store.encryption import Cell, encrypt
from core.store.records import RequestRecord


def move(
    desk: Desk, now: Now, row: RequestRecord, step: Step, *, version: int | None = None, words: str = "",
    closing: Closing | None = None, ruling: Ruling = Ruling.GRANTED,
) -> State:
    """Move a request by a step of the table and record it; words typed beside it are sealed with the case key.

    `version` is the one the page showed (default: the row's own), `ruling` what the plan gives the person. Raises
    NotPossible when the table has no such move by the act being done, Conflict when somebody was faster. A closing is
    checked against the step and stops the clock; of those in which real requests get lost, some are drawn for a check.
    """
    state = State(row.state)
    target = after(state, step, Kind(row.kind), ruling, by=now.what, sent=is_sent(row))
    if target is State.CLOSED and closing is not None:
        end(step, closing)
    guard(now.tx.run(
        "requests.move", id=row.id, from_state=state.value, to_state=target.value,
        closing=closing.value if closing else None,
        closed_at=desk.now if target is State.CLOSED else None, version=row.version if version is None else version,
    ))
    number = new_id()
    sealed = encrypt(desk.store, row.case_ref, words, Cell("request_moves", number, "words")) if words else None
    now.tx.run(
        "requests.record_move", id=number, request_id=row.id, from_state=state.value, to_state=target.value,
        step=step.value, account_id=desk.person.account_id, happened_at=desk.now, words=sealed,
    )
    if target is State.CLOSED:  # nobody is asked any more for what is over
        now.tx.run("owners.withdraw_of_request", request_id=row.id, case_ref=row.case_ref)
    if target is State.CLOSED and closing in SAMPLED:
        draw(desk, now, row, closing)
    now.detail |= {"from": state.value, "to": target.value}
    now.words = now.words or words
    return target


def require_state(request: RequestRecord, state: State, sentence: str) -> None:
    """Raise NotPossible with the sentence unless the request stands there."""
    if request.state != state:
        raise NotPossible(sentence)


def require_open(request: RequestRecord) -> None:
    """Raise NotPossible for a request whose clock has stopped: it is closed, or its answer was sent."""
    if request.state == State.CLOSED:
        raise NotPossible("The request is closed: its clock has stopped.")
    if request.sent_at is not None:
        raise NotPossible("The answer was sent: the clock has stopped.")
