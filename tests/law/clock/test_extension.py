"""An extension: one, on a ground, told no later than the last day of the first period (EXT-1, EXT-2)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.law.clock.deadlines import Clock, due
from core.law.clock.extension import (
    barred,
    is_strict_late,
    missing,
    notice_due,
    require_grounds,
    require_possible,
    require_until,
    require_whole,
    standing,
)
from core.law.clock.pauses import Pause
from core.law.errors import Invalid, NotPossible
from core.store.datafiles import calendars, profiles

RECEIVED = datetime(2026, 3, 3, 9, tzinfo=UTC)
LAST = date(2026, 4, 7)  # 3 April is Good Friday, 6 April Easter Monday
OPEN = {"told_on": None, "sent": False, "closed": False}


def profile(name="eu_gdpr"):
    return profiles().on(name, RECEIVED.date())


def dates(name="eu_gdpr", **facts):
    return due(Clock(RECEIVED, "Europe/Berlin", profile(name), calendars().get("DE"), **facts))


def test_the_last_day_counts_and_the_day_after_is_too_late():
    assert notice_due(dates()) == LAST
    assert barred(profile(), dates(), LAST, **OPEN) == ""
    late = barred(profile(), dates(), LAST + timedelta(days=1), **OPEN)
    assert "07 Apr 2026" in late
    assert "no effect" in late
    with pytest.raises(NotPossible, match="no effect"):
        require_possible(late)
    require_possible("")


def test_the_second_extension_the_sent_and_the_closed_are_barred_for_their_own_reason():
    for changes, words in (
        ({"told_on": date(2026, 3, 20)}, "at most one"), ({"sent": True}, "sent"), ({"closed": True}, "closed"),
    ):
        assert words in barred(profile(), dates(), date(2026, 3, 21), **(OPEN | changes))


def test_a_law_without_an_extension_says_so():
    name = next(each for each in profiles().ids() if profiles().on(each, RECEIVED.date()).extension is None)
    assert "knows no extension" in barred(profile(name), dates(name), date(2026, 3, 4), **OPEN)


def test_while_a_question_is_open_the_period_can_be_extended():
    paused = dates(pauses=(Pause("identity", date(2026, 3, 5)),))
    assert notice_due(paused) is None
    assert barred(profile(), paused, date(2026, 6, 1), **OPEN) == ""
    assert is_strict_late(paused, date(2026, 6, 1)), "the strict reading ignores the pause"
    assert not is_strict_late(paused, LAST)


def test_in_the_united_kingdom_the_pause_moves_the_day_of_the_notice_too():
    pause = (Pause("clarification", date(2026, 3, 5), date(2026, 3, 14)),)
    uk, eu = dates("uk_gdpr", pauses=pause), dates(pauses=pause)
    assert uk.safe_notice_due == notice_due(uk)
    assert eu.safe_notice_due < notice_due(eu)
    assert is_strict_late(eu, notice_due(eu))
    assert not is_strict_late(uk, notice_due(uk))


@pytest.mark.parametrize(("codes", "facts"), [
    ([], "Nine systems, three of them paper files."), (["whim"], "Nine systems, three of them paper files."),
    (["number"], "many"), (["complexity", "whim"], "Nine systems, three of them paper files."),
])
def test_without_a_ground_or_its_facts_nothing_is_extended(codes, facts):
    with pytest.raises(Invalid):
        require_grounds(codes, facts)


def test_one_ground_is_enough_and_both_may_be_named():
    assert [each.code for each in require_grounds(["number"], "The same person used three more rights.")] == ["number"]


def test_only_a_law_without_a_cap_is_given_a_day():
    assert require_until(profile(), dates(), date(2026, 9, 1)) is None
    swiss = profile("ch_fadp")
    first = notice_due(dates("ch_fadp"))
    for wrong in (None, first):
        with pytest.raises(Invalid):
            require_until(swiss, dates("ch_fadp"), wrong)
    assert require_until(swiss, dates("ch_fadp"), first + timedelta(days=1)) == first + timedelta(days=1)


def test_a_notice_says_that_it_extends_and_why():
    assert missing("Hello.") == ("extension", "reasons")
    with pytest.raises(NotPossible, match="the reasons"):
        require_whole("We extend the period.")
    require_whole("We EXTEND the period because of the complexity.")


def shown(today, state="none", told=None):
    facts = {"extended": told} if told else {}
    return standing(profile(), dates(**facts), today, state=state, told_on=told, sent=False, closed=False)


def test_what_the_clock_says_of_an_extension():
    assert shown(LAST).code == "none"
    assert (shown(LAST, "prepared").code, shown(LAST, "asked").code, shown(LAST, "approved").code) == (
        "prepared", "asked", "approved",
    )
    late = LAST + timedelta(days=1)
    assert shown(late, "approved").code == "barred", "approved in time, yet never told: it has no effect any more"
    assert shown(late, "approved", LAST).code == "effective"
    without = shown(late, "approved", late)
    assert without.code == "late"
    assert without.sentence.startswith("Without effect")
