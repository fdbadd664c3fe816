"""The permissions as a person sees them."""

from dataclasses import dataclass

from core.actions.desk.act import look
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.permissions import meanings, rows


@dataclass(frozen=True, slots=True)
class Table:
    """Every act with its roles, and what each role is for."""

    rows: list[dict[str, str]]
    meanings: list[tuple[str, str]]


def list_permissions(desk: Desk) -> Table:
    """Return the table of acts by roles as it is checked."""
    with look(desk, Act.PERMISSIONS_LOOK):
        return Table(rows(), meanings())
