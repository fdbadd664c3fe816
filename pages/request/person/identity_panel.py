"""The identity check of a case: the ladder of its rights, what was recorded and what lacks, and the proof documents."""

import streamlit as st

from core.actions.accounts import accounts
from core.actions.cases import identity as checking
from core.actions.cases import identity_documents
from core.actions.cases.cases import CaseFile
from core.actions.cases.identity import OUTCOMES, PROOFS, Ladder
from core.actions.cases.identity_documents import ENDS, PROVES, Document
from core.actions.cases.intake import CHANNELS
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, local_time
from core.law.acts import Act, may
from core.law.identity import Data, Proof, Ways, lacking
from core.law.ways import RIGHTS
from pages.parts import forms, session, untrusted, visit
from pages.request.person import fact_check

SHORT = {
    Proof.SIGNED_IN: "signed-in account", Proof.MAIL_HELD: "mail from the address held", Proof.CODE: "code returned",
    Proof.CALL_BACK: "call-back", Proof.TWO_FACTS: "two facts", Proof.DOCUMENT: "document",
}
DATA = {
    Data.ORDINARY: "Ordinary data", Data.SENSITIVE: "Sensitive: health and the like, accounts, national numbers, whereabouts",
}
FILES = ["pdf", "png", "jpg", "jpeg"]


def draw(desk: Desk, file: CaseFile, *, movable: bool) -> None:
    """Draw what is enough for each right, the checks there were, the documents, and the way to record a check."""
    st.header("Identity")
    _ladder(checking.stand(desk, file.case_ref))
    for row in file.checks:
        by = file.names.get(row["checked_by"], "a former colleague")
        proofs = ", ".join(PROOFS[proof].lower() for proof in PROOFS if proof.value in row["proofs"].split(","))
        st.markdown(f"**{OUTCOMES[row['outcome']]}** · {local_time(desk, row['checked_at']):%d %b %Y %H:%M}")
        st.text(f"{by}: {proofs or 'no proof'}")
        if row["reason"]:
            untrusted.show(row["reason"])
    if not file.checks:
        st.caption("Not checked yet. One check holds for every request of the case.")
    documents(desk, file, None)
    if not may(desk.person.roles, Act.IDENTITY_RECORD) or not movable:
        return
    with st.container(horizontal=True):
        if st.button("Record the identity check…", icon=":material/badge:", key="identity_record"):
            st.session_state.pop(f"result_facts_{file.case_ref}", None)
            _check(file.case_ref, decided=file.subject_ref is not None)
        if st.button("Keep a proof document…", icon=":material/lock_person:", key="document_add"):
            add_document(file.case_ref, "identity")


def documents(desk: Desk, file: CaseFile, representative_id: str | None) -> None:
    """Draw the proof documents about the person, or about a representative: by what became of them, never by content."""
    for each in identity_documents.list_documents(desk, file.case_ref):
        if each.representative_id == representative_id:
            _document(desk, file, each)


def ways_text(ways: Ways) -> str:
    """Return sets of proofs in words: all of one set, or of another."""
    order = list(Proof)
    return "; or ".join(" and ".join(SHORT[proof] for proof in sorted(way, key=order.index)) for way in ways)


def _ladder(ladder: Ladder) -> None:
    with st.container(border=True):
        for rung in ladder.rungs:
            name = f"**{RIGHTS[rung.kind].name}** ({CHANNELS[rung.channel].lower()})"
            if not rung.ways:
                st.markdown(f":material/check_circle: {name}: needs no proof of identity")
            elif not rung.lacking:
                st.markdown(f":material/check_circle: {name}: the proofs recorded are enough")
            else:
                st.markdown(f":material/pending: {name}: still lacking {ways_text(rung.lacking)}")
                st.caption(f"Enough is one of these: {ways_text(rung.ways)}.")
        told = ", ".join(SHORT[proof] for proof in Proof if proof in ladder.recorded)
        kind = "sensitive" if ladder.data is Data.SENSITIVE else "ordinary"
        st.caption(f"Recorded: {told or 'nothing yet'}. The data are taken as {kind}.")
        if ladder.numbers_held and ladder.data is Data.ORDINARY:
            st.caption(":material/info: A national number is held about this person: where it leaves with the answer, "
                       "the data are sensitive.")


def _document(desk: Desk, file: CaseFile, each: Document) -> None:
    who = untrusted.colleague(file.names, each.checker_id)
    with st.container(horizontal=True, vertical_alignment="center", key=f"document_{each.id}"):
        if each.ended_at is not None:
            ended = local_day(desk, each.ended_at)
            st.caption(f":material/delete_forever: Proof document, {ENDS[each.end_reason or 'time']} on {ended:%d %b %Y}.")
            return
        st.caption(f":material/lock_person: Proof document ({PROVES[each.proves].lower()}), for {who} alone; destroyed with "
                   f"the outcome, on {local_day(desk, each.until):%d %b %Y} at the latest.")
        if each.mine and may(desk.person.roles, Act.DOCUMENT_SEE):
            st.link_button("Look at it", f"/proofs/{each.id}", icon=":material/visibility:")
        if may(desk.person.roles, Act.DOCUMENT_END) and each.mine and st.button("Destroy", key=f"destroy_{each.id}"):
            forms.attempt(
                f"destroy_{each.id}", lambda key: identity_documents.discard(desk, each.id, key=key),
                "The document and its key are destroyed.",
            )


@visit.dialog("Keep a proof document")
def add_document(case_ref: str, proves: str, representative_id: str | None = None) -> None:
    """Ask for the file and for its checker; only the checker can look at it."""
    desk = session.desk_or_stop()
    st.write("It lies apart from the files of the case. Only its checker can look at it, and it is destroyed with its key "
             "once the outcome is recorded, after 30 days at the latest. Ask for no more than the check needs (Art. 12(6)).")
    if representative_id is not None:
        proves = st.radio("It proves", list(PROVES), index=list(PROVES).index(proves), key="document_proves",
                          format_func=lambda code: PROVES[code].lower())
    able = dict(accounts.colleagues(desk, Act.DOCUMENT_SEE))
    mine = desk.person.account_id
    checker = st.selectbox("Who checks it", list(able), format_func=lambda who: able[who], key="document_checker",
                           index=list(able).index(mine) if mine in able else None)
    file = st.file_uploader("PDF, PNG or JPEG, 25 MB at most", type=FILES, key=f"document_file_{forms.key_of('document')}")
    if st.button("Keep it", type="primary", disabled=file is None or checker is None, key="document_send") and file:
        forms.attempt(
            "document",
            lambda key: identity_documents.add(
                desk, case_ref, file.getvalue(), proves=proves, representative_id=representative_id,
                checker_id=checker or "", key=key,
            ),
            "The document is kept for its checker.",
        )


@visit.dialog("Identity check", width="large")
def _check(case_ref: str, *, decided: bool) -> None:
    desk = session.desk_or_stop()
    st.write("Record which proofs there were and the outcome, never the document or the facts themselves.")
    if decided:
        fact_check.draw(desk, case_ref)
    else:
        st.caption("Decide first which person the case is about: until then no address or number we hold proves anything, "
                   "and facts told on the telephone cannot be compared.")
    ladder = checking.stand(desk, case_ref)
    data = st.radio("The most sensitive data that the answer reaches", list(DATA), index=list(DATA).index(ladder.data),
                    format_func=lambda code: DATA[code], key="identity_data")
    noted = ladder.recorded
    chosen = [proof for proof in PROOFS if st.checkbox(PROOFS[proof], value=proof in noted, key=f"proof_{proof.value}")]
    for rung in ladder.rungs:
        left = lacking(rung.kind, rung.channel, {*chosen, *noted}, data)
        words = f"still lacking {ways_text(left)}" if left else "enough" if rung.ways else "needs no proof"
        st.caption(f"{RIGHTS[rung.kind].name}: {words}.")
    outcome = st.radio("Outcome", list(OUTCOMES), format_func=lambda code: OUTCOMES[code], key="identity_outcome")
    reason = st.text_area(
        "Reason: why it is not proven, or which facts made a document necessary", key="identity_reason"
    )
    if st.button("Record", type="primary", key="identity_send"):
        forms.attempt(
            f"identity_{case_ref}",
            lambda key: checking.record(
                desk, case_ref, [proof.value for proof in chosen], outcome, reason or "", data=data, key=key
            ),
            "The identity check is recorded.",
        )
