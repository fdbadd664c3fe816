"""The command on accounts: the one-time token for the first administrator, also while a desk holds the store."""

from core.actions.accounts.accounts import bootstrap
from core.commands.carry import DONE, Session, command, utc_now
from core.control.terminal import Terminal
from core.law.errors import Refused


@command("bootstrap")
def renew(session: Session, *, kind: str) -> int:
    """Print a new token for the first administrator of a store that has no account yet; the one before is void."""
    if session.store.kind != kind:
        raise Refused(f"This is a {session.store.kind} store, and a store's kind never changes. Name another file.")
    tell(session.terminal, bootstrap(session.store, utc_now(), session.user))
    return DONE


def tell(terminal: Terminal, token: str) -> None:
    """Print the token with what to do with it."""
    terminal.out("The first administrator enters this token at /auth/first within 30 minutes; it works once:")
    terminal.out(token)
