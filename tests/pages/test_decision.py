"""A page that waits for a package looks at the request too, whichever of the two it had read first."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import session
from tests.actions.conftest import empty_walk, walk  # noqa: F401 - fixtures

SEEN: dict[str, object] = {}


def script() -> None:
    import streamlit as st

    from pages.request import decision
    from tests.pages.test_decision import SEEN

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    version, state = SEEN["drawn"] if st.session_state["runs"] == 1 else SEEN["now"]
    decision.watch(SEEN["request"], version, state, "The desk makes the package ready to fetch.")


@pytest.mark.parametrize(("older", "state", "runs"), [(1, "released", 2), (0, "building", 2), (0, "released", 1)])
def test_it_is_drawn_anew_when_either_has_moved_on(walk, monkeypatch, older, state, runs):
    walk.released()
    monkeypatch.setattr(session, "desk_or_stop", lambda **_: walk.steward)  # who sits here is asked of a browser's cookie
    SEEN.update(request=walk.request_id, drawn=(walk.version - older, state), now=(walk.version, "released"))
    ran = AppTest.from_function(script, default_timeout=30).run()
    assert not ran.exception
    assert ran.session_state["runs"] == runs
