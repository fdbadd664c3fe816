"""Which closings another person checks: a share that no one chooses, of the endings in which real requests get lost."""

from dataclasses import dataclass

from core.actions.desk.act import Now, act, found, look, new_id, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import Invalid
from core.law.workflow import Closing
from core.store.engine import Tx
from core.store.records import RequestRecord

FACT = "closing.checks"
MOST_FIRST, MOST_APART = 1_000, 20  # a share that is never none: at least one closing in twenty is checked


@dataclass(frozen=True, slots=True)
class Share:
    """Of what each person closes so, the `first` are all checked, and then one in `one_in`."""

    first: int = 10
    one_in: int = 5


def share(desk: Desk) -> Share:
    """Return the share that is set."""
    with look(desk, Act.CLOSING_SHARE) as now:
        return _set(now.tx)


@repeated
def set_share(desk: Desk, first: int, one_in: int, *, key: str) -> None:
    """Set how many closings are checked; it holds for the closings from now on. Raises Invalid."""
    with act(desk, Act.CLOSING_SHARE, key=key) as now:
        if now.earlier is not None:
            return
        if not 0 <= first <= MOST_FIRST:
            raise Invalid(f"The first 0 to {MOST_FIRST:,} closings of each person are checked.", "first")
        if not 1 <= one_in <= MOST_APART:
            raise Invalid(f"After that at least one closing in {MOST_APART} is checked, and at most each.", "one_in")
        now.tx.run("store.forget_fact", name=FACT)
        now.tx.run("store.put_fact", name=FACT, fact=f"{first}/{one_in}")
        now.detail |= {"first": first, "one_in": one_in}


def draw(desk: Desk, now: Now, request: RequestRecord, closing: Closing) -> None:
    """Draw a closing for a check, inside the act that closed the request, after its move is recorded.

    The lot is a keyed hash of the request: nobody can know it before, and trying again draws no other.
    """
    asked = _set(now.tx)
    count = found(now.tx.one("closing_checks.closed_so", account_id=desk.person.account_id), "closing")["closings"]
    lot = int.from_bytes(desk.store.keyed_hash("closing_checks", str(request.id))[:8])
    drawn = count <= asked.first or lot % asked.one_in == 0
    now.detail["drawn_for_check"] = int(drawn)
    if drawn:
        now.tx.run(
            "closing_checks.add", id=new_id(desk.now), request_id=request.id, case_ref=request.case_ref,
            closing=closing.value, closed_by=desk.person.account_id, drawn_at=desk.now,
        )


def _set(tx: Tx) -> Share:
    kept = {row["name"]: row["fact"] for row in tx.rows("store.facts")}.get(FACT)
    if kept is None:
        return Share()
    first, one_in = kept.split("/")
    return Share(int(first), int(one_in))
