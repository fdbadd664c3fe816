"""The board over time: months and how their requests ended, where requests stood how long, what went back or went wrong."""

from collections.abc import Mapping

import streamlit as st

from core.actions.oversight.history import History, Month
from core.law.workflow import Closing, State
from pages.board import findings
from pages.parts import badges, charts, tables

_ENDINGS = {  # what a month's bar is made of; the table beneath tells every ending apart
    "answered": {Closing.FULFILLED, Closing.NO_DATA_HELD}, "partly": {Closing.PARTLY_FULFILLED}, "refused": {Closing.REFUSED},
    "other": set(Closing) - {Closing.FULFILLED, Closing.NO_DATA_HELD, Closing.PARTLY_FULFILLED, Closing.REFUSED},
}


def draw(history: History) -> None:
    """Draw the months, then what the days chosen show."""
    _months(history)
    if history.least:
        return
    _stood(history)
    _turns(history)


def _months(history: History) -> None:
    title = findings.of_months(history)
    st.header(title)
    if not any(month.received or month.ended for month in history.months):
        st.caption("No number is large enough to be shown." if history.least else "No request was received in these months.")
        return
    charts.months(
        [(month.first, month.received, _grouped(month.ended)) for month in history.months], key="board_months", alt=title
    )
    least = f" Cells of fewer than {history.least} are left out." if history.least else ""
    st.caption(f"The last {len(history.months)} months, whatever the period chosen; a request counts where it was closed.{least}")
    with st.expander("The numbers as a table"):
        tables.show(
            [_line(month) for month in reversed(history.months)], alt="Received and closed requests by month",
            longest=len(history.months),
        )


def _line(month: Month) -> dict[str, str | int]:
    line: dict[str, str | int] = {"Month": f"{month.first:%b %Y}", "Received": month.received}
    for closing in Closing:
        line[badges.CLOSINGS[closing]] = month.ended.get(closing, 0)
    return line


def _grouped(ended: Mapping[str, int]) -> dict[str, int]:
    return {name: sum(ended.get(code, 0) for code in codes) for name, codes in _ENDINGS.items()}


def _stood(history: History) -> None:
    st.header(findings.of_stages(history, badges.STAGES))
    rows = [
        {"Where it stood": badges.STAGES[State(state)], "Left it": span.number, "Median, days": days(span.median),
         "90th percentile, days": days(span.ninth)}
        for state in State if (span := history.stood.get(state))
    ]
    tables.show(rows, alt="Days that requests stood in each stage", empty="No request went on in these days.")
    if rows:
        st.caption("Days of 24 hours, from coming into a stage to leaving it, counted on the day of leaving; the first begins "
                   "with the receipt.")


def _turns(history: History) -> None:
    st.header(findings.of_approvals(history))
    told = (
        ("Receipt confirmed", history.acknowledged, "days from the receipt to the confirmation sent",
         f"{history.not_acknowledged:,} received in these days without one"),
        ("Approval", history.decided, "days from the asking to the decision",
         f"{history.given_back:,} given back"),
        ("Question to the person", history.told, "days from the question to the answer",
         f"{history.asked:,} asked, {history.asked - history.told.number:,} not answered"),
    )
    tables.show(
        [{"What": what, "Number": span.number, "Median": days(span.median), "90th percentile": days(span.ninth),
          "Of what": of, "Beside it": beside} for what, span, of, beside in told],
        alt="How long confirmations, approvals and answers to questions took",
    )
    st.header(findings.of_returns(history))
    tables.show(
        [
            {"What": "Deadlines extended, the person told", "Number": history.extended, "Of": "–"},
            {"What": "Answers that came back", "Number": history.came_back, "Of": f"{history.sent:,} sent"},
            {"What": "Sending days entered more than a day late", "Number": history.entered_late,
             "Of": f"{history.sent:,} sent"},
            {"What": "A complaint in the same case within 90 days", "Number": history.complained,
             "Of": f"{history.closed:,} closed"},
        ], alt="Extensions, returns, late entries and complaints",
    )


def days(number: float | None) -> str:
    """Return a number of days in words, with one decimal below ten.

    >>> days(0.34), days(12.0), days(None)
    ('0.3', '12', '–')
    """
    return "–" if number is None else f"{number:.1f}" if number < 10 else f"{number:,.0f}"
