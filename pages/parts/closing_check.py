"""Closings that another person checks: the list of those that wait, the check itself, and how many are drawn."""

import streamlit as st

from core.actions.answers import closing_checks
from core.actions.answers.closing_checks import Check, Verdict
from core.actions.cases import closing_draws
from core.actions.cases.cases import Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act, may
from core.law.workflow import SAMPLED
from pages.parts import badges, forms, navigation, untrusted

_SHOWN = 5


def waiting(desk: Desk, place: str) -> None:
    """List the closings that wait for this person's check, on the page that is called `place`; nothing where none does."""
    if not may(desk.person.roles, Act.CLOSING_CHECK):
        return
    found = closing_checks.waiting(desk)
    if not found.rows and not found.barred:
        return
    with st.container(border=True, key=f"closings_{place}"):
        count = len(found.rows)
        st.markdown(f"**Closings to check: {count}.** Drawn from those by which a real request could get lost.")
        for row in found.rows[:_SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center"):
                due = f" · was due {row.due:%d %b %Y}" if row.due else ""
                st.markdown(
                    f"{row.reference} · {row.right} · closed: {badges.CLOSINGS[row.closing].lower()} · "
                    f"received {row.received:%d %b %Y}{due}", width="stretch",
                )
                if st.button("Check", key=f"check_{place}_{row.id}", icon=":material/fact_check:"):
                    navigation.go("request", id=row.request_id)
        more = [f"{count - _SHOWN} more after these" if count > _SHOWN else ""]
        more.append(f"{found.barred} in cases that you may not see: somebody named for them checks" if found.barred else "")
        if any(more):
            st.caption(". ".join(each for each in more if each) + ".")


def draw(desk: Desk, request: Request) -> None:
    """Draw the check of a closed request, or from which check an open one came; nothing where there is none."""
    for check in closing_checks.of_request(desk, request.row.id):
        if check.opened_id == request.row.id:
            st.caption(
                f":material/link: Opened by a check: the request before it was closed as "
                f"{badges.CLOSINGS[check.closing].lower()}, which was wrong. The clock runs from the first receipt."
            )
            _to(check.request_id, "To the closed request")
        elif check.verdict is not None:
            _checked(desk, check)
        else:
            _to_check(desk, check)


def _checked(desk: Desk, check: Check) -> None:
    day = f"{local_time(desk, check.checked_at):%d %b %Y}" if check.checked_at else ""
    st.markdown(f"**Checked by {check.checked_by} on {day}: the closing was {check.verdict}.**")
    untrusted.show(check.reason)
    if check.opened_id:
        _to(check.opened_id, "To the request that goes on")


def _to(request_id: str, label: str) -> None:
    if st.button(label, key=f"linked_{request_id}", type="tertiary", icon=":material/arrow_forward:"):
        navigation.go("request", id=request_id)


def _to_check(desk: Desk, check: Check) -> None:
    if check.mine or not may(desk.person.roles, Act.CLOSING_CHECK):
        st.caption("This closing was drawn for a check; another person than who closed it looks at it.")
        return
    st.markdown(f"**Was this closing right?** {check.closed_by} closed the request; you look at it as a second person.")
    st.caption("The reason given:")
    untrusted.show(check.why_closed)
    reason = st.text_area("Why it was right or wrong", key=f"check_reason_{check.id}")
    buttons = st.container(horizontal=True)
    for verdict, label in ((Verdict.RIGHT, "It was right"), (Verdict.WRONG, "It was wrong")):
        if buttons.button(label, key=f"check_{verdict}_{check.id}"):
            _decide(desk, check, verdict, reason or "")
    st.caption("Wrong opens a new request in this case; its clock runs from the first receipt.")


def _decide(desk: Desk, check: Check, verdict: Verdict, reason: str) -> None:
    forms.attempt(
        f"check_{check.id}_{check.version}_{verdict}",
        lambda key: closing_checks.decide(desk, check.id, verdict, reason, version=check.version, key=key),
        "Recorded: the closing was right." if verdict is Verdict.RIGHT else
        "Recorded. A new request goes on in this case, with the clock from the first receipt.",
    )


def share(desk: Desk) -> None:
    """Draw how many closings are checked, for whoever may set it."""
    if not may(desk.person.roles, Act.CLOSING_SHARE):
        return
    st.header("Closings that another person checks")
    now = closing_draws.share(desk)
    names = ", ".join(sorted(badges.CLOSINGS[each].lower() for each in SAMPLED))
    st.write(f"Of what each person closes as {names}: the first {now.first}, and then one in {now.one_in}, drawn by lot.")
    with st.form("closing_share", width=480):
        first = st.number_input("The first of each person", 0, closing_draws.MOST_FIRST, now.first)
        one_in = st.number_input("And then one in", 1, closing_draws.MOST_APART, now.one_in)
        if st.form_submit_button("Set"):
            forms.attempt(
                f"closing_share_{now.first}_{now.one_in}",
                lambda key: closing_draws.set_share(desk, int(first), int(one_in), key=key), "It is set.",
            )
