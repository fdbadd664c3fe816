"""The tables of the board as files: the same numbers, each download in the log, for an analyst totals alone."""

import csv
import hashlib
import io
from datetime import timedelta
from urllib.parse import urlencode

import pandas as pd
import pytest

from core.actions.oversight import board_file
from core.actions.oversight.board import EVERYTHING, PERIODS, Chosen, board
from core.actions.oversight.board_file import TABLES, TOTALS, address, fetch
from core.actions.oversight.history import history
from core.law.clock.standing import BANDS
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.law.ways import RIGHTS, Kind
from core.law.workflow import Closing
from tests.actions.oversight.requests_made_up import CASES, PAUSES, REQUESTS, fill, made_up, tell_people
from tests.conftest import NOW, desk_of
from tests.grounds import ground

TODAY = NOW.date()


@ground()
def charted(store):
    """Give a store with some hundred requests and their questions."""
    rows = pd.DataFrame(made_up(500, 11))
    asked = rows.dropna(subset="asked").assign(
        request_id=lambda each: each["id"], asked_on=TODAY, answered_on=lambda each: each["asked"].map({"open": None, "answered": TODAY}),
    )[["id", "request_id", "asked_on", "answered_on"]]
    fill(store, [(rows, CASES), (rows, REQUESTS), (asked, PAUSES)])
    tell_people(store)
    return store


def read(delivery):
    return list(csv.DictReader(io.StringIO(delivery.content.decode("utf-8-sig"))))


def asked(table, chosen=EVERYTHING):
    return address(table, chosen, TODAY).partition("?")[2]


@pytest.mark.parametrize("chosen", [
    Chosen(), Chosen(since=TODAY - timedelta(days=90)), Chosen("access", "account-a", "email", TODAY - timedelta(days=365)), Chosen(owner=""),
])
def test_a_file_holds_the_numbers_of_its_chart(charted, chosen):
    desk = desk_of(charted, Role.MANAGER)
    shown, told = board(desk, chosen), history(desk, chosen)
    files = {table: read(fetch(desk, asked(table, chosen))) for table in TABLES}
    names = {right.name: kind for kind, right in RIGHTS.items()}
    assert {(names[row["Right"]], row["Last day"]): int(row["Open requests"]) for row in files["days"]} == {
        (kind, day.isoformat()): number for (kind, day), number in shown.heat.items()
    }
    for table, cells in (("rights", shown.rights), ("waits", shown.waits), ("owners", shown.owners)):
        totals = {band: sum(int(row[words] or 0) for row in files[table]) for band, words in BANDS.items()}
        assert totals == {band: sum(number for (_, its), number in cells.items() if its == band) for band in BANDS}, table
    assert [(row["Day"], int(row["Received"]), int(row["Answered"]), int(row["Open at its end"])) for row in files["flow"]] == [
        (each.day.isoformat(), each.received, each.answered, each.open) for each in shown.flow
    ]
    assert sum(int(row["Closed in time"]) for row in files["in_time"]) == (shown.in_time.in_time if shown.in_time else 0)
    assert {row["Month"]: [int(row[each]) for each in ("Received", *Closing)] for row in files["months"]} == {
        f"{each.first:%Y-%m}": [each.received, *(each.ended.get(way, 0) for way in Closing)] for each in told.months
    }
    assert {row["State"]: int(row["Left it"]) for row in files["stages"]} == {state: span.number for state, span in told.stood.items()}
    assert [int(row["Number"]) for row in files["turns"]] == [told.extended, told.came_back, told.entered_late, told.complained]
    assert [row["Not"] for row in files["lengths"]] == [
        str(told.not_acknowledged), "", str(told.asked - told.told.number)
    ]


def test_each_download_is_in_the_log_with_what_was_asked(charted, entries):
    desk = desk_of(charted, Role.MANAGER)
    chosen = Chosen("access", "", "post", TODAY - timedelta(days=30))
    got = fetch(desk, asked("waits", chosen))
    (entry,) = [row for row in entries() if row["act"] == "board.fetch"]
    assert entry["outcome"] == "done"
    for part in ("channel:post", "owner:", "period:30", "right:access", "table:waits", hashlib.sha256(got.content).hexdigest()):
        assert part in entry["details"]
    assert got.file_name == "board-waits-2026-11-23.csv"


def test_an_analyst_takes_totals_away_and_nothing_else(charted):
    analyst, manager = desk_of(charted, Role.ANALYST), desk_of(charted, Role.MANAGER)
    for table in TABLES - TOTALS:
        with pytest.raises(NotAllowed, match="totals only"):
            fetch(analyst, asked(table))
    for row in read(fetch(analyst, asked("rights"))):
        assert all(int(row[words] or 5) >= 5 for words in BANDS.values())
    every = {row["Month"]: row for row in read(fetch(manager, asked("months")))}
    hidden = 0
    for row in read(fetch(analyst, asked("months"))):
        for name in ("Received", *Closing):
            whole = int(every[row["Month"]][name])
            assert row[name] == (str(whole) if whole >= 5 else "")
            hidden += 0 < whole < 5
    assert hidden, "no small cell to hide"
    with pytest.raises(Invalid, match="totals only"):
        fetch(analyst, asked("rights", Chosen("access")))
    with pytest.raises(NotAllowed):
        fetch(desk_of(charted, Role.ADMINISTRATOR), asked("rights"))


@pytest.mark.parametrize("query", [
    "", "table=people", "table=rights&name=x", "table=rights&period=31", "table=rights&owner=<script>", "table=rights&right=luck",
    "table=rights&channel=pigeon", "table=rights&period=soon", "table=rights&owner=" + "a" * 600,
])
def test_what_is_no_address_is_refused(charted, query):
    with pytest.raises(Invalid):
        fetch(desk_of(charted, Role.MANAGER), query)


def test_the_address_holds_codes_and_a_period_of_the_board():
    for days in PERIODS:
        chosen = Chosen("access", "", None, TODAY - timedelta(days=days) if days else None)
        assert asked("rights", chosen) == urlencode({"table": "rights", "right": "access", "owner": "", "period": days})
    assert set(board_file.CODES) >= {"table", "right", "owner", "channel", "period"}
    assert {kind.value for kind in Kind} >= {"access"}
