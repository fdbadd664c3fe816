"""A language is a folder: whole it is offered, and whatever it lacks is named."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from core.documents.languages import faults_of, held, words_of
from core.documents.pdf import TEMPLATES
from core.law.errors import Invalid
from core.law.languages import FALLBACK, LANGUAGES, choose


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of a further language, made from the English one."""
    made = tmp_path / "fr"
    shutil.copytree(TEMPLATES / FALLBACK, made)
    return made


@pytest.mark.parametrize("code", sorted(each.name for each in TEMPLATES.iterdir() if each.is_dir()))
def test_every_language_that_is_there_is_whole_and_offered(code: str) -> None:
    assert faults_of(TEMPLATES / code) == ()
    assert code in held()
    assert code in LANGUAGES


def test_a_new_folder_is_all_that_a_language_needs(folder: Path) -> None:
    assert faults_of(folder) == ()


def test_what_a_folder_lacks_is_named_file_by_file(folder: Path) -> None:
    (folder / "resent.txt").unlink()
    path = folder / "refusal.txt"
    path.write_text(path.read_text("utf-8").replace("{{ facts }}", "{{ fact }}"), "utf-8")
    (folder / "receipt.txt").write_text("{{ salutation", "utf-8")
    words = folder / "words.toml"
    words.write_text(
        words.read_text("utf-8").replace("closing =", "ending =").replace("complaint_answered =", "complaint_anwsered =")
        .replace('"March", ', "").replace('erasure = "erasure"', ""), "utf-8",
    )
    assert faults_of(folder) == (
        "fr/receipt.txt cannot be read, line 1", "fr/refusal.txt does not use {{ facts }}",
        "fr/refusal.txt uses {{ fact }}, which no such letter has", "fr/resent.txt is missing", "fr/words.toml lacks closing",
        "fr/words.toml lacks the twelve months", "fr/words.toml lacks subjects.complaint_answered",
        "fr/words.toml lacks rights.erasure",
    )


def test_what_may_not_be_edited_away_stands_in_the_passages_or_the_folder_is_not_offered(folder: Path) -> None:
    """A wrong check would take a letter whose reasons stand in the text alone, as they did before."""
    path = folder / "erasure_refused.txt"
    text = path.read_text("utf-8")
    reasons = "{% for line in kept %}\n- {{ line }}\n{% endfor %}\n\n"
    path.write_text(text.replace(reasons, "").replace("{% endblock %}", reasons + "{% endblock %}", 1), "utf-8")
    (folder / "resent.txt").write_text("{{ salutation }} {{ received_on }} {{ right }} {{ first_sent_on }} {{ contact }}", "utf-8")
    path = folder / "refusal.txt"
    path.write_text(path.read_text("utf-8").replace("{{ remedies }}", ""), "utf-8")
    assert faults_of(folder) == (
        "fr/erasure_refused.txt does not use {{ kept }} in its passages",
        "fr/refusal.txt does not use {{ remedies }} in its passages",
        "fr/resent.txt has no block text", "fr/resent.txt has no block passages",
        "fr/resent.txt does not use {{ contact }} in its passages",
        "fr/resent.txt does not use {{ first_sent_on }} in its passages",
    )


def test_a_language_has_words_for_every_law_that_english_has(folder: Path) -> None:
    laws = folder / "laws.toml"
    text = laws.read_text("utf-8")
    laws.write_text(text.replace("[ch", "[swiss"), "utf-8")
    assert faults_of(folder) == ("fr/laws.toml lacks ch",)
    laws.write_text("[gdpr]\nname = 1\nnone = 2", "utf-8")
    assert faults_of(folder) == ("fr/laws.toml cannot be read, or an entry of it is unknown or missing",)
    laws.unlink()
    assert faults_of(folder) == ("fr/laws.toml is missing",)


@pytest.mark.parametrize("text", [None, "closing = ", b"\xff\xfe"])
def test_a_folder_without_readable_words_is_named(folder: Path, text: str | bytes | None) -> None:
    words = folder / "words.toml"
    words.unlink()
    if text is not None:
        words.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert faults_of(folder) == (f"fr/words.toml {'is missing' if text is None else 'cannot be read'}",)


def test_the_person_s_language_is_taken_where_it_is_held_and_english_is_said_where_not() -> None:
    assert choose("de", {"en", "de"}).code == "de"
    assert choose("de", {"en", "de"}).sentence == ""
    assert choose("de", {"en"}).code == "en"
    assert "German" in choose("de", {"en"}).sentence
    assert choose("", {"en", "de"}).code == "en"


def test_a_day_and_a_name_are_written_as_the_language_does() -> None:
    words = words_of("en")
    assert words.written(date(2026, 3, 1)) == "1 March 2026"
    assert words.salutation("{day} & Co") == "Dear {day} & Co"
    assert words.salutation("") == "Dear Sir or Madam"
    with pytest.raises(Invalid, match="no letters"):
        words_of("xx")
