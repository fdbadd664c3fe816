"""The board over time: months and how their requests ended, where requests stood how long, what went back or went wrong."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.actions.oversight.history import History, Month, Span
from core.law.workflow import Closing, State
from pages.board import findings, numbers
from pages.board.numbers import Files
from pages.parts import badges, charts, tables

FEWEST = 12  # months that are drawn at least
_DAYS = {name: st.column_config.TextColumn(alignment="right") for name in ("Median, days", "90th percentile, days")}
_ENDINGS = {  # what a month's bar is made of; the table beneath tells every ending apart
    "answered": {Closing.FULFILLED, Closing.NO_DATA_HELD}, "partly": {Closing.PARTLY_FULFILLED}, "refused": {Closing.REFUSED},
    "other": set(Closing) - {Closing.FULFILLED, Closing.NO_DATA_HELD, Closing.PARTLY_FULFILLED, Closing.REFUSED},
}


def draw(history: History, files: Files) -> None:
    """Draw the months, then what the days chosen show; `files` gives the address of each table's file."""
    _months(history, files)
    if history.least:
        return
    _stood(history, files)
    _turns(history, files)
    left, right = st.container(key="board_ends").columns(2, gap="large")
    with left:
        _refused(history, files)
    with right:
        _systems(history, files)


def _refused(history: History, files: Files) -> None:
    st.header(findings.of_refusals(history))
    tables.show(
        [
            {"Article": article, "Ground": findings.ground(article), "Refusals": number}
            for article, number in history.refused.items()
        ], alt="Refusals by ground", empty="No refusal was decided in these days.",
    )
    if history.refused:
        numbers.link(files("refused"))


def _systems(history: History, files: Files) -> None:
    st.header(findings.of_systems(history))
    tables.show(
        [{"System": title, "Done": span.number, **_lengths(span)} for title, span in history.systems.items()],
        alt="Days until each system had done its part", empty="No system had anything to do in these days.", columns=_DAYS,
    )
    if history.systems:
        st.caption("From the moment in which a plan came to be carried out.")
        numbers.link(files("systems"))


def _months(history: History, files: Files) -> None:
    title = findings.of_months(history)
    st.header(title)
    if not any(month.received or month.ended for month in history.months):
        st.caption("No number is large enough to be shown." if history.least else "No request was received in these months.")
        return
    shown = _from_the_first(history.months)
    charts.months([(each.first, each.received, _grouped(each.ended)) for each in shown], key="board_months", alt=title)
    least = f" Cells of fewer than {history.least} are drawn as none." if history.least else ""
    st.caption(f"The last {len(shown)} months, whatever the period chosen; a request counts where it was closed.{least}")
    numbers.draw(
        [_line(month, history.least) for month in reversed(shown)], files("months"),
        alt="Received and closed requests by month", longest=len(shown),
    )


def _from_the_first(months: Sequence[Month]) -> Sequence[Month]:
    """Return the months from the first in which something was received or closed, the last twelve at least."""
    first = next(place for place, month in enumerate(months) if month.received or month.ended)
    return months[min(first, len(months) - FEWEST):]


def _line(month: Month, least: int) -> dict[str, str]:
    numbers = {"Received": month.received} | {badges.CLOSINGS[each]: month.ended.get(each, 0) for each in Closing}
    hidden = f"< {least}" if least else "0"
    return {"Month": f"{month.first:%b %Y}"} | {name: f"{number:,}" if number else hidden for name, number in numbers.items()}


def _grouped(ended: Mapping[str, int]) -> dict[str, int]:
    return {name: sum(ended.get(code, 0) for code in codes) for name, codes in _ENDINGS.items()}


def _lengths(span: Span) -> dict[str, str]:
    return {"Median, days": _days(span.median), "90th percentile, days": _days(span.ninth)}


def _days(number: float | None) -> str:
    return "–" if number is None else f"{number:,.1f}"


def _stood(history: History, files: Files) -> None:
    st.header(findings.of_stages(history, badges.STAGES))
    rows = [
        {"Where it stood": badges.STAGES[State(state)], "Left it": span.number, **_lengths(span)}
        for state in State if (span := history.stood.get(state))
    ]
    tables.show(rows, alt="Days that requests stood in each stage", empty="No request went on in these days.", columns=_DAYS)
    if rows:
        st.caption("Days of 24 hours, from coming into a stage to leaving it, counted on the day of leaving; the first begins "
                   "with the receipt.")
        numbers.link(files("stages"))


def _turns(history: History, files: Files) -> None:
    st.header(findings.of_approvals(history))
    told = (
        ("Receipt to its confirmation", history.acknowledged, f"{history.not_acknowledged:,} not confirmed"),
        ("Approval asked to decided", history.decided, f"{history.given_back:,} given back"),
        ("Question asked to answered", history.told, f"{history.asked - history.told.number:,} not answered"),
    )
    tables.show(
        [{"From … to": what, "Number": span.number, **_lengths(span), "Beside it": beside} for what, span, beside in told],
        alt="How long confirmations, approvals and answers to questions took", columns=_DAYS,
    )
    numbers.link(files("lengths"))
    st.header(findings.of_returns(history))
    tables.show(
        [
            {"What": "Deadlines extended, the person told", "Number": history.extended, "Of": "–"},
            {"What": "Answers that came back", "Number": history.came_back, "Of": f"{history.sent:,} sent"},
            {"What": "Sending days entered more than a day late", "Number": history.entered_late,
             "Of": f"{history.sent:,} sent"},
            {"What": "A complaint in the same case within 90 days", "Number": history.complained,
             "Of": f"{history.closed:,} other closings"},
        ], alt="Extensions, returns, late entries and complaints",
    )
    numbers.link(files("turns"))
