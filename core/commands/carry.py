"""Carry a command out in a store: the one place that finds it by name, catches what ends it, and gives the exit code."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any, ParamSpec

from core.actions.answers.erasure.restores import settle
from core.actions.desk.desk import Desk, operator_desk
from core.control.frames import Gone
from core.control.handover import connect, hand_over
from core.control.server import user_name
from core.control.terminal import LocalTerminal, Terminal
from core.law.errors import Refused
from core.store.engine import Store
from core.store.lock import Held

DONE, REFUSED = 0, 1
LOOKING = frozenset({"doctor", "verify", "accept"})  # these tell what is wrong, so they run where nobody may work
PATIENCE = 5.0  # seconds to wait for a store that another command holds, or for a desk that is just starting
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Session:
    """What a command works with: the store, who typed it, where it reads and writes."""

    store: Store
    user: str
    terminal: Terminal

    def desk(self) -> Desk:
        """Return the desk of the operator at this moment."""
        return operator_desk(self.store, self.user, utc_now())


COMMANDS: dict[str, Callable[..., int]] = {}


def command(name: str) -> Callable[[Callable[P, int]], Callable[P, int]]:
    """Enter a function in the table of commands that work in a store."""

    def enter(body: Callable[P, int]) -> Callable[P, int]:
        COMMANDS[name] = body
        return body

    return enter


def utc_now() -> datetime:
    """Return the present moment as naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def run(store: Store, user: str, terminal: Terminal, name: str, parameters: dict[str, Any]) -> int:
    """Carry a command out in an open store and return its exit code: 0 done, 1 refused with a sentence."""
    body = COMMANDS.get(name)
    session = Session(store, user, terminal)
    try:
        if body is None:
            raise TypeError(name)
        inspect.signature(body).bind(session, **parameters)
    except TypeError:
        terminal.err("The running desk is of another version than this command: start the desk anew.")
        return REFUSED
    return guarded(terminal, lambda: body(session, **parameters))


def guarded(terminal: Terminal, body: Callable[[], int]) -> int:
    """Run the body; whatever ends it becomes one sentence, never a traceback and never a value of a person."""
    try:
        return body()
    except (Gone, BrokenPipeError):
        raise
    except Refused as refusal:
        terminal.err(str(refusal))
    except Exception as fault:  # noqa: BLE001 - a fault's own text may quote a person's value
        terminal.err(f"The desk failed at this ({type(fault).__name__}). What was not finished was not done.")
    return REFUSED


def carry_out(store: Path, name: str, parameters: dict[str, Any]) -> int:
    """Open the store and carry the command out, or hand it over to the desk that holds the store."""
    terminal, user = LocalTerminal(), user_name()

    def body() -> int:
        until = monotonic() + PATIENCE
        while True:
            try:
                opened = Store.open(store, utc_now(), migrating=name == "migrate", tolerating=name in LOOKING)
            except Held:
                link = connect(store)
                if link is not None:
                    with link:
                        return hand_over(link, terminal, name, parameters)
                if monotonic() > until:
                    raise
                sleep(0.1)
                continue
            try:
                if name not in LOOKING:
                    settle(operator_desk(opened, user, utc_now()))
                return run(opened, user, terminal, name, parameters)
            finally:
                opened.close()

    try:
        return guarded(terminal, body)
    except Gone:
        terminal.err("The desk ended while it worked on this. Look whether it was done, then try again.")
        return REFUSED
