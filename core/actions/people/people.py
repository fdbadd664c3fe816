"""Find a person, open one, declare one as own or related: each with a purpose, each person seen entered in the log."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from core.actions.desk import things
from core.actions.desk.act import DISCLOSURE, Now, act, look, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.connectors.connector import Found, Wanted, only_of
from core.connectors.fields import LONGEST
from core.connectors.local import Local
from core.connectors.reading import unread
from core.connectors.restricted import permit, standing_on
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotFound
from core.law.rights.restriction import Gateway, Operation
from core.law.typed import check_day, read_text
from core.matching.masks import HIDDEN, masked_identifier, masked_name, masked_start, masked_year
from core.matching.scores import Asked
from core.store.encryption import Cell, encrypt
from core.store.engine import Tx

MOST = 50  # people of one answer
RELATIONS = ("own", "related")
WITHHELD = "Not every result may be shown to you. If you miss a person, ask the Data Protection Officer."


@dataclass(frozen=True, slots=True)
class Masked:
    """So much of a person that two namesakes can be told apart: initials, year, start of the postcode, e-mail."""

    name: str
    born: str
    postcode: str
    email: str


@dataclass(frozen=True, slots=True)
class ExactMatch:
    """A person who holds exactly the identifier; `shared` where two people hold it and a human must decide."""

    subject_ref: str
    source_id: str
    kinds: tuple[str, ...]
    shared: bool
    masked: Masked


@dataclass(frozen=True, slots=True)
class PossibleMatch:
    """A person who resembles what was asked, with the score from 0 to 1 and its reasons."""

    subject_ref: str
    source_id: str
    score: float
    why: tuple[str, ...]
    masked: Masked


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """Who was found: exact apart from possible, never merged and never picked; a note where people are withheld."""

    exact: tuple[ExactMatch, ...]
    possible: tuple[PossibleMatch, ...]
    note: str = ""
    unread: tuple[str, ...] = ()  # why what was asked is no identifier; then nobody can hold exactly it


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier of a person; `shared` where another person holds it too."""

    kind: str
    value: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """One person, masked until `shown`: fields, identifiers, attributes, consents, devices, events, source texts."""

    subject_ref: str
    source_id: str
    shown: bool
    fields: dict[str, str]
    identifiers: tuple[Identifier, ...]
    attributes: tuple[tuple[str, str], ...]
    consents: tuple[dict[str, Any], ...]
    devices: tuple[dict[str, Any], ...]
    events: tuple[dict[str, Any], ...]
    source_texts: dict[str, str]  # of fields that could not be read
    restricted: bool
    shares: bool  # another person holds one of the identifiers


@repeated
def find(
    desk: Desk, asked: str | Asked | Wanted, *, purpose: str, words: str = "", case: str | None = None, top: int = 10
) -> FoundPeople:
    """Find people by a value of any kind of identifier, or by name, birth date, postcode, address and city.

    Each person in the answer is one entry of the log. Own, related and sealed people are left out, entered as
    refused, and a neutral note says that something is missing. Raises Invalid when nothing is asked,
    and for what cannot be asked: no text, or a birth date that nobody has.
    """
    if isinstance(asked, str):
        asked = Wanted(value=asked)
    elif isinstance(asked, Asked):
        asked = Wanted(asked=asked)
    return _find_all(desk, [asked], purpose=purpose, words=words, case=case, top=top)[0]


@repeated
def find_all(
    desk: Desk, wanted: Sequence[Wanted], *, purpose: str, words: str = "", top: int = 10
) -> list[FoundPeople]:
    """As `find` for several people in one act; each person disclosed is one entry, however often they come up."""
    return _find_all(desk, wanted, purpose=purpose, words=words, case=None, top=top)


def masked_again(desk: Desk, subjects: Sequence[str], *, purpose: str) -> dict[str, Masked]:
    """Return the masked lines of people whom this sign-in found for this purpose in the last 15 minutes, read again.

    A rerun of a page keeps references only; who is no longer among the result may not be shown any more.
    """
    with look(desk, Act.PERSON_FIND) as now:
        barred = _withheld(desk, now.tx, list(subjects))
        told = [
            ref for ref in subjects
            if ref not in barred
            and (now.tx.one("log.disclosed", now=desk.steady, **_mark(desk, ref, purpose)) or {}).get("valid")
        ]
        return _masks(now.tx, told)


@repeated
def open_person(
    desk: Desk, subject_ref: str, *, purpose: str, case: str | None = None, shown: bool = False
) -> Profile:
    """Open a person, masked, or in full with `shown`. One entry stands for 15 minutes of this sign-in and purpose.

    Raises NotAllowed for own, related and sealed people, for an approver outside the person's case, and for
    restricted data without the person's own request (Art. 18(2)); NotFound where nobody has this reference.
    """
    what = Act.PERSON_SHOW if shown else Act.PERSON_OPEN
    with act(desk, what, things.person(subject_ref, case), purpose=purpose, disclosure=True) as now:
        _check_gate(now, purpose=purpose)
        restricted = subject_ref in standing_on(now.tx, [subject_ref])
        exported = Local(desk.store).export(now.tx, now.permitted(subject_ref))
        tables = {each.table: only_of(subject_ref, each.rows) for each in exported.tables}
        if not tables["profiles"]:
            raise NotFound("There is no such person. Perhaps they were erased.")
        return _profile(tables, shown=shown, restricted=restricted)


@repeated
def relate(desk: Desk, subject_ref: str, relation: str, *, key: str | None = None) -> None:
    """Declare that a person is oneself (`own`) or close (`related`); from then on a colleague handles them."""
    with act(desk, Act.PERSON_RELATE, things.person(subject_ref), key=key) as now:
        if relation not in RELATIONS:
            raise Invalid("Say whether this is yourself (own) or somebody close to you (related).", "relation")
        if not now.tx.rows("people.profiles_of", subjects=[subject_ref]):
            raise NotFound("There is no such person.")
        same = {"account_id": desk.person.account_id, "subject": subject_ref, "relation": relation}
        if now.earlier is None and now.tx.one("people.relation", **same) is None:
            now.tx.run("people.relate", **same)
        now.detail["relation"] = relation


@repeated
def link_account(desk: Desk, account_id: str, subject_ref: str, *, key: str) -> None:
    """Link a colleague's account to the person they are in the systems, so that they never handle their own file.

    The Data Protection Officer does it for employees who are customers too. Raises NotFound for either unknown.
    """
    linked = things.account(account_id)
    with act(desk, Act.ACCOUNT_LINK, linked, beside=things.person(subject_ref), key=key) as now:
        if now.earlier is not None:
            return
        if not any(row["id"] == account_id for row in now.tx.rows("queue.owners")):
            raise NotFound("There is no such account.")
        if not now.tx.rows("people.profiles_of", subjects=[subject_ref]):
            raise NotFound("There is no such person.")
        same = {"account_id": account_id, "subject": subject_ref, "relation": "own"}
        if now.tx.one("people.relation", **same) is None:
            now.tx.run("people.relate", **same)


@repeated
def _find_all(
    desk: Desk, wanted: Sequence[Wanted], *, purpose: str, words: str, case: str | None, top: int
) -> list[FoundPeople]:
    of = things.case(case) if case is not None else None
    with act(desk, Act.PERSON_FIND, of, purpose=purpose, words=words) as now:
        local, today = Local(desk.store), today_of(desk)
        matches = [local.find(now.tx, _checked(each, today), min(max(top, 1), MOST)) for each in wanted]
        seen = sorted({ref for one in matches for ref in one.subjects()})
        barred = _withheld(desk, now.tx, seen)
        told = [ref for ref in seen if ref not in barred]
        masks = _masks(now.tx, told)
        answers = [
            replace(_answer(one, masks), unread=unread(each, desk.store.facts.get("establishment.region")))
            for one, each in zip(matches, wanted, strict=True)
        ]
        now.subject, now.others = (told[0], told[1:]) if told else (None, [])
        if words:  # the log takes their keyed hash; the words themselves stay readable to whoever holds the key
            hashed = desk.store.keyed_hash("words", words)
            now.tx.run(
                "people.keep_words", words_hash=hashed, kept_at=desk.now,
                body=encrypt(desk.store, case or desk.store.chain, words, Cell("purpose_words", hashed.hex(), "body")),
            )
        for subject in told:
            now.tx.run("log.disclose", valid_until=desk.steady + DISCLOSURE, **_mark(desk, subject, purpose))
        now.detail |= {
            "asked": len(wanted), "exact": sum(len(each.exact) for each in answers),
            "possible": sum(len(each.possible) for each in answers), "withheld": len(barred),
            "fields": sorted({name for each in wanted for name in _fields_asked(each)}),
        }
        if slips := sum(len(each.unread) for each in answers):
            now.detail["unread"] = slips
    _enter_withheld(desk, sorted(barred), purpose, case)
    return answers


def _mark(desk: Desk, subject: str, purpose: str) -> dict[str, str]:
    return {
        "sign_in_ref": desk.person.sign_in_ref or desk.person.actor_ref, "subject_ref": subject,
        "act": Act.PERSON_FIND.value, "purpose_code": purpose, "object_id": "",
    }


def _checked(wanted: Wanted, today: date) -> Wanted:
    for name, text in _texts_of(wanted).items():
        read_text(text, name, needed=False, longest=LONGEST)
    if wanted.asked is not None and wanted.asked.birth_date is not None:
        check_day(wanted.asked.birth_date, "birth_date", latest=today)
    described = wanted.asked is not None and any(wanted.asked.keys().values())
    if not described and not (wanted.value or "").strip() and not any(wanted.identifiers.values()):
        raise Invalid(
            "Say whom you look for: an identifier, or a name, birth date, postcode, address or city.", "value"
        )
    return wanted


def _texts_of(wanted: Wanted) -> dict[str, str]:
    """Return what is typed of somebody who is looked for, by field; a day is no text."""
    described = asdict(wanted.asked) if wanted.asked else {}
    typed = {"value": wanted.value or "", **wanted.identifiers, **described}
    return {name: text for name, text in typed.items() if isinstance(text, str)}


def _fields_asked(wanted: Wanted) -> list[str]:
    described = wanted.asked.keys() if wanted.asked else {}
    fields = [name.removesuffix("_key") for name, key in described.items() if key]
    return fields + [kind for kind, text in wanted.identifiers.items() if text] + (["value"] if wanted.value else [])


def _withheld(desk: Desk, tx: Tx, subjects: list[str]) -> set[str]:
    if not subjects:
        return set()
    rows = tx.rows("people.withheld", account_id=desk.person.account_id, subjects=subjects)
    return {row["subject_ref"] for row in rows}


@repeated
def _enter_withheld(desk: Desk, subjects: list[str], purpose: str, case: str | None) -> None:
    """Enter each person who came up and may not be seen: a refused search of that person."""
    for subject in subjects:
        with suppress(NotAllowed), act(desk, Act.PERSON_FIND, things.person(subject, case), purpose=purpose):
            raise NotAllowed(WITHHELD)


def _masks(tx: Tx, subjects: list[str]) -> dict[str, Masked]:
    if not subjects:
        return {}
    emails: dict[str, str] = {}
    for row in tx.rows("people.identifiers_of", subjects=subjects):
        if row["kind"] == "email":
            emails.setdefault(row["subject_ref"], masked_identifier("email", row["value"]))
    return {
        row["subject_ref"]: Masked(
            masked_name(row["given_name"], row["family_name"]), masked_year(row["birth_date"]),
            masked_start(row["postcode"]), emails.get(row["subject_ref"], ""),
        )
        for row in tx.rows("people.profiles_of", subjects=subjects)
    }


def _answer(found: Found, masks: dict[str, Masked]) -> FoundPeople:
    exact = tuple(
        ExactMatch(each.subject_ref, each.source_id, each.kinds, each.shared, masks[each.subject_ref])
        for each in found.exact if each.subject_ref in masks
    )
    possible = tuple(
        PossibleMatch(each.subject_ref, each.source_id, each.score, each.why, masks[each.subject_ref])
        for each in found.possible if each.subject_ref in masks
    )
    whole = len(exact) + len(possible) == len(found.exact) + len(found.possible)
    return FoundPeople(exact, possible, "" if whole else WITHHELD)


def _check_gate(now: Now, *, purpose: str) -> None:
    """Refuse restricted data but for the person's own request, asked in their case (Art. 18(2))."""
    asked = purpose == "request" and now.case is not None
    operation, gateway = (Operation.OWN_REQUEST, Gateway.CONSENT) if asked else (Operation.LOOK_UP, None)
    try:
        now.may = permit(now.tx, now.subject or "", operation, gateway)
    except NotAllowed as refusal:
        raise NotAllowed(f"{refusal} Open the person for their own request, from its case.") from None
    if now.may.gateway is not None:
        now.detail["gateway"] = now.may.gateway.value


def _profile(tables: dict[str, tuple[dict[str, Any], ...]], *, shown: bool, restricted: bool) -> Profile:
    (person,) = tables["profiles"]
    identifiers = tuple(
        Identifier(row["kind"], row["value"] if shown else masked_identifier(row["kind"], row["value"]), row["shared"])
        for row in tables["identifier_values"] if row["kind"] != "customer_id"
    )
    hidden = {} if shown else {"detail": None, "device_id": HIDDEN}
    return Profile(
        subject_ref=person["subject_ref"], source_id=person["customer_id"], shown=shown,
        fields=_fields(person) if shown else _masked_fields(person), identifiers=identifiers,
        attributes=tuple((row["name"], row["value"] if shown else HIDDEN) for row in tables["attributes"]),
        consents=tables["consents"], devices=_without(tables["devices"], hidden),
        events=_without(tables["events"], hidden),
        source_texts=person["source_texts"] if shown else dict.fromkeys(person["source_texts"], HIDDEN),
        restricted=restricted, shares=any(row["shared"] for row in tables["identifier_values"]),
    )


def _without(rows: tuple[dict[str, Any], ...], hidden: dict[str, str | None]) -> tuple[dict[str, Any], ...]:
    return tuple(row | {name: text for name, text in hidden.items() if name in row} for row in rows)


def _fields(person: dict[str, Any]) -> dict[str, str]:
    born = person["birth_date"]
    names = ("given_name", "family_name", "address", "city", "postcode", "country", "language")
    return {name: person[name] or "" for name in names} | {"birth_date": born.isoformat() if born else ""}


def _masked_fields(person: dict[str, Any]) -> dict[str, str]:
    return {
        "given_name": masked_name(person["given_name"]), "family_name": masked_name(person["family_name"]),
        "address": HIDDEN if person["address"] else "", "city": masked_start(person["city"], 1),
        "postcode": masked_start(person["postcode"]), "country": person["country"] or "",
        "language": person["language"] or "", "birth_date": masked_year(person["birth_date"]),
    }
