"""People's text on the screen: shown as it is, obeyed by nobody."""

import pytest

from pages.parts.untrusted import colleague, inline, literal
from tests.house.reading import ROOT


@pytest.mark.parametrize("text", [
    "[x](http://e.example)", ":red[warning]", "**bold**", "$x^2$", ":material/home:", "=cmd|' /C calc'!A0", "# head",
    "' or 1=1 --", "#read(\"/etc/passwd\")", "🧑‍⚖️ José Ñandú", "محمد", "http://e.example www.e.example",
])
def test_it_is_shown_literally(text):
    shown = literal(text).removeprefix("<bdi>").removesuffix("</bdi>")
    assert shown.replace("&#x27;", "'").replace("&quot;", '"') == text


@pytest.mark.parametrize("text", [
    "[x](http://e.example)", ":red[warning]", "**bold**", "$x^2$", "`code`", "# head", "<b>x</b>", "~~x~~", "a_b_c", "![p](//e)",
])
def test_in_a_sentence_of_ours_nothing_of_it_is_obeyed(text):
    shown = inline(text)
    assert shown.replace("\\", "") == text
    assert all(shown[at - 1] == "\\" for at, letter in enumerate(shown) if letter in "[](){}*_$`#<>~!:/.\"@=|" and at)
    assert inline("two\n\nlines") == "two lines"


def test_a_colleague_is_named_or_is_a_former_one():
    assert colleague({"a": "Ann *B*"}, "a") == r"Ann \*B\*"
    assert (colleague({}, "a"), colleague({"a": "Ann"}, None, "nobody")) == ("a former colleague", "nobody")


def test_no_page_puts_a_colleagues_name_into_a_sentence_as_it_is():
    for path in (ROOT / "pages").rglob("*.py"):
        lines = path.read_text("utf-8").splitlines()
        wrong = [line for line in lines if "names.get(" in line and ("st." in line or line.strip().startswith("f\""))]
        allowed = [line for line in wrong if "untrusted.facts" in line or "st.text(" in line]
        assert [line for line in wrong if line not in allowed and path.name != "acting_panel.py"] == [], path.name


def test_markup_of_html_is_escaped():
    assert "<script" not in literal("<script>alert(1)</script>")
    assert literal("a & b") == "<bdi>a &amp; b</bdi>"
    assert "<bdi>x" not in literal("</bdi><bdi>x")


def test_what_turns_the_reading_direction_is_shown_by_its_code():
    assert literal("abc\u202egpj.exe") == "<bdi>abc⟨U+202E⟩gpj.exe</bdi>"
    assert "⟨U+0000⟩" in literal("a\x00b")


def test_long_arabic_stays_whole():
    assert literal("م" * 300).count("م") == 300


def test_letters_that_need_a_joiner_keep_it():
    assert "\u200d" in literal("👩\u200d⚖️")
