"""A calendar that changes: open requests are worked out anew, each change an act; closed and answered ones stay (CLK-11)."""

from dataclasses import replace
from datetime import date

import pytest

from core.actions.answers import requests
from core.actions.cases import cases, clock, intake, recomputing
from core.actions.desk.desk import worker_desk
from core.actions.desk.establishment import Establishment, keep
from core.law.clock.calendars import Calendars, read_overrides
from core.law.clock.profiles import read_profiles
from core.store import datafiles
from core.store.engine import new_id
from core.work.tasks import notice_calendar
from core.work.worker import Worker, run_due
from tests.actions.conftest import MAIL
from tests.conftest import NOW

HEAD = "calendar_id,date,change,name,source\n"
LAST, MOVED = date(2026, 12, 21), date(2026, 12, 22)


@pytest.fixture
def proclaimed(monkeypatch):
    """Let the 21 December 2026 be a holiday in Germany from the next start on, as a line of the table would."""
    fresh = Calendars(read_overrides(HEAD + "DE,2026-12-21,add,A day of mourning,proclamation"))

    def start():
        for module in (clock, intake, datafiles):
            monkeypatch.setattr(module, "calendars", lambda: fresh)
        return datafiles.clock_version()

    return start


def another(walk, received):
    taken = intake.take_in(
        walk.steward, intake.Intake(("access",), "email", received, email=MAIL.format(2), name="M", body="W"), key=new_id()
    )
    return replace(walk, case_ref=taken.case_ref, request_id=taken.requests[0][0])


def due(walk):
    return walk.row().final_due


def code(version):
    return version.replace(", ", "-").replace(" ", "-")


def changes(entries):
    return [row for row in entries() if row["act"] == "deadline.recompute"]


def test_open_requests_move_each_as_its_own_act_and_closed_and_answered_ones_never(walk, proclaimed, entries):
    moved, second, stays = walk, another(walk, date(2026, 11, 20)), another(walk, date(2026, 11, 10))
    ended, sent = another(walk, date(2026, 11, 20)), another(walk, date(2026, 11, 20))
    requests.withdraw(ended.steward, ended.request_id, "Back.", version=ended.version, key=new_id())
    with walk.store.transaction() as tx:
        tx.run("requests.sent", id=sent.request_id, sent_at=NOW)
        walk.store.commit(tx)
    old = moved.row().calendar_version
    version = proclaimed()
    notice_calendar(walk.store, NOW)
    notice_calendar(walk.store, NOW)
    assert run_due(walk.store, NOW) == 1
    assert [due(each) for each in (moved, second, stays, ended, sent)] == [MOVED, MOVED, date(2026, 12, 10), LAST, LAST]
    assert [each.row().calendar_version for each in (moved, second, stays, ended, sent)] == [version] * 3 + [old] * 2
    rows = changes(entries)
    assert {row["request_ref"] for row in rows} == {moved.request_id, second.request_id, None}
    for words in ('"final_due_before":"2026-12-21"', '"final_due_after":"2026-12-22"', code(old), code(version)):
        assert words in rows[0]["details"]
    assert rows[0]["actor_ref"] == "worker"
    assert '"unchanged":1' in rows[-1]["details"]


@pytest.fixture
def enacted(monkeypatch):
    """Let the data files hold a version of the Regulation from the 1 November 2026 on, of twenty days, from the next start on."""
    text = (datafiles.DATA / "profiles" / "eu_gdpr.toml").read_text(encoding="utf-8")
    text = text.replace('"2018-05-25"', '"2026-11-01"').replace("= 2018-05-25", "= 2026-11-01")
    texts = [*datafiles.profile_texts(), text.replace('[period]\nunit = "month"\nn = 1', '[period]\nunit = "day"\nn = 20')]
    fresh = read_profiles(texts)

    def start():
        monkeypatch.setattr(datafiles, "profile_texts", lambda: texts)
        for module in (clock, recomputing, intake, datafiles):
            monkeypatch.setattr(module, "profiles", lambda: fresh)

    return start


def test_a_version_of_the_law_that_was_in_force_at_receipt_takes_the_place_of_the_older(walk, enacted, entries):
    before, ended = another(walk, date(2026, 10, 30)), another(walk, date(2026, 11, 20))
    stays = due(before)
    requests.withdraw(ended.steward, ended.request_id, "Back.", version=ended.version, key=new_id())
    enacted()
    assert recomputing.is_stale(walk.store)
    recomputing.recompute(worker_desk(walk.store, NOW))
    assert (walk.row().profile_version, due(walk)) == ("2026-11-01", date(2026, 12, 10))
    assert (before.row().profile_version, due(before)) == ("2018-05-25", stays)
    assert (ended.row().profile_version, due(ended)) == ("2018-05-25", LAST)
    (moved,) = [row for row in changes(entries) if row["request_ref"] == walk.request_id]
    for words in ('"law_before":"2018-05-25"', '"law_after":"2026-11-01"', '"final_due_after":"2026-12-10"'):
        assert words in moved["details"]
    assert not recomputing.is_stale(walk.store)


def test_until_the_days_are_worked_out_anew_the_page_shows_those_by_which_the_queue_sorts(walk, proclaimed):
    proclaimed()
    shown = cases.open_case(walk.steward, walk.case_ref).requests[0]
    assert shown.deadline.final_due == due(walk) == LAST
    assert shown.deadline.steps == (clock.STALE,)
    recomputing.recompute(worker_desk(walk.store, NOW))
    shown = cases.open_case(walk.steward, walk.case_ref).requests[0]
    assert shown.deadline.final_due == due(walk) == MOVED
    assert clock.STALE not in shown.deadline.steps


def test_a_complaint_in_the_kingdom_is_no_change_where_nothing_changed(walk, proclaimed, entries):
    with walk.store.transaction() as tx:
        keep(walk.store, tx, Establishment("C", "c", "d", "a", "uk_gdpr", "GB-ENG", "Europe/London", "GB"))
        walk.store.commit(tx)
    taken = intake.take_in(walk.steward, intake.Intake(
        ("complaint",), "email", date(2026, 11, 20), email=MAIL.format(2), name="M", body="W"), key=new_id())
    complaint = replace(walk, case_ref=taken.case_ref, request_id=taken.requests[0][0])
    assert complaint.row().profile_id == "uk_complaint"
    confirm = due(complaint)
    proclaimed()
    recomputing.recompute(worker_desk(walk.store, NOW))
    assert due(complaint) == confirm == date(2026, 12, 19)
    assert complaint.request_id not in {row["request_ref"] for row in changes(entries)}


def test_nothing_happens_while_the_calendar_is_the_same_and_a_second_run_does_nothing(walk, proclaimed, entries):
    notice_calendar(walk.store, NOW)
    assert run_due(walk.store, NOW) == 0
    proclaimed()
    recomputing.recompute(worker_desk(walk.store, NOW))
    count = len(changes(entries))
    assert count == 1
    recomputing.recompute(worker_desk(walk.store, NOW))
    assert len(changes(entries)) == count
    assert not recomputing.is_stale(walk.store)


def test_the_worker_looks_at_its_start(walk, proclaimed):
    proclaimed()
    worker = Worker(walk.store, lambda: NOW)
    worker.start()
    try:
        for _ in range(2000):
            if due(walk) == MOVED:
                break
            worker._stop.wait(0.01)
    finally:
        worker.stop()
    assert due(walk) == MOVED


def test_a_request_of_a_lost_calendar_does_not_hold_up_the_others(walk, proclaimed):
    lost = another(walk, date(2026, 11, 20))
    with walk.store.transaction() as tx:
        tx._cursor.execute("update requests set calendar_id = 'XX' where id = ?", [lost.request_id])
        walk.store.commit(tx)
    proclaimed()
    with pytest.raises(recomputing.NotPossible):
        recomputing.recompute(worker_desk(walk.store, NOW))
    assert due(walk) == MOVED


def test_the_pinned_profile_stays_when_the_establishment_changes_its_law(walk):
    with walk.store.transaction() as tx:
        keep(walk.store, tx, Establishment("C", "c", "d", "a", "us_ca_cpra", "DE", "Europe/Berlin", "DE"))
        walk.store.commit(tx)
    assert (walk.row().profile_id, walk.row().profile_version) == ("eu_gdpr", "2018-05-25")
    clock.ask(walk.steward, walk.request_id, "identity", "Who?", "The name differs.", key=new_id())
    assert walk.row().clock_state == "paused", "California knows no pause; the pinned law does"
