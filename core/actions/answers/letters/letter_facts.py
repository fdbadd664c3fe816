"""The facts that a letter states, read from its case: each kind of letter needs other ones."""

import json
from collections.abc import Callable
from typing import Any

from core.actions.answers import endings
from core.actions.answers.erasure import erasure_words, restricted
from core.actions.answers.letters import kind_facts
from core.actions.answers.planned import PlanBody, read_body
from core.actions.answers.rectification import correction_words
from core.actions.cases.authority import REPRESENTATIVE, addressee, named, stands, verdict_of
from core.actions.cases.clock import deadline
from core.actions.cases.letter_source import LetterFacts, person_of
from core.actions.cases.sequence import first_of
from core.actions.desk.act import found
from core.actions.desk.establishment import establishment
from core.actions.people.inventory import unreached
from core.connectors import desk_records
from core.connectors.catalogue import catalogue
from core.documents.dates import written
from core.law.clock.questions import OF_THE_CASE, SET_TIME
from core.law.errors import NotPossible
from core.law.identity import Proof
from core.law.letters import TO_RECIPIENTS, LetterKind
from core.law.representatives import PROOFS as PROVES
from core.law.rights.recipients import Notice
from core.law.rights.restriction import GROUNDS, Ground
from core.law.rights.suppression import ALL, CHANNELS, MARKETING, STATE_OF, UPHELD_GROUND
from core.law.ways import RIGHTS, Asker, Course, Kind
from core.law.workflow import Closing, State
from core.store.encryption import Cell, decrypt
from core.store.engine import Row
from core.store.records import PackageRecord, RequestRecord

PROOFS = (
    "reply from the e-mail address that we hold for you, and name two facts that we hold about you",
    "ask us to send a code to the address or telephone number that we hold, and tell us the code",
    "ask us from your signed-in account",
)
_SHOWS = {
    Proof.SIGNED_IN: "ask us from your signed-in account",
    Proof.MAIL_HELD: "write from the e-mail address that we hold for you",
    Proof.CODE: "ask us to send a code to the address or telephone number that we hold, and tell us the code",
    Proof.CALL_BACK: "let us call you back on the telephone number that we hold",
    Proof.TWO_FACTS: "name two facts that we hold about you",
    Proof.DOCUMENT: "show us an identity document; please cover all but your name, your birth date and how long it is valid",
}
DELIVERY = {
    "email": "We send it to the e-mail address that is agreed with you.",
    "post": "It is enclosed.",
    "hand_over": "We hand it to you in person.",
    "representative": "We send it to the person who represents you.",
}
ASKED_AGAIN = (
    "You had wanted us to keep these data. Please tell us whether you want them erased all the same. Until we have your answer "
    "we erase nothing; the time in which we answer your request runs on."
)
HELPS = (
    "Write from an address that we hold for you, or name facts that we hold about you, for example the day of an order."
)


def facts(kind: LetterKind, of: LetterFacts) -> dict[str, Any]:
    """Return what the letter's template needs. Raises NotPossible, with what to do first, where the case lacks it."""
    here, right = establishment(of.desk.store), RIGHTS[Kind(of.at.request.kind)]
    name, behalf = _addressed(kind, of)
    # Behind a request of an authority stands no person of that name.
    named_person = name if right.asker is Asker.PERSON else ""
    return {
        "salutation": of.words.salutation(named_person), "on_behalf_of": behalf,
        "received_on": here.local(of.at.request.received_at).date(),
        "right": of.words.rights[right.kind], "authority": here.authority, "dpo_contact": here.dpo_contact,
    } | _FACTS[kind](of)


def require_facts(kind: LetterKind, of: LetterFacts) -> None:
    """Raise NotPossible, with what to do first, where the case lacks what the letter must say."""
    _FACTS[kind](of)


def _addressed(kind: LetterKind, of: LetterFacts) -> tuple[str, str]:
    """Return the name of whom the letter is written to and, where that is a representative, of the person."""
    person = person_of(of.desk, of.at.case).get("name", "").strip()
    address = of.address or addressee(of.now, of.at.case, kind)
    acting = stands(of.now, of.at.case)
    if acting is None or address is None or address["kind"] != REPRESENTATIVE:
        return person, ""
    return named(of.desk, acting.row)["name"], person or of.words.plain["represented"]


def _receipt(of: LetterFacts) -> dict[str, Any]:
    due = of.at.request.final_due or of.at.request.base_due
    if due is None:
        raise NotPossible("The clock is paused, so no day can be named. Record the answer to the open question first.")
    return {"due_on": due}


def _open_question(of: LetterFacts, *kinds: str) -> Row | None:
    rows = of.now.tx.rows("requests.pause_texts", request_id=of.at.request.id)
    return next((row for row in reversed(rows) if row["kind"] in kinds and row["answered_on"] is None), None)


def _pause_text(of: LetterFacts, row: Row, name: str) -> str:
    return decrypt(of.desk.store, of.at.case.case_ref, row[name], Cell("pauses", row["id"], name))


def _question(of: LetterFacts) -> dict[str, Any]:
    asked = _open_question(of, "identity")
    if asked is None:
        raise NotPossible("Record the question about the identity first, with the facts that make it necessary.")
    doubt = _pause_text(of, asked, "reason")
    ways = [
        ", and ".join(_SHOWS[Proof(proof)] for proof in way.split("+")) for way in (asked["proofs"] or "").split(";") if way
    ]
    return {"doubt": doubt.rstrip("."), "proofs": ways or PROOFS, "reply_by": asked["asked_on"] + SET_TIME}


def _clarification(of: LetterFacts) -> dict[str, Any]:
    asked = _open_question(of, "clarification", "authority")
    if asked is None:
        raise NotPossible("Record the question to the person first, with the facts that make it necessary.")
    return {
        "about": asked["kind"], "question": _pause_text(of, asked, "question"),
        "reason": _pause_text(of, asked, "reason").rstrip("."), "reply_by": asked["asked_on"] + SET_TIME,
    }


def _unproven(of: LetterFacts) -> dict[str, Any]:
    asked, acting = _open_question(of, "authority"), stands(of.now, of.at.case)
    if acting is None:
        raise NotPossible("Enter first who acts for the person.")
    if asked is None:
        raise NotPossible("Record the question about the authority first: from its day the clock is reckoned.")
    verdict = verdict_of(of.desk, of.now, of.at.case, Kind(of.at.request.kind))
    if verdict is not None and verdict.granted:
        raise NotPossible("The authority is sufficient for this right: nothing is missing.")
    words = "" if acting.row["outcome"] != "insufficient" else decrypt(
        of.desk.store, of.at.case.case_ref, acting.row["words"], Cell("representatives", acting.row["id"], "words")
    )
    told = [PROVES[acting.authority.capacity], *([" ".join(words.split()).rstrip(".")] if words else [])]
    return {"missing": told, "reply_by": asked["asked_on"] + SET_TIME}


def _reminder(of: LetterFacts) -> dict[str, Any]:
    asked = _open_question(of, *OF_THE_CASE)
    if asked is None:
        raise NotPossible("No question about the person is open: there is nothing to remind of.")
    here = establishment(of.desk.store)
    today = here.local(of.desk.now).date()
    if today < asked["asked_on"] + SET_TIME:
        raise NotPossible(f"The person has until {asked['asked_on'] + SET_TIME:%d %b %Y} to answer: remind them after that.")
    return {"asked_on": asked["asked_on"], "question": _pause_text(of, asked, "question"), "reply_by": today + SET_TIME}


def _unanswered(of: LetterFacts) -> dict[str, Any]:
    """Tell of the question, why it was asked, and the reminder; only once both times are over."""
    asked, reminded = endings.require_silence(of.desk, of.now, of.at.request)
    return {
        "asked_on": asked["asked_on"], "question": _pause_text(of, asked, "question"),
        "reason": _pause_text(of, asked, "reason").rstrip("."), "reminded_on": reminded,
    }


def _duplicate(of: LetterFacts) -> dict[str, Any]:
    first = found(of.now.tx.record(RequestRecord, "requests.one", id=first_of(of.desk, of.now, of.at)), "request")
    due = deadline(of.now.tx, first).final_due
    return {
        "first": first.reference, "first_on": establishment(of.desk.store).local(first.received_at).date(),
        "answered_by": f"by {of.words.written(due)}" if due else "without undue delay",
    }


def _answer(of: LetterFacts) -> dict[str, Any]:
    package = of.now.tx.record(PackageRecord, "packages.one", id=of.at.request.package_id) if of.at.request.package_id else None
    if package is None or not package.counts:
        raise NotPossible("Build the package first: the letter names what was found in it.")
    counts = json.loads(package.counts)
    systems = [
        f"{system.title}: {counts[system.code]} {'record' if counts[system.code] == 1 else 'records'}"
        for system in catalogue().systems if counts.get(system.code)
    ]
    return {"systems": systems, "delivery": DELIVERY[of.address["kind"]] if of.address else DELIVERY["hand_over"]}


def _access(of: LetterFacts) -> dict[str, Any]:
    if of.at.request.kind != Kind.ACCESS:
        raise NotPossible("This letter answers a request for access. Choose the letter of this right.")
    return _answer(of)


def _portability(of: LetterFacts) -> dict[str, Any]:
    if of.at.request.kind != Kind.PORTABILITY:
        raise NotPossible("This letter answers a request for a portable copy. Choose the letter of this right.")
    return _answer(of)


def _no_data(of: LetterFacts) -> dict[str, Any]:
    case, plan = of.at.case, of.at.request.plan_id
    if case.subject_state != "nobody" and not (plan and _holds_nothing(read_body(of.desk, of.now, plan))):
        raise NotPossible(
            "Search first, and record the decision that nobody in the systems is the person; or prepare the answer, where "
            "the person was known and nothing is held any more."
        )
    if case.subject_state == "nobody" and not found(
        of.now.tx.one("log.searched", case_ref=case.case_ref), "search"
    )["searches"]:
        raise NotPossible("Search for the person on the tab Person & data first: the letter says that we searched.")
    return {"searched": [system.title for system in catalogue().systems]}


def _holds_nothing(body: PlanBody) -> bool:
    """Say whether every system answered and none but the desk itself holds anything."""
    return not unreached(body.systems) and not any(each.rows for each in body.systems if each.code != desk_records.SYSTEM)


def _not_identified(of: LetterFacts) -> dict[str, Any]:
    checks = of.now.tx.rows("cases.identity_checks", case_ref=of.at.case.case_ref)
    if of.at.case.identity_state != "failed" or not checks or checks[-1]["reason"] is None:
        raise NotPossible("Record first that the identity could not be proven, and why.")
    cell = Cell("identity_checks", checks[-1]["id"], "reason")
    return {"reason": decrypt(of.desk.store, of.at.case.case_ref, checks[-1]["reason"], cell).rstrip("."), "helps": HELPS}


def _withdrawn(of: LetterFacts) -> dict[str, Any]:
    if of.at.request.closing != "withdrawn":
        raise NotPossible("Record first that the person took the request back.")
    done = "nothing had left us" if of.at.request.sent_at is None else "our answer had been sent to you"
    closed = found(of.at.request.closed_at, "day of closing")
    return {"withdrawn_on": establishment(of.desk.store).local(closed).date(), "done_before": done}


def _stopped(of: LetterFacts) -> dict[str, Any]:
    state = STATE_OF.get(Kind(of.at.request.kind))
    rows = of.now.tx.rows("suppression.of_case", case_ref=of.at.case.case_ref)
    # An objection under Article 21(1) that was upheld in the same case stops a use of its own.
    mine = [row for row in rows if state is not None and row["state"] == state and row["ground"] != UPHELD_GROUND]
    if not mine:
        raise NotPossible("Nothing of this kind was stopped in this case. Choose the letter that fits the request.")
    scopes = sorted({(row["purpose"], row["channel"]) for row in mine})
    first = establishment(of.desk.store).local(min(row["started_at"] for row in mine)).date()
    return {"stopped": [_scope_words(*scope) for scope in scopes], "stopped_on": first}


def _partly(of: LetterFacts) -> dict[str, Any]:
    """Say what was done and what is missing, for a right whose answer is no erasure and no correction."""
    right = RIGHTS[Kind(of.at.request.kind)]
    if right.verb in {"erase", "rectify"}:
        raise NotPossible("This letter tells that a system was not reached. Choose the letter of this right.")
    if not of.at.request.plan_id:
        raise NotPossible("Prepare the answer first: the letter says which system was not reached.")
    missing = unreached(read_body(of.desk, of.now, of.at.request.plan_id).systems)
    if not missing:
        raise NotPossible("Every system was reached, so nothing is missing. Choose the letter of this right.")
    told: dict[str, Any] = {"article": right.article, "open": missing}
    if right.course is Course.COPY:
        answer = _answer(of)
        nothing = ["we searched the systems that could be reached; they hold nothing about you"]
        return told | {"done": [*(answer["systems"] or nothing), answer["delivery"]]}
    if right.verb == "suppress":
        return told | {"done": _stopped(of)["stopped"]}
    kept = _restricted(of)
    return told | {
        "done": [f"the use of your data is restricted: {of.law.said(kept['ground'])}", of.law.said(kept["ends"])]
    }


def _scope_words(purpose: str, channel: str) -> str:
    what = {
        ALL: "everything that rests on a consent", MARKETING: "direct marketing and profiling for it",
    }.get(purpose, purpose.replace("_", " "))
    by = "through every channel" if channel == ALL else f"by {CHANNELS.get(channel, channel).lower()}"
    return f"{what}, {by}"


def _restricted(of: LetterFacts) -> dict[str, Any]:
    row = of.now.tx.one("suppression.terms", request_id=of.at.request.id)
    if row is None or of.at.request.state in {"received", "in_progress"}:
        raise NotPossible("Set the restriction first: the letter says that it stands.")
    rule = GROUNDS[Ground(row["ground"])]
    return {"ground": rule.sentence, "ends": rule.ends, "review_on": row["review_on"]}


def _will_be_lifted(of: LetterFacts) -> dict[str, Any]:
    rows = of.now.tx.rows("suppression.open_lifts_of_case", case_ref=of.at.case.case_ref)
    if not rows:
        raise NotPossible("Propose first, on the Suppression page, that the restriction is lifted, and why.")
    row = rows[0]
    reason = decrypt(
        of.desk.store, of.at.case.case_ref, row["reason"], Cell("restriction_lifts", row["id"], "reason")
    )
    set_on = establishment(of.desk.store).local(row["started_at"]).date()
    return {"ground": GROUNDS[Ground(row["ground"])].sentence, "reason": reason.rstrip("."), "set_on": set_on}


def _ends_with_erasure(of: LetterFacts) -> dict[str, Any]:
    found = restricted.read(of.desk, of.now, of.at.request.id, of.at.case.subject_ref)
    if found is None or not found.grounds:
        raise NotPossible("No restriction stands on the person's data: nothing ends with the erasure.")
    lines = [f"since {written(since)}: {of.law.said(GROUNDS[ground].sentence)}" for ground, since in found.grounds]
    return {"restrictions": lines} | ({"asked_again": ASKED_AGAIN} if found.asks else {})


def _with_it(_: LetterFacts) -> dict[str, Any]:
    return {}  # the ground and the facts come with the refusal, the extension or the fee


def _rectified(of: LetterFacts) -> dict[str, Any]:
    return correction_words.answer(of.desk, of.now, of.at)


def _erased(ending: Closing) -> Callable[[LetterFacts], dict[str, Any]]:
    return lambda of: erasure_words.facts(of.desk, of.now, of.at, ending, of.law)


def _recipients(of: LetterFacts) -> dict[str, Any]:
    """Name every recipient of the disclosure log with what they received, and why one was not told (Art. 19)."""
    rows = of.now.tx.rows("rectification.notices", request_id=of.at.request.id)
    if not rows:
        raise NotPossible("No recipient is listed for this request: the list is made when it is carried out.")
    return {"recipients": [f"{row['recipient']}: {row['categories']}; {_notice_words(of, row)}" for row in rows]}


def _notice_words(of: LetterFacts, row: Row) -> str:
    state, local = Notice(row["state"]), establishment(of.desk.store).local
    if state is Notice.TO_SEND:
        return "not told yet"
    if state is Notice.DISPROPORTIONATE:
        why = decrypt(of.desk.store, row["case_ref"], row["reason"], Cell("recipient_notices", row["id"], "reason"))
        return f"not told, because: {' '.join(why.split()).rstrip('.')}"
    return f"told on {written(local(row['sent_at']).date())}"


def _late(of: LetterFacts) -> dict[str, Any]:
    due, today = of.at.request.final_due, establishment(of.desk.store).local(of.desk.now).date()
    if of.at.request.sent_at is not None or of.at.request.state == State.CLOSED:
        raise NotPossible("The answer was sent, or the request is closed: there is no delay to tell of.")
    if due is None or today <= due:
        raise NotPossible("The last day is not over: this letter tells of a delay that has come about.")
    return {"due_on": due, "reason": of.told["reason"]}


def _forwarded(of: LetterFacts) -> dict[str, Any]:
    when = of.at.request.closed_at if of.at.request.closing == Closing.FORWARDED else of.desk.now
    return {"controller": of.told["controller"], "forwarded_on": establishment(of.desk.store).local(when or of.desk.now).date()}


def _resent(of: LetterFacts) -> dict[str, Any]:
    if of.at.request.came_back_at is None:
        raise NotPossible("Record first that the answer came back.")
    return {"first_sent_on": establishment(of.desk.store).local(found(of.at.request.sent_at, "day of sending")).date()}


def _told(of: LetterFacts) -> dict[str, Any]:
    return dict(of.told)


def _reasoned(of: LetterFacts) -> dict[str, Any]:
    return {"reason": " ".join(of.told["reason"].split()).rstrip(".")}


def _by_itself(of: LetterFacts) -> dict[str, Any]:  # noqa: ARG001 - every kind of letter has its line
    raise NotPossible(
        "This letter is not drafted here: the desk drafts it when the correction is carried out, and each recipient's "
        "from the list of recipients."
    )


_FACTS = {
    LetterKind.RECEIPT: _receipt, LetterKind.IDENTITY_QUESTION: _question,
    LetterKind.REPRESENTATIVE_UNPROVEN: _unproven,
    LetterKind.CLARIFICATION_QUESTION: _clarification, LetterKind.REMINDER: _reminder, LetterKind.ANSWER: _access,
    LetterKind.NO_ANSWER: _unanswered, LetterKind.DUPLICATE: _duplicate,
    **dict.fromkeys((LetterKind.NOT_A_REQUEST, LetterKind.OUTSIDE), _reasoned),
    LetterKind.NO_DATA_HELD: _no_data,
    LetterKind.NOT_IDENTIFIED: _not_identified, LetterKind.WITHDRAWAL_CONFIRMED: _withdrawn,
    LetterKind.OBJECTION_CONFIRMED: _stopped, LetterKind.CONSENT_WITHDRAWN: _stopped, LetterKind.RESTRICTION_SET: _restricted,
    LetterKind.RESTRICTION_WILL_BE_LIFTED: _will_be_lifted, LetterKind.RESTRICTION_ENDS: _ends_with_erasure,
    LetterKind.PORTABILITY_ANSWER: _portability, LetterKind.PARTLY_ANSWERED: _partly,
    **dict.fromkeys((
        LetterKind.REFUSAL, LetterKind.ANSWERED_OUTSIDE, LetterKind.EXTENSION, LetterKind.FEE_ANNOUNCEMENT,
        LetterKind.KEPT_PART_ERASED,
    ), _with_it),
    **dict.fromkeys((LetterKind.RECTIFIED, LetterKind.PARTLY_RECTIFIED, LetterKind.NOT_RECTIFIED), _rectified),
    LetterKind.ERASURE_CARRIED_OUT: _erased(Closing.FULFILLED), LetterKind.ERASURE_PARTLY: _erased(Closing.PARTLY_FULFILLED),
    LetterKind.ERASURE_REFUSED: _erased(Closing.REFUSED), LetterKind.OLD_ADDRESS_NOTICE: _by_itself,
    **dict.fromkeys(TO_RECIPIENTS, _by_itself),
    LetterKind.RECIPIENTS_NAMED: _recipients, LetterKind.LATE_ANSWER: _late,
    LetterKind.FORWARDED: _forwarded, LetterKind.RESENT: _resent, LetterKind.MISDELIVERY_NOTICE: _told,
    **kind_facts.FACTS,
}
