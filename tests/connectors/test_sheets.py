"""Reading uploaded tables."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.connectors.sheets import LARGEST, read_sheet
from core.law.errors import Invalid
from core.matching.normal_forms import outer_blanks_removed


def test_a_mark_at_the_start_and_blanks_in_the_header_do_not_matter():
    sheet = read_sheet("\ufeffrec_id, given_name \r\n1, Zoë\r\n\r\n".encode())
    assert sheet.columns == ("rec_id", "given_name")
    assert sheet.rows == ({"rec_id": "1", "given_name": "Zoë"},)


@pytest.mark.parametrize("line", ["a;b\n1;2\n", "a\tb\n1\t2\n", '"a","b"\n"1","2"\n'])
def test_other_separators_are_read(line):
    assert read_sheet(line.encode()).rows == ({"a": "1", "b": "2"},)


@pytest.mark.parametrize("text", [
    "=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "' or 1=1 --", "<script>", "\u202eright to left", "👩‍👩‍👧", "#read(x)",
])
def test_a_formula_and_its_like_stay_literally(text):
    out = io.StringIO()
    csv.writer(out).writerows([["customer_id", "note"], ["1", text]])
    assert read_sheet(out.getvalue().encode()).rows[0]["note"] == text


@pytest.mark.parametrize(("content", "sentence"), [
    (b"", "empty"),
    (b"\n\n", "empty"),
    (b"a,b\n1,\xff\n", "UTF-8"),
    ("a,b\n1,ü\n".encode("latin-1"), "UTF-8"),
    ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
    (b"a,b\n1,\0\n", "NUL"),
    (b"a,b\n1,2\n3\n", "Row 2 has 1 cells"),
    (b"a,b\n1,2,3\n", "Row 1 has 3 cells"),
    (b"a,b\n1," + b"x" * (64 * 1024 + 1) + b"\n", "Row 1 has a cell of more than 64 KB"),
    (b"a,b\n1," + "ü".encode() * 33_000 + b"\n", "64 KB"),
    (b"a,b\n1," + b"x" * 200_000 + b"\n", "64 KB"),
    (b"a," * 200 + b"a\n", "200 columns"),
    (b"a,,b\n", "Column 2 has no name"),
    (b"a,b, a\n", "Column 3 has the name of an earlier"),
    (b'a,b\n1,"open\n2,3\n', "quotation mark"),
    (b'a,b\n1,"x"y\n', "quotation mark"),
    (b"a" * (LARGEST + 1), "25 MB"),
])
def test_a_broken_file_is_refused_with_a_clear_sentence(content, sentence):
    with pytest.raises(Invalid, match=sentence):
        read_sheet(content)


def test_a_cell_of_64_kb_is_still_read():
    assert len(read_sheet(b"a,b\n1," + b"x" * 64 * 1024 + b"\n").rows[0]["b"]) == 64 * 1024


def test_a_refusal_quotes_no_cell():
    with pytest.raises(Invalid) as refusal:
        read_sheet(b'a,b\n1,"marker"marker\n')
    assert "marker" not in str(refusal.value)


def test_the_apostrophe_that_keeps_digits_as_text_is_no_part_of_the_cell():
    (row,) = read_sheet(b"id,phone,city,name\n'70010,'+49170,'s-Gravenhage,'=1\n").rows
    assert row == {"id": "70010", "phone": "+49170", "city": "'s-Gravenhage", "name": "'=1"}


def test_control_characters_mark_the_row_as_broken():
    assert read_sheet("a\nx\x07\ny\tz\nu\x85\n".encode()).broken == {1, 3}


@given(st.lists(st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=40), min_size=1))
def test_what_a_writer_of_csv_writes_is_what_is_read(texts):
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([["number", "text"], *([str(n), text] for n, text in enumerate(texts))])
    rows = read_sheet(out.getvalue().encode()).rows
    assert [row["text"] for row in rows] == [outer_blanks_removed(text) for text in texts]
