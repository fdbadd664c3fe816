"""The embedded profile store as a connected system: one system among equals, with all five verbs."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from core.connectors import identifiers
from core.connectors.connector import (
    CORRECTING,
    DELETING,
    READING,
    Done,
    Exact,
    Exported,
    Found,
    Kept,
    Possible,
    Row,
    TableRows,
    Wanted,
    only_of,
)
from core.connectors.fields import ATTRIBUTE, FIELDS, IDENTIFIERS, PLAIN
from core.connectors.identifiers import Held
from core.connectors.reading import keys_of, read_person
from core.law.errors import Invalid, NotAllowed, NotFound
from core.law.rights.suppression import May
from core.matching.normal_forms import KINDS
from core.matching.readings import read_all, several
from core.matching.scores import Candidate, rank
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Store, Tx, new_id

SYSTEM = "local"
TABLES = ("profiles", "identifier_values", "attributes", "consents", "devices", "events")
# The columns that may be emptied where the rows of a table must stay.
MASKABLE = {
    "profiles": frozenset({"birth_date", "language", "source_texts"}), "events": frozenset({"channel", "detail"}),
    "consents": frozenset({"source"}),
}
SEALED = frozenset({("profiles", "source_texts"), ("events", "detail")})  # these open with the subject key
CANDIDATES = 60  # people weighed exactly for each description
LOOSE_SCORE = 0.5  # an identifier spelled alike proposes and never identifies


class Local:
    """The profile store of this desk."""

    system = SYSTEM

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, tx: Tx, wanted: Wanted, top: int = 10) -> Found:
        """Find people by identifier exactly, then by loose spelling and by description as possible matches."""
        exact = self._exact(tx, wanted)
        known = {each.subject_ref for each in exact}
        possible = {each.subject_ref: each for each in self._alike(tx, wanted, top)}
        for each in self._loose(tx, wanted):
            possible.setdefault(each.subject_ref, each)
        ordered = sorted(possible.values(), key=lambda each: (-each.score, each.subject_ref))
        return Found(exact, tuple(each for each in ordered if each.subject_ref not in known)[:top])

    def export(self, tx: Tx, may: May) -> Exported:
        """Return the rows of every table; sealed texts are opened, keys made for searching are left out."""
        subject_ref = may.require(*READING)
        people = tx.rows("people.profiles_of", subjects=[subject_ref])
        for row in people:
            row["source_texts"] = self.source_texts(row)
            for column in ("name_key", "address_key", "city_key", "postcode_key"):
                del row[column]
        events = tx.rows("people.events_of", subject=subject_ref)
        for row in events:
            row["detail"] = self._detail(row)
        named = {
            "profiles": people, "identifier_values": tx.rows("people.identifiers_of", subjects=[subject_ref]),
            "attributes": tx.rows("people.attributes_of", subject=subject_ref),
            "consents": tx.rows("people.consents_of", subject=subject_ref),
            "devices": tx.rows("people.devices_of", subject=subject_ref), "events": events,
        }
        tables = tuple(TableRows(name, only_of(subject_ref, named[name])) for name in TABLES)
        return Exported(SYSTEM, subject_ref, tables)

    def rectify(self, tx: Tx, may: May, changes: Mapping[str, str | None], now: datetime) -> Done:
        """Set fields, identifiers and attributes, and enter them anew in the tables by which the person is found.

        `attribute:NAME` sets an attribute. Raises Invalid for a field that is not there or a value that cannot be
        read, NotFound without such a person.
        """
        subject_ref = may.require(*CORRECTING)
        attributes = {name.removeprefix(ATTRIBUTE): text for name, text in changes.items() if name.startswith(ATTRIBUTE)}
        fields = {name: text for name, text in changes.items() if not name.startswith(ATTRIBUTE)}
        if unknown := [name for name in fields if name not in FIELDS]:
            raise Invalid(f"These fields cannot be rectified here: {len(unknown)} of {len(changes)}.", "field")
        held = tx.one("people.profiles_of", subjects=[subject_ref])
        if held is None:
            raise NotFound("There is no such person in this system.")
        read = read_person(
            subject_ref, {"country": held["country"] or ""} | {k: v or "" for k, v in fields.items()},
            self._store.facts.get("establishment.region"),
        )
        if read.reasons:
            name, reason = next(iter(read.reasons.items()))
            raise Invalid(reason, name)
        if "customer_id" in fields:
            self._renumber(tx, subject_ref, fields["customer_id"])
        plain = [name for name in fields if name not in IDENTIFIERS]
        row = dict(held) | {name: read.values.get(name) for name in plain}
        touched = {name: 1 for name in plain if row[name] != held[name]}
        texts = {name: text for name, text in self.source_texts(held).items() if name not in fields}
        row["source_texts"] = self.seal_source_texts(subject_ref, texts)
        self.change_profiles(tx, [may], [row | keys_of(row) | {"changed_at": now}])
        kinds = [name for name in fields if name in IDENTIFIERS]
        before = {(r["kind"], r["value"]) for r in tx.rows("people.identifiers_of", subjects=[subject_ref])}
        wanted = {(each.kind, each.value) for each in read.held}
        changed = {kind for kind in kinds if {each for each in before ^ wanted if each[0] == kind}}
        changed |= set(self.source_texts(held)) & set(kinds)  # a text that was no identifier goes with its spelling
        identifiers.drop(self._store, tx, [(subject_ref, kind) for kind in changed])
        identifiers.add(self._store, tx, [each for each in read.held if each.kind in changed])
        self._set_attributes(tx, subject_ref, attributes)
        further = {"attributes": len(attributes)} if attributes else {}
        return Done(SYSTEM, subject_ref, touched | dict.fromkeys(changed, 1) | further)

    @staticmethod
    def _renumber(tx: Tx, subject_ref: str, number: str | None) -> None:
        if not (number or "").strip():
            raise Invalid("A person is not kept here without a customer number.", "customer_id")
        if any(row["subject_ref"] != subject_ref for row in tx.rows("people.by_customer", customers=[number])):
            raise Invalid("Another person has this customer number.", "customer_id")
        tx.run("people.renumber", subject=subject_ref, customer_id=number)

    @staticmethod
    def _set_attributes(tx: Tx, subject_ref: str, attributes: Mapping[str, str | None]) -> None:
        if not attributes:
            return
        tx.bulk("people.drop_attributes", {"subject_ref": [subject_ref] * len(attributes), "name": list(attributes)})
        told = {name: text for name, text in attributes.items() if text}
        if told:
            tx.bulk("people.add_attributes", {
                "subject_ref": [subject_ref] * len(told), "name": list(told), "value": list(told.values()),
            })

    def restrict(self, tx: Tx, subject_ref: str, ground: str, case_ref: str | None, now: datetime) -> Done:
        """Mark the restriction once for each ground and case; other blocks than storage look for the mark."""
        standing = tx.rows("people.restrictions_of", subject=subject_ref)
        same = [
            row for row in standing
            if row["lifted_at"] is None
            and (row["system"], row["ground"], row["case_ref"]) == (SYSTEM, ground, case_ref)
        ]
        if not same:
            tx.run(
                "people.restrict", id=new_id(now), subject=subject_ref, system=SYSTEM, ground=ground,
                case_ref=case_ref, now=now,
            )
        return Done(SYSTEM, subject_ref, {"restrictions": 0 if same else 1})

    def erase(self, tx: Tx, may: May, now: datetime, keep: Sequence[Kept] = ()) -> Done:  # noqa: ARG002
        """Delete every row of every subject table but those of `keep`; the hashed identifiers go with their values.

        Raises Invalid where a table or column of `keep` cannot be kept or emptied in parts.
        """
        subject_ref = may.require(*DELETING)
        staying = {each.table: each for each in keep}
        for each in keep:
            if each.table not in TABLES or not set(each.masked) <= MASKABLE.get(each.table, frozenset()):
                raise Invalid("This table cannot be kept in that way: keep it whole, or delete it.", "keep")
        if "identifier_values" not in staying:
            identifiers.drop(self._store, tx, [(subject_ref, kind) for kind in KINDS])
        counts = {
            table: tx.run(f"people.erase_{table}", subjects=[subject_ref])
            for table in (*TABLES, "identifiers")
            if ("identifier_values" if table == "identifiers" else table) not in staying
        }
        for each in keep:
            for column in each.masked:
                counts[f"{each.table}.{column}"] = tx.run(f"masking.{each.table}_{column}", subject=subject_ref)
        return Done(SYSTEM, subject_ref, counts, tuple(keep))

    def erase_whole(self, tx: Tx, may: Sequence[May]) -> None:
        """Delete every row of every subject table of many people at once, their hashed identifiers included."""
        if not may:
            return
        subjects = [each.require(*DELETING) for each in may]
        identifiers.drop(self._store, tx, [(ref, kind) for ref in subjects for kind in KINDS])
        for table in (*TABLES, "identifiers"):
            tx.run(f"people.erase_{table}", subjects=list(subjects))

    def spell(self, tx: Tx, most: int = 2000) -> int:
        """Enter the loose forms that the identifiers of so many people of an older desk lack; return of how many values."""
        rows = tx.rows("people.without_loose", most=most)
        lacking = [Held(row["subject_ref"], row["kind"], row["value"], row["normal"]) for row in rows]
        subjects = sorted({each.subject_ref for each in lacking})
        for person in tx.rows("people.profiles_of", subjects=subjects) if subjects else []:
            for kind, text in self.source_texts(person).items():
                if kind in IDENTIFIERS:
                    lacking += [Held(person["subject_ref"], kind, value) for value in several(kind, text)]
        identifiers.add_loose(self._store, tx, lacking)
        return len(rows)

    def source_texts(self, row: Row) -> dict[str, str]:
        """Open the texts of fields that could not be read, by field."""
        if row["source_texts"] is None:
            return {}
        subject = row["subject_ref"]
        return dict(json.loads(decrypt(self._store, subject, row["source_texts"], Cell("profiles", subject, "source_texts"))))

    def seal_source_texts(self, subject_ref: str, texts: Mapping[str, str]) -> bytes | None:
        """Seal the texts of fields that could not be read under the subject's key; None where there are none."""
        if not texts:
            return None
        text = json.dumps(dict(texts), ensure_ascii=False)
        return encrypt(self._store, subject_ref, text, Cell("profiles", subject_ref, "source_texts"))

    @staticmethod
    def change_profiles(tx: Tx, may: Sequence[May], rows: list[Row]) -> None:
        """Write whole profile rows over those of the same subjects, each of whom may be changed."""
        subjects = {each.require(*CORRECTING) for each in may}
        if {row["subject_ref"] for row in rows} - subjects:
            raise NotAllowed("Whether these data may be changed was not asked: nothing was changed.")
        columns = (
            "subject_ref", *PLAIN, "birth_date", "name_key", "address_key", "city_key", "postcode_key", "changed_at",
            "source", "source_texts",
        )
        tx.bulk(
            "people.change_profiles", {name: [row[name] for row in rows] for name in columns},
            dict.fromkeys((*PLAIN, "name_key"), "string") | {"birth_date": "date32", "source_texts": "binary"},
        )

    def _detail(self, row: Row) -> str | None:
        if row["detail"] is None:
            return None
        return decrypt(self._store, row["subject_ref"], row["detail"], Cell("events", row["id"], "detail"))

    def _forms(self, wanted: Wanted) -> list[tuple[str, str]]:
        region = self._store.facts.get("establishment.region")
        forms = identifiers.forms_of(wanted.value, region) if wanted.value else set()
        for kind, text in wanted.identifiers.items():
            forms |= {(kind, form) for _, form in read_all(kind, text, region).read}
        return sorted(forms)

    def _exact(self, tx: Tx, wanted: Wanted) -> tuple[Exact, ...]:
        held = identifiers.holders(self._store, tx, self._forms(wanted))
        kinds: dict[str, set[str]] = {}
        shared: set[str] = set()
        for (kind, _), refs in held.items():
            for ref in refs:
                kinds.setdefault(ref, set()).add(kind)
            if len(refs) > 1:
                shared.update(refs)
        sources = self._sources(tx, kinds)
        return tuple(Exact(ref, sources[ref], tuple(sorted(kinds[ref])), ref in shared) for ref in sorted(sources))

    def _loose(self, tx: Tx, wanted: Wanted) -> list[Possible]:
        region = self._store.facts.get("establishment.region")
        texts = [(kind, wanted.value) for kind in KINDS if wanted.value] + list(wanted.identifiers.items())
        asked = [(kind, value) for kind, text in texts for value in several(kind, text, region)]
        refs = identifiers.alike(self._store, tx, asked)
        sources = self._sources(tx, refs)
        return [
            Possible(ref, source, LOOSE_SCORE, (f"{refs[ref].replace('_', ' ')} spelled alike",))
            for ref, source in sources.items()
        ]

    def _alike(self, tx: Tx, wanted: Wanted, top: int) -> list[Possible]:
        if wanted.asked is None or not any(wanted.asked.keys().values()):
            return []
        rows = tx.rows("likeness.candidates", top=CANDIDATES, **wanted.asked.keys())
        return [
            Possible(each.subject_ref, each.customer_id or "", score.value, score.why)
            for each, score in rank(wanted.asked, map(Candidate.read, rows), top + len(wanted.identifiers))
        ]

    @staticmethod
    def _sources(tx: Tx, refs: Mapping[str, object]) -> dict[str, str]:
        if not refs:
            return {}
        rows = tx.rows("people.profiles_of", subjects=sorted(refs))
        return {row["subject_ref"]: row["customer_id"] for row in rows}
