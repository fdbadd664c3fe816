"""The order and the wording of the page that a person reads, the same for screen and paper."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.documents.answer import MISSING, POINTS, AccessAnswer, SystemPart, Table, Value
from core.documents.dates import written
from core.documents.spreadsheet import plain
from core.documents.statutes import statute

TABLE_COLUMNS = 6  # a table with more columns is set as field and value


@dataclass(frozen=True)
class Item:
    """A piece of a section: a title, sentences, and rows under headings; `wide` rows are set one under the other."""

    title: str
    text: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""

    @property
    def wide(self) -> bool:
        """Say whether the rows have too many fields for a line."""
        return len(self.head) > TABLE_COLUMNS


@dataclass(frozen=True)
class Section:
    """A part of the page with a heading."""

    title: str
    items: tuple[Item, ...]
    text: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """The whole page, still without any layout."""

    title: str
    heading: str
    intro: tuple[str, ...]
    systems: tuple[tuple[str, str, str], ...]
    sections: tuple[Section, ...] = field(default=())


LOOKS_FILE = "look-ups.csv"
LOOKS_HEAD = ("Date", "What was done", "Purpose", "By")
LOOKS_WORDS = (
    "Colleagues stand here by a mark that holds for this package only: the same mark is the same colleague. The law gives "
    "you the days and purposes; not the names of employees, as long as you do not need them to use your rights (Court of "
    "Justice, C-579/21)."
)
SYSTEMS_HEAD = ("System", "Result", "Rows")
STATES = {
    "found": "data found",
    "zero": "searched, nothing held",
    "failed": "could not be searched",
    "asked": "searched by hand, not finished yet",
    "not_connected": "not connected to this desk",
}


def lay_out(answer: AccessAnswer, row_limit: int, files: dict[tuple[str, str], str]) -> Outline:
    """Return the page; a table longer than `row_limit` is cut with a sentence that names its file in the package."""
    held = any(system.rows for system in answer.systems)
    day, law = written(answer.made_on), statute(answer.law, answer.language)
    open_systems = [system.title for system in answer.systems if system.state in MISSING]
    intro = [
        f"{answer.controller} answers your request for access under {law.full('15')}.",
        f"Made on {day}, reference {answer.case_ref}.",
        "We process personal data about you. You find it below, with what the law asks us to tell you about it."
        if held
        else "We found no personal data about you in the systems that we searched.",
    ]
    if open_systems:
        intro.append(f"Not every system could be searched from this desk: see {', '.join(open_systems)} below.")
    return Outline(
        title=f"Your personal data ({answer.case_ref})",
        heading="Your personal data",
        intro=tuple(intro),
        systems=tuple((part.title, STATES[part.state], str(part.rows)) for part in answer.systems),
        sections=(
            Section("About the use of your data", tuple(_points(answer))),
            Section("Purposes", _purposes(answer)),
            Section("Who has actually received your data", _disclosures(answer)),
            *_looks(answer, row_limit),
            Section("Your consents and objections", _consents(answer)),
            *(Section(part.title, tuple(_tables(part, row_limit, files)), _state(part)) for part in answer.systems),
            _contact(answer),
        ),
    )


def _points(answer: AccessAnswer) -> Iterable[Item]:
    for name, article, title in POINTS:
        yield Item(f"{title} (Article {article})", (getattr(answer.facts, name).words,))


def _purposes(answer: AccessAnswer) -> tuple[Item, ...]:
    if not answer.purposes:
        return (Item("", ("No purpose is recorded, because no data about you is held.",)),)
    head = ("Legal basis", "Kinds of data", "Recipients", "Kept", "Source")
    return tuple(
        Item(
            fact.purpose,
            head=head,
            rows=((fact.legal_basis, fact.categories, fact.recipients, fact.retention, fact.origin),),
        )
        for fact in answer.purposes
    )


def _disclosures(answer: AccessAnswer) -> tuple[Item, ...]:
    if not answer.disclosures:
        return (Item("", ("Our disclosure log holds no recipient of data about you.",)),)
    rows = tuple((written(d.happened_on), d.recipient, d.categories, d.basis) for d in answer.disclosures)
    return (Item("", head=("Date", "Recipient", "Kinds of data", "Legal basis"), rows=rows),)


def _looks(answer: AccessAnswer, row_limit: int) -> Iterable[Section]:
    """Return who looked at the data, where the person asked for it: nothing else tells of it."""
    if answer.look_ups is None:
        return
    rows = tuple((written(each.happened_on), each.what, each.purpose, each.by) for each in answer.look_ups[:row_limit])
    note = "" if len(rows) == len(answer.look_ups) else (
        f"Here are the first {row_limit} of {len(answer.look_ups)} looks. All of them are in the file {LOOKS_FILE}."
    )
    item = Item("", head=LOOKS_HEAD, rows=rows, note=note) if rows else Item("", ("Our log holds no look at your data.",))
    yield Section("When your data were looked at, and why", (item,), (LOOKS_WORDS,))


def _consents(answer: AccessAnswer) -> tuple[Item, ...]:
    if not answer.consents:
        return (Item("", ("No consent of yours is recorded.",)),)
    rows = tuple(
        (
            written(c.happened_on),
            "given" if c.given else "withdrawn or refused",
            c.purpose,
            c.channel,
            c.text_version,
            c.source,
        )
        for c in answer.consents
    )
    return (
        Item("", head=("Date", "Consent", "Purpose", "Channel", "Version of the text", "Recorded through"), rows=rows),
    )


def _state(part: SystemPart) -> tuple[str, ...]:
    if part.state == "found":
        return (part.note,) if part.note else ()
    sentence = {
        "zero": "We searched this system and it holds no data about you.",
        "failed": "This system could not be searched in full.",
        "asked": "This system is searched by hand, and the search is not finished: we write to you again when it is.",
        "not_connected": "This system is searched by hand, not by this desk.",
    }[part.state]
    return (f"{sentence} {part.note}".strip(),)


def _tables(part: SystemPart, row_limit: int, files: dict[tuple[str, str], str]) -> Iterable[Item]:
    for table in part.tables:
        rows = tuple(tuple(_seen(cell) for cell in row.cells) for row in table.rows[:row_limit])
        note = ""
        if len(table.rows) > row_limit:
            file = files[part.name, table.name]
            note = f"Here are the first {row_limit} of {len(table.rows)} rows. All of them are in the file {file}."
        yield Item(
            f"{table.title}: {_count(table)}",
            head=tuple(c.title for c in table.columns) if rows else (),
            rows=rows,
            note=note,
        )


def _count(table: Table) -> str:
    return "1 row" if len(table.rows) == 1 else f"{len(table.rows)} rows"


def _seen(value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value)


def _contact(answer: AccessAnswer) -> Section:
    law = statute(answer.law, answer.language)
    return Section(
        "Your rights, and where to turn",
        (
            Item("Your rights", (answer.rights_statement,)),
            Item(
                "Complaint",
                tuple(each.replace("{authority}", answer.complaint_authority) for each in (law.complaint, law.remedy) if each),
            ),
            Item(
                "Who we are",
                (f"{answer.controller}, {answer.controller_contact}", f"Data protection officer: {answer.dpo_contact}"),
            ),
        ),
    )
