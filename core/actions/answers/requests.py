"""The plain steps of a request: start, take the answer back, withdraw, close without action."""

from core.actions.answers import endings
from core.actions.answers.progress import freeze
from core.actions.cases.clock import is_sent
from core.actions.cases.transitions import move
from core.actions.desk import things
from core.actions.desk.act import act, look, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.typed import read_text
from core.law.workflow import SAMPLED, Closing, Step


def version_of(desk: Desk, request_id: str) -> int:
    """Return the version of a request, for a page that waits for it to move; names nobody."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        return int(now.at.request.version)


@repeated
def start(desk: Desk, request_id: str, *, version: int, key: str) -> None:
    """Start work on a request that was received."""
    with act(desk, Act.REQUEST_START, things.request(request_id), key=key) as now:
        if now.earlier is None:
            move(desk, now, now.at.request, Step.START, version=version)


@repeated
def revise(desk: Desk, request_id: str, reason: str, *, version: int, key: str) -> None:
    """Take an answer that is ready to send back to work on it."""
    with act(desk, Act.REQUEST_REVISE, things.request(request_id), key=key) as now:
        if now.earlier is None:
            row = now.at.request
            move(desk, now, row, Step.REVISE, version=version, words=read_text(reason, "reason"))


@repeated
def withdraw(desk: Desk, request_id: str, reason: str, *, version: int, key: str) -> None:
    """Close a request because the person took it back; nothing more is done, what was done stays said."""
    with act(desk, Act.REQUEST_WITHDRAW, things.request(request_id), key=key) as now:
        if now.earlier is None:
            row = now.at.request
            move(
                desk, now, row, Step.WITHDRAW, version=version, words=read_text(reason, "reason"), closing=Closing.WITHDRAWN
            )
            freeze(desk, now, request_id)
            now.detail["closing"] = Closing.WITHDRAWN.value


@repeated
def close(desk: Desk, request_id: str, closing: str, reason: str, *, version: int, key: str, untold: str = "") -> None:
    """Close a request without action, with the reason; the letter that tells the person must have gone out first.

    `untold` is why nobody is told, where the ending allows that: it is kept with the reason. `not_identified` needs a failed
    identity check; `no_data_held` the decision that nobody in the systems is the person (FRM-2); `no_answer` an open
    question about the person, its set time and a reminder; `duplicate` an earlier open request for the same.
    """
    with act(desk, Act.REQUEST_CLOSE, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        row = now.at.request
        try:
            ending = Closing(closing)
        except ValueError:
            raise Invalid("Choose how the request ends.", "closing") from None
        if is_sent(row):
            raise NotPossible("The answer was sent: close the request as answered.")
        why = read_text(untold, "untold", "why nobody is told", needed=False)
        told = endings.require_ending(desk, now, ending, why)
        words = read_text(reason, "reason", needed=ending in SAMPLED)
        if why and not told:
            words = f"{words}\n\nNobody was told, because: {why}".strip()
        move(desk, now, row, Step.CLOSE, version=version, words=words, closing=ending)
        freeze(desk, now, request_id)
        now.detail |= {"closing": ending.value, "told": int(told)}
