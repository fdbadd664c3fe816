"""Look for many people at once, for the command line: one line of the answer for each person asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.people import people
from core.connectors.connector import Wanted
from core.connectors.fields import ASKED, IDENTIFIERS, LONGEST, lay, read_date, settle
from core.connectors.sheets import read_sheet
from core.law.errors import Invalid
from core.law.typed import check_day, read_text
from core.matching.scores import Asked

TOGETHER = 25  # people asked for in one act


def find_many(
    desk: Desk, rows: Iterable[Mapping[str, str]], top: int, purpose: str, words: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield {"row", "exact", "possible"} for each row of fields, in order, counted from 1, once its entry is durable.

    A field that cannot be read is not asked; a row in which nothing is left gets an empty answer.
    """
    waiting, today = iter(enumerate(rows, 1)), today_of(desk)
    while group := list(islice(waiting, TOGETHER)):
        wanted = [
            (number, wanted_of({name: text for name, text in row.items() if _readable(name, text, today)}))
            for number, row in group
        ]
        asked = [(number, each) for number, each in wanted if each is not None]
        several = [each for _, each in asked]
        found = people.find_all(desk, several, purpose=purpose, words=words, top=top) if asked else []
        answers = {number: answer for (number, _), answer in zip(asked, found, strict=True)}
        for number, _ in wanted:
            yield _line(number, answers.get(number))


def find_in_sheet(
    desk: Desk, content: bytes, *, mapping: Mapping[str, Sequence[str]] | None = None, top: int = 10, purpose: str,
    words: str = "",
) -> Iterator[dict[str, Any]]:
    """As `find_many` over a CSV; the columns are mapped as for an import, `name` and `value` are fields too."""
    sheet = read_sheet(content)
    laid = settle(sheet.columns, mapping, ASKED, ())
    if not laid:
        raise Invalid("No column of the file is a field to ask for. Name or map one.", "file")
    yield from find_many(desk, (lay(row, laid) for row in sheet.rows), top, purpose, words)


def wanted_of(fields: Mapping[str, str]) -> Wanted | None:
    """Return whom a row asks for, or None where nothing in it can be asked."""
    asked = Asked(
        name=fields.get("name") or None, given_name=fields.get("given_name") or None,
        family_name=fields.get("family_name") or None, birth_date=_date(fields.get("birth_date", "")),
        postcode=fields.get("postcode") or None, address=fields.get("address") or None,
        city=fields.get("city") or None,
    )
    identifiers = {kind: fields[kind] for kind in IDENTIFIERS if fields.get(kind)}
    value = (fields.get("value") or "").strip() or None
    described = any(asked.keys().values())
    return Wanted(value, identifiers, asked if described else None) if value or identifiers or described else None


def _readable(name: str, text: str, today: date) -> bool:
    """Whether a field of a file can be asked; of a row of many people the rest is asked without it."""
    try:
        read_text(text or "", name, needed=False, longest=LONGEST)
        born = _date(text) if name == "birth_date" else None
        return born is None or bool(check_day(born, name, latest=today))
    except Invalid:
        return False


def _date(text: str) -> date | None:
    try:
        return read_date(text) if text else None
    except Invalid:
        return None


def _line(number: int, found: people.FoundPeople | None) -> dict[str, Any]:
    exact = found.exact if found else ()
    possible = found.possible if found else ()
    return {
        "row": number,
        "exact": [
            {"subject_ref": each.subject_ref, "source_id": each.source_id} | ({"shared": True} if each.shared else {})
            for each in exact
        ],
        "possible": [
            {"subject_ref": each.subject_ref, "source_id": each.source_id, "score": each.score, "why": list(each.why)}
            for each in possible
        ],
    } | ({"unread": list(found.unread)} if found and found.unread else {})
