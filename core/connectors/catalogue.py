"""Read the data catalogue: every system, table and column that can hold a person's data, and why it is there."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from core.law.errors import Invalid
from core.law.rights.bases import Use, use_of
from core.law.rights.owners import Asked
from core.law.rights.suppression import CHANNELS, MARKETING
from core.store.datafiles import DATA

OWNER_DAYS = 7  # within which the owner of a system without a connection answers, unless the catalogue says otherwise
ORIGINS = ("provided", "observed", "derived")
_MARKETING = frozenset({"marketing", MARKETING})  # codes that say by themselves that a purpose is direct marketing


@dataclass(frozen=True, slots=True)
class System:
    """One connected system: its code, title and what it holds.

    `keyed_by` names the fields by which it finds people, `rectifies` those that can be corrected in it. One without a
    connection has an `owner` who is asked at `contact` and answers within `days`; `how` says by verb how it is done there.
    """

    code: str
    title: str
    what: str
    keyed_by: tuple[str, ...] = ()
    rectifies: tuple[str, ...] = ()
    owner: str = ""
    contact: str = ""
    days: int = OWNER_DAYS
    how: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why data are used, and on what basis (Art. 6).

    `without_consent` names the channels on which people are reached for it by another basis, documented by the controller;
    `marketing` says that it is direct marketing, profiling for it included (Art. 21(2)).
    """

    code: str
    title: str
    legal_basis: str
    without_consent: tuple[str, ...] = ()
    marketing: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One column, with what Articles 13 to 15 and 30 ask about it; `purposes` are codes, `legal_basis` one for each."""

    system: str
    table: str
    column: str
    title: str
    category: str
    origin: str  # provided, observed or derived: Article 20 covers the first two
    purposes: tuple[str, ...]
    legal_basis: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: str
    automated: bool = True  # a paper file says false: Article 20 covers automated means only


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole catalogue; `titles` names tables, `left_out` maps `table` or `table.column` to why it is not given.

    `made_by_us` names for a table the column and its values by which rows are told that the company made.
    """

    systems: tuple[System, ...]
    purposes: Mapping[str, Purpose]
    fields: tuple[Field, ...]
    titles: Mapping[tuple[str, str], str]
    left_out: Mapping[str, str]
    made_by_us: Mapping[tuple[str, str], tuple[str, frozenset[str]]]
    sample: bool = False  # the one that comes with the desk: its purposes, recipients and periods are made up

    def provided(self, system: str, table: str, row: Mapping[str, object]) -> bool:
        """Return whether a row came from the person or their use, and is none that the company itself made for them."""
        column, values = self.made_by_us.get((system, table), ("", frozenset()))
        return row.get(column) not in values

    def uses(self, system: str, table: str) -> tuple[Use, ...]:
        """Return each use of a table once, by its purpose: on which basis, and whether it is direct marketing."""
        codes = dict.fromkeys(
            code for field in self.fields if (field.system, field.table) == (system, table) for code in field.purposes
        )
        return tuple(
            use_of(each.legal_basis, each.code, marketing=each.marketing) for each in map(self.purposes.__getitem__, codes)
        )

    def of(self, system: str) -> tuple[Field, ...]:
        """Return the fields of one system, in the order of the file."""
        return tuple(field for field in self.fields if field.system == system)

    def tables(self, system: str) -> tuple[str, ...]:
        """Return the tables of one system, in the order of the file."""
        return tuple(dict.fromkeys(field.table for field in self.of(system)))

    def undeclared(self, table: str, columns: list[str]) -> list[str]:
        """Return the columns of a table that the catalogue neither describes nor leaves out with a reason."""
        known = {field.column for field in self.fields if field.table == table}
        return [
            column for column in columns
            if column not in known and table not in self.left_out and f"{table}.{column}" not in self.left_out
        ]


def read_catalogue(text: str) -> Catalogue:
    """Read a catalogue from TOML. Raises Invalid with the table whose system, purpose or origin is not known."""
    raw = tomllib.loads(text)
    systems = tuple(
        System(
            code, each["title"], each["what"], tuple(each.get("keyed_by", ())), tuple(each.get("rectifies", ())),
            each.get("owner", ""), each.get("contact", ""), int(each.get("days", OWNER_DAYS)), dict(each.get("how", {})),
        )
        for code, each in raw["systems"].items()
    )
    if amiss := [each.code for each in systems if not 1 <= each.days <= 60 or set(each.how) - set(Asked)]:
        raise Invalid(
            f"The catalogue's system {amiss[0]} gives its owner no number of days from 1 to 60, or says how to do what nobody is "
            f"asked for: {', '.join(Asked)} are.", "catalogue",
        )
    purposes = {
        code: Purpose(
            code, each["title"], each["legal_basis"], tuple(each.get("without_consent", ())),
            each.get("direct_marketing", code in _MARKETING) is True,
        )
        for code, each in raw["purposes"].items()
    }
    if strange := {channel for each in purposes.values() for channel in each.without_consent} - set(CHANNELS):
        raise Invalid(f"The catalogue names {len(strange)} channel(s) that there are not.", "catalogue")
    fields: list[Field] = []
    titles: dict[tuple[str, str], str] = {}
    made: dict[tuple[str, str], tuple[str, frozenset[str]]] = {}
    for table in raw["table"]:
        if table["system"] not in raw["systems"] or (table["system"], table["name"]) in titles:
            raise Invalid(f"The catalogue names the table {table['name']} twice, or of an unknown system.", "catalogue")
        titles[table["system"], table["name"]] = table["title"]
        if ours := table.get("made_by_us"):
            made[table["system"], table["name"]] = (ours["column"], frozenset(ours["values"]))
        for column, told in table["columns"].items():
            fields.append(_field(table, column, told if isinstance(told, dict) else {"title": told}, purposes))
    sample = raw.get("sample", False) is True
    return Catalogue(systems, purposes, tuple(fields), titles, dict(raw.get("left_out", {})), made, sample)


def _field(table: Mapping[str, object], column: str, told: Mapping[str, object], known: dict[str, Purpose]) -> Field:
    line = {**table, **told}
    uses, recipients = line["uses"], line["recipients"]
    if (
        not isinstance(uses, list) or not isinstance(recipients, list) or not uses or line["origin"] not in ORIGINS
        or any(use not in known for use in uses)
    ):
        raise Invalid(f"The catalogue's line {table['name']}.{column} has no known purpose or origin.", "catalogue")
    return Field(
        str(table["system"]), str(table["name"]), column, str(line["title"]), str(line["category"]),
        str(line["origin"]), tuple(uses), tuple(known[use].legal_basis for use in uses), tuple(recipients),
        str(line["retention"]), line.get("automated", True) is True,
    )


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of this desk; read once a process, because a change of it comes with a start.

    RIGHTSDESK_CATALOGUE names the controller's own file; without it, that is the sample that comes with the desk. Raises
    Invalid where it cannot be read.
    """
    path = Path(os.environ.get("RIGHTSDESK_CATALOGUE") or DATA / "catalogue.toml")
    try:
        return read_catalogue(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise Invalid(f"The data catalogue {path.name} cannot be read: look at RIGHTSDESK_CATALOGUE.", "catalogue") from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as fault:
        raise Invalid(f"The data catalogue {path.name} is not written as it must be: {fault}.", "catalogue") from None


def own_catalogue() -> str:
    """Say what is to be done before a live desk answers from the catalogue; nothing where it is the controller's own."""
    return (
        "This desk still has the sample data catalogue: the purposes, recipients and storage periods that it would tell the "
        "person are made up. Copy data/catalogue.toml, describe your own systems in it, take out its line `sample = true`, name "
        "it in RIGHTSDESK_CATALOGUE, and start the desk anew."
    ) if catalogue().sample else ""
