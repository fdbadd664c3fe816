"""A list of suppressions from a file: it only adds, and its result holds row numbers and reasons, never a value."""

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict
from datetime import date, datetime, timedelta

from core.actions.desk.act import Now, act, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.people.imports import Imported
from core.actions.suppression.suppressions import check_purpose
from core.connectors.fields import lay, read_date, read_instant, settle
from core.connectors.lists import read_list
from core.connectors.sheets import read_sheet
from core.connectors.suppressed import Mark, enter, note_in_ledger, tokens
from core.law.acts import Act
from core.law.errors import Invalid
from core.law.rights.suppression import ALL, CHANNELS, MARKETING, Legal
from core.law.typed import check_day

FIELDS = ("state", "kind", "value", "purpose", "channel", "at", "until")
NEEDED = ("state", "kind", "value")
_KEPT_OUT = timedelta(days=3 * 365)
_LONGEST_NAME = 120


@repeated
def import_list(
    desk: Desk, content: bytes, *, mapping: Mapping[str, Sequence[str]] | None = None,
    all_rows: Mapping[str, str] | None = None, name: str = "", key: str,
) -> Imported:
    """Add the entries of a CSV (state, kind, value; purpose, channel, at, until); one that stands already is left as it is.

    `all_rows` says what holds for every row: with state and kind, a list of mere addresses or numbers is enough. Nothing
    is lifted, shortened or overwritten by a file. Raises Invalid, with nothing changed, for a broken file.
    """
    with act(desk, Act.SUPPRESSION_IMPORT, key=key) as now:
        now.object_kind = "import"
        if now.earlier is None:
            said = {name: text for name, text in (all_rows or {}).items() if text}
            rows, broken = _rows(content, mapping, said)
            marks: list[list[Mark]] = []
            rejects: list[tuple[int, str]] = []
            for number, row in enumerate(rows, 1):
                try:
                    if number in broken:
                        raise Invalid("A cell holds a control character.")
                    marks.append(_marks(desk, now, row))
                except Invalid as refusal:
                    rejects.append((number, str(refusal)))
            several = [mark for each in marks for mark in each]
            entered = enter(desk.store, now.tx, several, desk.now, today_of(desk), once=True)
            note_in_ledger(desk.store, several)
            _keep(desk, now, len(rows), len(entered), max(0, len(several) - len(entered)), rejects, name, content)
    return _result(now)


def _rows(
    content: bytes, mapping: Mapping[str, Sequence[str]] | None, said: Mapping[str, str]
) -> tuple[list[dict[str, str]], Set[int]]:
    """Return the rows by field, with what holds for each of them, and the numbers of the broken ones."""
    if strange := set(said) - {"state", "kind", "purpose", "channel"}:
        raise Invalid(f"This cannot be said of every row: {', '.join(sorted(strange))}.", "file")
    if not mapping and {"state", "kind"} <= set(said):
        return [{"value": value, **said} for value in read_list(content, said["kind"]).values], set()
    sheet = read_sheet(content)
    laid = settle(sheet.columns, mapping, FIELDS, [name for name in NEEDED if name not in said])
    return [{**lay(row, laid), **said} for row in sheet.rows], sheet.broken


def _marks(desk: Desk, now: Now, row: Mapping[str, str]) -> list[Mark]:
    state = row.get("state", "").strip().lower()
    if state == Legal.RESTRICTION:
        raise Invalid("A restriction is about a known person: set it by a request for restriction.", "state")
    if state not in set(Legal):
        raise Invalid("The state is objection, withdrawal or do_not_import.", "state")
    legal, channel = Legal(state), row.get("channel", "").strip().lower() or ALL
    if channel not in CHANNELS:
        raise Invalid(f"The channel is one of: {', '.join(CHANNELS)}.", "channel")
    purpose = {Legal.OBJECTION: MARKETING, Legal.DO_NOT_IMPORT: "import"}.get(legal) or row.get("purpose", "") or ALL
    check_purpose(now, purpose)
    started = read_instant(row["at"]) if row.get("at") else desk.now
    if started > desk.now:
        raise Invalid("The start lies in the future.", "at")
    until = _until(legal, row.get("until", ""), started)
    if until is not None and until <= desk.now.date():
        raise Invalid("The end lies in the past: this entry has ended.", "until")
    return [
        Mark(legal, h, row.get("kind", "").strip().lower(), purpose, channel, f"{legal.value}.import", started, "import",
             review_on=until, value=row.get("value", ""))
        for h in tokens(desk.store, row.get("kind", "").strip().lower(), row.get("value", ""))
    ]


def _until(state: Legal, text: str, started: datetime) -> date | None:
    if state is not Legal.DO_NOT_IMPORT:
        if text:
            raise Invalid("An objection and a withdrawal have no end date: only the person ends them.", "until")
        return None
    if not text:
        return (started + _KEPT_OUT).date()
    try:
        until = read_date(text)
    except Invalid:
        raise Invalid("The end is written YYYY-MM-DD.", "until") from None
    return check_day(until, "until", "the end")


def _keep(
    desk: Desk, now: Now, rows: int, added: int, held: int, rejects: list[tuple[int, str]], name: str, content: bytes
) -> None:
    now.object_id = new_id(desk.now)
    shown = "".join(each for each in name if each.isprintable())[:_LONGEST_NAME]
    numbers = {"added": added, "changed": 0, "already_held": held, "rejected": len(rejects), "warned": 0}
    now.tx.run(
        "people.add_import", id=now.object_id, kind="suppression", now=desk.now, account_id=desk.person.account_id,
        name=shown, row_count=rows, sha256=hashlib.sha256(content).hexdigest(), **numbers,
    )
    now.detail |= {"rows": rows, **numbers}
    now.result = json.dumps(asdict(Imported(added, 0, held, len(rejects), 0, rejects)))


def _result(now: Now) -> Imported:
    kept = json.loads(now.result if now.earlier is None else now.earlier)
    rejects = [(row, reason) for row, reason in kept.pop("rejects")]
    kept.pop("warnings")
    return Imported(**kept, rejects=rejects)
