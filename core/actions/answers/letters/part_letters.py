"""The letter about what is not done: which one a request owes by its plan, and that all three parts stand in it."""

from core.actions.answers.bound_letter import THINGS
from core.actions.answers.erasure import erasure_words
from core.actions.answers.planned import PlanBody, read_body
from core.actions.answers.rectification import correction_words
from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.letter_text import has_passages, text_of
from core.actions.desk.opening import Opened
from core.actions.people.inventory import MISSING
from core.law.errors import NotPossible
from core.law.refusal import require_part
from core.law.rights.rectification import title_of
from core.law.ways import RIGHTS, Course
from core.law.workflow import Closing
from core.store.records import LetterRecord, PlanRecord

OWED = {
    ("erase", Closing.PARTLY_FULFILLED): "erasure_partly", ("erase", Closing.REFUSED): "erasure_refused",
    ("rectify", Closing.PARTLY_FULFILLED): "partly_rectified", ("rectify", Closing.REFUSED): "not_rectified",
    **{
        (right.verb, Closing.PARTLY_FULFILLED): "partly_answered" for right in RIGHTS.values()
        if right.course is not Course.RECORD and right.verb not in {"erase", "rectify"}
    },
}
KINDS = frozenset(OWED.values())


def ending_of(desk: Desk, now: Now, at: Opened) -> Closing | None:
    """Return how the request ends by its plan; None where it has none, or is answered by a letter alone."""
    found = _plan(desk, now, at)
    return _ending(now, at, *found) if found else None


def require_told(desk: Desk, now: Now, at: Opened) -> None:
    """Raise NotPossible where something is left undone and no sent letter to this plan says so with its three parts.

    Nothing is asked of a request that is fulfilled, or answered by a letter alone: that one is approved with it.
    """
    found = _plan(desk, now, at)
    if found is None:
        return
    plan, body = found
    kind = OWED.get((plan.verb, _ending(now, at, plan, body)))
    if kind is None:
        return
    rows = now.tx.records(LetterRecord, "letters.sent_of_request", request_id=at.request.id, kind=kind)
    sent = [row for row in rows if row.drafted_at >= plan.made_at]
    if not sent:
        raise NotPossible(
            f"A part is not done, and the person is told why first (Art. 12(4)): draft '{kind.replace('_', ' ')}' on the "
            "Letters tab, send it, and mark it as sent."
        )
    _require_part(desk, sent[0], _stays(now, at, body, plan.verb))


def require_parts(desk: Desk, now: Now, at: Opened, letter: LetterRecord) -> None:
    """Raise NotPossible where a letter of such a kind lacks one of its parts: it does not go out like that."""
    if letter.kind not in KINDS:
        return
    found = _plan(desk, now, at)
    _require_part(desk, letter, _stays(now, at, found[1], found[0].verb) if found else [])


def _require_part(desk: Desk, letter: LetterRecord, stays: list[tuple[str, ...]]) -> None:
    require_part(text_of(desk.store, letter), stays, standing=has_passages(letter))


def _plan(desk: Desk, now: Now, at: Opened) -> tuple[PlanRecord, PlanBody] | None:
    plan = now.tx.record(PlanRecord, "plans.one", id=at.request.plan_id) if at.request.plan_id else None
    if plan is None or plan.verb in THINGS:
        return None
    return plan, read_body(desk, now, plan.id)


def _ending(now: Now, at: Opened, plan: PlanRecord, body: PlanBody) -> Closing:
    if plan.verb == "erase":
        return erasure_words.outcome(body)
    if plan.verb == "rectify":
        return correction_words.ending(correction_words.of_request(now, at), body.systems)
    whole = all(each.state in {"found", "zero"} for each in body.systems)
    return Closing.FULFILLED if whole else Closing.PARTLY_FULFILLED


def _stays(now: Now, at: Opened, body: PlanBody, verb: str) -> list[tuple[str, ...]]:
    """Return the words by which the letter names each thing that is left: what it is, and until when it stays."""
    left = [(each.title,) for each in body.systems if each.state in MISSING]
    if verb == "erase":
        return [*((item.title, item.until) for item in body.kept_back), *left]
    if verb == "rectify":
        rows = correction_words.of_request(now, at)
        return [*((title_of(row["field"]),) for row in rows if not correction_words.changes(row)), *left]
    return list(left)
