"""The commands on people: import profiles, events, consents, disclosures and suppressions from a file, and find people."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.actions.people import imports, lookups
from core.actions.people.imports import Imported
from core.actions.suppression import suppression_files
from core.commands.carry import DONE, Session, command
from core.connectors.fields import read_date
from core.law.acts import PURPOSES
from core.law.errors import Invalid
from core.store.engine import new_id

KINDS = ("profiles", "events", "consents", "disclosures", "suppression")


@command("import")
def take_file(
    session: Session, *, kind: str, file: str, mapping: Mapping[str, Sequence[str]], prefix: str, update: bool,
    all_rows: Mapping[str, str], as_json: bool,
) -> int:
    """Import a file; rejects and warnings go to two files beside it, with row number and reason, never a value."""
    content = session.terminal.read(file)
    key = f"import-{new_id()}"
    desk, name = session.desk(), file.rpartition("/")[2]
    if kind == "profiles":
        done = imports.import_people(
            desk, content, mapping=mapping or None, prefix=prefix, update=update, name=name, key=key
        )
    elif kind == "suppression":
        done = suppression_files.import_list(
            desk, content, mapping=mapping or None, all_rows=all_rows, name=name, key=key
        )
    else:
        take = {
            "events": imports.import_events, "consents": imports.import_consents, "disclosures": imports.import_disclosures,
        }[kind]
        done = take(desk, content, mapping=mapping or None, prefix=prefix, name=name, key=key)
    _write(session, f"{file}.rejects.csv", ("row", "reason"), done.rejects)
    _write(session, f"{file}.warnings.csv", ("row", "field", "reason"), done.warnings)
    _tell(session, kind, file, done, as_json=as_json)
    return DONE


def _write(session: Session, path: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    table.writerows(rows)
    with session.terminal.writing(path) as write:
        write(text.getvalue().encode())


def _tell(session: Session, kind: str, file: str, done: Imported, *, as_json: bool) -> None:
    counts = {name: getattr(done, name) for name in ("added", "changed", "already_held", "rejected", "warned")}
    files = {"rejects": f"{file}.rejects.csv", "warnings": f"{file}.warnings.csv"}
    if as_json:
        session.terminal.out(json.dumps({"kind": kind, **counts, **files}))
        return
    session.terminal.out(f"{kind}: " + ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items()))
    for count, path in ((done.rejected, files["rejects"]), (done.warned, files["warnings"])):
        if count:
            session.terminal.out(f"  {count:,} row(s) named in {path}")


@command("find")
def find(session: Session, *, asked: Mapping[str, str], top: int, purpose: str, as_json: bool) -> int:
    """Find one person by a value of any kind or by name, birth date, postcode, address and city."""
    wanted = dict(asked)
    if wanted.get("value") == "-":
        wanted["value"] = one_line(session.terminal.read("-"))
    if wanted.get("birth_date"):
        read_date(wanted["birth_date"])
    if not any(text.strip() for text in wanted.values()):
        raise Invalid("Say whom you look for: a value on standard input, or --name, --born, --postcode, --address.")
    code, words = _purpose(purpose)
    for line in lookups.find_many(session.desk(), [wanted], top, code, words):
        _print(session)(line, as_json)
    return DONE


@command("find_file")
def find_file(
    session: Session, *, file: str, mapping: Mapping[str, Sequence[str]], top: int, purpose: str, as_json: bool
) -> int:
    """Find every person of a CSV; one line of the answer for each row, in the order of the file."""
    code, words = _purpose(purpose)
    content = session.terminal.read(file)
    show = _print(session)
    for line in lookups.find_in_sheet(
        session.desk(), content, mapping=mapping or None, top=top, purpose=code, words=words
    ):
        show(line, as_json)
    return DONE


def _purpose(text: str) -> tuple[str, str]:
    """Return the purpose's code and the words typed beside it: of the words only a keyed hash enters the log."""
    if not text.strip():
        raise Invalid("Say for what purpose you look.", "purpose")
    return (text, "") if text in PURPOSES else ("operator", text.strip())


def one_line(content: bytes) -> str:
    """Return the one value that was given on standard input. Raises Invalid for several lines and for what is no text."""
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Invalid("Standard input is no text in UTF-8.", "value") from None
    if "\n" in text:
        raise Invalid("Give one value on one line; for several people use --file -.", "value")
    return text


def _print(session: Session) -> Callable[[dict[str, Any], bool], None]:
    out = session.terminal.out

    def show(line: dict[str, Any], as_json: bool) -> None:
        if as_json:
            out(json.dumps(line, ensure_ascii=False))
            return
        for sentence in line.get("unread", ()):
            out(f"{line['row']}: not searched as an identifier: {sentence}")
        if not line["exact"] and not line["possible"]:
            out(f"{line['row']}: nobody found")
        for each in line["exact"]:
            shared = "  (shared: a human must decide)" if each.get("shared") else ""
            out(f"{line['row']}: exact     {each['source_id']}  {each['subject_ref']}{shared}")
        for each in line["possible"]:
            why = ", ".join(each["why"])
            out(f"{line['row']}: possible  {each['source_id']}  {each['subject_ref']}  {each['score']:.2f}  {why}")

    return show
