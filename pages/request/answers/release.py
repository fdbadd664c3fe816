"""The release of a package as its approver sees it: person, address and counts side by side, then the decision."""

import streamlit as st

from core.actions.answers import approvals
from core.actions.answers.packages.release import RELEASE
from core.actions.cases.addresses import KINDS, TRUSTED
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.errors import Refused
from pages.parts import notes
from pages.parts.search import IDENTIFIERS
from pages.parts.untrusted import facts
from pages.request import approval_panel, reply_address, steps
from pages.request.person import case_person

NAMES = {"customer_id": "Customer number", "given_name": "Given name", "family_name": "Family name",
          "birth_date": "Born", "address": "Address", "postcode": "Postcode", "city": "City", "country": "Country"}


def draw(desk: Desk, approval_id: str) -> None:
    """Draw the comparison and, for the person asked, the decision with its step-up."""
    try:
        seen = approvals.compare(desk, RELEASE, approval_id)
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
            facts([(NAMES.get(name, name), value) for name, value in seen.person.fields.items()])
            facts([(IDENTIFIERS.get(kind, kind).capitalize(), value + (" (shared)" if shared else ""))
                   for kind, value, shared in seen.person.identifiers if kind != "customer_id"])
        with right:
            st.markdown("**Where it goes**")
            facts([(KINDS.get(seen.address.kind, seen.address.kind), seen.address.address)])
            trusted = seen.address.standing in TRUSTED
            st.badge(reply_address.STANDINGS[seen.address.standing.value], color="green" if trusted else "red",
                     icon=":material/verified:" if trusted else ":material/warning:")
        st.markdown("**What every system holds**")
        case_person.systems(seen.systems)
        if seen.left_out:
            st.info(f"Left out of the parent's copy: {', '.join(seen.left_out)}.", icon=":material/child_care:")
        if seen.person.shared:
            kinds = ", ".join(IDENTIFIERS.get(kind, kind) for kind in seen.person.shared)
            st.warning(
                f"Another person holds the same: {kinds}. Check that the copy harms nobody else "
                f"(Art. {seen.harms_nobody}).", icon=":material/group:",
            )
        st.caption(f"SHA-256 of the package: {seen.sha256[:16]}…")
        confirmed = True
        if seen.needs_confirmation and not seen.may_decide:
            st.error("This address was not held before the request, or was changed lately: the classic way to steal a file. "
                     "Check by another way that it is the person's.")
            confirmed = st.checkbox("I checked this address by another way", key=f"address_{seen.approval_id}")
        approval_panel.decide(
            desk, RELEASE, approval_id, seen.may_decide, "Approve the release",
            "Approved. The desk makes the package ready to fetch.", confirmed=confirmed,
        )
