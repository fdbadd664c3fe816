"""The release of a package as its approver sees it: person, address and counts side by side, then the decision."""

import streamlit as st

from core.actions.answers import approvals
from core.actions.answers.approvals import Comparison
from core.actions.cases.addresses import KINDS, TRUSTED
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act
from core.law.errors import Refused
from pages.parts import forms, notes, session, step_up, visit
from pages.parts.search import IDENTIFIERS
from pages.parts.untrusted import facts
from pages.request import steps
from pages.request.person import case_person

STANDINGS = {
    "held": "Held before the request came", "proven": "Proven in this case",
    "new": "First seen in this request", "changed": "Changed in the 90 days before the request",
}
NAMES = {"customer_id": "Customer number", "given_name": "Given name", "family_name": "Family name",
          "birth_date": "Born", "address": "Address", "postcode": "Postcode", "city": "City", "country": "Country"}


def draw(desk: Desk, approval_id: str) -> None:
    """Draw the comparison and, for the person asked, the decision with its step-up."""
    try:
        seen = approvals.compare(desk, approval_id)
    except Refused as refusal:
        notes.refused(refusal)
        return
    with st.container(border=True):
        st.header("Release of the package", anchor=steps.DECIDE)
        st.caption(f"Asked {local_time(desk, seen.asked_at):%d %b %Y %H:%M}. The bytes you approve are the bytes "
                   "that leave; it cannot be undone.")
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown("**The person found**")
            facts([(NAMES.get(name, name), value) for name, value in seen.person.items()])
            facts([(IDENTIFIERS.get(kind, kind).capitalize(), value + (" (shared)" if shared else ""))
                   for kind, value, shared in seen.identifiers if kind != "customer_id"])
        with right:
            st.markdown("**Where it goes**")
            facts([(KINDS.get(seen.address.kind, seen.address.kind), seen.address.address)])
            trusted = seen.address.standing in TRUSTED
            st.badge(STANDINGS[seen.address.standing.value], color="green" if trusted else "red",
                     icon=":material/verified:" if trusted else ":material/warning:")
        st.markdown("**What every system holds**")
        case_person.systems(seen.systems)
        if seen.left_out:
            st.info(f"Left out of the parent's copy: {', '.join(seen.left_out)}.", icon=":material/child_care:")
        if seen.shared:
            kinds = ", ".join(IDENTIFIERS.get(kind, kind) for kind in seen.shared)
            st.warning(
                f"Another person holds the same: {kinds}. Check that the copy harms nobody else "
                f"(Art. {'20(4)' if seen.portable else '15(4)'}).", icon=":material/group:",
            )
        st.caption(f"SHA-256 of the package: {seen.sha256[:16]}…")
        if seen.may_decide:
            st.info(seen.may_decide)
            return
        _decide(desk, seen)


def _decide(desk: Desk, seen: Comparison) -> None:
    confirmed = True
    if seen.needs_confirmation:
        st.error("This address was not held before the request, or was changed lately: the classic way to steal a file. "
                 "Check by another way that it is the person's.")
        confirmed = st.checkbox("I checked this address by another way", key=f"address_{seen.approval_id}")
    if st.button("Give back…", icon=":material/undo:", key=f"return_{seen.approval_id}"):
        _give_back(seen.approval_id)
    if not confirmed:
        st.caption("The approval opens once the address is confirmed.")
        return
    if step_up.ready(desk, Act.RELEASE_APPROVE, seen.approval_id) and st.button(
        "Approve the release", type="primary", icon=":material/check:", key=f"approve_{seen.approval_id}"
    ):
        forms.attempt(
            f"approve_{seen.approval_id}",
            lambda key: approvals.approve(desk, seen.approval_id, confirmed_address=confirmed, key=key),
            "Approved. The desk makes the package ready to fetch.",
        )


@visit.dialog("Give the package back")
def _give_back(approval_id: str) -> None:
    desk = session.desk_or_stop()
    reason = st.text_area("What is wrong, for the preparer", key="return_reason")
    if st.button("Give back", type="primary", key="return_send"):
        forms.attempt(
            f"return_{approval_id}", lambda key: approvals.give_back(desk, approval_id, reason or "", key=key),
            "Given back to its preparer.",
        )
