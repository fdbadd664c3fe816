"""Reading documents back as a person's programs would: the words of a PDF, the cells of a workbook."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from xml.etree import ElementTree as Tree

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ByteStringObject, IndirectObject, TextStringObject

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def pdf_words(content: bytes) -> str:
    """Return the text of all pages without white space, because line breaks are the layout's, not the writer's."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def squeeze(text: str) -> str:
    """Return a text as `pdf_words` gives it."""
    return re.sub(r"\s+", "", text)


def xlsx_parts(content: bytes) -> dict[str, bytes]:
    """Return the files inside a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def xlsx_cells(content: bytes, sheet: int) -> dict[str, str]:
    """Return the cells of a sheet by address, with Excel's _xHHHH_ marks for control characters resolved."""
    parts = xlsx_parts(content)
    shared = Tree.fromstring(parts["xl/sharedStrings.xml"]) if "xl/sharedStrings.xml" in parts else []
    strings = ["".join(t.text or "" for t in si.iter(f"{MAIN}t")) for si in shared]
    cells = {}
    for cell in Tree.fromstring(parts[f"xl/worksheets/sheet{sheet}.xml"]).iter(f"{MAIN}c"):
        value = cell.findtext(f"{MAIN}v")
        if value is not None:
            words = strings[int(value)] if cell.get("t") == "s" else value
            cells[cell.attrib["r"]] = re.sub(r"_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), words)
    return cells


def pdf_texts(content: bytes) -> str:
    """Return all that a PDF says: its pages, what it tells of itself, its outline, notes, fields and the files it carries."""
    reader = PdfReader(io.BytesIO(content))
    pages = "".join(page.extract_text() for page in reader.pages)
    told = [pages, squeeze(pages)]  # the latter has whole words where a line was broken
    told += [str(value) for value in (reader.metadata or {}).values()]
    told += [reader.xmp_metadata.rdf_root.toxml()] if reader.xmp_metadata else []
    told += _words_of_objects(reader)
    told += [held.decode("utf-8", "replace") for each in reader.attachments.values() for held in each]
    return "\n".join(told)


def _words_of_objects(reader: PdfReader) -> Iterator[str]:
    """Give every text of every object but the pages' own streams: titles of a structure, notes, fields, file names."""
    for number in range(1, int(reader.trailer["/Size"])):
        with suppress(PyPdfError):
            yield from _words(reader.get_object(IndirectObject(number, 0, reader)))


def _words(held: Any) -> Iterator[str]:
    if isinstance(held, TextStringObject | ByteStringObject):
        yield held.decode("utf-16", "ignore") if isinstance(held, bytes) else str(held)
    elif isinstance(held, dict):
        for value in held.values():
            yield from _words(value)
    elif isinstance(held, list):
        for value in held:
            yield from _words(value)


def xlsx_texts(content: bytes) -> str:
    """Return all that a workbook says: each text and attribute of each part, hidden sheets, names and properties included."""
    told = []
    for name, part in xlsx_parts(content).items():
        told.append(name)
        if not name.endswith((".xml", ".rels")):
            told.append(part.decode("utf-8", "replace"))
            continue
        for each in Tree.fromstring(part).iter():
            told += [each.text or "", each.tail or "", *each.attrib.values()]
        told += ["".join(each.itertext()) for each in Tree.fromstring(part).iter() if each.tag in {f"{MAIN}si", f"{MAIN}is"}]
    return re.sub(r"_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), "\n".join(told))


def texts_of(content: bytes) -> str:
    """Return all that an archive says: its files, read as a person's programs read them, their names, its comment."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join([archive.comment.decode(), *archive.namelist(), *files_of(content).values()])


def files_of(content: bytes) -> dict[str, str]:
    """Return what each file of an archive says, by its name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: _said(name, archive.read(name)) for name in archive.namelist()}


def _said(name: str, content: bytes) -> str:
    readers = {"pdf": pdf_texts, "xlsx": xlsx_texts, "zip": texts_of}
    ending = name.rpartition(".")[2]
    if ending in readers:
        return readers[ending](content)
    assert ending in {"html", "json", "csv"}, f"nobody reads {name}"
    return content.decode("utf-8-sig")
