"""What the queue says in its cells, and which filters it takes from the address."""

from datetime import date

import pytest

from core.actions.cases import clock
from core.law.roles import Role
from tests.conftest import desk_of
from tests.pages.test_every_page import drawn, taken


def asked_in_address(desk, **query):
    from streamlit.testing.v1 import AppTest

    from tests.pages.test_every_page import SEATS

    def script(query: dict) -> None:
        import streamlit as st

        import pages.queue
        from tests.pages.test_every_page import SEATS

        for name, value in query.items():
            st.query_params[name] = value
        pages.queue.show(SEATS["desk"])

    SEATS["desk"] = desk
    return AppTest.from_function(script, args=(query,), default_timeout=30).run()


def test_a_paused_request_shows_the_day_that_is_safe_and_says_so(store):
    request = taken(store)
    desk = desk_of(store, Role.STEWARD)
    frame = drawn(desk, "queue").dataframe[0].value
    due = str(frame["Due"].iloc[0])
    assert due.endswith("2026")
    clock.ask(desk, request, "identity", "Which order?", "Unknown number.", asked_on=date(2026, 11, 20), key="another-key")
    frame = drawn(desk, "queue").dataframe[0].value
    assert frame["Due"].iloc[0].endswith("2026 (safe)")
    assert frame["Deadline"].iloc[0].endswith(" d safe")


@pytest.mark.parametrize(("query", "words"), [
    ({"band": "paused"}, "paused"), ({"due": "2026-12-21"}, "due on 21 Dec 2026"),
    ({"after": "2026-12-06"}, "due after 06 Dec 2026"),
    ({"view": "closed", "outcome": "late", "since": "2026-08-25"}, "closed late, closed since 25 Aug 2026"),
])
def test_a_filter_of_the_board_is_said_and_taken(store, query, words):
    taken(store)
    ran = asked_in_address(desk_of(store, Role.STEWARD), **query)
    assert not ran.exception
    assert any(f"Only requests {words}" in each.value for each in ran.markdown), [each.value for each in ran.markdown]


@pytest.mark.parametrize("query", [
    {"band": "'; drop table requests"}, {"due": "tomorrow"}, {"due": "2026-13-45"}, {"outcome": "never"},
    {"owner": "<script>"}, {"since": "99999999999"},
])
def test_what_is_no_filter_is_none(store, query):
    taken(store)
    ran = asked_in_address(desk_of(store, Role.STEWARD), **query)
    assert not ran.exception
    assert len(ran.dataframe[0].value) == 1
