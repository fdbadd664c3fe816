"""Tables that no spreadsheet program runs, and from which the text comes back."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.spreadsheet import CELL_LIMIT, Sheet, neutralise, restore, runs, write_csv, write_xlsx
from tests.documents.reading import xlsx_cells, xlsx_parts
from tests.documents.samples import HOSTILE, MADE_ON


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", "\0x", "  =1",
     "\u3000=1", "＝1", "＋1", "－1", "＠x", "﹦1", "\u200b=1", "\ufeff=1",
     "'=1", "''=1", "\x0b=1", "\u200f=1"],
)  # fmt: skip
def test_text_that_might_run_gets_an_apostrophe(text: str) -> None:
    assert neutralise(text) == "'" + text
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", ["", "jo@example.com", "1-1", "O'Neill", "' or 1=1 --", "'tis", "a=b", "اسم", "  "])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == text == restore(text)


@given(st.text(alphabet=st.sampled_from("'=+-@ \t\r\n\0＝\u200bab")))
def test_restoring_gives_back_exactly_what_was_there(text: str) -> None:
    assert restore(neutralise(text)) == text
    assert neutralise(text).startswith("'") or not runs(text)


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",))))
def test_csv_is_read_back_whole(text: str) -> None:
    content = write_csv(["=head"], [(text,)]).decode("utf-8-sig")
    heading, (cell,) = csv.reader(io.StringIO(content, newline=""))
    assert heading == ["'=head"]
    assert restore(cell) == text


def test_csv_tells_nothing_from_an_empty_text_and_leaves_numbers_alone() -> None:
    content = write_csv(["a"] * 5, [(None, "", -5, Decimal("-1.50"), date(2026, 2, 28))])
    assert content == b'\xef\xbb\xbf"a","a","a","a","a"\r\n,"","-5","-1.50","2026-02-28"\r\n'


def test_a_workbook_holds_text_as_text() -> None:
    rows = [(text, -5, True, None, Decimal("1.5"), date(2026, 3, 1)) for text in HOSTILE]
    content = write_xlsx([Sheet("=Notes[1]:*?/\\", ("=h", "n", "b", "x", "d", "t"), rows)], MADE_ON)
    cells = xlsx_cells(content, 1)
    assert cells["A1"] == "'=h"
    for line, text in enumerate(HOSTILE, start=2):
        assert restore(cells[f"A{line}"]) == text
        assert cells[f"A{line}"] == neutralise(text)
        assert (cells[f"B{line}"], cells[f"C{line}"], cells[f"E{line}"]) == ("-5", "1", "1.5")
    body = b"".join(xlsx_parts(content).values())
    assert b"<f>" not in body
    assert b"hyperlink" not in body


def test_a_text_that_looks_like_a_link_or_a_number_stays_text() -> None:
    content = write_xlsx(
        [
            Sheet(
                "s",
                ("a",),
                [("https://example.com",), ("007",), ("10000000000000001",), (10**16 + 1,), (float("nan"),)],
            )
        ],
        MADE_ON,
    )
    cells = xlsx_cells(content, 1)
    assert [cells[f"A{n}"] for n in range(2, 7)] == [
        "https://example.com",
        "007",
        "10000000000000001",
        "10000000000000001",
        "nan",
    ]


def test_control_characters_leave_a_workbook_that_opens() -> None:
    content = write_xlsx([Sheet("s", ("a",), [("a\x00b\x07",), ("\ufffe\uffff",), ("_x0041_",)])], MADE_ON)
    assert xlsx_cells(content, 1)["A2"] == "a\x00b\x07"


def test_a_text_longer_than_a_cell_is_named_not_lost() -> None:
    content = write_xlsx([Sheet("s", ("a",), [("x" * (CELL_LIMIT + 1),), ("y" * CELL_LIMIT,)])], MADE_ON)
    cells = xlsx_cells(content, 1)
    assert "32768 characters" in cells["A2"]
    assert len(cells["A3"]) == CELL_LIMIT


def test_sheets_of_one_title_get_names_of_their_own() -> None:
    content = write_xlsx([Sheet("a" * 40, ("a",), []), Sheet("a" * 40, ("a",), [])], MADE_ON)
    assert len([name for name in xlsx_parts(content) if name.startswith("xl/worksheets/sheet")]) == 2


def test_the_same_rows_give_the_same_bytes() -> None:
    sheet = Sheet("s", ("a",), [("x",)])
    assert write_xlsx([sheet], MADE_ON) == write_xlsx([sheet], MADE_ON)
    assert b"2026-11-24T00:00:00Z" in xlsx_parts(write_xlsx([sheet], MADE_ON))["docProps/core.xml"]
