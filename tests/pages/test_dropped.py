"""What a mail filled in stays, though the next click broke off the run that was drawing it."""

from core.law.roles import Role
from pages.parts import dropped
from pages.parts.dropped import Unseen
from tests.conftest import desk_of
from tests.pages.test_every_page import NAME, drawn


def broken_off(store, **typed):
    """Return intake as it is drawn after a run that filled its fields in and never reached them: the browser sends the old ones."""
    ran = drawn(desk_of(store, Role.STEWARD), "intake")
    today = ran.text_input(key="intake_received_on").value
    ran.session_state["intake_unseen"] = Unseen({
        "intake_name": ("", NAME), "intake_email": ("", "ilse@amsel.example"), "intake_received_on": (today, "2026-11-20"),
    })
    for name, value in typed.items():
        ran.text_input(key=name).input(value)
    return ran.run()


def test_what_was_filled_in_comes_back_and_is_then_the_person_s_own(store):
    ran = broken_off(store)
    assert [ran.text_input(key=f"intake_{name}").value for name in ("name", "email", "received_on")] == [
        NAME, "ilse@amsel.example", "2026-11-20",
    ]
    ran.text_input(key="intake_name").input("").run()
    assert ran.text_input(key="intake_name").value == NAME, "a message that was on its way when the form was drawn"
    ran.text_input(key="intake_phone").input("1").run()
    ran.text_input(key="intake_name").input("").run()
    assert ran.text_input(key="intake_name").value == "", "emptied by hand it stays empty"


def test_emptied_by_hand_later_it_stays_empty(store, monkeypatch):
    ran = broken_off(store)
    monkeypatch.setattr(dropped, "_ON_ITS_WAY", 0.0)
    ran.text_input(key="intake_name").input("").run()
    assert ran.text_input(key="intake_name").value == ""


def test_what_was_typed_meanwhile_stays(store):
    ran = broken_off(store, intake_name="Another", intake_received_on="2026-11-19")
    assert [ran.text_input(key=f"intake_{name}").value for name in ("name", "email", "received_on")] == [
        "Another", "ilse@amsel.example", "2026-11-19",
    ]
