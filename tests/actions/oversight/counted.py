"""Every number of the board and of the history, counted anew in pandas over the rows of a store.

The rows leave the store by plain statements; nothing of the desk's own counting is used, only the values it is held against.
"""

from dataclasses import dataclass, fields
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from core.actions.oversight.board import Answered, Board, Chosen, Day, InTime
from core.actions.oversight.history import History, Month, Span

ZONE = ZoneInfo("Europe/Berlin")
BANDS = ("overdue", "soon", "next", "later", "paused", "undated", "sent")
DATED = (("overdue", -9999, -1), ("soon", 0, 7), ("next", 8, 21), ("later", 22, 9999))
GONE = ("withdrawn", "duplicate", "not_a_request", "forwarded")
UNPROVEN = {"access", "portability", "rectification", "erasure", "restriction", "human_review"}
BY_STATE = {"awaiting_approval": "approver", "carrying_out": "system", "ready_to_send": "sending"}
MONTHS = 25
ROWS = {
    "requests": """select r.id, r.case_ref, r.kind, r.state, r.owner_id, r.received_at, r.sent_at, r.closed_at, r.closing, r.final_due,
        r.due_end, r.clock_state, c.channel, c.identity_state, p.verb from requests r join cases c using (case_ref)
        left join plans p on p.id = r.plan_id""",
    "moves": "select id, request_id, from_state, to_state, step, happened_at from request_moves",
    "letters": "select case_ref, kind, sent_at from letters where sent_at is not null",
    "approvals": "select request_id, asked_at, decided_at, decision from approvals where decision is not null",
    "pauses": "select request_id, asked_on, answered_on from pauses",
    "refusals": "select request_id, article, decided_at from decisions where act = 'refusal.approve' and outcome = 'refused'",
    "carryings": "select id, request_id, system, ended_at from carryings where state = 'done'",
    "extensions": "select request_id, told_on from extensions where told_on is not null",
}
MOMENTS = ("received_at", "sent_at", "closed_at", "happened_at", "decided_at", "ended_at")


@dataclass(frozen=True)
class Rows:
    """The rows that are counted, as frames; beside each moment `_at` stands its local `_day`."""

    requests: pd.DataFrame
    moves: pd.DataFrame
    letters: pd.DataFrame
    approvals: pd.DataFrame
    pauses: pd.DataFrame
    extensions: pd.DataFrame
    refusals: pd.DataFrame
    carryings: pd.DataFrame

    def of(self, chosen: Chosen) -> "Rows":
        """Return the requests chosen, whatever the days, and what was done with them."""
        mine = self.requests
        if chosen.right is not None:
            mine = mine[mine["kind"] == chosen.right]
        if chosen.owner is not None:
            mine = mine[mine["owner_id"].isna() if chosen.owner == "" else mine["owner_id"] == chosen.owner]
        if chosen.channel is not None:
            mine = mine[mine["channel"] == chosen.channel]
        parts = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in {"requests", "letters"}}
        return Rows(mine, letters=self.letters, **{
            name: part[part["request_id"].isin(mine["id"])] for name, part in parts.items()
        })


def rows_of(store, zone: ZoneInfo = ZONE) -> Rows:
    """Export what is counted, with the days of a zone."""
    with store.transaction() as tx:
        frames = {name: tx._cursor.execute(statement).df() for name, statement in ROWS.items()}
    for frame in frames.values():
        for name in set(MOMENTS) & set(frame.columns):
            frame[name.replace("_at", "_day")] = local(frame[name], zone)
    open_ones = frames["pauses"][frames["pauses"]["answered_on"].isna()]["request_id"]
    frames["requests"]["asked"] = frames["requests"]["id"].isin(open_ones)
    return Rows(**frames)


def local(moments: pd.Series, zone: ZoneInfo = ZONE) -> pd.Series:
    """Return the days of stored moments where the controller is."""
    return pd.Series(pd.to_datetime([
        pd.NaT if pd.isna(each) else each.to_pydatetime().replace(tzinfo=UTC).astimezone(zone).date() for each in moments
    ]), index=moments.index, dtype="datetime64[us]")


def differences(shown: Board | History, told: dict) -> dict:
    """Return what the desk shows otherwise than it was counted; every number of it must have been counted."""
    plain = {"today", "chosen", "names", "since", "until", "least", "per_person"}
    assert {each.name for each in fields(shown)} - plain <= set(told)
    return {name: (getattr(shown, name), value) for name, value in told.items() if getattr(shown, name) != value}


def board(rows: Rows, chosen: Chosen, today: date) -> dict:
    """Count the board."""
    mine = rows.of(chosen).requests
    running = mine[mine["state"] != "closed"]
    running = running.assign(
        owner_id=running["owner_id"].fillna(""), band=[_band(row, today) for row in running.to_dict("records")],
        waits=[_waits(row) for row in running.to_dict("records")],
    )
    dated = running[running["band"].isin([name for name, *_ in DATED])]
    closed = mine[mine["state"] == "closed"]
    closed = closed[_within(closed["closed_day"], chosen, today)]
    in_time_of = _ends(closed, running[running["band"] == "overdue"])
    return {
        "open": len(running), "bands": {band: int((running["band"] == band).sum()) for band in BANDS},
        "rights": _cells(running[["kind", "band"]]), "owners": _cells(running[["owner_id", "band"]]),
        "waits": _cells(running[["waits", "band"]]),
        "heat": {(kind, day.date()): number for (kind, day), number in _cells(dated[["kind", "final_due"]]).items()},
        "days": {day.date(): int(number) for day, number in dated["final_due"].value_counts().items()},
        "in_time_of": in_time_of, "in_time": _all(in_time_of), "answered": _answered(closed), "flow": _flow(mine, chosen, today),
    }


def history(rows: Rows, chosen: Chosen, today: date) -> dict:
    """Count the history."""
    mine = rows.of(chosen)
    return _by_month(mine.requests, today) | _receipts(mine, chosen, today) | _turns(mine, chosen, today) | _decided(
        mine, chosen, today
    ) | _questions(mine, chosen, today) | _carried(mine, chosen, today) | _complaints(rows, mine.requests, chosen, today)


def _within(days: pd.Series, chosen: Chosen, today: date) -> pd.Series:
    return days.notna() & (days >= pd.Timestamp(chosen.since or date(1970, 1, 1))) & (days <= pd.Timestamp(chosen.until or today))


def _cells(frame: pd.DataFrame) -> dict:
    return {key: int(number) for key, number in frame.value_counts().items()}


def _band(row: dict, today: date) -> str:
    if not pd.isna(row["sent_at"]):
        return "sent"
    if row["clock_state"] == "paused":
        return "paused"
    if pd.isna(row["final_due"]):
        return "undated"
    left = (row["final_due"].date() - today).days
    return next(name for name, first, last in DATED if first <= left <= last)


def _waits(row: dict) -> str:
    """Say on whom an open row waits, by what was done last."""
    if not pd.isna(row["sent_at"]):
        return "closing"
    if row["asked"]:
        return "person"
    if row["state"] in BY_STATE:
        return BY_STATE[row["state"]]
    unproven = row["state"] == "in_progress" and row["identity_state"] == "open" and row["kind"] in UNPROVEN
    return "identity" if unproven else "us"


def _ends(closed: pd.DataFrame, overdue: pd.DataFrame) -> dict[str, InTime]:
    left_out = closed["closing"].isin(GONE)
    ended, undated = closed["sent_at"].fillna(closed["closed_at"]), closed["final_due"].isna()
    in_time = ((ended < closed["due_end"]) | (undated & (closed["clock_state"] == "paused"))) & ~left_out
    late = ~undated & ~in_time & ~left_out
    rest = ~(in_time | late | left_out)
    outside = (closed["verb"] == "outside") & closed["closing"].isin(["fulfilled", "partly_fulfilled", "refused"])
    found = {}
    for kind in {*closed["kind"], *overdue["kind"]}:
        its = closed["kind"] == kind
        found[kind] = InTime(
            *(int((its & each).sum()) for each in (in_time, late, rest)), int((overdue["kind"] == kind).sum()),
            int((its & outside).sum()), int((its & left_out).sum()),
        )
    return found


def _all(parts: dict[str, InTime]) -> InTime | None:
    names = [each.name for each in fields(InTime)]
    table = pd.DataFrame([[getattr(each, name) for name in names] for each in parts.values()], columns=names)
    return InTime(*(int(table[name].sum()) for name in names)) if parts else None


def _answered(closed: pd.DataFrame) -> Answered | None:
    answered = closed[~closed["closing"].isin(GONE) & closed["sent_at"].notna()]
    days = (answered["sent_day"] - answered["received_day"]).dt.days
    return Answered(len(days), *_middle(days)) if len(days) else None


def _middle(days: pd.Series) -> tuple:
    return pytest.approx(days.quantile(0.5)), pytest.approx(days.quantile(0.9))


def _span(days: pd.Series) -> Span:
    return Span(len(days), *_middle(days)) if len(days) else Span()


def _flow(mine: pd.DataFrame, chosen: Chosen, today: date) -> tuple[Day, ...]:
    gone = mine[mine["state"] == "closed"]["closed_day"]
    counts = {"came": mine["received_day"], "went": mine["sent_day"], "gone": gone}
    table = pd.DataFrame({name: days.dropna().value_counts() for name, days in counts.items()})
    if table.empty:
        return ()
    table = table.reindex(pd.date_range(table.index.min(), chosen.until or today)).fillna(0).astype(int)
    table["open"] = (table["came"] - table["gone"]).cumsum()
    if chosen.since:
        table = table[table.index >= pd.Timestamp(chosen.since)]
    return tuple(Day(day.date(), int(row.came), int(row.went), int(row.open)) for day, row in table.iterrows())


def _by_month(mine: pd.DataFrame, today: date) -> dict:
    came = mine["received_day"].dt.to_period("M")
    gone = mine[mine["state"] == "closed"]
    left = gone["closed_day"].dt.to_period("M")
    months = pd.period_range(end=pd.Period(today, "M"), periods=MONTHS, freq="M")
    end = pd.Timestamp(today)
    year_ago = end - pd.DateOffset(years=1)
    return {
        "months": tuple(
            Month(month.start_time.date(), int((came == month).sum()), _cells(gone[left == month]["closing"])) for month in months
        ),
        "so_far": int(mine["received_day"].between(end.replace(day=1), end).sum()),
        "year_before": int(mine["received_day"].between(year_ago.replace(day=1), year_ago).sum()),
    }


def _receipts(mine: Rows, chosen: Chosen, today: date) -> dict:
    received = mine.requests[_within(mine.requests["received_day"], chosen, today)]
    receipts = mine.letters[mine.letters["kind"] == "receipt"]
    both = received.merge(receipts, on="case_ref", suffixes=("", "_of_letter"))
    both = both[both["sent_at_of_letter"] >= both["received_at"]]
    days = (both["sent_day_of_letter"] - both["received_day"]).dt.days.groupby(both["id"]).min()
    return {"acknowledged": _span(days), "not_acknowledged": len(received) - len(days)}


def _turns(mine: Rows, chosen: Chosen, today: date) -> dict:
    by_id = mine.requests.set_index("id")
    moves = mine.moves.sort_values(["happened_at", "id"])
    entered = moves.groupby("request_id")["happened_at"].shift().fillna(moves["request_id"].map(by_id["received_at"]))
    moves = moves.assign(days=(moves["happened_at"] - entered).dt.total_seconds() / 86400)
    moves = moves[_within(moves["happened_day"], chosen, today)]
    sends = moves[moves["step"] == "send"]
    return {
        "stood": {state: _span(each["days"]) for state, each in moves.groupby("from_state")}, "sent": len(sends),
        "entered_late": int(((sends["happened_day"] - sends["request_id"].map(by_id["sent_day"])).dt.days > 1).sum()),
        "came_back": int((moves["step"] == "came_back").sum()),
    }


def _decided(mine: Rows, chosen: Chosen, today: date) -> dict:
    decided = mine.approvals[_within(mine.approvals["decided_day"], chosen, today)]
    days = (decided["decided_at"] - decided["asked_at"]).dt.total_seconds() / 86400
    return {"decided": _span(days), "given_back": int((decided["decision"] == "given_back").sum())}


def _questions(mine: Rows, chosen: Chosen, today: date) -> dict:
    asked = mine.pauses[_within(mine.pauses["asked_on"], chosen, today)]
    answered = asked.dropna(subset="answered_on")
    return {
        "asked": len(asked), "told": _span((answered["answered_on"] - answered["asked_on"]).dt.days),
        "extended": int(_within(mine.extensions["told_on"], chosen, today).sum()),
    }


def _carried(mine: Rows, chosen: Chosen, today: date) -> dict:
    refused = mine.refusals[_within(mine.refusals["decided_day"], chosen, today)]
    done = mine.carryings[_within(mine.carryings["ended_day"], chosen, today)]
    begun = done.merge(mine.moves[mine.moves["to_state"] == "carrying_out"], on="request_id", suffixes=("", "_of_move"))
    begun = begun[begun["happened_at"] <= begun["ended_at"]].groupby("id").agg({
        "system": "first", "ended_at": "first", "happened_at": "max"})
    days = (begun["ended_at"] - begun["happened_at"]).dt.total_seconds() / 86400
    titles = {"local": "Customer profiles", "desk": "The data protection desk"}
    return {
        "refused": {article: int(number) for article, number in refused["article"].value_counts().items()},
        "systems": {titles.get(system, system): _span(each) for system, each in days.groupby(begun["system"])},
    }


def _complaints(rows: Rows, mine: pd.DataFrame, chosen: Chosen, today: date) -> dict:
    closed = mine[(mine["state"] == "closed") & (mine["kind"] != "complaint")]
    closed = closed[_within(closed["closed_day"], chosen, today)]
    complaints = rows.requests[rows.requests["kind"] == "complaint"]
    both = closed.merge(complaints, on="case_ref", suffixes=("", "_of_complaint"))
    gap = both["received_at_of_complaint"] - both["closed_at"]
    after = both[(gap > timedelta()) & (gap <= timedelta(days=90))]
    return {"closed": len(closed), "complained": after["id"].nunique()}
