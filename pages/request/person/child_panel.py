"""The child for whom a parent asks: recorded, heard, protected; and what stays out of the parent's copy."""

import streamlit as st

from core.actions.cases import children
from core.actions.cases.cases import CaseFile
from core.actions.cases.children import PARENTS, VIEWS, Shown
from core.actions.desk.desk import Desk
from core.law.acts import Act, may
from pages.parts import forms, session, typed, untrusted, visit


def draw(desk: Desk, file: CaseFile, *, movable: bool) -> None:
    """Draw what is recorded of the child, what follows from it, and the form."""
    shown = children.show(desk, file.case_ref)
    st.markdown("**The child**")
    if shown is None:
        st.caption("Nothing is recorded of the child yet: nothing is done for the parent before that.")
    else:
        _facts(shown, file)
    if movable and may(desk.person.roles, Act.CHILD_RECORD) and st.button(
        "Record the child…" if shown is None else "Change what is recorded of the child…", icon=":material/child_care:",
        key="child_record",
    ):
        _record(file.case_ref)


def _facts(shown: Shown, file: CaseFile) -> None:
    titles = children.tables()
    protect = [words for words, flag in (("contact ban", shown.contact_ban), ("conflict", shown.conflict)) if flag]
    untrusted.facts([
        ("Born", f"{shown.born:%d %b %Y} ({shown.age} years old)"), ("Who asks", PARENTS[shown.parent]),
        ("Own view", VIEWS[shown.own_view]), ("Protection", ", ".join(protect) or "no conflict and no ban known"),
        ("Left out of the parent's copy", "; ".join(titles.get(each, each) for each in shown.in_confidence) or "nothing"),
        ("Recorded by", file.names.get(shown.recorded_by, "a former colleague")),
    ])
    if shown.verdict.granted:
        st.markdown(f":material/check_circle: {shown.verdict.sentence}")
    else:
        st.warning(shown.verdict.sentence, icon=":material/lock:" if shown.verdict.sealed else ":material/hearing:")


@visit.dialog("The child", width="large")
def _record(case_ref: str) -> None:
    desk = session.desk_or_stop()
    shown = children.show(desk, case_ref)
    st.write("A contact ban, a conflict or the child's no seals the case at once to you, its owners and the Data Protection "
             "Officers. From 12 years on the child is heard first, best without the parent.")
    first, second = st.columns(2)
    born = typed.day("Born on", "child_born", shown.born if shown else None, place=first)
    parent = second.selectbox("Which parent asks", list(PARENTS), format_func=lambda code: PARENTS[code], key="child_parent",
                              index=list(PARENTS).index(shown.parent) if shown else 0)
    view = st.radio("The child's own view", list(VIEWS), format_func=lambda code: VIEWS[code], horizontal=True,
                    index=list(VIEWS).index(shown.own_view) if shown else 0, key="child_view")
    ban = st.checkbox("There is a contact ban", value=bool(shown and shown.contact_ban), key="child_ban")
    conflict = st.checkbox("There is a conflict between the parents, or between parent and child",
                           value=bool(shown and shown.conflict), key="child_conflict")
    titles = children.tables()
    told = st.multiselect(
        "What holds things that the child told in confidence: it stays out of the parent's copy", list(titles),
        default=list(shown.in_confidence) if shown else [], format_func=lambda code: titles[code], key="child_confidence",
    )
    if st.button("Record", type="primary", key="child_send"):
        forms.attempt(
            f"child_{case_ref}_{shown.version if shown else 0}",
            lambda key: children.record(
                desk, case_ref, born.needed(), parent, own_view=view, conflict=conflict, contact_ban=ban, in_confidence=told,
                version=shown.version if shown else 0, key=key,
            ),
            lambda verdict: verdict.sentence,
        )
