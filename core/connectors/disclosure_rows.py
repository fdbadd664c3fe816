"""Take the rows of an imported table into the log of disclosures: only added to, the same row once."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime

from core.connectors.fields import read_instant
from core.connectors.profile_rows import Taken, not_held, of_known, put_in
from core.law.errors import Invalid
from core.store.engine import Store, Tx

LONGEST = {"recipient": 200, "categories": 500, "basis": 300, "reference": 200}
NEEDED = {"recipient": "who received the data", "categories": "which data were given",
          "basis": "on what basis they were given"}
FUTURE = "The disclosure lies in the future."
SOURCE, NO_REFERENCE = "import", "imported"


def take_disclosures(
    store: Store, tx: Tx, rows: Sequence[Mapping[str, str]], broken: Set[int], *, prefix: str, now: datetime
) -> Taken:
    """Enter disclosures of known people; one that an earlier import entered is left as it is.

    Categories are separated by commas or semicolons; their order makes no other disclosure.
    """
    taken, made = Taken(), []
    for number, subject, row in of_known(tx, rows, broken, prefix, taken):
        try:
            told, moment = _told(row), read_instant(row.get("at", ""))
            if moment > now:
                raise Invalid(FUTURE)
        except Invalid as refusal:
            taken.rejects.append((number, str(refusal)))
            continue
        made.append({"subject_ref": subject, "happened_at": moment, "row": told})
    fresh = not_held(store, tx, "disclosure_log", made, ("recipient", "categories", "basis", "reference"), taken)
    for each in fresh:
        each |= {name: each["row"][name] for name in NEEDED}
        each |= {"act": each["row"]["reference"] or NO_REFERENCE, "source": SOURCE}
    put_in(tx, "people.add_disclosures", fresh, (
        "id", "subject_ref", "recipient", "categories", "happened_at", "basis", "act", "source",
    ))
    taken.added = len(fresh)
    return taken


def _told(row: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of a row in one spelling. Raises Invalid where one is missing or too long, without its value."""
    told = {name: " ".join(row.get(name, "").split()) for name in LONGEST}
    kinds = {each.strip() for each in told["categories"].replace(";", ",").split(",") if each.strip()}
    told["categories"] = ", ".join(sorted(kinds))
    for name, what in NEEDED.items():
        if not told[name]:
            raise Invalid(f"The row does not say {what}.")
    for name, longest in LONGEST.items():
        if len(told[name]) > longest:
            raise Invalid(f"The {name} is longer than {longest} characters.")
    return told
