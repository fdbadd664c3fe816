"""An access request on its way: people imported, the case taken in, identity proven, the person decided."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from core.actions.answers import approvals, plans, requests
from core.actions.answers.packages import packages
from core.actions.answers.packages.release import RELEASE
from core.actions.cases import cases, identity, intake
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import Establishment, keep
from core.actions.people import imports
from core.law.roles import Role
from core.store.engine import Store, new_id
from core.store.records import RequestRecord
from core.work.worker import run_due
from tests.conftest import NOW, desk_of
from tests.grounds import ground

IMPORTED = NOW - timedelta(days=400)
MAIL = "marker-{}@example.com"


HERE = Establishment("Example Controller Ltd", "privacy@desk.example", "dpo@desk.example", "the authority")


@pytest.fixture
def established(store: Store) -> Store:
    """Return the store of an establishment that has said who it is and where it is reached."""
    with store.transaction() as tx:
        keep(store, tx, HERE)
        store.commit(tx)
    return store


@dataclass
class Walk:
    """The desks of three people and the request they work on."""

    store: Store
    steward: Desk
    approver: Desk
    checker: Desk
    case_ref: str = ""
    request_id: str = ""
    subject: str = ""
    number: int = 0

    def at(self, who: Desk, moment: datetime) -> Desk:
        person = type(who.person)(
            who.person.account_id, who.person.actor_ref, who.person.name, who.person.roles, who.person.sign_in_ref, "",
            moment + timedelta(minutes=5),
        )
        return Desk(self.store, person, moment)

    def row(self, request_id=None):
        with self.store.transaction() as tx:
            return tx.record(RequestRecord, "requests.one", id=request_id or self.request_id)

    @property
    def version(self):
        return self.row().version

    @property
    def package_id(self):
        return self.row().package_id

    @property
    def state(self):
        return self.row().state

    def key(self):
        return new_id()

    def prepare(self):
        plans.prepare(self.steward, self.request_id, version=self.version, purpose="request", key=self.key())

    def work(self, now=NOW):
        return run_due(self.store, now)

    def address_id(self, standing=None):
        with self.store.transaction() as tx:
            return tx.rows("approvals.addresses", case_ref=self.case_ref)[0]["id"]

    def ask(self, **changes):
        asked = {
            "address_id": self.address_id(), "approver_id": self.approver.person.account_id, "version": self.version,
            "key": self.key(),
        }
        return approvals.ask(self.steward, RELEASE, self.request_id, **(asked | changes))

    def released(self):
        self.prepare()
        self.work()
        approvals.approve(self.approver, RELEASE, self.ask(), key=self.key())
        self.work()

    def fetched(self):
        self.released()
        return packages.fetch(self.steward, self.package_id, key=self.key())


def import_people(store: Store, count: int) -> dict[int, str]:
    """Import marked people of a year ago and return their references."""
    desk = desk_of(store, Role.STEWARD, now=IMPORTED)
    lines = ["customer_id,email,given_name,family_name,birth_date,address,city,postcode,country,colour"]
    lines += [
        f"c{n},{MAIL.format(n)},Given{n:04d}x,Family{n:04d}x,1980-01-02,{n} Sample Street,Sampletown,1000{n % 10},DE,"
        f"marker{n:04d}x"
        for n in range(count)
    ]
    imports.import_people(desk, "\n".join(lines).encode(), key=new_id())
    with store.transaction() as tx:
        rows = tx.rows("people.by_customer", customers=[f"c{n}" for n in range(count)])
    return {int(row["customer_id"][1:]): row["subject_ref"] for row in rows}


def hold_role(store: Store, account_id: str, role: Role) -> None:
    """Give an account a role that stands, as the accounts page would."""
    with store.transaction() as tx:
        tx._cursor.execute(
            "insert into account_roles (id, account_id, role, proposed_by, proposed_at, confirmed_by, valid_from, alone) "
            "values ($id, $account_id, $role, 'x', $now, 'x', $now, false)",
            {"id": new_id(), "account_id": account_id, "role": role.value, "now": IMPORTED},
        )
        store.commit(tx)


def take_in(walk: Walk, subject: str | None, number: int = 0, *, proven: bool = True) -> Walk:
    """Take in an access request by the marked person of this number, and bring it to where a plan can be made."""
    taken = intake.take_in(
        walk.steward,
        intake.Intake(
            ("access",), "email", date(2026, 11, 20), email=MAIL.format(number), name="Marker", body="BODYWORDS copy"
        ),
        key=new_id(),
    )
    mine = Walk(
        walk.store, walk.steward, walk.approver, walk.checker, taken.case_ref, taken.requests[0][0], subject or "", number
    )
    requests.start(walk.steward, mine.request_id, version=mine.version, key=new_id())
    if subject:
        with walk.store.transaction() as tx:
            version = tx.one("cases.one", case_ref=mine.case_ref)["version"]
        cases.decide_person(walk.steward, mine.case_ref, subject, version=version, key=new_id())
    if proven:
        proofs = ["mail_held", "two_facts"] if subject else ["signed_in"]
        identity.record(walk.checker, mine.case_ref, proofs, "proven", "WHYWORDS", key=new_id())
    return mine


@ground()
def empty_walk(store: Store) -> Walk:
    """Give the desks of a steward, an approver and a second steward who checks identities."""
    walk = Walk(
        store, desk_of(store, Role.STEWARD, name="steward"), desk_of(store, Role.APPROVER, name="approver"),
        desk_of(store, Role.STEWARD, name="checker"),
    )
    for who, role in (("approver", Role.APPROVER), ("deputy", Role.DPO), ("checker", Role.APPROVER)):
        hold_role(store, f"account-{who}", role)
    return walk


@ground("empty_walk")
def walk(empty_walk: Walk) -> Walk:
    """Give a request in progress of a proven, decided person, among three marked people."""
    people = import_people(empty_walk.store, 3)
    return take_in(empty_walk, people[1], 1)


@ground("walk")
def released(walk: Walk) -> Walk:
    """Give that request with its package released, ready to be handed out."""
    walk.released()
    return walk


@pytest.fixture
def entries(store: Store):
    """Give a reader of the log's rows."""
    def read():
        with store.transaction() as tx:
            return tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)
    return read


@ground("empty_walk")
def three_people(empty_walk: Walk) -> dict[int, str]:
    """Give three marked people."""
    return import_people(empty_walk.store, 3)


@ground("empty_walk")
def people_here(empty_walk: Walk) -> dict[int, str]:
    """Give three marked people with an event each."""
    found = import_people(empty_walk.store, 3)
    lines = ["customer_id,at,kind,channel,detail"]
    lines += [f"c{n},2026-01-0{n + 1}T10:00:00,order,web,eventmarker{n}" for n in range(3)]
    imports.import_events(empty_walk.steward, "\n".join(lines).encode(), key=new_id())
    return found


@ground("people_here", "empty_walk")
def erasure(people_here: dict[int, str], empty_walk: Walk) -> Walk:
    """Give a request for erasure in progress, of the second of them."""
    from tests.actions import correcting

    return correcting.take_in(empty_walk, "erasure", people_here[1], 1)
