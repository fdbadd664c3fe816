"""Why it was decided so: each decision with who, when, article, sentence and facts; the latest stands beside the outcome."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from core.actions.answers.decisions import Decided
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from pages.parts import tables, untrusted

_SHOWN = 3  # acts that stand beside the outcome


def draw(desk: Desk, decided: Sequence[Decided]) -> None:
    """Draw every decision on the request, the latest on top: one place to read them all."""
    if not decided:
        st.caption("Nothing is decided yet. Each decision enters here with its article, its reason and its facts.")
        return
    st.caption("Each decision as it was recorded with the act: nothing here is changed afterwards.")
    for number, several in enumerate(_acts(decided)):
        with st.container(border=True):
            first = several[0]
            st.markdown(f"**{_what(first)}**")
            st.caption(f"{_who(desk, first)} · law {first.law}")
            if len(several) == 1:
                _one(first)
            else:
                _many(several, number)


def beside(desk: Desk, decided: Sequence[Decided]) -> None:
    """Draw the latest decisions in few words, beside the outcome."""
    if not decided:
        return
    with st.expander("Why", icon=":material/gavel:"):
        for several in _acts(decided)[:_SHOWN]:
            first = several[0]
            if len(several) == 1:
                st.markdown(f"{first.sentence} ({_article(first)})")
            else:
                st.markdown(f"{_counted(several)} ({', '.join(dict.fromkeys(_article(each) for each in several[:3]))})")
            st.caption(_who(desk, first))
        st.caption("All of them, with their facts, on the tab Decisions.")


def _acts(decided: Sequence[Decided]) -> list[list[Decided]]:
    groups = [list(several) for _, several in groupby(decided, lambda each: (each.at, each.what, each.by))]
    return groups[::-1]


def _one(each: Decided) -> None:
    if each.item:
        st.markdown(f"{each.item}: **{each.outcome}**")
    st.markdown(f"{each.sentence} ({_article(each)})")
    untrusted.facts([*each.facts, *([("In words", each.words)] if each.words else [])])


def _many(several: Sequence[Decided], number: int) -> None:
    st.markdown(_counted(several))
    tables.show([
        {
            "What": each.item, "Decision": each.outcome, "Article": each.article, "Why": each.sentence,
            "Facts": "; ".join(f"{name.lower()}: {value}" for name, value in each.facts), "In words": each.words,
        }
        for each in several
    ], alt=f"Decisions on {len(several)} items, {number + 1}", longest=12)


def _counted(several: Sequence[Decided]) -> str:
    counts: dict[str, int] = {}
    for each in several:
        counts[each.outcome] = counts.get(each.outcome, 0) + 1
    return "Of the items: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) + "."


def _what(each: Decided) -> str:
    return each.what[0].upper() + each.what[1:]


def _who(desk: Desk, each: Decided) -> str:
    return f"{each.by} · {local_time(desk, each.at):%d %b %Y %H:%M}"


def _article(each: Decided) -> str:
    return each.article if each.article.startswith("Recital") else f"Art. {each.article}"
