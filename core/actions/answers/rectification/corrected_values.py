"""New values of a correction: whether they can be read, what they re-key, and whether another person holds them."""

from datetime import date

from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.connectors import local
from core.connectors.catalogue import System, catalogue
from core.connectors.connector import Wanted
from core.connectors.fields import ATTRIBUTE, IDENTIFIERS, LONGEST
from core.connectors.held_values import lines
from core.connectors.registered import connector_of
from core.law.errors import Invalid
from core.law.rights.rectification import RECOGNISING
from core.law.typed import read_day, read_text
from core.matching.likeness import name_key
from core.matching.readings import read_one
from core.store.engine import Store

_NAMES = ("given_name", "family_name")


def systems_of(field: str) -> tuple[System, ...]:
    """Return the systems in which a field can be corrected, by the catalogue."""
    if field.startswith(ATTRIBUTE) and len(field) > len(ATTRIBUTE):
        return tuple(each for each in catalogue().systems if each.code == local.SYSTEM)
    return tuple(each for each in catalogue().systems if field in each.rectifies)


def keyed_by(field: str) -> tuple[System, ...]:
    """Return every system that finds people by the field: they all take part in its change."""
    return tuple(each for each in catalogue().systems if field in each.keyed_by)


def logged(field: str) -> str:
    """Return a field as the log names it: a further column of the company's own may be called anything, so all are one."""
    return ATTRIBUTE.rstrip(":") if field.startswith(ATTRIBUTE) else field


def check_value(store: Store, today: date, field: str, value: str) -> str:
    """Return the value to be written. Raises Invalid, without the value, for one that cannot be read."""
    text = read_text(value, "value", "the new value", needed=False, longest=LONGEST)
    if not text:
        if field == "customer_id":
            raise Invalid("A person is not kept without a customer number. Write the right one.", "value")
        return ""
    if field in IDENTIFIERS:
        read_one(field, text, store.facts.get("establishment.region"))
    elif field == "birth_date":
        born = read_day(text, "value", "the birth date")
        if born > today:
            raise Invalid("The birth date lies in the future.", "value")
        return born.isoformat()
    return text


def form_of(store: Store, field: str, text: str) -> str:
    """Return the form in which two spellings of one value are equal; what cannot be read stays as it is."""
    try:
        if field in IDENTIFIERS and text:
            return read_one(field, text, store.facts.get("establishment.region"))
        return name_key(text) if field in _NAMES else text.strip()
    except Invalid:
        return text


def rekeys(store: Store, field: str, old: str, new: str) -> bool:
    """Whether a change makes the person recognised by something else: another normal form, not another spelling."""
    if field not in RECOGNISING:
        return False
    return forms_of(store, field, old).keys() != forms_of(store, field, new).keys()


def forms_of(store: Store, field: str, text: str) -> dict[str, str]:
    """Return form -> value of each single value of a field, of which identifiers have several."""
    values = lines(text) if field in IDENTIFIERS else [text] if text else []
    return {form_of(store, field, each): each for each in values}


def put_in_place(field: str, held: str, place: int | None, value: str) -> str:
    """Return what a field holds once the value at `place` of those held gave way to a new one, or was removed by none.

    A place beyond those held adds a further value. Raises Invalid where several are held and none is named.
    """
    values = list(lines(held))
    if field not in IDENTIFIERS or field == "customer_id" or (place is None and len(values) <= 1):
        return value
    if place is None:
        raise Invalid("Several are held. Choose which of them is wrong, or add a further one.", "place")
    if not 0 <= place <= len(values):
        raise Invalid("There is no such value any more. Open the proposal again.", "place")
    values[place:place + 1] = [value] if value else []
    return "\n".join(values)


def held_by_other(desk: Desk, now: Now, field: str, value: str, subject_ref: str) -> bool:
    """Whether somebody else is found under the value in any system keyed by it."""
    if field not in IDENTIFIERS or not value:
        return False
    for system in keyed_by(field):
        connector = connector_of(desk.store, system.code, now.at.case.case_ref)
        if connector is None:
            continue
        for each in lines(value):
            if any(one.subject_ref != subject_ref for one in connector.find(now.tx, Wanted(identifiers={field: each})).exact):
                return True
    return False
