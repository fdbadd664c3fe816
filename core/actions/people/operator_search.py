"""The command line's search for people: off in a live store unless a DPO lets it, and shown to a DPO each time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.actions.desk.act import act, look, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import local_time, today_of
from core.law.acts import PURPOSES, Act
from core.law.errors import Invalid

FACT = "operator_find_until"
LONGEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Use:
    """One command that searched, or was refused: when (local), by which user of the machine, for what, how many it told of."""

    seq: int
    happened_at: datetime
    actor: str
    outcome: str
    purpose: str
    people: int


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


def uses(desk: Desk) -> tuple[Use, ...]:
    """Return the searches from the command line that no Data Protection Officer has looked at yet, the oldest first."""
    with look(desk, Act.FIND_USES) as now:
        after = (now.tx.one("logbook.operator_looked") or {}).get("seq", -1)
        rows = now.tx.rows("logbook.operator_finds", chain=desk.store.chain, after=after)
    return tuple(
        Use(
            int(row["seq"]), local_time(desk, row["happened_at"]), row["actor_ref"], row["outcome"],
            PURPOSES.get(row["purpose_code"] or "", row["purpose_code"] or ""), int(row["people"]),
        )
        for row in rows
    )


@repeated
def looked(desk: Desk, last: int, *, key: str) -> None:
    """Record that the searches up to an entry of the log were looked at; a later one is shown again."""
    with act(desk, Act.FIND_USES, key=key) as now:
        if now.earlier is not None:
            return
        after = (now.tx.one("logbook.operator_looked") or {}).get("seq", -1)
        shown = now.tx.rows("logbook.operator_finds", chain=desk.store.chain, after=after)
        seen = [row for row in shown if row["seq"] <= last]
        if not seen or seen[-1]["seq"] != last:
            raise Invalid("This was looked at already. Open the page again.", "last")
        now.tx.run("logbook.look_at_operator", seq=last, account_id=desk.person.account_id, now=desk.now)
        now.detail |= {"searches": len(seen), "until_entry": last}
