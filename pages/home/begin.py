"""How an empty desk begins: what is to be done first, by whom, with the way there; nothing once it is done."""

import streamlit as st

from core.actions.accounts import accounts
from core.actions.desk.desk import Desk
from core.actions.people import imports
from core.law.acts import Act, may
from core.law.roles import MEANING, Role
from pages.parts import navigation

_NEEDED = (Role.DPO, Role.STEWARD, Role.APPROVER)  # without them no answer can be given


def roles(desk: Desk) -> None:
    """Tell who makes accounts which roles nobody holds yet."""
    if not may(desk.person.roles, Act.ACCOUNT_CREATE):
        return
    active = [account for account in accounts.list_accounts(desk) if not account.disabled]
    held = {each.role for account in active for each in account.roles if each.state != "ended"}
    missing = [role for role in _NEEDED if role not in held]
    if missing:
        words = "  \n".join(f"- **{role.value}**: {MEANING[role]}" for role in missing)
        _step(
            "Give your colleagues their roles", f"Nobody holds these yet:\n\n{words}\n\nMake an account for each colleague and "
            "hand the one-time token over. Until a data protection officer and a second administrator are there, you "
            "grant roles alone, and the log marks it.", "accounts", "To the accounts",
        )


def requests(desk: Desk, *, empty: bool) -> None:
    """Tell who handles requests to import people and to take the first request in; others, what will stand here."""
    if may(desk.person.roles, Act.IMPORT_LOOK) and not imports.earlier(desk):
        _step(
            "Bring your people in", "The desk holds nobody yet. Import the people your company keeps data about from a CSV "
            "file, then their events and consents: a request is answered from them.", "imports", "To the import",
        )
    if not empty:
        return
    if may(desk.person.roles, Act.CASE_TAKE_IN):
        _step(
            "Take the first request in", "Drop the mail or a scan, or write what was said. The clock starts on the day the "
            "message arrived.", "intake", "New request",
        )
    else:
        st.info("No request was taken in yet. As soon as one is, its deadline and what waits for you stand here.",
                icon=":material/inbox:")


def elsewhere() -> None:
    """Tell a role without requests where its pages are."""
    st.write("Your pages stand on the left.")
    st.page_link(navigation.page("permissions"), label="What each role may do", icon=":material/rule:")


def _step(title: str, words: str, path: str, label: str) -> None:
    with st.container(border=True, width=760):
        st.header(title)
        st.markdown(words)
        st.page_link(navigation.page(path), label=label, icon=":material/arrow_forward:")
