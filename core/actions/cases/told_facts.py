"""Facts asked back on the telephone: compared by the desk and answered with match or no match, never with a value."""

from collections.abc import Callable, Mapping

from core.actions.desk import things
from core.actions.desk.act import act, found, repeated
from core.actions.desk.desk import Desk
from core.connectors.connector import only_of
from core.connectors.fields import IDENTIFIERS
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.typed import read_day, read_text
from core.law.workflow import State
from core.matching.likeness import address_key, city_key, name_key, postcode_key
from core.matching.readings import read_one
from core.store.records import RequestRecord

FACTS = {
    "birth_date": "Birth date", "customer_id": "Customer number", "phone": "Telephone number", "email": "E-mail address",
    "postcode": "Postcode", "city": "City", "address": "Street and number", "given_name": "Given name",
    "family_name": "Family name",
}
MOST = 15  # facts compared for one case: enough for an honest caller, too few to find a value out by trying
LONGEST = 300


@repeated
def compare(desk: Desk, case_ref: str, told: Mapping[str, str], *, key: str) -> dict[str, bool]:
    """Return for each fact told whether it matches what is held about the person the case is about.

    Neither what was told nor what is held is kept or shown; the entry names the fields and how many matched. Raises
    NotPossible before a person is decided, and for more than 15 facts in one case; Invalid for a fact that cannot be
    read.
    """
    with act(desk, Act.IDENTITY_COMPARE, things.case(case_ref), key=key) as now:
        case = now.at.case
        if now.earlier is not None:
            return {name: sign == "1" for name, sign in (each.split("=") for each in now.earlier.split(","))}
        subject = case.subject_ref
        if case.subject_state != "decided" or subject is None:
            raise NotPossible("Decide first which person the case is about: facts are compared with that person's data.")
        if all(row.state == State.CLOSED for row in now.tx.records(RequestRecord, "requests.of_case", case_ref=case_ref)):
            raise NotPossible("Every request of this case is closed.")
        facts = {name: read_text(text, "fact", longest=LONGEST) for name, text in told.items() if text.strip()}
        if not facts or not set(facts) <= set(FACTS):
            raise Invalid("Write down at least one fact as the person told it.", "facts")
        row = now.tx.one("told_facts.counted", case_ref=case_ref) or {"facts": 0}
        if row["facts"] + len(facts) > MOST:
            raise NotPossible(
                f"More than {MOST} facts were asked in this case. Choose another proof: a code to the address held."
            )
        region = desk.store.facts.get("establishment.region")
        profile = found(next(iter(only_of(subject, now.tx.rows("people.profiles_of", subjects=[subject]))), None), "person")
        held = only_of(subject, now.tx.rows("people.identifiers_of", subjects=[subject]))
        matched = {}
        for name, text in facts.items():
            if name in IDENTIFIERS:
                form = read_one(name, text, region)
                matched[name] = any(each["kind"] == name and each["normal"] == form for each in held)
            else:
                matched[name] = _same(name, text, profile[name])
        now.tx.run(
            "told_facts.keep" if row["facts"] else "told_facts.first", case_ref=case_ref, facts=row["facts"] + len(facts)
        )
        now.result = ",".join(f"{name}={int(same)}" for name, same in matched.items())
        now.detail |= {"fields": sorted(facts), "matched": sum(matched.values())}
    return matched


def _same(name: str, text: str, held: object) -> bool:
    if name == "birth_date":
        return read_day(text, name, "the birth date") == held
    if not held:
        return False
    forms: dict[str, Callable[[str], str]] = {"postcode": postcode_key, "city": city_key, "address": address_key}
    form = forms.get(name, name_key)
    told = form(text)
    return bool(told) and told == form(str(held))
