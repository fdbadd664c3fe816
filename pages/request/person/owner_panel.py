"""Systems worked in by hand: their owners asked, what they are to be told, what they answered, and what is late."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.actions.answers.owners import owner_files, owner_tasks
from core.actions.answers.owners.owner_files import Holding
from core.actions.answers.owners.owner_tasks import OwnerQuestion, OwnerTask
from core.actions.cases.cases import Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day
from core.law.acts import Act, may
from core.law.errors import Refused
from core.law.rights.owners import ASKS, Asked, Stands
from core.law.workflow import State
from pages.parts import badges, forms, notes, session, untrusted, visit

_STANDS: dict[Stands, tuple[str, badges.Colour]] = {
    Stands.OPEN: ("Asked", "blue"), Stands.ANSWERED: ("Answered", "green"), Stands.CANNOT: ("Not done", "orange"),
    Stands.WITHDRAWN: ("Not asked any more", "gray"),
}

_LATE: tuple[str, badges.Colour] = ("Late", "red")


def draw(desk: Desk, request: Request) -> None:
    """Draw one line for each question to an owner, and ask those who were not asked; nothing where the desk reaches all."""
    listed, left = owner_tasks.list_tasks(desk, request.row.id), owner_tasks.left_to_ask(desk, request.row.id)
    if not listed and not left:
        return
    st.header("Systems searched by hand")
    if left and request.state is not State.CLOSED:
        st.caption(f"Not asked yet: {', '.join(left)}. Making a plan asks them too.")
        if may(desk.person.roles, Act.OWNER_ASK) and st.button(
            "Ask their owners", key="owners_ask", icon=":material/contact_mail:"
        ):
            forms.attempt(
                f"owners_{request.row.id}_{len(listed)}", lambda key: owner_tasks.ask(desk, request.row.id, key=key),
                "Asked. Pass on what each owner is to be told.",
            )
    for each in listed:
        _line(desk, request, each, newest=each is next(one for one in reversed(listed) if _same(one, each)))


def _same(one: OwnerTask, other: OwnerTask) -> bool:
    return (one.system, one.asked) == (other.system, other.asked)


def _line(desk: Desk, request: Request, task: OwnerTask, *, newest: bool) -> None:
    words, colour = _LATE if task.late else _STANDS[task.stands]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{untrusted.inline(task.title)}**: {ASKS[task.asked].lower()}", width="stretch")
            st.badge(words, color=colour)
        asked = f"asked {local_day(desk, task.asked_at):%d %b %Y} of {untrusted.inline(task.owner)}"
        until = f" · answer by {task.due_on:%d %b %Y}" if task.stands is Stands.OPEN else ""
        by = f" · {local_day(desk, task.answered_at):%d %b %Y} by {untrusted.inline(task.who)}" if task.answered_at else ""
        st.caption(asked + until + by)
        if task.rows:
            st.text(" · ".join(f"{title}: {count}" for title, count in task.rows.items()))
        if task.evidence:
            untrusted.show(task.evidence)
        if not may(desk.person.roles, Act.OWNER_ANSWER):
            return
        with st.container(horizontal=True):
            _buttons(desk, request, task, newest=newest)


def _buttons(desk: Desk, request: Request, task: OwnerTask, *, newest: bool) -> None:
    if task.stands is Stands.OPEN:
        if st.button("What to tell the owner…", key=f"tell_{task.id}", icon=":material/description:"):
            _tell(task.id)
        if st.button("Record the answer…", key=f"answer_{task.id}", type="primary", icon=":material/rule:"):
            _answer(task.id)
        if task.may_be_given_up and st.button("Not done…", key=f"cannot_{task.id}", icon=":material/block:"):
            _cannot(task.id, task.version)
    elif newest and task.asked is Asked.SEARCH and request.state in {State.RECEIVED, State.IN_PROGRESS} and st.button(
        "Ask again", key=f"again_{task.id}", icon=":material/refresh:"
    ):
        forms.attempt(
            f"again_{task.id}", lambda key: owner_tasks.ask(desk, request.row.id, task.system, key=key),
            "Asked again. What is found now will stand in place of what was found before.",
        )


@visit.dialog("What to tell the owner", width="large")
def _tell(task_id: str) -> None:
    desk = session.desk_or_stop()
    seen = _opened(desk, task_id, owner_tasks.tell)
    if seen is None:
        return
    to = f"{seen.task.owner}, {seen.task.contact}" if seen.task.contact else seen.task.owner
    st.caption(f"For {to}. It says who the person is: pass it on by a way that is safe inside the company.")
    st.code(told(seen), language=None, wrap_lines=True)


def told(seen: OwnerQuestion) -> str:
    """Return the message to the owner, plain text: what to do, for whom, where, how, and until when."""
    parts = [
        f"{ASKS[seen.task.asked]} in: {seen.task.title}. Our reference: {seen.reference}.",
        "The person:\n" + "\n".join(f"- {name.replace('_', ' ')}: {text}" for name, text in seen.person),
        "What it concerns:\n" + "\n".join(f"- {line}" for line in seen.lines),
    ]
    if seen.how:
        parts.append(f"How: {seen.how}")
    if seen.copy_wanted:
        parts.append("The person gets a copy: send us the rows of each of them as CSV, whose first line names the columns.")
    parts.append(
        f"Please answer by {seen.task.due_on:%d %B %Y}: what was found or done, in which numbers, and by whom. Tell nobody else."
    )
    return "\n\n".join(parts)


@visit.dialog("The owner's answer", width="large")
def _answer(task_id: str) -> None:
    desk = session.desk_or_stop()
    seen = _opened(desk, task_id, owner_tasks.open_question)
    if seen is None:
        return
    task = seen.task
    st.markdown(f"**{untrusted.inline(task.title)}**: {ASKS[task.asked].lower()}")
    holdings: dict[str, Holding] | None = _holdings(seen) if task.asked is Asked.SEARCH else {}
    if task.asked is not Asked.SEARCH:
        st.markdown("\n".join(f"- {untrusted.inline(line)}" for line in seen.lines))
        st.caption("Record it only where all of this was done there. Otherwise say 'Not done…'.")
    who = st.text_input("Who answered", key="owner_who")
    evidence = st.text_area(
        "What shows it", key="owner_evidence", height=90, placeholder="The mail, the protocol or the ticket, and its date",
    )
    if st.button("Record", type="primary", key="owner_send", disabled=holdings is None):
        forms.attempt(
            f"owner_{task.id}_{task.version}",
            lambda key: owner_tasks.answer(desk, task.id, who or "", evidence or "", holdings, version=task.version, key=key),
            "The answer is recorded." + (" Prepare the plan again: it counts it in." if task.asked is Asked.SEARCH else ""),
        )


def _holdings(seen: OwnerQuestion) -> dict[str, Holding] | None:
    """Draw what each table holds, and return it; None while a file cannot be read."""
    read: dict[str, Holding] = {}
    wrong = False
    for table, title in seen.tables:
        with st.container(horizontal=True, vertical_alignment="top"):
            count = st.number_input(
                f"{title}: rows found", min_value=0, max_value=owner_files.MOST, value=None, step=1, key=f"rows_{table}",
                width=220,
            )
            file: Any = st.file_uploader(
                f"{title}: the rows as CSV" + ("" if seen.copy_wanted else " (not needed)"), type=["csv"], key=f"file_{table}",
            )
        if file is not None:
            try:
                read[table] = owner_files.read_file(seen.task.system, table, file.getvalue())
            except Refused as refusal:
                notes.refused(refusal)
                wrong = True
                continue
            if count is not None and count != read[table].rows:
                st.error(f"{title}: the file has {read[table].rows} rows, not {count}. Which is right?")
                wrong = True
        elif count is not None:
            read[table] = Holding(int(count))
    return None if wrong else read


@visit.dialog("Not done")
def _cannot(task_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    st.write("The owner cannot do it, or does not answer in time. Where a search stays undone, the letter to the person says so; "
             "what was to be carried out goes back to work.")
    who = st.text_input("Who said so, or who was asked in vain", key="owner_cannot_who")
    reason = st.text_area("Why", key="owner_cannot_reason")
    if st.button("Record", type="primary", key="owner_cannot_send"):
        forms.attempt(
            f"cannot_{task_id}_{version}",
            lambda key: owner_tasks.cannot(desk, task_id, who or "", reason or "", version=version, key=key), "Recorded.",
        )


def _opened(desk: Desk, task_id: str, opens: Callable[[Desk, str], OwnerQuestion]) -> OwnerQuestion | None:
    try:
        return opens(desk, task_id)
    except Refused as refusal:
        notes.refused(refusal)
        return None
