"""What may be done with a request now: buttons drawn from the table of moves, off where something is missing."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.actions.answers import endings, plans, requests, sending
from core.actions.answers.decisions import Decided
from core.actions.answers.packages import packages, ways_out
from core.actions.answers.packages.packages import PackageState
from core.actions.answers.packages.release import RELEASE
from core.actions.answers.progress import Progress
from core.actions.answers.rooms import copy_room
from core.actions.cases import assigning
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.delivery import CHANNELS
from core.actions.desk.desk import Desk
from core.law.acts import Act, may, may_take
from core.law.letters import LETTERS
from core.law.ways import Asker, Course, Kind
from core.law.ways_out import SENT_BY_LINK, Way
from core.law.workflow import ENDINGS, MAY_STAY_UNTOLD, TOLD_BY, Closing, State, Step, open_steps
from pages.parts import badges, closing_check, forms, session, visit
from pages.request import approval_panel, letter_desk, mirror, reopened, steps, why
from pages.request.answers import need_panel, outside_panel, refusal_panel, stop_panel

_PACKAGES = {
    "waiting": "The package waits to be built.", "building": "The package is being built.",
    "built": "The package is built; nothing has left.", "released": "The package is released: hand it over once.",
    "fetched": "The package was fetched; its bytes are deleted here.", "expired": "The package has ended. Prepare a new one.",
    "failed": "The package could not be built. Prepare it again, or tell the operator.",
}
_POLL = 2  # seconds


def draw(
    desk: Desk, file: CaseFile, request: Request, package: PackageState | None, progress: Progress,
    decided: Sequence[Decided],
) -> None:
    """Draw what comes next and who can do it, then owner, package and the open steps."""
    with st.container(border=True):
        st.header("Decision")
        if request.state is State.CLOSED:
            how = badges.CLOSINGS[request.closing].lower() if request.closing else "closed"
            st.write(f"Closed: {how}. A closed request never moves; a mistake opens a linked one.")
            why.beside(desk, decided)
            closing_check.draw(desk, request)
            reopened.draw(desk, request)
            return
        closing_check.draw(desk, request)
        reopened.draw(desk, request)
        steps.next_step(desk, file, request, progress)
        why.beside(desk, decided)
        _owner(desk, request)
        allowed = {act for act in Act if may(desk.person.roles, act)}
        open_now = open_steps(request.state, allowed, request.right.kind, sent=request.sent)
        if package is not None:
            _package(request, package)
        drawn = {
            Step.START: _start, Step.SEND: _send, Step.CAME_BACK: _came_back, Step.CLOSE_ANSWERED: _close_answered,
            Step.REVISE: _revise, Step.WITHDRAW: _withdraw, Step.CLOSE: _close,
        }
        _prepare(desk, file, request, package)
        refusal_panel.draw(desk, file, request)
        outside_panel.draw(desk, file, request)
        for step in open_now:
            if step in drawn:
                drawn[step](desk, request, package)


def _owner(desk: Desk, request: Request) -> None:
    if request.row.owner_id is None and may_take(desk.person.roles):
        _button(request, "Take this request", "take", ":material/person_add:", lambda: forms.attempt(
            _form(request, "take"),
            lambda key: assigning.assign(
                desk, request.row.id, desk.person.account_id, version=request.row.version, key=key
            ), "The request is yours.",
        ))


def _package(request: Request, package: PackageState) -> None:
    if package.state in {"waiting", "building"} or request.state is State.CARRYING_OUT:
        words = "The desk makes the package ready to fetch." if request.state is State.CARRYING_OUT else (
            _PACKAGES[package.state]
        )
        watch(request.row.id, request.row.version, package.state, words)
        return
    st.caption(_PACKAGES[package.state])
    if package.counts and package.state in {"built", "released"}:
        if package.look_ups:
            st.caption("It also says when and why the person's data were looked at.")
        st.caption(f"{sum(package.counts.values()):,} rows, {max((package.size or 0) // 1024, 1):,} kB")


@st.fragment(run_every=_POLL)
def watch(request_id: str, version: int, seen: str, words: str) -> None:
    """Say how far the package is, and draw the page anew when it or its request has moved on, no matter which was read first.

    Looking is no use of the session.
    """
    desk = session.desk_or_stop(active=False)
    now = packages.state(desk, request_id)
    if now is None or now.state != seen or requests.version_of(desk, request_id) != version:
        visit.redraw()
    if words:
        st.markdown(f":material/hourglass_top: {words}")


def _prepare(desk: Desk, file: CaseFile, request: Request, package: PackageState | None) -> None:
    row = request.row
    if request.state is not State.IN_PROGRESS or not may(desk.person.roles, Act.EXPORT_PREPARE):
        return
    if request.right.kind in stop_panel.KINDS:
        st.caption("Plan it and carry it out on the tab Carrying out.")
        return
    if request.right.course is not Course.COPY:
        tab = {Kind.ERASURE: "Erasure", Kind.RECTIFICATION: "Correction"}.get(request.right.kind)
        st.caption(
            f"Plan it on the tab {tab}; another person approves the plan before anything is done." if tab
            else f"Record it on the tab {need_panel.TAB}; then draft the answer and send it."
        )
        return
    missing = [words for words, there in (
        ("the identity is proven", file.identity_state == "proven"), ("the person is decided", file.subject_ref is not None),
    ) if not there]
    state = package.state if package else None
    if state == "built" and st.button(
        "Ask for the release…", type="primary", width="stretch", icon=":material/approval:", key=_form(request, "ask")
    ):
        approval_panel.ask(RELEASE, row.id, row.version, to_case=file.case_ref)
    if state in {"waiting", "building"}:
        return
    if missing:
        st.caption(f"A package can be prepared once {' and '.join(missing)}.")
    asks_who = copy_room(request.right.kind).look_ups and st.checkbox(
        "The person asks who looked", key=_form(request, "look_ups"), value=bool(package and package.look_ups),
        help="The package then lists the days and purposes of every look at their data, colleagues by a mark (C-579/21).",
    )
    label = "Prepare the package" if state is None else "Prepare it again"
    if st.button(label, type="secondary" if state == "built" else "primary", disabled=bool(missing), width="stretch",
                 icon=":material/inventory_2:", key=_form(request, "prepare")):
        forms.attempt(
            _form(request, "prepare"),
            lambda key: plans.prepare(desk, row.id, version=row.version, purpose="request", look_ups=asks_who, key=key),
            "The package is asked for. The desk builds it now.",
        )


def _start(desk: Desk, request: Request, _package_state: PackageState | None) -> None:
    _button(request, "Start work", "start", ":material/play_arrow:", lambda: forms.attempt(
        _form(request, "start"),
        lambda key: requests.start(desk, request.row.id, version=request.row.version, key=key),
        "Work has started.",
    ), primary=True)


def _send(_desk: Desk, request: Request, package: PackageState | None) -> None:
    mirror.warn(_desk, request.row.id)
    ready = request.right.course is not Course.COPY or package is None or package.state == "fetched"
    if not ready:
        st.caption("It can be marked as sent once the package has left.")
    _button(request, "Mark as sent…", "send", ":material/send:", lambda: _sent(request.row.id, request.row.version),
            primary=ready, disabled=not ready)


def _came_back(_desk: Desk, request: Request, _package_state: PackageState | None) -> None:
    _button(request, "The answer came back…", "came_back", ":material/undo:",
            lambda: _reason("came_back", request.row.id, request.row.version))


def _close_answered(_desk: Desk, request: Request, _package_state: PackageState | None) -> None:
    _button(request, "Close as answered…", "close_answered", ":material/done_all:",
            lambda: _close_sent(request.row.id, request.row.version), primary=True)


def _revise(_desk: Desk, request: Request, _package_state: PackageState | None) -> None:
    _button(request, "Take it back to work on it…", "revise", ":material/edit:",
            lambda: _reason("revise", request.row.id, request.row.version))


def _withdraw(_desk: Desk, request: Request, _package_state: PackageState | None) -> None:
    what = "withdraw" if request.right.asker is Asker.PERSON else "withdraw_authority"
    _button(request, f"{_REASONS[what][0]}…", "withdraw", ":material/block:",
            lambda: _reason(what, request.row.id, request.row.version))


def _close(_desk: Desk, request: Request, _package_state: PackageState | None) -> None:
    _button(request, "Close without action…", "close", ":material/cancel:",
            lambda: _close_without(request.row.id, request.row.version))


@visit.dialog("Mark the answer as sent")
def _sent(request_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    by_link = any(each.way == Way.LINK and each.standing == "fetched"
                  for each in ways_out.list_ways_out(desk, request_id)[:1])
    ways = {SENT_BY_LINK: "Link, fetched by the person"} if by_link else CHANNELS
    channel, day = letter_desk.sent_fields(desk, "answer", ways)
    if st.button("Mark as sent", type="primary", key="sent_send"):
        forms.attempt(
            f"sent_{request_id}_{version}",
            lambda key: sending.mark_sent(desk, request_id, channel, day.needed(), version=version, key=key),
            "The answer is marked as sent. Close the request when it has reached the person.",
        )


_REASONS = {
    "withdraw": ("The person withdrew", "The request is closed as withdrawn. This cannot be undone.",
                 "How and when the person took it back", "Close as withdrawn", requests.withdraw, "The request is closed."),
    "withdraw_authority": ("The authority withdrew", "The request is closed as withdrawn. This cannot be undone.",
                           "How and when it was taken back", "Close as withdrawn", requests.withdraw, "The request is closed."),
    "revise": ("Take the answer back", "The request goes back in progress; a new package needs a new approval.",
               "Why", "Take it back", requests.revise, "The answer is back in progress."),
    "came_back": ("The answer came back", "The day of sending stays; the request is ready to send again.",
                  "Why, as the envelope or the mail says", "Record it", sending.came_back, "Recorded: it came back."),
}


@visit.dialog("Confirm")
def _reason(what: str, request_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    title, words, label, confirm, action, sentence = _REASONS[what]
    st.markdown(f"**{title}.** {words}")
    reason = st.text_area(label, key=f"reason_{what}")
    if st.button(confirm, type="primary", key=f"reason_send_{what}"):
        forms.attempt(
            f"{what}_{request_id}_{version}",
            lambda key: action(desk, request_id, reason or "", version=version, key=key), sentence,
        )


@visit.dialog("Close as answered")
def _close_sent(request_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    st.write("A closed request never moves again.")
    ending = st.radio("How it ended", [each.value for each in ENDINGS[Step.CLOSE_ANSWERED]],
                      format_func=lambda code: badges.CLOSINGS[Closing(code)], key="close_sent_how")
    if st.button("Close the request", type="primary", key="close_sent_send"):
        forms.attempt(
            f"close_{request_id}_{version}",
            lambda key: sending.close(desk, request_id, ending, version=version, key=key), "The request is closed.",
        )


@visit.dialog("Close without action")
def _close_without(request_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    st.write("A closed request never moves again. The person is told first, by the letter of this ending.")
    ending = st.selectbox("How it ends", [each.value for each in ENDINGS[Step.CLOSE]], key="close_how",
                          format_func=lambda code: badges.CLOSINGS[Closing(code)])
    letter, told = TOLD_BY[Closing(ending)], endings.is_told(desk, request_id, Closing(ending))
    st.caption(f"*{LETTERS[letter].title}* is {'sent.' if told else 'not sent yet: draft it under Letters.'}")
    reason = st.text_area("Why", key="close_why")
    untold = "" if told or Closing(ending) not in MAY_STAY_UNTOLD else st.text_area(
        "Why nobody is told, where no letter can go out", key="close_untold",
    )
    if st.button("Close the request", type="primary", key="close_send"):
        forms.attempt(
            f"close_{request_id}_{version}",
            lambda key: requests.close(
                desk, request_id, ending, reason or "", version=version, key=key, untold=untold or ""
            ), "The request is closed.",
        )


def _form(request: Request, what: str) -> str:
    """Return a key that holds for this version of the request only: a click on an older drawing does nothing."""
    return f"{what}_{request.row.id}_{request.row.version}"


def _button(
    request: Request, label: str, what: str, icon: str, then: Callable[[], object], *, primary: bool = False,
    disabled: bool = False,
) -> None:
    if st.button(label, key=f"do_{_form(request, what)}", icon=icon, width="stretch", disabled=disabled,
                 type="primary" if primary else "secondary"):
        then()
