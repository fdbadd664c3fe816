"""Whether the command line may search for people in a live store: off unless a DPO switched it on, with an end."""

from datetime import date, datetime, time, timedelta

from core.actions.act import act, look, repeated
from core.actions.clock import today_of
from core.actions.desk import Desk
from core.actions.establishment import establishment
from core.law.acts import Act
from core.law.errors import Invalid

FACT = "operator_find_until"
LONGEST = timedelta(days=90)


def until(desk: Desk) -> datetime | None:
    """Return the moment (naive UTC) until which the command line may search, or None."""
    with look(desk, Act.FIND_SWITCH) as now:
        kept = {row["name"]: row["fact"] for row in now.tx.rows("store.facts")}.get(FACT, "")
        moment = datetime.fromisoformat(kept) if kept else None
        return moment if moment and moment > desk.now else None


@repeated
def switch(desk: Desk, last_day: date | None, *, key: str) -> None:
    """Let the command line search until the end of a local day, at most 90 days away; None switches it off."""
    with act(desk, Act.FIND_SWITCH, key=key) as now:
        if now.earlier is not None:
            return
        today = today_of(desk)
        if last_day is not None and not today <= last_day <= today + LONGEST:
            raise Invalid("Choose a last day between today and 90 days from now.", "last_day")
        now.tx.run("store.forget_fact", name=FACT)
        if last_day is not None:
            end = establishment(desk.store).utc(datetime.combine(last_day + timedelta(days=1), time()))
            now.tx.run("store.put_fact", name=FACT, fact=end.isoformat())
        now.detail["days"] = (last_day - today).days + 1 if last_day else 0
