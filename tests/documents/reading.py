"""Reading documents back as a person's programs would: the words of a PDF, the cells of a workbook."""

import io
import re
import zipfile
from xml.etree import ElementTree as Tree

from pypdf import PdfReader

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
