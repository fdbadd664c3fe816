"""The guard of an updating import: whoever is known keeps their identifiers and birth date until a correction."""

from collections.abc import Sequence

from core.connectors.reading import Read
from core.store.engine import Tx

CHANGES_IDENTIFIER = (
    "The row was not applied: it is a change of an identifier or birth date. Use a rectification request, which carries "
    "objections along and asks for proof."
)
# A further device is nobody's new name: people have several, and use those of others.
_GUARDED = ("email", "phone", "national_id")


def changing(tx: Tx, people: Sequence[tuple[str, Read]]) -> dict[int, tuple[str, ...]]:
    """Return, by position, the fields in which a row names a known person (subject, as read) otherwise than is held.

    What is not held yet is no change, and neither is another spelling of the same identifier.
    """
    subjects = [subject for subject, _ in people]
    if not subjects:
        return {}
    born = {row["subject_ref"]: row["birth_date"] for row in tx.rows("people.profiles_of", subjects=subjects)}
    held: dict[tuple[str, str], set[str]] = {}
    for row in tx.rows("people.identifiers_of", subjects=subjects):
        held.setdefault((row["subject_ref"], row["kind"]), set()).add(row["normal"])
    found = {}
    for place, (subject, read) in enumerate(people):
        fields = [
            one.kind for one in read.held
            if one.kind in _GUARDED and (subject, one.kind) in held and one.normal not in held[subject, one.kind]
        ]
        told = read.values.get("birth_date")
        if told is not None and born.get(subject) is not None and told != born[subject]:
            fields.append("birth_date")
        if fields:
            found[place] = tuple(fields)
    return found
