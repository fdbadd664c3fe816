"""The part of a story in which a right is carried out: corrected, restricted, erased, stopped, and answered by letter."""

from collections.abc import Generator
from datetime import date, timedelta

from core.actions.answers import approvals, carrying, plans, sending
from core.actions.answers.erasure import erasures
from core.actions.answers.erasure.erasing import LETTERS
from core.actions.answers.erasure.erasure_words import outcome
from core.actions.answers.letters import letters
from core.actions.answers.plan_approvals import PLAN
from core.actions.answers.planned import PlanBody
from core.actions.answers.rectification import rectifications
from core.actions.answers.restriction import restriction_lifts
from core.actions.desk.establishment import establishment
from core.demo.cast import HOUR, Cast, Scene, Story, key
from core.law.workflow import Closing
from core.work.worker import run_due

TAX = "Section 147 of the Fiscal Code"
LETTER = {
    "rectification": "rectified", "restriction": "restriction_set", "objection_marketing": "objection_confirmed",
    "consent_withdrawal": "consent_withdrawn",
}


def play(cast: Cast, story: Story, case_ref: str, request_id: str) -> Scene:
    """Play a proven, decided request of a right with a plan up to the stage of its story."""
    right = story.rights.split()[0]
    ending = Closing.FULFILLED
    if right == "erasure":
        ending = yield from _plan_erasure(cast, story, case_ref, request_id)
    elif right == "rectification":
        yield from _propose(cast, story, request_id)
    elif right == "restriction":
        review = establishment(cast.store).local(cast.now).date() + timedelta(days=90)
        restriction_lifts.record_terms(
            cast.desk(story.owner), request_id, "18.1.a", review, version=cast.version(request_id), key=key()
        )
    if right != "erasure" and story.stage != "proposed":
        _plan(cast, story, request_id)
    if story.stage == "proposed":
        return
    yield 3 * HOUR
    if right in {"erasure", "rectification"}:
        approval = approvals.ask(
            cast.desk(story.owner), PLAN, request_id, approver_id=cast.account("approver"), version=cast.version(request_id),
            key=key(),
        )
        yield 20 * HOUR
        if story.stage == "awaiting":
            return
        approvals.compare(cast.desk("approver"), PLAN, approval)
        approvals.approve(cast.desk("approver"), PLAN, approval, key=key())
    else:
        carrying.start(cast.desk(story.owner), request_id, version=cast.version(request_id), key=key())
    run_due(cast.store, cast.now)
    yield 2 * HOUR
    if story.stage != "ready":
        yield from _tell(cast, story, case_ref, request_id, ending)


def _plan(cast: Cast, story: Story, request_id: str) -> None:
    plans.prepare_plan(
        cast.desk(story.owner), request_id, version=cast.version(request_id), purpose="request", key=key()
    )


def _plan_erasure(cast: Cast, story: Story, case_ref: str, request_id: str) -> Generator[timedelta, None, Closing]:
    year = establishment(cast.store).local(cast.now).year
    orders = erasures.Claim("local", "events", "17.3.b", TAX, date(year + 8, 12, 31), masked=("detail",))
    erasures.choose(
        cast.desk(story.owner), request_id, ["17.1.a"], [orders], version=cast.version(request_id), key=key()
    )
    _plan(cast, story, request_id)
    yield HOUR
    made = plans.open_plan(cast.desk(story.owner), request_id)
    ending = outcome(PlanBody(made.systems, made.items, ""))
    letters.draft(cast.desk(story.owner), case_ref, LETTERS[ending], request_id, key=key())
    return ending


def _propose(cast: Cast, story: Story, request_id: str) -> Scene:
    rectifications.propose(
        cast.desk(story.owner), request_id, "phone", f"+49 30 9018 {story.person:04d}", version=cast.version(request_id),
        key=key(),
    )
    yield HOUR
    if story.stage != "proposed":
        rectifications.record_proof(
            cast.desk(story.owner), request_id, ["code_new"], version=cast.version(request_id), key=key()
        )


def _tell(cast: Cast, story: Story, case_ref: str, request_id: str, ending: Closing) -> Scene:
    """Send the letter with the outcome, and whatever else the case has drafted; then close."""
    right, desk = story.rights.split()[0], story.owner
    if right in LETTER:
        letters.draft(cast.desk(desk), case_ref, LETTER[right], request_id, key=key())
    yield HOUR
    by = "email" if story.channel in {"email", "account"} else "post"
    today = establishment(cast.store).local(cast.now).date()
    for letter in letters.list_letters(cast.desk(desk), case_ref):
        if letter.sent_at is None:
            letters.mark_sent(cast.desk(desk), letter.id, by, today, key=key())
    sending.mark_sent(cast.desk(desk), request_id, by, today, version=cast.version(request_id), key=key())
    yield 30 * HOUR
    if story.stage == "closed":
        sending.close(cast.desk(desk), request_id, ending.value, version=cast.version(request_id), key=key())
