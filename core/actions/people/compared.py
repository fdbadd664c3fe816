"""The person as a second one compares them: the profile and every identifier, with what another person holds too."""

from dataclasses import dataclass

from core.connectors.connector import only_of
from core.store.engine import Tx

_FIELDS = ("customer_id", "given_name", "family_name", "birth_date", "address", "postcode", "city", "country")


@dataclass(frozen=True, slots=True)
class ComparedPerson:
    """What is held of one person: fields by name, and identifiers as kind, value, shared with another person."""

    fields: dict[str, str]
    identifiers: tuple[tuple[str, str, bool], ...]

    @property
    def shared(self) -> tuple[str, ...]:
        """Return the kinds of identifiers that another person holds too."""
        return tuple(dict.fromkeys(kind for kind, _, shared in self.identifiers if shared))


def compared_person(tx: Tx, subject_ref: str) -> ComparedPerson:
    """Return what is held of this person and of nobody else; no field where no profile is left."""
    profiles = only_of(subject_ref, tx.rows("people.profiles_of", subjects=[subject_ref]))
    held = only_of(subject_ref, tx.rows("people.identifiers_of", subjects=[subject_ref]))
    return ComparedPerson(
        {name: str(profiles[0][name] or "") for name in _FIELDS} if profiles else {},
        tuple((row["kind"], row["value"], bool(row["shared"])) for row in held),
    )
