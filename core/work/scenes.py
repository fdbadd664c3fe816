"""One story of the demo store: a request from its arrival to where it stands, act by act, by the people of the desk."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions import approvals, cases, clock, identity, intake, letters, packages, people, plans, requests, sending
from core.actions.addresses import list_addresses
from core.actions.desk import Desk, Person
from core.actions.establishment import establishment
from core.law.roles import Role
from core.store.engine import Row, Store, new_id
from core.work.worker import run_due

Scene = Generator[timedelta, None, None]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ACCESS = ("built", "awaiting", "approved", "ready", "sent", "came_back", "closed")
PROVEN = ("proven", *ACCESS)
HANDLED = ("asked", "started", "withdrawn", "not_identified", "forwarded", "closed_plain", *PROVEN)
PROOFS = {
    "email": ["mail_held", "two_facts"], "post": ["code"], "telephone": ["call_back", "two_facts"],
    "account": ["signed_in"], "counter": ["call_back", "two_facts"],
}
WISHES = {
    "access": "please send me a copy of everything you keep about me",
    "portability": "please give me my data in a form that another company can read",
    "rectification": "my address in your files is wrong; please correct it",
    "erasure": "please delete what you keep about me",
    "restriction": "please stop using my data until my complaint is settled",
    "objection_marketing": "please stop sending me advertising",
    "consent_withdrawal": "I take back my consent to the newsletter",
    "information": "please tell me where you have my data from",
    "complaint": "I complain about how you use my data",
}


@dataclass(frozen=True, slots=True)
class Story:
    """When a request arrived, what it asks, how, how far it has come, who handles it and which sample record asks."""

    days_ago: int
    rights: str
    channel: str
    stage: str
    owner: str
    person: int


class Cast:
    """The demo accounts at their desks, at the moment the story has reached."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = datetime.min  # noqa: DTZ901 - set before the first act
        with store.transaction() as tx:
            self._accounts = {row["sign_in_name"]: tx.one("accounts.by_id", id=row["id"]) or {}
                              for row in tx.rows("accounts.all")}

    def account(self, name: str) -> str:
        """Return the id of a demo account."""
        return str(self._accounts[name]["id"])

    def desk(self, name: str) -> Desk:
        """Return the desk of a demo account: its role is its name."""
        row = self._accounts[name]
        role = Role(name.rstrip("2"))
        return Desk(self.store, Person(row["id"], row["actor_ref"], row["name"], frozenset({role})), self.now)

    def request(self, request_id: str) -> Row:
        """Return a request as it stands."""
        with self.store.transaction() as tx:
            return tx.one("requests.one", id=request_id) or {}


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
        requests.start(cast.desk(desk), request_id, version=_version(cast, request_id), key=_key())
    yield DAY
    if story.stage == "asked":
        clock.ask(
            cast.desk(desk), first, "identity", "Which two of your last orders can you name?",
            "The caller could not name the number under which we know them.", key=_key(),
        )
    elif story.stage == "withdrawn":
        requests.withdraw(
            cast.desk(desk), first, "Found the answer in the account.", version=_version(cast, first), key=_key()
        )
    elif story.stage == "forwarded":
        requests.close(
            cast.desk(desk), first, "forwarded", "Meant for another controller; passed on with the person's consent.",
            version=_version(cast, first), key=_key(),
        )
    elif story.stage == "closed_plain":
        requests.close(
            cast.desk(desk), first, "not_a_request", "The newsletter was ended by its own link before.",
            version=_version(cast, first), key=_key(),
        )
    elif story.stage == "not_identified":
        yield from _not_identified(cast, desk, taken.case_ref, first)
    elif story.stage in PROVEN:
        yield from _prove(cast, story, person, taken.case_ref)
        if story.stage in ACCESS:
            yield from _answer(cast, story, taken.case_ref, first)


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
    ), key=_key())


def _assign(cast: Cast, owner: str, request_id: str) -> None:
    account = cast.account(owner)
    giver = owner if owner.startswith("steward") else "manager"
    cases.assign(cast.desk(giver), request_id, account, version=_version(cast, request_id), key=_key())


def _not_identified(cast: Cast, desk: str, case_ref: str, request_id: str) -> Scene:
    identity.record(
        cast.desk(desk), case_ref, [], "failed", "None of the answers given fitted what we hold.", key=_key()
    )
    yield HOUR
    letter = letters.draft(cast.desk(desk), case_ref, "not_identified", request_id, key=_key())
    yield HOUR
    today = establishment(cast.store).local(cast.now).date()
    letters.mark_sent(cast.desk(desk), letter, "post", today, key=_key())
    requests.close(
        cast.desk(desk), request_id, "not_identified", "The person could not show who they are.",
        version=_version(cast, request_id), key=_key(),
    )


def _prove(cast: Cast, story: Story, person: Mapping[str, str], case_ref: str) -> Scene:
    identity.record(cast.desk(story.owner), case_ref, PROOFS[story.channel], "proven", key=_key())
    yield 2 * HOUR
    found = people.find(cast.desk(story.owner), person["email"], purpose="request", case=case_ref)
    subject = found.exact[0].subject_ref
    people.open_person(cast.desk(story.owner), subject, purpose="request", case=case_ref)
    file = cases.open_case(cast.desk(story.owner), case_ref)
    cases.decide_person(cast.desk(story.owner), case_ref, subject, version=file.version, key=_key())
    yield 3 * HOUR


def _answer(cast: Cast, story: Story, case_ref: str, request_id: str) -> Scene:
    plans.prepare(
        cast.desk(story.owner), request_id, version=_version(cast, request_id), purpose="request", key=_key()
    )
    run_due(cast.store, cast.now)
    yield 5 * HOUR
    if story.stage == "built":
        return
    address = list_addresses(cast.desk(story.owner), case_ref)[0]
    approval = approvals.ask_release(
        cast.desk(story.owner), request_id, address_id=address.id, approver_id=cast.account("approver"),
        version=_version(cast, request_id), key=_key(),
    )
    yield DAY
    if story.stage == "awaiting":
        return
    approvals.compare(cast.desk("approver"), approval)
    approvals.approve(cast.desk("approver"), approval, confirmed_address=True, key=_key())
    if story.stage == "approved":
        return
    run_due(cast.store, cast.now)
    yield 4 * HOUR
    if story.stage == "ready":
        return
    package = packages.state(cast.desk(story.owner), request_id)
    if package is None:
        return
    packages.fetch(cast.desk(story.owner), package.id, key=_key())
    yield HOUR
    today = establishment(cast.store).local(cast.now).date()
    sending.mark_sent(
        cast.desk(story.owner), request_id, address.kind, today, version=_version(cast, request_id), key=_key()
    )
    yield 2 * DAY
    if story.stage == "came_back":
        sending.came_back(
            cast.desk(story.owner), request_id, "The mail system answered that the box is full.",
            version=_version(cast, request_id), key=_key(),
        )
    elif story.stage == "closed":
        sending.close(
            cast.desk(story.owner), request_id, "fulfilled", version=_version(cast, request_id), key=_key()
        )


def _version(cast: Cast, request_id: str) -> int:
    return int(cast.request(request_id)["version"])


def _key() -> str:
    return f"sample-{new_id()}"
