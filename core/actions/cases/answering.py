"""What the steps of an answer share: the state it must be in, its way out, and the day of sending."""

from dataclasses import dataclass
from datetime import date, datetime

from core.actions.cases.clock import moment_of, today_of
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.law.errors import Invalid, NotPossible
from core.law.workflow import State
from core.store.engine import Row

CHANNELS = {"email": "E-mail", "post": "Letter", "hand_over": "Handed over"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bytes for a person at the desk to download; the file's name is made by the desk, never from a person's data."""

    file_name: str
    media_type: str
    content: bytes


def require_state(request: Row, state: State, sentence: str) -> None:
    """Raise NotPossible with the sentence unless the request stands there."""
    if request["state"] != state:
        raise NotPossible(sentence)


def require_open(request: Row) -> None:
    """Raise NotPossible for a request whose clock has stopped: it is closed, or its answer was sent."""
    if request["state"] == State.CLOSED:
        raise NotPossible("The request is closed: its clock has stopped.")
    if request["sent_at"] is not None:
        raise NotPossible("The answer was sent: the clock has stopped.")


def sent_moment(desk: Desk, day: date, received: datetime) -> datetime:
    """Return a day of sending as naive UTC, never later than now. Raises Invalid outside of receipt and today."""
    local = establishment(desk.store).local
    if day > today_of(desk):
        raise Invalid("The day of sending lies in the future.", "sent_at")
    if day < local(received).date():
        raise Invalid("The day of sending lies before the receipt of the request.", "sent_at")
    return min(moment_of(desk, day), desk.now)
