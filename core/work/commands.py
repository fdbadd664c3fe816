"""Every command that works in a store, whether this process opens it or a running desk holds it."""

from core.work import on_accounts, on_copies, on_log, on_people, on_store
from core.work.carried import COMMANDS, Session, carry_out, guarded, run

__all__ = ["COMMANDS", "Session", "carry_out", "guarded", "on_accounts", "on_copies", "on_log", "on_people", "on_store", "run"]
