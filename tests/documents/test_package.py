"""The access package: complete, the same each time, provable, and about one person alone."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from core.documents.answer import AnswerFacts, Fact, LookUp, Row, SystemPart
from core.documents.package import HTML_ROWS, PDF_ROWS, Package, build
from core.documents.spreadsheet import restore
from core.law.errors import AnotherPerson, Invalid, Refused
from tests.documents.reading import pdf_words, squeeze, xlsx_cells
from tests.documents.samples import HOSTILE, answer, table


@pytest.fixture(scope="module")
def package() -> Package:
    return build(answer())


def files(package: Package) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package.zip_bytes)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_holds_every_file_and_its_names_come_from_the_catalogue(package: Package) -> None:
    assert list(files(package)) == [
        "answer.html", "answer.pdf", "data.json", "data.xlsx", "tables/01-local-people.csv",
        "tables/02-local-events.csv", "tables/03-local-notes.csv", "tables/04-shop-orders.csv", "manifest.json",
    ]  # fmt: skip
    hostile = answer(systems=(SystemPart("../a/b", "x", "zero", (table("../../etc", [], 1), table("人", [], 1))),))
    assert [entry["file"] for entry in build(hostile).manifest["schema"]] == [
        "tables/01-a-b-etc.csv",
        "tables/02-a-b.csv",
    ]


def test_the_same_answer_gives_the_same_bytes(package: Package) -> None:
    again = build(answer())
    assert again.zip_bytes == package.zip_bytes
    assert again.sha256 == package.sha256 == hashlib.sha256(package.zip_bytes).hexdigest()
    assert build(answer(made_on=date(2026, 11, 25))).sha256 != package.sha256


def test_the_manifest_proves_every_file(package: Package) -> None:
    held = files(package)
    manifest = json.loads(held.pop("manifest.json"))
    assert manifest == package.manifest
    assert {f["name"]: f["sha256"] for f in manifest["files"]} == {
        n: hashlib.sha256(c).hexdigest() for n, c in held.items()
    }
    assert {f["name"]: f["rows"] for f in manifest["files"] if "table" in f} == {
        "tables/01-local-people.csv": 1, "tables/02-local-events.csv": 30, "tables/03-local-notes.csv": 14,
        "tables/04-shop-orders.csv": 0,
    }  # fmt: skip
    assert [(s["name"], s["state"], s["rows"]) for s in manifest["systems"]] == [
        ("local", "found", 45), ("shop", "zero", 0), ("letters", "not_connected", 0),
    ]  # fmt: skip
    assert package.counts == {"local": 45, "shop": 0, "letters": 0}
    assert {f["name"].rsplit(".", 1)[1]: f["escaping"] for f in manifest["files"]} == {
        "html": "html", "pdf": "pdf", "json": "none", "xlsx": "formula", "csv": "formula",
    }  # fmt: skip
    assert set(manifest["escaping"]) == {"none", "formula", "html", "pdf"}


def test_a_row_of_somebody_else_stops_everything() -> None:
    for place in (0, 15, 29):
        events = table("events", [("x", n) for n in range(30)], 2)
        rows = [*events.rows]
        rows[place] = Row("S-2", ("marker-two@example.com", 1))
        mixed = answer(systems=(SystemPart("local", "L", "found", (replace(events, rows=tuple(rows)),)),))
        with pytest.raises(AnotherPerson) as refusal:
            build(mixed)
        assert isinstance(refusal.value, Refused)
        assert "marker-two" not in str(refusal.value)
        assert "S-2" not in str(refusal.value)
    with pytest.raises(AnotherPerson):
        build(answer(subject_ref="S-11"))
    with pytest.raises(Invalid):
        build(answer(subject_ref=""))


def test_hostile_text_stands_in_every_file_unharmed(package: Package) -> None:
    held = files(package)
    notes = json.loads(held["data.json"])["systems"][0]["tables"][2]["rows"]
    assert [row["c1"] for row in notes] == list(HOSTILE)
    lines = list(csv.reader(io.StringIO(held["tables/03-local-notes.csv"].decode("utf-8-sig"), newline="")))
    assert [restore(line[1]) for line in lines[1:]] == list(HOSTILE)
    assert lines[2][1] == "'" + HOSTILE[1]
    cells = xlsx_cells(held["data.xlsx"], 4)
    assert [restore(cells[f"B{n}"]) for n in range(2, 2 + len(HOSTILE))] == list(HOSTILE)
    page = held["answer.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page
    words = pdf_words(held["answer.pdf"])
    for text in (text for text in HOSTILE if text.isascii()):
        assert squeeze(text) in words


def test_the_page_needs_nothing_from_outside(package: Package) -> None:
    page = files(package)["answer.html"].decode()
    for word in ("http:", "https:", "src=", "@import", "url("):
        assert word not in page
    assert "default-src 'none'" in page
    assert 'dir="auto"' in page
    assert "prefers-color-scheme: dark" in page


def test_the_page_says_each_point_of_article_15_and_every_system(package: Package) -> None:
    held = files(package)
    for text in (held["answer.html"].decode(), pdf_words(held["answer.pdf"])):
        flat = squeeze(text)
        for point in (
            "15(1)(a)",
            "15(1)(b)",
            "15(1)(c)",
            "15(1)(d)",
            "15(1)(e)",
            "15(1)(f)",
            "15(1)(g)",
            "15(1)(h)",
            "15(2)",
        ):
            assert f"(Article{point})" in flat
        for words in ("Not applicable: we take no such decisions", "Sample Carrier",
                      "5 January 2026", "1 May 2025", "searched, nothing held",
                      "We searched it by hand", "Article 77", "Article 79",
                      "dpo@example.com", "marker-one@example.com"):  # fmt: skip
            assert squeeze(words) in flat


@pytest.mark.parametrize("name", AnswerFacts.__dataclass_fields__)
def test_a_point_left_open_or_answered_twice_is_refused(name: str) -> None:
    whole = answer().facts
    for wrong in (Fact(), Fact("yes", "and no"), Fact(" ")):
        with pytest.raises(Invalid, match="Article 15"):
            build(answer(facts=replace(whole, **{name: wrong})))


@pytest.mark.parametrize(
    "part",
    [
        SystemPart("a", "A", "zero", (table("t", [("x",)], 1),)),
        SystemPart("a", "A", "found", (table("t", [], 1),)),
        SystemPart("a", "A", "failed"),
        SystemPart("a", "A", "not_connected"),
        SystemPart("a", "A", "found", (table("t", [("x", "y")], 1),)),
        SystemPart("a", "A", "found", (table("t", [("x",)], 1), table("t", [("x",)], 1))),
        SystemPart("a", "A", "found", (table("t", [("half \ud800",)], 1),)),
    ],
)
def test_an_answer_that_contradicts_itself_is_refused(part: SystemPart) -> None:
    with pytest.raises(Invalid):
        build(answer(systems=(part,)))


def test_a_character_without_a_glyph_is_spelled_and_kept_exactly_in_the_data() -> None:
    part = SystemPart("a", "A", "found", (table("t", [("x\x00\ue000\u202ey",), (float("inf"),)], 1),))
    package = build(answer(systems=(part,)))
    held = files(package)
    assert json.loads(held["data.json"])["systems"][0]["tables"][0]["rows"] == [
        {"c0": "x\x00\ue000\u202ey"},
        {"c0": "inf"},
    ]
    assert "x[U+0000][U+E000][U+202E]y" in pdf_words(held["answer.pdf"])
    assert "x[U+0000]\ue000[U+202E]y" in held["answer.html"].decode()
    assert package.manifest["code_points_spelled_in_pdf"] == ["U+0000", "U+202E", "U+E000"]


def test_ten_thousand_rows_are_all_in_the_files_and_the_page_says_where() -> None:
    part = SystemPart("a", "A", "found", (table("t", [(n, f"event {n}", "web") for n in range(10_000)], 3),))
    package = build(answer(systems=(part,)))
    held = files(package)
    assert package.counts == {"a": 10_000}
    assert held["tables/01-a-t.csv"].count(b"\r\n") == 10_001
    assert len(json.loads(held["data.json"])["systems"][0]["tables"][0]["rows"]) == 10_000
    assert xlsx_cells(held["data.xlsx"], 2)["B10001"] == "event 9999"
    sentence = "Here are the first {} of 10000 rows. All of them are in the file tables/01-a-t.csv."
    assert sentence.format(HTML_ROWS) in held["answer.html"].decode()
    assert squeeze(sentence.format(PDF_ROWS)) in pdf_words(held["answer.pdf"])
    assert {f["name"]: f["rows"] for f in package.manifest["files"]} == {
        "answer.html": HTML_ROWS, "answer.pdf": PDF_ROWS, "data.json": 10_000,
        "data.xlsx": 10_000, "tables/01-a-t.csv": 10_000,
    }  # fmt: skip


def test_nobody_found_is_said_and_nothing_else_is_claimed() -> None:
    held = files(build(answer(systems=(SystemPart("a", "A", "zero"),), purposes=(), disclosures=(), consents=())))
    page = held["answer.html"].decode()
    assert "We found no personal data about you" in page
    assert "We process personal data about you" not in page


def test_who_looked_is_shortened_on_paper_and_whole_in_its_file() -> None:
    looks = tuple(LookUp(date(2026, 1, 5), "opened a person", f"=purpose {n}", "colleague 0f3c9a72") for n in range(PDF_ROWS + 1))
    package = build(answer(look_ups=looks))
    held = files(package)
    assert squeeze("All of them are in the file look-ups.csv") in pdf_words(held["answer.pdf"])
    rows = list(csv.reader(io.StringIO(held["look-ups.csv"].decode("utf-8-sig"))))
    assert len(rows) == PDF_ROWS + 2
    assert rows[1][2] == "'=purpose 0", "no spreadsheet runs it"
    assert package.manifest["look_ups"] == PDF_ROWS + 1
    assert "Our log holds no look at your data." in files(build(answer(look_ups=())))["answer.html"].decode()
