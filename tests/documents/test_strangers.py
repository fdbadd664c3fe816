"""The proof that a package tells of nobody else reads each file as programs do: a stranger is found wherever they stand."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
import xlsxwriter
from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from core.documents.answer import Disclosure, LookUp, SystemPart
from core.documents.package import build
from tests.documents.reading import pdf_texts, texts_of, xlsx_texts
from tests.documents.samples import MADE_ON, answer, table

STRANGER = "b6yc1hs8nd3gf5ja"
LONG = STRANGER * 6  # a word that no column holds in one line


def pdf(change: Callable[[PdfWriter], object]) -> bytes:
    """Return a PDF of two pages that a program changed."""
    writer = PdfWriter()
    for _ in range(2):
        writer.add_blank_page(200, 200)
    change(writer)
    stream = io.BytesIO()
    writer.compress_identical_objects()
    writer.write(stream)
    return stream.getvalue()


IN_PDF: dict[str, Callable[[PdfWriter], object]] = {
    "what it tells of itself": lambda writer: writer.add_metadata({"/Keywords": f"of {STRANGER}"}),
    "an outline": lambda writer: writer.add_outline_item(title=f"about {STRANGER}", page_number=1),
    "a note": lambda writer: writer.add_annotation(1, FreeText(text=f"see {STRANGER}", rect=(0, 0, 9, 9))),
    "a file that it carries": lambda writer: writer.add_attachment("list.txt", f"{STRANGER}\n".encode()),
    "the name of such a file": lambda writer: writer.add_attachment(f"{STRANGER}.txt", b"x"),
    "the title of a structure": lambda writer: writer.root_object.update({
        NameObject("/StructTreeRoot"): DictionaryObject({NameObject("/Alt"): TextStringObject(STRANGER)}),
    }),
    "words of other letters": lambda writer: writer.add_metadata({"/Subject": f"氏 {STRANGER} é"}),
}


@pytest.mark.parametrize("change", IN_PDF.values(), ids=IN_PDF)
def test_in_a_pdf(change: Callable[[PdfWriter], object]) -> None:
    assert STRANGER in pdf_texts(pdf(change))
    assert STRANGER not in pdf_texts(pdf(lambda _: None))


def workbook(change: Callable[[xlsxwriter.Workbook], object], **options: object) -> bytes:
    """Return a workbook with one sheet that a program changed."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as book:
        book.add_worksheet("First").write_string(0, 0, "words")
        change(book)
    return stream.getvalue()


def parted(book: xlsxwriter.Workbook) -> None:
    bold = book.add_format({"bold": True})
    book.worksheets()[0].write_rich_string(1, 0, STRANGER[:5], bold, STRANGER[5:9], STRANGER[9:])


def hidden(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("Second")
    sheet.write_string(0, 0, STRANGER)
    sheet.hide()


def narrow(book: xlsxwriter.Workbook) -> None:
    sheet = book.worksheets()[0]
    sheet.write_string(9, 9, STRANGER)
    sheet.set_row(9, None, None, {"hidden": True})
    sheet.set_column(9, 9, None, None, {"hidden": True})


IN_XLSX: dict[str, Callable[[xlsxwriter.Workbook], object]] = {
    "a cell": lambda book: book.worksheets()[0].write_string(5, 5, STRANGER),
    "a cell of several letterings": parted,
    "a hidden sheet": hidden,
    "a hidden row and column": narrow,
    "the name of a sheet": lambda book: book.add_worksheet(STRANGER),
    "what it tells of itself": lambda book: book.set_properties({"author": STRANGER}),
    "a property of its own": lambda book: book.set_custom_property("Made for", STRANGER),
    "a comment": lambda book: book.worksheets()[0].write_comment(0, 0, STRANGER),
    "a formula's kept result": lambda book: book.worksheets()[0].write_formula(0, 1, "=A1", None, STRANGER),
    "a name of a range": lambda book: book.define_name(STRANGER.replace("b6yc", "name_b6yc"), "=First!$A$1"),
    "a list to choose from": lambda book: book.worksheets()[0].data_validation(0, 0, 0, 0, {
        "validate": "list", "source": [STRANGER, "x"],
    }),
    "a link": lambda book: book.worksheets()[0].write_url(0, 2, f"https://x.example/{STRANGER}", string="here"),
    "a heading to print": lambda book: book.worksheets()[0].set_header(f"&C{STRANGER}"),
}


@pytest.mark.parametrize("strings", [True, False], ids=["in the table of strings", "in the cells"])
@pytest.mark.parametrize("change", IN_XLSX.values(), ids=IN_XLSX)
def test_in_a_workbook(change: Callable[[xlsxwriter.Workbook], object], strings: bool) -> None:
    content = workbook(change, constant_memory=not strings)
    assert STRANGER in xlsx_texts(content)
    assert STRANGER.encode() not in content, "its bytes alone do not show it"
    assert STRANGER not in xlsx_texts(workbook(lambda _: None))


def test_a_package_is_searched_in_every_file_that_it_has() -> None:
    """One who stands in a row stands in each of the files, and in each of them the search alone finds them."""
    rows = table("notes", [("x", STRANGER), ("y", LONG)], 2)
    part = SystemPart("local", "Profiles", "found", (rows,))
    looks = (LookUp(MADE_ON, "opened a person", STRANGER, "colleague 0f3c9a72"),)
    whole = build(answer(systems=(part,), look_ups=looks)).zip_bytes
    found = {name: texts_of(only(whole, name)) for name in names(whole) if name != "manifest.json"}
    assert [name for name, told in found.items() if STRANGER not in told] == []
    assert LONG in found["answer.pdf"], "a word that was broken into lines is one word"
    assert set(found) == {
        "answer.html", "answer.pdf", "data.json", "data.xlsx", "tables/01-local-notes.csv", "look-ups.csv",
    }
    assert STRANGER.encode() not in whole
    assert STRANGER not in texts_of(build(answer()).zip_bytes)


def test_so_are_its_manifest_its_names_and_an_archive_in_it() -> None:
    part = SystemPart("local", "Profiles", "found", (table(STRANGER, [("x",)], 1),))
    assert STRANGER in texts_of(only(build(answer(systems=(part,))).zip_bytes, "manifest.json"))
    disclosed = answer(disclosures=(Disclosure(MADE_ON, STRANGER, "address", "contract"),))
    for name in ("answer.html", "answer.pdf", "data.json"):
        assert STRANGER in texts_of(only(build(disclosed).zip_bytes, name)), name
    inner = packed({"list.csv": STRANGER.encode()})
    for content in (packed({"a.zip": inner}), packed({f"{STRANGER}.csv": b""}), packed({}, STRANGER)):
        assert STRANGER in texts_of(content)


def test_a_file_that_nobody_reads_is_no_file_without_a_stranger() -> None:
    with pytest.raises(AssertionError, match=r"nobody reads picture\.png"):
        texts_of(packed({"picture.png": STRANGER.encode()}))


def names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def only(content: bytes, name: str) -> bytes:
    """Return the archive with one file alone, under a name that tells nothing."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return packed({f"one.{name.rpartition('.')[2]}": archive.read(name)})


def packed(files: dict[str, bytes], comment: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, datetime(2026, 11, 24).timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
        archive.comment = comment.encode()
    return stream.getvalue()
