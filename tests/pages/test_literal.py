"""People's text on the screen: shown as it is, obeyed by nobody."""

import pytest

from pages.parts.literal import literal


@pytest.mark.parametrize("text", [
    "[x](http://e.example)", ":red[warning]", "**bold**", "$x^2$", ":material/home:", "=cmd|' /C calc'!A0", "# head",
    "' or 1=1 --", "#read(\"/etc/passwd\")", "🧑‍⚖️ José Ñandú", "محمد", "http://e.example www.e.example",
])
def test_it_is_shown_literally(text):
    shown = literal(text).removeprefix("<bdi>").removesuffix("</bdi>")
    assert shown.replace("&#x27;", "'").replace("&quot;", '"') == text


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
