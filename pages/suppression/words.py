"""What the suppression page calls things: kinds, scopes, grounds, ends and what happened to an entry."""

from typing import Any

from core.law.rights.restriction import GROUNDS, Ground
from core.law.rights.suppression import ALL, CHANNELS

KIND_NAMES = {"email": "E-mail", "phone": "Telephone", "customer_id": "Customer number", "device_id": "Device",
              "national_id": "National number", "person": "The person as a whole", "case": "Whoever asked in the case"}
_PURPOSES = {"direct_marketing": "Direct marketing", ALL: "Everything", "import": "Imports"}
_BY = {"request": "asked by the person", "desk": "entered at the desk", "import": "from a file",
       "certificate": "death certificate", "relative": "told by a relative", "authority": "told by an authority",
       "own_records": "known from our records", "objection": "erased, had objected",
       "withdrawal": "erased, had withdrawn", "wish": "erased, at their wish", "upheld": "objection upheld"}
_ENDS = {"newer_opt_in": "the person's newer opt-in", "new_relation": "a new relation after the erasure",
         "lifted_after_notice": "lifted by two, after the person was told", "annulled": "annulled: it was a mistake",
         "another_person": "the case turned out to be about somebody else", "erased": "with the erasure",
         "shown_alive": "it was shown that the person lives"}
_EVENTS = {
    "since.intake": "Stopped when the message was taken in", "since.widened": "Widened to all the person holds",
    "since.copied": "Carried on to a new address or number", "since.desk": "Entered at the desk",
    "since.import": "Came from a file",
    "since.request": "Set by a request", "since.erasure": "Kept after the erasure", "since.death": "The death was recorded",
    "since.restored": "Entered again after a restore", "words.limit": "Limited in the person's own words",
    "words.evidence": "Evidence recorded", "lift.proposed": "Its lifting was proposed", "lift.told": "The person was told",
    "lift.lifted": "Lifted", "lift.kept": "It was decided that it stays", "reviewed": "Looked at again; it stands until",
    "annulment.asked": "Held for a mistake", "annulment.annulled": "Annulled",
    "annulment.kept": "It was decided that it is no mistake",
}


def purpose(code: str) -> str:
    """Return a purpose in words; one of the company's own as it is called."""
    return _PURPOSES.get(code, code)


def scope(row: dict[str, Any]) -> str:
    """Return what an entry stops, and where."""
    what = purpose(row["purpose"])
    return what if row["channel"] == ALL else f"{what}: {CHANNELS.get(row['channel'], row['channel'])}"


def ground(code: str) -> str:
    """Return a ground in words."""
    if code in set(Ground):
        return f"Art. {GROUNDS[Ground(code)].article}"
    return _BY.get(code.rpartition(".")[2], code).capitalize()


def end(code: str | None) -> str:
    """Return in words why an entry ended."""
    return _ENDS.get(code or "", (code or "").replace("_", " "))


def event(code: str) -> str:
    """Return in words what happened to an entry."""
    head, _, rest = code.partition(".")
    return f"Ended: {end(rest)}" if head == "ended" else _EVENTS.get(code, code)
