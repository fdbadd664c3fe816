"""Absences on the screen: entered, refused in a sentence, ended; what the queue and Home say of a safe start; the alarm."""

from datetime import timedelta

import pytest

from core.actions.duty import absences
from core.law.roles import Role
from tests.actions.duty.staff import employ, key
from tests.conftest import NOW, desk_of
from tests.pages.test_every_page import drawn, taken
from tests.pages.test_queue import asked_in_address

TODAY, DAY = NOW.date(), timedelta(days=1)


@pytest.fixture
def manager(store):
    return employ(store)


def words(ran):
    return [each.value for each in (*ran.markdown, *ran.caption, *ran.warning, *ran.error)]


def entered(ran, first, last, who=None, deputy=None):
    if who is not None:
        ran.selectbox(key="absence_who").set_value(who).run()
    if deputy is not None:
        ran.selectbox(key=f"absence_deputy_{who}").set_value(deputy)
    ran.text_input(key="absence_first").set_value(str(first))
    ran.text_input(key="absence_last").set_value(str(last))
    return ran.button(key="absence_send").click().run()


def test_an_absence_is_entered_with_a_deputy_and_ended(store, manager):
    ran = entered(drawn(manager, "absences"), TODAY, TODAY + 4 * DAY, "account-steward", "account-second")
    assert not ran.exception
    assert any("Name steward** · Mon 23 Nov 2026 to Fri 27 Nov 2026 · Name second stands in" in each for each in words(ran))
    assert ran.text_input(key="absence_first").value == "", "what was typed for one absence is not there for the next"
    (shown,) = absences.list_absences(manager).absences
    ran = ran.button(key=f"absence_end_{shown.absence.id}").click().run()
    assert absences.list_absences(manager).absences == ()
    assert any("Nobody is away" in each for each in words(ran))


@pytest.mark.parametrize(("first", "last", "sentence"), [
    ("", "", "Write the day"), ("soon", str(TODAY), "cannot be read"), (str(TODAY), str(TODAY - DAY), "lies before the first"),
    ("2025-01-01", "2025-01-02", "are over"),
])
def test_what_cannot_be_stays_typed_with_a_sentence(store, manager, first, last, sentence):
    ran = entered(drawn(manager, "absences"), first, last)
    assert not ran.exception
    assert any(sentence in each.value for each in ran.error), words(ran)
    assert ran.text_input(key="absence_last").value == last
    assert absences.list_absences(manager).absences == ()


def test_a_steward_enters_their_own_and_no_closure(store, manager):
    absences.enter(manager, "account-second", TODAY, TODAY, key=key())
    ran = drawn(desk_of(store, Role.STEWARD, name="steward"), "absences")
    assert ran.selectbox(key="absence_who").options == ["steward"]
    assert not any("Name second" in each for each in words(ran))
    assert not [each for each in ran.button if each.key == "closure_send"]


def test_a_closure_is_an_alarm_on_home_board_and_absences_and_pulls_the_start(store, manager):
    taken(store)
    ran = drawn(manager, "absences")
    ran.text_input(key="closure_first").set_value("2026-12-14")
    ran.text_input(key="closure_last").set_value("2026-12-31")
    ran = ran.button(key="closure_send").click().run()
    told = "**Nobody is on duty on Mon 21 Dec**, the last day of 1 request: the desk is shut. Answer by Fri 11 Dec."
    for name in ("absences", "board", "home"):
        assert told in [each.value for each in drawn(manager, name).warning], name
    assert told in [each.value for each in drawn(desk_of(store, Role.DPO, name="deputy"), "home").warning]
    frame = asked_in_address(manager, order="start").dataframe[0].value
    assert frame["Why not later"].tolist() == ["The desk is shut Mon 14 to Mon 21 Dec"]
    assert frame["To do by"].iloc[0].startswith("start by ")
    (closure,) = absences.list_absences(manager).closures
    ran = drawn(manager, "absences").button(key=f"closure_end_{closure.id}").click().run()
    assert not ran.warning


def test_home_says_what_will_be_late_and_why(store, manager):
    taken(store)
    assert "Nothing has to move on within 5 working days to be in time" in [each.value for each in drawn(manager, "home").header]
    absences.shut(manager, TODAY + 18 * DAY, TODAY + 300 * DAY, key=key())
    ran = drawn(manager, "home")
    assert "1 request has to move on within 5 working days to be in time" in [each.value for each in ran.header]
    frame = next(each.value for each in ran.dataframe if "To do by" in each.value)
    assert frame[["To do by", "Why not later"]].to_numpy().tolist() == [
        ["start by Fri 27 Nov", "The desk is shut Fri 11 to Mon 21 Dec"]
    ], "seven, three, one and one day before Friday the eleventh is a Saturday"


def test_an_assumed_pace_is_said(store, manager):
    taken(store)
    assert any("are assumed" in each.value for each in asked_in_address(manager, order="start").caption)
    assert not any("are assumed" in each.value for each in asked_in_address(manager).caption)
