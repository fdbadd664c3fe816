"""A data catalogue with a system that is worked in by hand: the sample that comes with the desk, and a paper archive."""

from pathlib import Path

import pytest

from core.connectors import catalogue
from core.store.datafiles import DATA

ARCHIVE = """
[systems.archive]
title = "Paper archive"
what = "Contracts and invoices on paper"
owner = "The head of the archive"
contact = "archive@desk.example"
days = 5
[systems.archive.how]
search = "Look in the register by name and birth date."
erase = "Shred the file, and enter it in the protocol."

[[table]]
system = "archive"
name = "contracts"
title = "Contracts on paper"
category = "contracts"
origin = "provided"
uses = ["contract"]
recipients = ["the archive"]
retention = "6 years"
[table.columns]
number = "Number of the contract"
signed = "Signed on"

[[table]]
system = "archive"
name = "invoices"
title = "Invoices on paper"
category = "invoices"
origin = "observed"
uses = ["contract"]
recipients = ["the archive"]
retention = "10 years"
[table.columns]
number = "Number of the invoice"
amount = "Amount"
"""


def write_with_archive(folder: Path, archive: str = ARCHIVE) -> Path:
    """Write the sample catalogue with a paper archive beside it, and return where."""
    sample = (DATA / "catalogue.toml").read_text("utf-8")
    before, mark, after = sample.partition("[left_out]")
    path = folder / "catalogue.toml"
    path.write_text(before + archive + mark + after, "utf-8")
    return path


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """Let this test's desk have a paper archive."""
    monkeypatch.setenv("RIGHTSDESK_CATALOGUE", str(write_with_archive(tmp_path)))
    catalogue.catalogue.cache_clear()
    yield
    catalogue.catalogue.cache_clear()
