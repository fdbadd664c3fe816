"""Addresses for an answer, and their standing: held before the request, proven in the case, new, or lately changed."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from core.actions.cases.authority import REPRESENTATIVE, own_values
from core.actions.desk import things
from core.actions.desk.act import Now, act, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.typed import read_text
from core.matching.normal_forms import normal
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row
from core.store.records import CaseRecord, RequestRecord

KINDS = {
    "email": "E-mail", "post": "Letter", "hand_over": "Hand over in person", "representative": "To a representative",
}
LATELY = timedelta(days=90)


class AddressStanding(StrEnum):
    """Why an address may be trusted, or not."""

    HELD = "held"  # in the profile before the request came
    PROVEN = "proven"  # shown in this case
    NEW = "new"  # first seen in or after the request
    CHANGED = "changed"  # held, but the profile changed in the 90 days before the request


TRUSTED = frozenset({AddressStanding.HELD, AddressStanding.PROVEN})


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a case, with its standing today."""

    id: str
    kind: str
    address: str
    standing: AddressStanding


@repeated
def add(desk: Desk, case_ref: str, kind: str, address: str, *, key: str) -> str:
    """Add an address for the answer to a case and return its id; its standing is weighed anew wherever it is shown."""
    with act(desk, Act.ADDRESS_ADD, things.case(case_ref), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        case = now.at.case
        if not now.tx.records(RequestRecord, "requests.open_of_case", case_ref=case_ref):
            raise NotPossible("Every request of this case is closed.")
        if kind not in KINDS:
            raise Invalid("Choose the kind of address.", "kind")
        text = read_text(address, "address", longest=500)
        if kind == "email":
            normal("email", text)
        if kind != REPRESENTATIVE and text.casefold() in own_values(desk, now, case_ref):
            raise Invalid("This is the representative's address: choose that it goes to a representative.", "kind")
        address_id = new_id(desk.now)
        standing = standing_of(desk, now, case, kind, text)
        now.tx.run(
            "cases.add_address", id=address_id, case_ref=case_ref, kind=kind, standing=standing.value,
            address=encrypt(desk.store, case_ref, text, Cell("reply_addresses", address_id, "address")),
            added_at=desk.now, added_by=desk.person.account_id,
        )
        now.object_kind, now.object_id, now.result = "address", address_id, address_id
        now.detail |= {"kind": kind, "standing": standing.value}
    return address_id


@repeated
def list_addresses(desk: Desk, case_ref: str) -> tuple[Address, ...]:
    """Return the addresses of a case; opening the case file stands for them."""
    with act(desk, Act.CASE_OPEN, things.case(case_ref), disclosure=True) as now:
        case = now.at.case
        rows = now.tx.rows("approvals.addresses", case_ref=case_ref)
        return tuple(opened(desk, now, case, row) for row in rows)


def opened(desk: Desk, now: Now, case: CaseRecord, row: Row) -> Address:
    """Open one address inside another act, and weigh its standing now."""
    text = decrypt(desk.store, row["case_ref"], row["address"], Cell("reply_addresses", row["id"], "address"))
    return Address(row["id"], row["kind"], text, standing_of(desk, now, case, row["kind"], text))


def address_of(desk: Desk, now: Now, case: CaseRecord, address_id: str) -> Address:
    """Return an address of this very case. Raises Invalid for an address of another."""
    row = now.tx.one("approvals.address", id=address_id)
    if row is None or row["case_ref"] != case.case_ref:
        raise Invalid("Choose an address of this case.", "address_id")
    return opened(desk, now, case, row)


def standing_of(desk: Desk, now: Now, case: CaseRecord, kind: str, text: str) -> AddressStanding:
    """Weigh an address: exact normal forms only, never a likeness. A representative's is new until confirmed.

    Handing over counts as proven once the identity is; what the profile learned at or after receipt is new.
    """
    if kind == "hand_over":
        return AddressStanding.PROVEN if case.identity_state == "proven" else AddressStanding.NEW
    subject = case.subject_ref
    if subject is None or kind not in {"email", "post"}:
        return AddressStanding.NEW
    profiles = now.tx.rows("people.profiles_of", subjects=[subject])
    if not profiles:
        return AddressStanding.NEW
    profile = profiles[0]
    held = _holds_mail(desk, now, subject, text) if kind == "email" else _holds_post(profile, text)
    return _age(profile, case) if held else AddressStanding.NEW


def _age(profile: Row, case: CaseRecord) -> AddressStanding:
    """Return how what a profile holds stands to a case: held before it came, learned since, or changed shortly before."""
    if profile["made_at"] >= case.received_at:
        return AddressStanding.NEW
    changed = profile["changed_at"]
    lately = changed > profile["made_at"] and changed >= case.received_at - LATELY
    return AddressStanding.CHANGED if lately else AddressStanding.HELD


def wrote_from_held(desk: Desk, now: Now, case: CaseRecord, texts: Iterable[str]) -> bool:
    """Whether one of the e-mail addresses was held about the decided person before the request came."""
    return any(standing_of(desk, now, case, "email", text) is not AddressStanding.NEW for text in texts)


def holds_before(now: Now, case: CaseRecord, kinds: Collection[str]) -> bool:
    """Whether something of one of the kinds, `post` the postal address, was held of the person before the request came."""
    subject = case.subject_ref
    if subject is None:
        return False
    profiles = now.tx.rows("people.profiles_of", subjects=[subject])
    if not profiles or _age(profiles[0], case) is AddressStanding.NEW:
        return False
    held = {row["kind"] for row in now.tx.rows("people.identifiers_of", subjects=[subject])}
    return bool(held & set(kinds)) or ("post" in kinds and bool(profiles[0]["address"]))


def _holds_mail(desk: Desk, now: Now, subject: str, text: str) -> bool:
    try:
        form = normal("email", text, establishment(desk.store).region)
    except Invalid:
        return False
    rows = now.tx.rows("people.identifiers_of", subjects=[subject])
    return any(row["kind"] == "email" and row["normal"] == form and not row["shared"] for row in rows)


def _holds_post(profile: Row, text: str) -> bool:
    """Whether the lines are the address held, no more and no less, but for the name and the country."""
    held = _words(profile["address"]) | _words(profile["postcode"]) | _words(profile["city"])
    free = _words(profile["given_name"]) | _words(profile["family_name"]) | _words(profile["country"])
    asked = _words(text)
    return bool(profile["address"]) and held <= asked and not asked - held - free


def _words(text: str | None) -> set[str]:
    folded = unicodedata.normalize("NFC", text or "").casefold()
    return set("".join(letter if letter.isalnum() else " " for letter in folded).split())

