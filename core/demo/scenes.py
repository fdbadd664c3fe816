"""One story of the demo store: a request from its arrival to where it stands, act by act, by the people of the desk."""

from collections.abc import Mapping
from datetime import timedelta

from core.actions.answers import approvals, plans, requests, sending
from core.actions.answers.letters import letters
from core.actions.answers.letters.letter_approvals import LETTER
from core.actions.answers.packages import packages
from core.actions.answers.packages.release import RELEASE
from core.actions.answers.refusal import refusals
from core.actions.answers.refusal.refusals import REFUSAL
from core.actions.cases import assigning, cases, clock, identity, intake, joining
from core.actions.cases.addresses import list_addresses
from core.actions.desk.establishment import establishment
from core.actions.people import people
from core.demo import endings as carried
from core.demo.cast import HOUR, Cast, Scene, Story, key
from core.law.ways import RIGHTS, Kind
from core.work.worker import run_due

DAY = timedelta(days=1)
ACCESS = ("built", "awaiting", "approved", "ready", "sent", "came_back", "closed")
PROVEN = ("proven", "proposed", "refused", *ACCESS)
OTHER_CONTROLLER = "Example Payments Ltd, Example Street 9, 10115 Berlin"
HANDLED = ("asked", "started", "withdrawn", "not_identified", "forwarded", "closed_plain", *PROVEN)
PROOFS = {
    "email": ["mail_held", "two_facts"], "post": ["code"], "telephone": ["code"], "account": ["signed_in"],
    "counter": ["code"],
}
WISHES = {
    "access": "please send me a copy of everything you keep about me",
    "portability": "please give me my data in a form that another company can read",
    "rectification": "my address in your files is wrong; please correct it",
    "erasure": "please delete what you keep about me",
    "objection": "I object to your profile of my orders, for reasons of my situation",
    "human_review": "a machine turned me down; let a human look at it",
    "restriction": "please stop using my data until my complaint is settled",
    "objection_marketing": "please stop sending me advertising",
    "consent_withdrawal": "I take back my consent to the newsletter",
    "information": "please tell me where you have my data from",
    "complaint": "I complain about how you use my data",
}


def scene(cast: Cast, story: Story, person: Mapping[str, str]) -> Scene:
    """Play a story; each pause it gives is how long its people wait before the next act."""
    taken = _arrive(cast, story, person)
    yield 3 * HOUR
    if story.stage == "received":
        return
    desk, first = story.owner, taken.requests[0][0]
    for request_id, _, _ in taken.requests:
        _assign(cast, desk, request_id)
    yield 2 * HOUR
    if story.stage not in HANDLED:
        return
    for request_id, _, _ in taken.requests:
        requests.start(cast.desk(desk), request_id, version=cast.version(request_id), key=key())
    yield DAY
    if story.stage == "asked":
        clock.ask(
            cast.desk(desk), first, "identity", "Which two of your last orders can you name?",
            "The caller could not name the number under which we know them.", key=key(),
        )
    elif story.stage == "withdrawn":
        requests.withdraw(
            cast.desk(desk), first, "Found the answer in the account.", version=cast.version(first), key=key()
        )
    elif story.stage == "forwarded":
        letter = letters.draft(
            cast.desk(desk), taken.case_ref, "forwarded", first, told={"controller": OTHER_CONTROLLER}, key=key()
        )
        letters.mark_sent(
            cast.desk(desk), letter, story.channel, establishment(cast.store).local(cast.now).date(), key=key()
        )
        requests.close(
            cast.desk(desk), first, "forwarded", "Meant for another controller; passed on with the person's consent.",
            version=cast.version(first), key=key(),
        )
    elif story.stage == "closed_plain":
        requests.close(
            cast.desk(desk), first, "not_a_request", "The newsletter was ended by its own link before.",
            version=cast.version(first), key=key(), untold="The page behind that link had told the person already.",
        )
    elif story.stage == "not_identified":
        yield from _not_identified(cast, desk, taken.case_ref, first)
    elif story.stage in PROVEN:
        yield from _prove(cast, story, person, taken.case_ref)
        yield from _go_on(cast, story, person, taken.case_ref, first)


def _arrive(cast: Cast, story: Story, person: Mapping[str, str]) -> intake.TakenIn:
    here = establishment(cast.store)
    name = f"{person['given_name']} {person['surname']}".strip().title()
    wishes = ", and ".join(WISHES[right] for right in story.rights.split())
    by_mail = story.channel in {"email", "account"}
    return intake.take_in(cast.desk(story.owner or "steward"), intake.Intake(
        rights=tuple(story.rights.split()), channel=story.channel, received_on=here.local(cast.now).date(), name=name,
        email=person["email"] if by_mail else "",
        address="" if by_mail else f"{person['street_number']} {person['address_1']}, {person['suburb']}",
        subject="My data" if by_mail else "",
        body=f"Good day, {wishes}.\n\n{name}\n\n(This is a made-up message of the demo store.)",
    ), key=key())


def _assign(cast: Cast, owner: str, request_id: str) -> None:
    account = cast.account(owner)
    giver = owner if owner.startswith("steward") else "manager"
    assigning.assign(cast.desk(giver), request_id, account, version=cast.version(request_id), key=key())


def _go_on(cast: Cast, story: Story, person: Mapping[str, str], case_ref: str, request_id: str) -> Scene:
    if story.later:
        _join(cast, story, person, case_ref)
        yield HOUR
    if story.stage == "refused":
        _refuse(cast, story, request_id)
    elif story.stage in ACCESS and story.rights.split()[0] in {"access", "portability"}:
        yield from _answer(cast, story, case_ref, request_id)
    elif story.stage != "proven":
        yield from carried.play(cast, story, case_ref, request_id)


def _join(cast: Cast, story: Story, person: Mapping[str, str], case_ref: str) -> None:
    here = establishment(cast.store)
    joining.add_message(cast.desk(story.owner), case_ref, intake.Intake(
        tuple(story.later.split()), "email", here.local(cast.now).date(), email=person["email"], subject="One thing more",
        body=f"And {', and '.join(WISHES[right] for right in story.later.split())}.",
    ), key=key())


def _refuse(cast: Cast, story: Story, request_id: str) -> None:
    refusals.prepare(
        cast.desk(story.owner), request_id, "excessive", "The same copy was asked for and given four times this month.",
        "The four earlier requests of this month, each answered in full.", ["number", "unchanged"],
        version=cast.version(request_id), key=key(),
    )
    approvals.ask(
        cast.desk(story.owner), REFUSAL, request_id, approver_id=cast.account("approver"), version=cast.version(request_id),
        key=key(),
    )


def _not_identified(cast: Cast, desk: str, case_ref: str, request_id: str) -> Scene:
    identity.record(
        cast.desk(desk), case_ref, [], "failed", "None of the answers given fitted what we hold.", key=key()
    )
    yield HOUR
    letter = letters.draft(cast.desk(desk), case_ref, "not_identified", request_id, key=key())
    asked = approvals.ask(cast.desk(desk), LETTER, letter, approver_id=cast.account("approver"), key=key())
    yield HOUR
    approvals.approve(cast.desk("approver"), LETTER, asked, key=key())
    yield HOUR
    today = establishment(cast.store).local(cast.now).date()
    letters.mark_sent(cast.desk(desk), letter, "post", today, key=key())
    requests.close(
        cast.desk(desk), request_id, "not_identified", "The person could not show who they are.",
        version=cast.version(request_id), key=key(),
    )


def _prove(cast: Cast, story: Story, person: Mapping[str, str], case_ref: str) -> Scene:
    found = people.find(cast.desk(story.owner), person["email"], purpose="request", case=case_ref)
    subject = found.exact[0].subject_ref
    people.open_person(cast.desk(story.owner), subject, purpose="request", case=case_ref)
    file = cases.open_case(cast.desk(story.owner), case_ref)
    cases.decide_person(cast.desk(story.owner), case_ref, subject, version=file.version, key=key())
    yield 3 * HOUR
    if any(RIGHTS[Kind(right)].needs_identity for right in story.rights.split()):
        identity.record(cast.desk(story.owner), case_ref, PROOFS[story.channel], "proven", key=key())
        yield 2 * HOUR


def _answer(cast: Cast, story: Story, case_ref: str, request_id: str) -> Scene:
    plans.prepare(
        cast.desk(story.owner), request_id, version=cast.version(request_id), purpose="request", key=key()
    )
    run_due(cast.store, cast.now)
    yield 5 * HOUR
    if story.stage == "built":
        return
    address = list_addresses(cast.desk(story.owner), case_ref)[0]
    approval = approvals.ask(
        cast.desk(story.owner), RELEASE, request_id, address_id=address.id, approver_id=cast.account("approver"),
        version=cast.version(request_id), key=key(),
    )
    yield DAY
    if story.stage == "awaiting":
        return
    approvals.compare(cast.desk("approver"), RELEASE, approval)
    approvals.approve(cast.desk("approver"), RELEASE, approval, confirmed=True, key=key())
    if story.stage == "approved":
        return
    run_due(cast.store, cast.now)
    yield 4 * HOUR
    if story.stage == "ready":
        return
    package = packages.state(cast.desk(story.owner), request_id)
    if package is None:
        return
    packages.fetch(cast.desk(story.owner), package.id, key=key())
    yield HOUR
    today = establishment(cast.store).local(cast.now).date()
    sending.mark_sent(
        cast.desk(story.owner), request_id, address.kind, today, version=cast.version(request_id), key=key()
    )
    yield 2 * DAY
    if story.stage == "came_back":
        sending.came_back(
            cast.desk(story.owner), request_id, "The mail system answered that the box is full.",
            version=cast.version(request_id), key=key(),
        )
    elif story.stage == "closed":
        sending.close(
            cast.desk(story.owner), request_id, "fulfilled", version=cast.version(request_id), key=key()
        )
