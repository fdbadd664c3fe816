"""Home: where everybody arrives, with the pages that their roles open."""

import streamlit as st

from core.actions.accounts import own_account
from core.actions.desk import Desk
from core.law.acts import Act
from core.law.roles import MEANING

TITLE, ICON, GROUP, ORDER, ACT = "Home", ":material/home:", "", 0, Act.ACCOUNT_OWN


def show(desk: Desk) -> None:
    """Greet, and say what the person's roles are for and until when."""
    own = own_account(desk)
    st.title(f"Good day, {own.name}")
    for role, last in own.roles:
        until = f" (until {last:%d %B %Y})" if last else ""
        st.write(f"**{role.value}**{until}: {MEANING[role]}")
    st.write("Choose a page on the left.")
