"""An erasure on the request page: its grounds, what must be kept, its plan and approval, and when the data are really gone."""

from collections.abc import Callable

import streamlit as st

from core.actions.answers.erasure import certificates, erasures, restricted
from core.actions.answers.erasure.erasures import Claim, Table
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, local_time, today_of
from core.actions.oversight import night, purges
from core.law.acts import Act, may
from core.law.rights.erasure import EXEMPTIONS, GROUNDS, Exemption, Ground, article_of, read_public
from core.law.rights.restriction import GROUNDS as GROUND_RULES
from core.law.workflow import State
from pages.holds import kept_panel
from pages.parts import forms, session, typed, untrusted, visit
from pages.request import carry_panel
from pages.request.answers import recipient_list


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the tab: grounds and exceptions, the plan, its approval, each system's end and the three dates."""
    if file.subject_ref is None:
        st.caption("Nothing was carried out." if request.state is State.CLOSED else
                   "Decide first, on the tab Person & data, which person the case is about.")
        return
    terms, planned, doing, ending, kept, telling = (st.container() for _ in range(6))  # places that no part moves for another
    with terms:
        _terms(desk, request)
        _restricted(desk, request)
    with planned:
        if request.row.plan_id:
            carry_panel.plan(desk, request)
    with doing:
        if erasures.chosen(desk, request.row.id):
            if request.row.plan_id and request.state is State.IN_PROGRESS:
                st.caption("Draft the letter with the outcome next, on the tab Letters, to an address in the case: after the "
                           "erasure the address cannot be found. It goes out when the erasure is done.")
            carry_panel.ask(desk, file, request)
        carry_panel.wait(desk, request)
    with ending:
        carry_panel.ends(desk, request)
    with kept:
        kept_panel.draw(desk, request)
    with telling:
        recipient_list.draw(desk, file, request)
    if request.state in {State.READY_TO_SEND, State.CLOSED}:
        _dates(desk, file.subject_ref, request.row.id)


def _terms(desk: Desk, request: Request) -> None:
    chosen = erasures.chosen(desk, request.row.id)
    for code in chosen.get("grounds", ()):
        st.markdown(f"**Art. {article_of(code)}** · {GROUNDS[Ground(code)]}")
    titles = {(each.system, each.table): each.title for each in erasures.tables()}
    for claim in chosen.get("keep", ()):
        st.markdown(f"Kept: **{titles[claim['system'], claim['table']]}** · Art. {article_of(claim['exemption'])}, "
                    f"{EXEMPTIONS[Exemption(claim['exemption'])]}")
        untrusted.show(" · ".join(each for each in (claim["reference"], claim["why"], claim["until"]) if each))
    if chosen.get("wished"):
        st.caption("The person wants to be kept out of later imports.")
    if public := erasures.made_public(chosen):
        st.markdown("Made public, so who links to it or copied it is told · Art. 17(2)")
        untrusted.facts([("Where", public.where), ("Told", ", ".join(public.whom))])
    if request.state is State.IN_PROGRESS and may(desk.person.roles, Act.PLAN_CHOOSE) and st.button(
        "Choose the grounds…" if not chosen else "Choose anew…", icon=":material/gavel:",
        type="secondary" if chosen else "primary", key=f"grounds_{request.row.id}_{request.row.version}",
    ):
        _choose(request.row.id, request.row.version)


def _restricted(desk: Desk, request: Request) -> None:
    """Draw the restrictions that the erasure ends, whether the person was told, and asked again where they wanted it."""
    found = restricted.ending(desk, request.row.id)
    if found is None or not found.grounds:
        return
    with st.container(border=True):
        st.markdown("**The use of these data is restricted, and the erasure ends that** · Art. 18(3)")
        for ground, since in found.grounds:
            st.markdown(f"Since {since:%d %b %Y} · Art. {GROUND_RULES[ground].article}: {GROUND_RULES[ground].sentence}")
        if found.told_at is None:
            st.caption("The person is told first: send the letter *Restriction ends with the erasure*, on the tab Letters.")
            return
        st.caption(f"The person was told on {local_day(desk, found.told_at):%d %b %Y}.")
        if found.wanted_on:
            st.caption(f"They said on {found.wanted_on:%d %b %Y} that they want the data erased all the same.")
        elif found.asks:
            st.caption("They had wanted the data kept, so their answer is waited for. Where they want them kept, they withdraw "
                       "this request.")
            if request.state is State.IN_PROGRESS and may(desk.person.roles, Act.ERASURE_WISH) and st.button(
                "They want it all the same…", icon=":material/how_to_reg:", key=f"wish_{request.row.id}_{request.row.version}"
            ):
                _wish(request.row.id, request.row.version)


@visit.dialog("The person wants the data erased all the same")
def _wish(request_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    day = typed.day("They said so on", "wish_day", today_of(desk))
    words = st.text_area("How they said it, and where it is kept", key="wish_words")
    if st.button("Record", type="primary", key="wish_send"):
        forms.attempt(
            f"wish_{request_id}_{version}",
            lambda key: restricted.record_wish(desk, request_id, day.needed(), words or "", version=version, key=key),
            "Recorded.",
        )


@visit.dialog("Grounds and exceptions", width="large")
def _choose(request_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    grounds = st.multiselect(
        "Grounds of Article 17(1)", [each.value for each in Ground], key="erase_grounds",
        format_func=lambda code: f"Art. {article_of(code)}: {GROUNDS[Ground(code)]}",
    )
    found = erasures.tables()
    named = {f"{each.system}.{each.table}": each for each in found}
    kept = st.multiselect("Must be kept (Art. 17(3))", list(named), format_func=lambda name: named[name].title, key="erase_keep")
    claims = [_claim(named[name]) for name in kept]
    wished = st.checkbox("The person wants to be kept out of later imports, by a coded fingerprint", key="erase_wished")
    public = st.checkbox("Some of these data were made public by us (Art. 17(2))", key="erase_public")
    where = whom = ""
    if public:
        where = st.text_input("Where they were public", key="erase_where") or ""
        whom = st.text_area("Who is told, one in a line: who may link to the place or have copied it, such as a search engine",
                            key="erase_whom", height=80) or ""
    st.caption("What no ground reaches stays by itself, and the letter says why. Objections and withdrawals stay in any case.")
    if st.button("Record", type="primary", key="erase_record"):
        forms.attempt(
            f"grounds_{request_id}_{version}",
            lambda key: erasures.choose(
                desk, request_id, grounds, [claim() for claim in claims], wished=wished, version=version, key=key,
                public=read_public(where, whom.splitlines(), needed=True) if public else erasures.PRIVATE,
            ),
            "The grounds are recorded. Prepare the plan.",
        )


def _claim(table: Table) -> Callable[[], Claim]:
    """Draw the fields of what is kept of a table; what is returned reads them, and raises Invalid where a day is none."""
    name = f"{table.system}_{table.table}"
    with st.container(border=True):
        st.markdown(f"**{table.title}**")
        exemption = st.selectbox(
            "Exception", [each.value for each in Exemption], key=f"exemption_{name}", index=1,
            format_func=lambda code: f"Art. {article_of(code)}: {EXEMPTIONS[Exemption(code)]}",
        )
        left, right = st.columns(2)
        reference = left.text_input("Statute, provision or claim", key=f"reference_{name}")
        until = typed.day("Until", f"until_{name}", place=right)
        why = st.text_area("Reasons", key=f"why_{name}", height=80)
        masked = st.multiselect("Emptied all the same", table.maskable, key=f"masked_{name}") if table.maskable else []
        if (table.system, table.table) == ("local", "consents"):
            st.caption("Where the addresses and numbers go too, only the proof of each consent stays, under their coded "
                       "fingerprints: what was agreed, when, by which text. The check of one value on Suppression finds it.")
    return lambda: Claim(
        table.system, table.table, exemption, reference or "", until.given(), why or "", tuple(masked)
    )


def _dates(desk: Desk, subject_ref: str, request_id: str) -> None:
    dates = purges.dates_of(desk, subject_ref)
    st.header("When the data are gone")
    if may(desk.person.roles, Act.CERTIFICATE_FETCH) and certificates.is_there(desk, request_id):
        st.link_button("Certificate", f"/certificates/{request_id}", icon=":material/verified:")
    for words, day in (
        ("From the systems", dates.erased_at), ("From the bytes of the store", dates.purged_at),
        ("From the last backup", dates.backups_gone_at),
    ):
        st.markdown(f"{words}: **{f'{local_time(desk, day):%d %b %Y %H:%M}' if day else 'not yet'}**")
    if dates.erased_at and not dates.purged_at:
        following = night.standing(desk).next_at
        st.caption(
            f"The store is written anew at night, next on {local_time(desk, following):%d %b %Y at %H:%M}." if following
            else "Writing the store anew at night is switched off: the operator does it."
        )
    if dates.backups_left:
        by = f" The last is deleted by {dates.expected_on:%d %b %Y}." if dates.expected_on else ""
        st.caption(f"Older backups that still hold them: {dates.backups_left}; one that is restored is cleared first.{by}")
