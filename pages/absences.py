"""Absences: who is away and who stands in, and the days on which the desk is shut. No reason is asked for."""

from datetime import date

import streamlit as st

from core.actions.accounts import accounts
from core.actions.cases import assigning
from core.actions.cases.assigning import HandedOver
from core.actions.desk.desk import Desk
from core.actions.desk.presence import Closure
from core.actions.duty import absences
from core.actions.duty.absences import AbsenceShown
from core.law.acts import Act, Scope, may, require, scope
from pages.board import alarms
from pages.parts import forms, typed, untrusted

TITLE, ICON, GROUP, ORDER, ACT, URL = (
    "Absences", ":material/event_busy:", "Oversight", 20, Act.ABSENCE_LOOK, "absences"
)
_WIDTH = 900


def show(desk: Desk) -> None:
    """Draw who is away, the form to enter an absence, and the days on which the desk is shut."""
    require(desk.person.roles, ACT)
    st.title(TITLE)
    st.caption(
        "While somebody is away, new work goes to their deputy, who may also decide what was asked of them. No legal date "
        "moves, neither by an absence nor by a day on which the desk is shut: the work has to begin earlier."
    )
    own = scope(desk.person.roles, Act.ABSENCE_ENTER) is Scope.OWN
    alarms.draw(desk)
    who = absences.list_absences(desk)
    with st.container(width=_WIDTH):
        st.header("My absences" if own else "Away")
        if not who.absences:
            st.caption("No absence is entered." if own else "Nobody is away, and no absence is entered.")
        for each in who.absences:
            _one(desk, each)
        with st.expander("Enter an absence", icon=":material/add:"):
            _enter(desk, own=own)
        st.header("The desk is shut")
        if not who.closures:
            st.caption("No such day is entered. Weekends and public holidays are known already.")
        for closure in who.closures:
            _closed(desk, closure)
        if may(desk.person.roles, Act.CLOSURE_ENTER):
            with st.expander("Enter days on which the desk is shut", icon=":material/add:"):
                _shut(desk)


def _one(desk: Desk, each: AbsenceShown) -> None:
    absence, name = each.absence, untrusted.inline(each.name)
    with st.container(border=True):
        stands = f"{untrusted.inline(each.deputy)} stands in" if each.deputy else "nobody stands in"
        st.markdown(f"**{name}** · {_days(absence.first, absence.last)} · {stands}")
        if each.gap is not None:
            st.warning(f"Nobody stands in on {_day(each.gap)}. End this absence and enter it again with a deputy who is there.",
                       icon=":material/warning:")
        with st.container(horizontal=True, vertical_alignment="center"):
            label = "End it: back today" if each.running else "Take it back"
            if st.button(label, key=f"absence_end_{absence.id}", icon=":material/undo:"):
                forms.attempt(
                    f"absence_end_{absence.id}", lambda key: absences.end(desk, absence.id, key=key), "The absence is ended."
                )
            if each.deputy and each.holds:
                requests = f"{each.holds} open request{'' if each.holds == 1 else 's'}"
                if st.button(f"Hand over {requests}", key=f"absence_hand_{absence.id}", icon=":material/move_down:",
                             help=f"Every open request of {name} that you may know of goes to the deputy"):
                    forms.attempt(
                        f"absence_hand_{absence.id}", lambda key: assigning.hand_over(desk, absence.id, key=key), _handed
                    )


def _handed(over: HandedOver) -> str:
    words = f"{over.done} request{'' if over.done == 1 else 's'} handed over."
    return words if not over.refusals else f"{words} Not handed over: {' '.join(over.refusals)}"


def _enter(desk: Desk, *, own: bool) -> None:
    names = {desk.person.account_id: desk.person.name} if own else dict(accounts.colleagues(desk, Act.ACCOUNT_COLLEAGUES))
    left, right = st.columns(2)
    account = left.selectbox("Who is away", list(names), format_func=lambda code: names[code], key="absence_who", disabled=own)
    able = dict(absences.deputies(desk, account)) if account else {}
    deputy = right.selectbox("Who stands in", ["", *able], format_func=lambda code: able.get(code, "Nobody"),
                             key=f"absence_deputy_{account}")
    first = typed.day("First day away", "absence_first", place=left)
    last = typed.day("Last day away", "absence_last", place=right)
    if st.button("Enter the absence", type="primary", key="absence_send", disabled=not account):
        forms.attempt(
            "absence_enter",
            lambda key: absences.enter(desk, str(account), first.needed(), last.needed(), deputy or None, key=key),
            lambda _: _emptied("absence_first", "absence_last", said="The absence is entered."),
        )


def _closed(desk: Desk, closure: Closure) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_days(closure.first, closure.last)}**", width="stretch")
        if may(desk.person.roles, Act.CLOSURE_END) and st.button(
            "Take back", key=f"closure_end_{closure.id}", icon=":material/undo:"
        ):
            forms.attempt(
                f"closure_end_{closure.id}", lambda key: absences.open_again(desk, closure.id, key=key),
                "The desk is open on these days.",
            )


def _shut(desk: Desk) -> None:
    left, right = st.columns(2)
    first = typed.day("First day shut", "closure_first", place=left)
    last = typed.day("Last day shut", "closure_last", place=right)
    if st.button("Enter these days", type="primary", key="closure_send"):
        forms.attempt(
            "closure_enter", lambda key: absences.shut(desk, first.needed(), last.needed(), key=key),
            lambda _: _emptied("closure_first", "closure_last", said="The days are entered. No legal date has moved."),
        )


def _emptied(*fields: str, said: str) -> str:
    for name in fields:  # typed for one entry, not for the next
        st.session_state.pop(name, None)
    return said


def _days(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
