"""Accounts: who may enter the desk, with which roles until when, and what waits for a second person."""

import pandas as pd
import streamlit as st

from core.actions.accounts import accounts
from core.actions.accounts.accounts import Account, HeldRole, Invitation
from core.actions.answers.refusal import refusal_settings
from core.actions.desk.desk import Desk
from core.law.acts import Act, may
from core.law.roles import GRANTABLE, MEANING, PRIVILEGED, SETUP_DAYS, Role
from pages.parts import forms, once, step_up, typed, visit

TITLE, ICON, GROUP, ORDER, ACT = "Accounts", ":material/manage_accounts:", "Administration", 10, Act.ACCOUNT_LOOK
_CHOSEN = "accounts_made"


def show(desk: Desk) -> None:
    """Draw the list, one account in detail, and the form for a new one."""
    st.title("Accounts")
    table = st.container()
    left, right = st.columns([3, 2], gap="large")
    with right:
        if may(desk.person.roles, Act.ACCOUNT_CREATE):
            _new(desk)
        if may(desk.person.roles, Act.REFUSAL_SWITCH):
            _refusals(desk)
    listed = accounts.list_accounts(desk)
    waiting = [(account, role) for account in listed for role in account.roles if role.may_confirm]
    with table:
        _table(listed, len(waiting))
    with left:
        names = {account.id: f"{account.name} ({account.sign_in_name})" for account in listed}
        # The choice is an id kept by us: an index would move when the list grows.
        made = visit.kept(_CHOSEN)
        visit.drop(_CHOSEN)
        if made in names:
            st.session_state["accounts_chosen"] = made
        elif st.session_state.get("accounts_chosen") not in names:
            st.session_state["accounts_chosen"] = waiting[0][0].id if waiting else desk.person.account_id
        chosen = st.selectbox("Account", list(names), format_func=lambda each: names[each], key="accounts_chosen")
        _detail(desk, next(account for account in listed if account.id == chosen))


def _table(listed: list[Account], waiting: int) -> None:
    if waiting:
        st.info(f"{waiting} proposed role(s) wait for you as the second person.", icon=":material/how_to_reg:")
    st.dataframe(
        pd.DataFrame([_row(account) for account in listed]), hide_index=True, height="content", row_height=30,
        alt="The accounts of the desk", column_config={"Roles": st.column_config.Column(width=190)},
    )


def _row(account: Account) -> dict[str, object]:
    held = [_words(role) for role in account.roles if role.state != "ended"]
    state = "disabled" if account.disabled else "invited" if account.invited else "active"
    last = account.last_sign_in_at
    return {
        "Name": account.name, "Sign-in name": account.sign_in_name, "State": state, "Roles": "; ".join(held),
        "Team": account.team,
        "One-time codes": "on" if account.has_codes else "off",
        "Last sign-in (UTC)": f"{last:%Y-%m-%d %H:%M}" if last else "never",
    }


def _words(role: HeldRole) -> str:
    words = role.role.value
    if role.valid_until:
        words += f" until {role.valid_until:%Y-%m-%d}"
    return words + (" (proposed)" if role.state == "proposed" else "") + (" (granted alone)" if role.alone else "")


def _detail(desk: Desk, account: Account) -> None:
    if account.own:
        st.write("This is your own account. Nobody changes their own roles: another person does.")
        return
    _token(account)
    for role in account.roles:
        if role.state != "ended":
            _role(desk, role)
    if account.disabled:
        st.write("This account is disabled.")
        return
    if may(desk.person.roles, Act.ACCOUNT_TEAM):
        _team(desk, account)
    if may(desk.person.roles, Act.ROLE_PROPOSE):
        _propose(desk, account)
    if may(desk.person.roles, Act.ACCOUNT_DISABLE):
        _leave(desk, account)


def _role(desk: Desk, role: HeldRole) -> None:
    with st.container(border=True):
        st.write(f"**{_words(role)}**: {MEANING[role.role]}")
        if role.may_confirm and step_up.ready(desk, Act.ROLE_CONFIRM, role.id) and st.button(
            "Confirm this role", key=f"confirm_{role.id}", type="primary"
        ):
            forms.attempt(
                f"confirm_{role.id}", lambda key: accounts.confirm_role(desk, role.id, key=key), "The role is confirmed."
            )
        ending = "Drop this proposal" if role.state == "proposed" else "End this role now"
        if st.button(ending, key=f"end_{role.id}"):
            forms.attempt(f"end_{role.id}", lambda key: accounts.end_role(desk, role.id, key=key), "The role has ended.")


def _propose(desk: Desk, account: Account) -> None:
    st.header("Give a role")
    if not step_up.ready(desk, Act.ROLE_PROPOSE, account.id):
        return
    with st.form(f"propose_{account.id}"):
        role = st.selectbox("Role", GRANTABLE, format_func=lambda each: f"{each.value}: {MEANING[Role(each)]}")
        last = typed.day(
            "Last day (empty: no end)", f"propose_last_{account.id}", note=f"setup ends after {SETUP_DAYS} days at the latest.",
        )
        st.caption(f"A second person confirms: {', '.join(sorted(PRIVILEGED))}, and a longer time for a role held.")
        if st.form_submit_button("Give or propose", type="primary"):
            forms.attempt(
                f"propose_{account.id}", lambda key: accounts.propose_role(desk, account.id, role, last.given(), key=key),
                "The role is given, or waits for a second person.",
            )


def _team(desk: Desk, account: Account) -> None:
    with st.form(f"team_{account.id}"):
        name = st.text_input("Team (empty: none)", account.team, help="The board tells figures by team, of three and more.")
        if st.form_submit_button("Set the team"):
            forms.attempt(
                f"team_{account.id}", lambda key: accounts.set_team(desk, account.id, name or "", key=key), "The team is set."
            )


def _leave(desk: Desk, account: Account) -> None:
    st.header("Lost password, leaving")
    if st.button("Make a new invitation", key=f"invite_{account.id}"):
        forms.attempt(
            f"invite_{account.id}", lambda key: accounts.invite_again(desk, account.id, key=key),
            lambda made: _keep(made, "The invitation is made."),
        )
    sure = st.checkbox("This person leaves: every session ends at once", key=f"sure_{account.id}")
    if st.button("Disable this account", key=f"disable_{account.id}", disabled=not sure):
        forms.attempt(
            f"disable_{account.id}", lambda key: accounts.disable_account(desk, account.id, key=key),
            "The account is disabled.",
        )


def _new(desk: Desk) -> None:
    st.header("New account")
    with st.form(f"new_account_{forms.key_of('new_account')}"):  # another one, and empty, once the account is made
        name = st.text_input("Name")
        signing = st.text_input("Sign-in name", help="2 to 80 small letters, digits or . _ @ + -")
        if st.form_submit_button("Make the account", type="primary"):
            forms.attempt(
                "new_account", lambda key: accounts.create_account(desk, signing, name, key=key),
                lambda made: _keep(made, "The account is made."),
            )


def _refusals(desk: Desk) -> None:
    st.header("Who decides a refusal")
    now = refusal_settings.dpo_decides(desk)
    st.write("An approver decides. " + ("A data protection officer may, too." if now else
                                        "A data protection officer may not without that role."))
    label = "Leave it to approvers" if now else "Let a data protection officer decide, too"
    if st.button(label, key=f"refusals_{now}"):
        forms.attempt(
            f"refusals_{now}", lambda key: refusal_settings.let_dpo_decide(desk, alone=not now, key=key),
            "It is set who decides a refusal.",
        )


def _keep(made: Invitation, sentence: str) -> str:
    """Go on with the account, whose token is shown until it is hidden; return what to say."""
    visit.keep(_CHOSEN, made.account_id)
    if not made.token:  # the command was done before, and its token shown
        return f"{sentence} Its token was shown when it was made: make a new invitation if it is lost."
    once.keep(made.account_id, made.token)
    return f"{sentence} Hand over its one-time token, which stands with the account."


def _token(account: Account) -> None:
    with st.container():  # a place that is always there: what stands below does not move
        once.draw(account.id, "Hand it over in person or by telephone, within three days; it is entered at **/auth/first**.")
