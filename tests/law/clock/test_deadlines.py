"""Deadlines: every worked case, every wrong implementation we know of, and what holds for all dates."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.law.clock.deadlines import Clock, Deadline, due, end_of
from core.law.clock.pauses import Bar, Pause
from core.law.errors import Invalid
from core.store.datafiles import calendars, profiles

with (Path(__file__).parents[1] / "deadline_cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


def day(text: str) -> date:
    return date.fromisoformat(text)


def clock(profile: str, calendar: str, zone: str, received: str, *pauses: Pause, **events: object) -> Clock:
    moment = datetime.fromisoformat(received)
    version = profiles().on(profile, moment.date())
    return Clock(moment, zone, version, calendars().get(calendar), pauses, **events)  # type: ignore[arg-type]


def irish(*pauses: Pause, today: str | None = None, **events: object) -> Deadline:
    """Received in Dublin on 2 March 2026: the first month ends on Thursday 2 April, the third on Tuesday 2 June."""
    return due(
        clock("eu_gdpr", "IE", "Europe/Dublin", "2026-03-02T10:00+00:00", *pauses, **events),
        day(today) if today else None,
    )


def of_case(row: dict[str, str]) -> Clock:
    pauses = [
        Pause(each["kind"], day(each["asked_on"]), day(each["answered_on"]))
        for each in json.loads(row["pauses_json"] or "[]")
    ]
    events = {
        "restart": datetime.fromisoformat(row["clock_restart_at"]) if row["clock_restart_at"] else None,
        "extended": day(row["extension_notified_on"]) if row["extension_notified_on"] else None,
        "first_contact": day(row["first_contact"]) if row["first_contact"] else None,
    }
    return clock(row["profile"], row["calendar"], row["timezone"], row["received_at"], *pauses, **events)


@pytest.mark.parametrize("row", CASES, ids=[row["case_id"] for row in CASES])
def test_worked_case(row):
    found = due(of_case(row))
    assert found.anchor == day(row["anchor_local_date"])
    assert found.base_due == day(row["base_due"])
    assert found.final_due == day(row["final_due"])
    assert found.deadline_end_utc == datetime.fromisoformat(row["deadline_end_utc"])
    assert found.extension_effective is (row["extension_effective"] == "yes")
    assert found.acknowledge_by == (day(row["ack_due"]) if row["ack_due"] else None)
    assert found.steps


def test_all_cases_are_there():
    assert len(CASES) == 48


@pytest.mark.parametrize(
    ("calendar", "zone", "received", "last"),
    [  # the nominal day is an official working Saturday, on which the library would stop
        ("HU", "Europe/Budapest", "2026-07-08T10:00+02:00", "2026-08-10"),
        ("LV", "Europe/Riga", "2026-05-27T10:00+03:00", "2026-06-29"),
    ],
)
def test_a_working_saturday_is_still_a_saturday(calendar, zone, received, last):
    assert due(clock("eu_gdpr", calendar, zone, received)).base_due == day(last)


def test_overlapping_pauses_are_united():
    one = Pause("identity", day("2026-03-04"), day("2026-03-11"))
    two = Pause("clarification", day("2026-03-09"), day("2026-03-14"))
    assert irish(one, two).base_due == day("2026-04-13")  # 10 days, Sun 12 Apr rolls; summed would be 14 Apr
    assert irish(one, two).paused_days == 10
    assert irish(one, one).base_due == irish(one).base_due


def test_a_question_after_the_deadline_never_revives_it():
    late = Pause("identity", day("2026-04-03"), day("2026-04-20"))
    assert irish(late).base_due == day("2026-04-02")
    still_open = irish(Pause("identity", day("2026-04-03")), today="2026-04-10")
    assert (still_open.final_due, still_open.days_left) == (day("2026-04-02"), -8)
    assert irish(Pause("identity", day("2026-04-02"), day("2026-04-09"))).base_due == day("2026-04-09")


def test_a_pause_in_the_extension_leaves_the_first_month_alone():
    pause = Pause("identity", day("2026-04-20"), day("2026-04-30"))
    found = irish(pause, extended=day("2026-03-20"))
    assert (found.base_due, found.refusal_due, found.final_due) == tuple(
        map(day, ("2026-04-02", "2026-04-02", "2026-06-12"))
    )


def test_late_extension_has_no_effect():
    found = irish(extended=day("2026-04-03"))
    assert (found.extension_effective, found.final_due) == (False, day("2026-04-02"))
    assert any("no effect" in step for step in found.steps)


def test_a_notice_in_the_rolled_days_still_counts():
    found = due(clock("eu_gdpr", "IE", "Europe/Dublin", "2026-01-14T10:00+00:00", extended=day("2026-02-16")))
    assert (found.extension_effective, found.final_due) == (True, day("2026-04-14"))


def test_refusal_in_the_union_by_the_first_month_in_the_kingdom_by_the_end():
    assert irish(extended=day("2026-03-20")).refusal_due == day("2026-04-02")
    uk = clock("uk_gdpr", "GB-ENG", "Europe/London", "2026-03-02T10:00+00:00", extended=day("2026-03-20"))
    assert due(uk).refusal_due == day("2026-06-02")


def test_open_question_leaves_no_date_but_the_safe_one():
    found = irish(Pause("identity", day("2026-03-04")), today="2026-03-11")
    assert [found.base_due, found.final_due, found.refusal_due, found.deadline_end_utc, found.days_left] == [None] * 5
    assert found.due_if_answered_today == day("2026-04-09")
    assert (found.safe_due, found.safe_notice_due) == (day("2026-04-02"), day("2026-04-02"))
    assert (found.paused_since, found.days_kept) == (day("2026-03-04"), 29)


@pytest.mark.parametrize(("bar", "words"), [
    (Bar.NO_REASON, "no reason"), (Bar.NOT_ACCESS, "only a request for access"), (Bar.NOT_LARGE, "a large quantity"),
])
def test_a_question_without_its_fact_does_not_stop_the_clock_and_the_steps_say_why(bar, words):
    found = irish(Pause("clarification", day("2026-03-04"), day("2026-03-11"), bar))
    assert found.base_due == day("2026-04-02")
    assert any(words in step for step in found.steps)
    uk = due(clock("uk_gdpr", "GB-ENG", "Europe/London", "2026-03-02T10:00+00:00", Pause("identity", day("2026-03-04"), None, bar)))
    assert uk.final_due == day("2026-04-02")


def test_the_safe_day_knows_no_pause_no_restart_and_no_roll():
    saturday = due(clock("eu_gdpr", "IE", "Europe/Dublin", "2026-01-14T10:00+00:00"))
    assert (saturday.final_due, saturday.safe_due) == (day("2026-02-16"), day("2026-02-14"))
    asked = Pause("identity", day("2026-03-03"), day("2026-03-20"))
    begin = ("uk_gdpr", "GB-ENG", "Europe/London", "2026-03-02T10:00+00:00")
    assert due(clock(*begin, asked)).safe_due == due(clock(*begin, restart=day("2026-03-20"))).safe_due == day("2026-04-02")
    assert irish(asked, extended=day("2026-04-10")).safe_due == day("2026-04-02")  # told after the first month: no pause, no effect
    assert irish(asked, extended=day("2026-04-02")).safe_due == day("2026-06-02")


def test_a_proof_asked_on_the_last_day_gives_a_fresh_month_and_a_warning():
    begin = ("uk_gdpr", "GB-ENG", "Europe/London", "2026-03-02T10:00+00:00")
    found = due(clock(*begin, Pause("identity", day("2026-04-02"), day("2026-04-09"))))
    assert found.final_due == day("2026-05-11")  # Saturday 9 May rolls
    assert any("fresh period may not be recognised" in step for step in found.steps)
    prompt = due(clock(*begin, Pause("identity", day("2026-03-04"), day("2026-04-09"))))
    assert not any("may not be recognised" in step for step in prompt.steps)


def test_what_did_not_answer_a_question_starts_no_period():
    begin = ("uk_gdpr", "GB-ENG", "Europe/London", "2026-03-02T10:00+00:00")
    first = Pause("identity", day("2026-03-04"), day("2026-03-20"), enough=False)
    assert due(clock(*begin, first)).final_due == day("2026-04-02")
    again = due(clock(*begin, first, Pause("identity", day("2026-03-23"))))
    assert (again.final_due, again.paused_since) == (None, day("2026-03-04"))
    assert due(clock(*begin, first, Pause("identity", day("2026-03-23"), day("2026-04-08")))).anchor == day("2026-04-08")


def test_an_extension_told_after_the_safe_day_for_the_notice_is_warned_about():
    pause = Pause("identity", day("2026-03-04"), day("2026-03-14"))
    warned = irish(pause, extended=day("2026-04-07"))
    assert warned.extension_effective
    assert any("no pause is recognised" in step for step in warned.steps)
    assert not any("no pause is recognised" in step for step in irish(pause, extended=day("2026-04-02")).steps)


def test_the_later_day_is_shown_with_its_rule_and_moves_nothing():
    found = due(clock("ch_fadp", "CH-ZH", "Europe/Zurich", "2026-07-02T10:00+02:00"))  # Sat 1 August, a holiday too
    assert (found.final_due, found.latest_arguable) == (day("2026-08-01"), day("2026-08-03"))
    assert any("Article 78(1)" in step and "earlier day" in step for step in found.steps)
    assert irish().latest_arguable is None
    assert due(clock("ch_fadp", "CH-ZH", "Europe/Zurich", "2026-07-02T10:00+02:00", extended=day("2026-07-20"),
                     extended_to=day("2026-09-05"))).latest_arguable is None  # the day told is the day
    first = clock("eu_art14_notice", "HU", "Europe/Budapest", "2025-12-02T10:00+01:00", first_contact=day("2025-12-30"))
    assert due(first).latest_arguable is None


def test_late_question_is_warned_about():
    warned = irish(Pause("identity", day("2026-03-10"), day("2026-03-12")))  # the sixth working day
    assert any("without undue delay" in step for step in warned.steps)
    prompt = irish(Pause("identity", day("2026-03-09"), day("2026-03-12")))
    assert not any("without undue delay" in step for step in prompt.steps)


def test_safe_notice_ignores_pauses_in_the_union_and_follows_them_in_the_kingdom():
    asked, answered = day("2026-03-04"), day("2026-03-10")
    assert irish(Pause("identity", asked, answered)).safe_notice_due == day("2026-04-02")
    pause = Pause("clarification", asked, answered)
    uk = due(clock("uk_gdpr", "GB-ENG", "Europe/London", "2026-03-02T10:00+00:00", pause))
    assert uk.safe_notice_due == uk.base_due == day("2026-04-09")
    assert uk.safe_due == day("2026-04-02")


def test_kingdom_begins_anew_when_the_proof_arrives():
    begin = ("uk_gdpr", "GB-ENG", "Europe/London", "2026-03-02T10:00+00:00")
    waiting = due(clock(*begin, Pause("identity", day("2026-03-03"))), day("2026-03-09"))
    assert (waiting.final_due, waiting.due_if_answered_today) == (None, day("2026-04-09"))
    proven = due(clock(*begin, Pause("identity", day("2026-03-03"), day("2026-03-09"))))
    assert (proven.anchor, proven.final_due) == (day("2026-03-09"), day("2026-04-09"))
    late = due(clock(*begin, Pause("identity", day("2026-04-03"), day("2026-04-09"))))
    assert late.anchor == day("2026-03-02")


def test_a_restart_before_receipt_or_in_the_union_changes_nothing():
    assert irish(restart=day("2026-03-09")).base_due == day("2026-04-02")
    uk = clock("uk_gdpr", "GB-ENG", "Europe/London", "2026-03-02T10:00+00:00", restart=day("2026-02-20"))
    assert due(uk).anchor == day("2026-03-02")


def test_kingdom_counts_pauses_by_the_version_of_the_receipt_date():
    pause = Pause("clarification", day("2026-02-06"), day("2026-02-10"))
    older = due(clock("uk_gdpr", "GB-ENG", "Europe/London", "2026-02-04T10:00+00:00", pause))
    newer = due(clock("uk_gdpr", "GB-ENG", "Europe/London", "2026-02-05T10:00+00:00", pause))
    assert (older.paused_days, newer.paused_days) == (4, 5)


@pytest.mark.parametrize(
    ("profile", "calendar", "events", "base", "final"),
    [
        ("us_ca_cpra", "US-CA", {"extended": day("2026-08-01")}, "2026-08-15", "2026-09-29"),
        ("us_ca_optout", "US-CA", {}, "2026-07-23", "2026-07-23"),  # Fri 3 Jul is observed, Sat 4 Jul
        ("ch_fadp", "CH-ZH", {}, "2026-07-31", "2026-07-31"),
        ("ch_fadp", "CH-ZH", {"extended": day("2026-07-20")}, "2026-07-31", None),
        ("ch_fadp", "CH-ZH", {"extended": day("2026-07-20"), "extended_to": day("2026-09-01")}, "2026-07-31",
         "2026-09-01"),
        ("br_lgpd", "BR", {"extended": day("2026-07-02")}, "2026-07-16", "2026-07-16"),
        ("br_lgpd_simplified", "BR", {}, None, None),
        ("uk_complaint_ack", "GB-ENG", {}, "2026-07-30", "2026-07-30"),
        ("uk_complaint", "GB-ENG", {}, None, None),
        ("eu_institution", "EUINST", {}, "2026-08-03", "2026-08-03"),
    ],
)  # fmt: skip
def test_other_periods_from_the_first_of_july(profile, calendar, events, base, final):
    found = due(clock(profile, calendar, "UTC", "2026-07-01T12:00+00:00", **events))
    assert (found.base_due, found.final_due) == tuple(text and day(text) for text in (base, final))


def test_complaint_is_acknowledged_on_day_thirty():
    found = due(clock("uk_complaint", "GB-ENG", "Europe/London", "2026-07-01T12:00+01:00"))
    assert found.acknowledge_by == day("2026-07-30")


def test_breach_counts_elapsed_hours_over_a_weekend_and_a_change_of_clock():
    found = due(clock("eu_breach72", "DE", "Europe/Berlin", "2026-03-27T18:00+01:00"))
    assert found.deadline_end_utc == datetime(2026, 3, 30, 17, tzinfo=UTC)
    assert found.final_due == day("2026-03-30")


def test_first_contact_after_the_month_does_not_lengthen_it():
    begin = ("eu_art14_notice", "DE", "Europe/Berlin", "2026-03-10T10:00+01:00")
    assert due(clock(*begin, first_contact=day("2026-05-01"))).final_due == day("2026-04-10")


def test_end_of_a_day_before_a_midnight_that_does_not_exist():
    assert end_of(day("2026-03-28"), "Atlantic/Azores") == datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [
        {"pauses": (Pause("identity", day("2026-03-01")),)},
        {"pauses": (Pause("identity", day("2026-03-09"), day("2026-03-08")),)},
        {"extended": day("2026-03-01")},
        {"zone": "Mars/Olympus"},
        {"zone": "../etc/passwd"},
        {"zone": "Europe"},
        {"zone": ""},
        {"received": datetime(2026, 3, 2, 10)},
        {"received": datetime(1, 1, 1, tzinfo=UTC)},
        {"received": datetime(9999, 12, 31, tzinfo=UTC)},
    ],
)
def test_contradictions_are_refused_with_a_sentence(change):
    good = clock("eu_gdpr", "IE", "Europe/Dublin", "2026-03-02T10:00+00:00")
    with pytest.raises(Invalid, match=r"\.$"):
        due(replace(good, **change))


PLACES = [
    *(("eu_gdpr", calendar) for calendar in ("DE", "FR", "HU", "LV", "BG", "ES", "CY", "EUINST")),
    ("uk_gdpr", "GB-ENG"),
    ("uk_gdpr", "GB-SCT"),
]
RECEIPTS = st.dates(day("2024-01-01"), day("2030-06-30"))
QUICK = settings(max_examples=150)


def at_noon(place: tuple[str, str], received: date, *pauses: Pause, **events: object) -> Deadline:
    return due(clock(*place, "UTC", f"{received}T12:00+00:00", *pauses, **events))


@st.composite
def pauses_after(draw: st.DrawFn, received: date) -> Pause:
    asked = received + timedelta(days=draw(st.integers(0, 40)))
    kind = draw(st.sampled_from(["identity", "clarification", "authority"]))
    return Pause(kind, asked, asked + timedelta(days=draw(st.integers(0, 30))))


@QUICK
@given(st.sampled_from(PLACES), RECEIPTS, st.integers(0, 60))
def test_the_last_day_works_and_a_later_receipt_is_never_due_earlier(place, received, later):
    found, next_one = at_noon(place, received), at_noon(place, received + timedelta(days=later))
    calendar = calendars().get(place[1])
    assert calendar.works(found.base_due)
    assert found.base_due >= received + timedelta(days=28)
    assert found.base_due <= next_one.base_due
    inside = (received + timedelta(days=n) for n in range(1, 28))
    assert sum(calendar.works(each) for each in inside) >= 2  # CLK-8
    assert at_noon(place, received) == found


@QUICK
@given(RECEIPTS, st.data())
def test_pauses_never_shorten_and_their_order_does_not_matter(received, data):
    place = data.draw(st.sampled_from(PLACES[:8]))
    pauses = data.draw(st.lists(pauses_after(received), max_size=4))
    more = data.draw(pauses_after(received))
    found = at_noon(place, received, *pauses)
    assert at_noon(place, received, *pauses, more).base_due >= found.base_due
    for order in (pauses[::-1], pauses + pauses):
        assert at_noon(place, received, *order).base_due == found.base_due
    assert found.safe_due <= found.base_due


@QUICK
@given(RECEIPTS, st.integers(0, 80), st.data())
def test_the_first_period_never_ends_after_the_last(received, told, data):
    place = data.draw(st.sampled_from(PLACES))
    pauses = data.draw(st.lists(pauses_after(received), max_size=3)) if place[0] == "eu_gdpr" else []
    found = at_noon(place, received, *pauses, extended=received + timedelta(days=told))
    assert found.base_due <= found.final_due
    assert found.extension_effective == (received + timedelta(days=told) <= found.base_due)


@QUICK
@given(
    st.integers(1_704_067_200, 1_906_502_400),  # seconds: 2024 to mid-2030
    st.sampled_from(["Pacific/Kiritimati", "Etc/GMT+12", "Atlantic/Azores"]),
)
def test_another_zone_moves_the_receipt_by_a_day_at_most(moment, zone):
    here = clock("eu_gdpr", "DE", "UTC", datetime.fromtimestamp(moment, UTC).isoformat())
    there = due(replace(here, zone=zone))
    assert abs(there.receipt_date - due(here).receipt_date) <= timedelta(days=1)
    assert there.deadline_end_utc.utcoffset() == timedelta(0)
