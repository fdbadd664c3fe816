"""The log: every act as a sentence, by pseudonyms, with filters, a chart of the days and the check of the chain."""

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.oversight import log_questions, logbook
from core.actions.oversight.logbook import Filters, LogRow
from core.actions.oversight.proof import Report
from core.law.acts import PURPOSES, Act, may
from core.law.errors import Refused
from pages.parts import charts, notes, tables, untrusted, visit

TITLE, ICON, GROUP, ORDER, ACT, URL = "Log", ":material/receipt_long:", "Oversight", 10, Act.LOG_LOOK, "log"
RANGE = timedelta(days=30)
_REPORT, _NAME = "log_report", "log_name"


def show(desk: Desk) -> None:
    """Draw the filters, the chart, one page of entries, the check, and the name behind a pseudonym."""
    heading, button = st.columns([4, 1], vertical_alignment="bottom")
    heading.title("Log")
    if may(desk.person.roles, Act.LOG_VERIFY) and button.button(
        "Verify the log", icon=":material/verified:", width="stretch"
    ):
        visit.keep(_REPORT, logbook.verify(desk))
    if (report := visit.kept(_REPORT)) is not None:
        _verified(report)
    question = _question() if may(desk.person.roles, Act.LOG_ACTOR) else None
    if question:
        _answer(desk, question)
        return
    filters = _filters(desk)
    page = int(st.session_state.get("log_page", 1))
    listed = logbook.list_entries(desk, filters, page)
    pages = max(1, -(-listed.total // logbook.PAGE))
    if page > pages:
        page = st.session_state["log_page"] = pages
        listed = logbook.list_entries(desk, filters, page)
    if not listed.rows:
        st.info("No entry fits these filters. Take one away, or choose more days.", icon=":material/filter_alt_off:")
        return
    charts.days_by_outcome(listed.days, key="log_days")
    _table(listed.rows)
    count, turner = st.columns([2, 3], vertical_alignment="center")
    count.caption(f"{listed.total:,} entries, newest first. People and actors stand here by pseudonyms.")
    with turner:
        st.pagination(pages, key="log_page")
    if may(desk.person.roles, Act.LOG_ACTOR):
        _actor(desk, listed.rows)


def _question() -> str | None:
    names = log_questions.QUESTIONS
    return st.selectbox(
        "Saved question", list(names), index=None, placeholder="None: the log by filters", key="log_question", width=420,
        format_func=lambda each: names[each].title, on_change=_first_page,
    )


def _first_page() -> None:
    st.session_state["log_page"] = 1


def _answer(desk: Desk, question: str) -> None:
    st.write(log_questions.QUESTIONS[question].sentence)
    first, last = _days(desk)
    page = int(st.session_state.get("log_page", 1))
    answer = log_questions.ask(desk, question, first, last, page)
    pages = max(1, -(-answer.total // logbook.PAGE))
    if page > pages:
        st.session_state["log_page"] = pages
        answer = log_questions.ask(desk, question, first, last, pages)
    if answer.own:
        st.caption(f"{answer.own:,} concern you or somebody close to you: another Data Protection Officer looks at them.")
    if not answer.rows:
        st.info("Nobody did in these days.", icon=":material/check_circle:")
        return
    _table(answer.rows)
    count, turner = st.columns([2, 3], vertical_alignment="center")
    count.caption(f"{answer.total:,} entries, newest first. People and actors stand here by pseudonyms.")
    with turner:
        st.pagination(pages, key="log_page")
    _actor(desk, answer.rows)


def _days(desk: Desk) -> tuple[date | None, date | None]:
    today = today_of(desk)
    chosen = st.date_input("Days", (today - RANGE, today), max_value=today, key="log_range", width=290)
    days = chosen if isinstance(chosen, tuple) else (chosen,)
    return days[0] if days else None, days[1] if len(days) > 1 else None


def _filters(desk: Desk) -> Filters:
    with st.container(horizontal=True):
        first, last = _days(desk)
        outcome = st.selectbox(
            "Ended", list(logbook.OUTCOMES), index=None, placeholder="Any", key="log_outcome", width=140,
            format_func=lambda each: logbook.OUTCOMES[each],
        )
        effect = st.selectbox(
            "Personal data", list(logbook.EFFECTS), index=None, placeholder="Any", key="log_effect", width=160,
            format_func=lambda each: logbook.EFFECTS[each],
        )
        what = st.selectbox(
            "Act", sorted(logbook.ACT_SENTENCES, key=lambda each: logbook.ACT_SENTENCES[each]), index=None,
            placeholder="Any", key="log_act", width=300, format_func=lambda each: logbook.ACT_SENTENCES[each],
        )
    with st.container(horizontal=True):
        known = "RD-2026-000001-0" if may(desk.person.roles, Act.LOG_ACTOR) else "0f3c9a72"
        case = st.text_input("Case", key="log_case", placeholder=known, width=240)
        subject = st.text_input("Person's pseudonym", key="log_subject", width=310)
        actor = st.text_input("Actor's pseudonym", key="log_actor", width=310)
    return Filters(first, last, what, outcome, effect, case, subject, actor)


def _table(rows: Sequence[LogRow]) -> None:
    listed = [
        {
            "No.": row.seq, "Time": row.happened_at.strftime("%Y-%m-%d %H:%M:%S"), "Actor": row.actor,
            "Role": row.role, "Did": row.sentence, "Ended": row.outcome.replace("_", " ").replace(".", ": "),
            "Personal data": row.effect, "Person": row.subject_ref, "Case": row.case, "Purpose": row.purpose,
            "Details": row.details,
        }
        for row in rows
    ]
    held = {name for row in listed for name, value in row.items() if value}  # a column of nothing tells nothing
    tables.show([{name: value for name, value in row.items() if name in held} for row in listed],
                alt="Entries of the log, newest first", columns={
        "No.": st.column_config.NumberColumn(format="%d", width=60), "Time": st.column_config.Column(width=142),
        "Actor": st.column_config.Column(width=74), "Role": st.column_config.Column(width=78),
        "Did": st.column_config.Column(width=200), "Ended": st.column_config.Column(width=120),
        "Person": st.column_config.Column(width=110), "Details": st.column_config.Column(width=220),
        "Personal data": st.column_config.Column(width=92), "Case": st.column_config.Column(width=120),
    })


def _verified(report: Report) -> None:
    if report.ok:
        st.success(
            f"The log is sound: {report.count:,} entries join up from the first to the last. Head "
            f"{report.head.hex()[:16]}…", icon=":material/verified:",
        )
    else:
        st.error(f"The log is not sound. {report.first_fault}", icon=":material/gpp_bad:")
    for note in report.notes:
        st.caption(note)


def _actor(desk: Desk, rows: Sequence[LogRow]) -> None:
    with st.expander("Open the name behind a pseudonym", icon=":material/visibility:"), st.form("log_open_actor"):
        st.write("The log will say that you looked, and for what purpose.")
        actors = {row.actor_ref: row.actor for row in rows if row.actor_ref}
        chosen = st.selectbox("Actor", list(actors), format_func=lambda each: actors[each])
        purpose = st.selectbox(
            "Purpose", list(PURPOSES), index=None, placeholder="Choose", format_func=lambda each: PURPOSES[each]
        )
        if st.form_submit_button("Open the name"):
            try:
                visit.keep(_NAME, (actors.get(chosen, ""), logbook.open_actor(desk, chosen or "", purpose=purpose or "")))
            except Refused as refusal:
                visit.drop(_NAME)
                notes.refused(refusal)
        if (opened := visit.kept(_NAME)) is not None:
            untrusted.facts([opened])
