"""My account: one's own password, one-time codes and sessions."""

import streamlit as st

from core.actions.accounts import codes, sessions
from core.actions.accounts.accounts import own_account
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import Refused
from pages.parts import forms, notes, once, visit

TITLE, ICON, GROUP, ORDER, ACT = "My account", ":material/person:", "You", 90, Act.ACCOUNT_OWN
_PICTURE = "own_codes"


def show(desk: Desk) -> None:
    """Draw what the person can change about their own account; roles are others' to change."""
    own = own_account(desk)
    st.title("My account")
    st.write(f"You sign in as **{own.sign_in_name}**.")
    left, right = st.columns(2, gap="large")
    with left:
        _password(desk)
    with right:
        _codes(desk, on=own.has_codes)


def _password(desk: Desk) -> None:
    st.header("Password")
    with st.form("change_password", clear_on_submit=True):  # a password does not stay on the screen, refused or not
        old = st.text_input("Present password", type="password")
        new = st.text_input("New password", type="password", help="At least 15 characters.")
        again = st.text_input("New password again", type="password")
        if st.form_submit_button("Change the password", help="You sign in again afterwards."):
            try:
                if new != again:
                    st.error("The two new passwords differ.")
                else:
                    sessions.change_password(desk, old, new, key=forms.key_of("change_password"))
                    st.rerun()
            except Refused as refusal:
                notes.refused(refusal)


def _codes(desk: Desk, *, on: bool) -> None:
    st.header("One-time codes")
    st.write("A second factor from an authenticator app. " + ("It is **on**." if on else "It is **off**."))
    if not on and st.button("Set up one-time codes"):
        try:
            made = codes.begin(desk)
        except Refused as refusal:
            notes.refused(refusal)
        else:
            visit.keep(_PICTURE, made.picture)
            once.keep(_PICTURE, made.secret)
    if not on and once.stands(_PICTURE):
        st.image(visit.kept(_PICTURE), width=220)
        once.draw(_PICTURE, "Scan the picture, or type this secret into the app.")
    with st.form(f"code_{forms.key_of('code')}"):
        code = st.text_input("Code shown by the app")
        if st.form_submit_button("Switch codes off" if on else "Switch codes on"):
            try:
                (codes.switch_off if on else codes.confirm)(desk, code)
            except Refused as refusal:
                notes.refused(refusal)
            else:
                once.drop(_PICTURE)
                forms.sent("code")
                forms.finish("One-time codes are off." if on else "One-time codes are on: you need one at each sign-in.")
