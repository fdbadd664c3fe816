"""Writes the table of acts into docs/permissions.md anew: `make permissions`."""

from pathlib import Path

from core.law.permissions import as_markdown

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
START, END = "<!-- permissions:start -->", "<!-- permissions:end -->"


def renewed(text):
    """Return the text of the page with the table that is checked between its marks."""
    before, rest = text.split(START)
    return f"{before}{START}\n{as_markdown()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), "utf-8")
