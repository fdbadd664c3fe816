"""Every page of the desk for every role, through the shell as it runs: offered and drawn, or neither offered nor reached."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core.actions.cases import intake
from core.actions.desk.desk import Desk, Person
from core.law.acts import may
from core.law.errors import NotAllowed, Refused
from core.law.roles import GRANTABLE, Role
from core.store import durable
from core.store.engine import random_ref
from pages.parts import session
from pages.parts.screens import address_of, screens
from tests.conftest import desk_of
from tests.house.reading import ROOT
from tests.pages.test_every_page import account

NAMES = screens()
SOMEBODY = "MARKER [x](http://e.example) <script>"


def address(name):
    return address_of(name, NAMES[name])


@pytest.fixture
def shell(store, monkeypatch):
    """Give a function that types an address as somebody of a role, and returns what the shell drew; the session is given."""
    account(store, "somebody")
    request = intake.take_in(desk_of(store, Role.STEWARD), intake.Intake(
        ("access",), "email", date(2026, 11, 20), name=SOMEBODY, body=SOMEBODY, email="marker@example.com"
    ), key="a-key-of-tests").requests[0][0]

    def typed(role, name):
        desk = desk_of(store, role)
        monkeypatch.setattr(session, "current_desk", lambda **_: desk)
        test = AppTest.from_file(str(ROOT / "pages" / "parts" / "shell.py"), default_timeout=30)
        test._page_hash = calc_hash(address(name))  # as the browser asks for an address
        if name == "request":
            test.query_params["id"] = request
        return test.run()

    return typed


def words(ran):
    return " ".join(str(each.value) for kind in ("title", "header", "subheader", "error") for each in ran.get(kind))


def test_every_screen_is_here():
    assert len(NAMES) >= 15
    assert len({address(name) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("role", GRANTABLE)
def test_a_page_is_drawn_for_who_may_and_not_reached_by_its_address_by_others(shell, role):
    home = [each.value for each in shell(role, "home").title]
    assert home
    for name, page in NAMES.items():
        if name == "home":
            continue
        ran = shell(role, name)
        assert not ran.exception, (name, ran.exception)
        titles = [each.value for each in ran.title]
        assert titles or ran.error, (name, "nothing was drawn")
        if not may({role}, page.ACT):
            assert titles == [page.TITLE]
            assert [each.value.partition(".")[0] for each in ran.error] == ["Your roles do not open this page"]
            assert [each.type for each in ran.main][-2:] == ["title", "error"]
            assert SOMEBODY not in words(ran)
        elif name == "request" and role is Role.APPROVER:
            assert [each.value for each in ran.error] == ["An approver opens a case only when asked to approve in it."]
        else:
            assert not ran.error, (name, [each.value for each in ran.error])
            assert titles != home, f"{name} was not drawn"
        read = " ".join(str(each.value) for kind in ("markdown", "caption", "text") for each in ran.get(kind))
        assert "MARKER" not in read, f"{name} hands a person's text to Markdown"


@pytest.mark.parametrize("role", GRANTABLE)
def test_a_page_drawn_all_the_same_is_refused_and_nothing_of_it_is_done(store, role):
    """The shell does not offer it; were it drawn, it refuses first, and what the log tells of it is a refusal at most."""
    account(store, "somebody")
    for name, page in NAMES.items():
        if may({role}, page.ACT):
            continue
        person = Person(f"account-{name}", f"actor-{name}", name, frozenset({role}), sign_in_ref=random_ref())
        with pytest.raises(NotAllowed, match=r"^Your role"):
            page.show(Desk(store, person, desk_of(store, role).now))
        with store.transaction() as tx:
            rows = tx._cursor.execute(
                "select act, outcome, role from audit where actor_ref = $who", {"who": f"actor-{name}"}
            ).fetchall()
        assert rows in ([], [(page.ACT.value, "refused.not_allowed", role.value)]), name


def test_every_page_is_refused_to_some_role_or_open_to_all():
    """A page whose act nobody has would be drawn for nobody, and no test of this file would see it."""
    assert [name for name, page in NAMES.items() if not any(may({role}, page.ACT) for role in GRANTABLE)] == []


def test_where_nobody_can_be_known_just_now_the_page_and_its_parts_say_so(store, monkeypatch):
    def fail(*_, **__):
        raise Refused("The store's engine stopped and is being opened anew; try again.")

    monkeypatch.setattr(session, "resolve_session", fail)
    monkeypatch.setattr(session, "opened_store", lambda: store)
    ran = AppTest.from_file(str(ROOT / "pages" / "parts" / "shell.py"), default_timeout=30).run()
    part = AppTest.from_function(fragment, default_timeout=30).run()
    for each in (ran, part):
        assert not each.exception
        assert [told.value for told in each.error] == ["The store's engine stopped and is being opened anew; try again."]
        assert not each.title
    assert not ran.sidebar.button, "nobody is signed in as far as is known"


def fragment() -> None:
    import streamlit as st

    from pages.parts import session

    session.desk_or_stop()
    st.title("It went on.")


def test_who_cannot_be_signed_out_just_now_is_told_beside_the_page_and_stays(shell, monkeypatch):
    ran = shell(Role.STEWARD, "queue")
    monkeypatch.setattr(durable, "RESERVE", 1 << 60)  # more than any disk has left
    after = next(each for each in ran.sidebar.button if each.label == "Sign out").click().run()
    assert not after.exception
    assert ["no space left" in each.value for each in after.main.error] == [True]
    assert after.title[0].value == ran.title[0].value
