"""The facts that a letter states, read from its case: each kind of letter needs other ones."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.actions.act import Now
from core.actions.answering import Answering, unseal
from core.actions.desk import Desk
from core.actions.establishment import establishment
from core.connectors.catalogue import catalogue
from core.documents.letter import Kind
from core.law.errors import NotPossible
from core.law.rights import RIGHTS
from core.law.rights import Kind as Right
from core.store.engine import Row

ANSWER_WITHIN = timedelta(days=14)  # of a question about the identity
PROOFS = (
    "reply from the e-mail address that we hold for you, and name two facts that we hold about you",
    "ask us to send a code to the address or telephone number that we hold, and tell us the code",
    "ask us from your signed-in account",
)
DELIVERY = {
    "email": "We send it to the e-mail address that is agreed with you.",
    "post": "It is enclosed.",
    "hand_over": "We hand it to you in person.",
    "representative": "We send it to the person who represents you.",
}
HELPS = (
    "Tell us something that only you can know, for example your customer number, or write from an address that we hold."
)


@dataclass(frozen=True, slots=True)
class Facts:
    """Where the facts of a letter are read from."""

    desk: Desk
    now: Now
    at: Answering
    address: Row | None


def facts(kind: Kind, of: Facts) -> dict[str, Any]:
    """Return what the letter's template needs. Raises NotPossible, with what to do first, where the case lacks it."""
    here, name = establishment(of.desk.store), person_of(of.desk, of.at.case).get("name", "").strip()
    return {
        "salutation": f"Dear {name}" if name else "Dear Sir or Madam",
        "received_on": here.local(of.at.request["received_at"]).date(),
        "right": RIGHTS[Right(of.at.request["kind"])].name.lower(), "authority": here.authority,
        "dpo_contact": here.dpo_contact,
    } | _FACTS[kind](of)


def person_of(desk: Desk, case: Row) -> dict[str, str]:
    """Return how the person named themselves when they asked."""
    return dict(json.loads(unseal(desk, case["case_ref"], case["person"], "cases:person")))


def _receipt(of: Facts) -> dict[str, Any]:
    due = of.at.request["final_due"] or of.at.request["base_due"]
    if due is None:
        raise NotPossible("The clock is paused, so no day can be named. Record the answer to the open question first.")
    return {"due_on": due}


def _question(of: Facts) -> dict[str, Any]:
    rows = of.now.tx.rows("requests.pause_texts", request_id=of.at.request["id"])
    asked = [row for row in rows if row["kind"] == "identity" and row["answered_on"] is None]
    if not asked:
        raise NotPossible("Record the question about the identity first, with the facts that make it necessary.")
    doubt = unseal(of.desk, of.at.case["case_ref"], asked[-1]["reason"], f"pauses:{asked[-1]['id']}:reason")
    return {"doubt": doubt.rstrip("."), "proofs": PROOFS, "reply_by": asked[-1]["asked_on"] + ANSWER_WITHIN}


def _answer(of: Facts) -> dict[str, Any]:
    package = of.now.tx.one("packages.one", id=of.at.request["package_id"]) if of.at.request["package_id"] else None
    if package is None or not package["counts"]:
        raise NotPossible("Build the package first: the letter names what was found in it.")
    counts = json.loads(package["counts"])
    systems = [
        f"{system.title}: {counts[system.code]} {'record' if counts[system.code] == 1 else 'records'}"
        for system in catalogue().systems if counts.get(system.code)
    ]
    return {"systems": systems, "delivery": DELIVERY[of.address["kind"]] if of.address else DELIVERY["hand_over"]}


def _no_data(of: Facts) -> dict[str, Any]:
    if of.at.case["subject_state"] == "open":
        raise NotPossible("Search first, and record the decision that nobody in the systems is the person.")
    return {"searched": [system.title for system in catalogue().systems]}


def _not_identified(of: Facts) -> dict[str, Any]:
    checks = of.now.tx.rows("cases.identity_checks", case_ref=of.at.case["case_ref"])
    if of.at.case["identity_state"] != "failed" or not checks or checks[-1]["reason"] is None:
        raise NotPossible("Record first that the identity could not be proven, and why.")
    place = f"identity_checks:{checks[-1]['id']}:reason"
    return {"reason": unseal(of.desk, of.at.case["case_ref"], checks[-1]["reason"], place).rstrip("."), "helps": HELPS}


def _withdrawn(of: Facts) -> dict[str, Any]:
    if of.at.request["closing"] != "withdrawn":
        raise NotPossible("Record first that the person took the request back.")
    done = "nothing had left us" if of.at.request["sent_at"] is None else "our answer had been sent to you"
    return {"withdrawn_on": establishment(of.desk.store).local(of.at.request["closed_at"]).date(), "done_before": done}


_FACTS = {
    Kind.RECEIPT: _receipt, Kind.IDENTITY_QUESTION: _question, Kind.ANSWER: _answer, Kind.NO_DATA_HELD: _no_data,
    Kind.NOT_IDENTIFIED: _not_identified, Kind.WITHDRAWAL_CONFIRMED: _withdrawn,
}
