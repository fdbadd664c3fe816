"""The forms of a correction: a field and its new value, a statement, a proof, a shared value, a notice that cannot go."""

import streamlit as st

from core.actions.answers.rectification import rectification_trail, rectifications
from core.actions.answers.rectification.corrected_values import systems_of
from core.law.errors import Refused
from core.law.rights.rectification import TITLES, Finding, Proof, decide, title_of
from pages.parts import forms, notes, session, typed, visit

FINDINGS = {
    Finding.INACCURATE: "Inaccurate: correct it", Finding.INCOMPLETE: "Incomplete: complete it",
    Finding.CONTESTED: "Contested and not settled yet: it stays for now",
    Finding.OPINION: "An opinion, faithfully recorded: it stays", Finding.ACCURATE: "Accurate: it stays",
}
PROOFS = {
    Proof.CODE_NEW: "A code sent to the new address or number came back",
    Proof.CODE_OLD: "A code sent to the address or number held before came back",
    Proof.DOCUMENT: "A document that shows it was seen", Proof.REGISTER: "A public register shows it",
    Proof.IN_PERSON: "Shown in person",
}


@visit.dialog("Propose a correction", width="large")
def propose(request_id: str, version: int) -> None:
    """Ask for the field, what was found, and the new value or the reason."""
    desk = session.desk_or_stop()
    try:
        seen = rectification_trail.open_correction(desk, request_id)
    except Refused as refusal:
        notes.refused(refusal)
        return
    values = {field: text for held in seen.held.values() for field, text in held.items()}
    offered = [field for field in dict.fromkeys([*TITLES, *values]) if systems_of(field)]
    field = st.selectbox(
        "Field", offered, key="correction_field",
        format_func=lambda each: f"{title_of(each)}: {(values.get(each) or 'nothing held').replace(chr(10), ', ')}",
    )
    where = ", ".join(system.title for system in systems_of(field))
    st.caption(f"Held values are masked here. The proposal is for: {where}.")
    finding = st.radio(
        "What was found", list(FINDINGS), format_func=lambda code: FINDINGS[code],
        key="correction_finding",
    )
    outcome = decide(Finding(finding))
    value, place = "", None
    if outcome.change:
        if masked := rectification_trail.places(field, values.get(field, "")):
            place = st.selectbox(
                "Which one", range(len(masked) + 1), key=f"correction_place_{field}",
                format_func=lambda number: masked[number] if number < len(masked) else "None of these: a further one",
            )
        asked, at = "New value (leave it empty to remove the value held)", "correction_value"
        value = typed.day(asked, at).text if field == "birth_date" else st.text_input(asked, key=at)
    reason = st.text_area(
        "Why it stays: the person will read this" if not outcome.change else "Remark (kept with the case)",
        key="correction_reason",
    )
    if st.button("Propose", type="primary", key="correction_send"):
        forms.attempt(
            f"correction_{request_id}_{field}_{finding}_{place}",
            lambda key: rectifications.propose(
                desk, request_id, field, value or "", finding=finding, reason=reason or "", place=place, version=version,
                key=key,
            ),
            "The proposal is kept. Nothing is changed until another person has approved it.",
        )


@visit.dialog("Supplementary statement", width="large")
def statement(request_id: str, version: int) -> None:
    """Ask for the person's own words, which stand beside the data from then on."""
    desk = session.desk_or_stop()
    st.write("The person's own words. They are kept beside the data and are part of every later copy (Art. 16).")
    text = st.text_area("Statement", height=200, key="correction_words")
    if st.button("Take it in", type="primary", key="correction_statement_send"):
        forms.attempt(
            f"statement_{request_id}",
            lambda key: rectifications.propose_statement(desk, request_id, text or "", version=version, key=key),
            "The statement is taken in. It is entered once another person has approved the plan.",
        )


@visit.dialog("Proof of the new value")
def prove(request_id: str, version: int) -> None:
    """Ask how it was shown that the new value is the person's own."""
    desk = session.desk_or_stop()
    st.write("Record which proofs there were, never the document itself.")
    chosen = [each.value for each in Proof if st.checkbox(PROOFS[each], key=f"correction_proof_{each.value}")]
    words = st.text_area("Remark (kept with the case)", key="correction_proof_words")
    if st.button("Record", type="primary", key="correction_proof_send"):
        forms.attempt(
            f"prove_{request_id}",
            lambda key: rectifications.record_proof(desk, request_id, chosen, words or "", version=version, key=key),
            "The proof is recorded.",
        )


@visit.dialog("Two people share the value")
def share(change_id: str) -> None:
    """Ask for the reason why two people hold the same."""
    desk = session.desk_or_stop()
    st.write("Decide this only where you know that both really use it, such as one address of a household.")
    reason = st.text_area("How you know (kept as a note of the case)", key="share_reason")
    if st.button("They share it", type="primary", key="share_send"):
        forms.attempt(
            f"share_{change_id}", lambda key: rectifications.decide_shared(desk, change_id, reason or "", key=key),
            "It is decided that both share it.",
        )


@visit.dialog("No notice to the old address")
def no_notice(request_id: str, version: int) -> None:
    """Ask why no notice can go to the address held before."""
    desk = session.desk_or_stop()
    st.write("The notice protects the person against a change that somebody else asked for.")
    reason = st.text_area("Why it cannot go out", key="no_notice_reason")
    if st.button("Record", type="primary", key="no_notice_send"):
        forms.attempt(
            f"no_notice_{request_id}_{version}",
            lambda key: rectification_trail.explain_no_notice(desk, request_id, reason or "", version=version, key=key),
            "The reason is recorded.",
        )
