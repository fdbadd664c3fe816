"""Every command that works in a store, whether this process opens it or a running desk holds it."""

from core.commands import accounts, board, copies, log, people, stops, store
from core.commands.carry import COMMANDS, Session, carry_out, guarded, run

__all__ = ["COMMANDS", "Session", "accounts", "board", "carry_out", "copies", "guarded", "log", "people", "run", "stops", "store"]
