"""A person whose every field, message, file, letter and package holds a marker, and the requests that they make."""

from datetime import timedelta

from core.actions.answers import requests, sending
from core.actions.answers.erasure import erasures
from core.actions.answers.erasure.erasures import Claim
from core.actions.cases import cases, identity, intake
from core.actions.people import imports
from core.connectors.disclosures import append_disclosure
from core.law.roles import Role
from core.store.engine import Store, new_id
from tests.actions.conftest import IMPORTED, Walk, hold_role
from tests.actions.correcting import Correction
from tests.conftest import NOW, desk_of

GONE, STAYS = "q7zm0pxw4lk9vt2r", "b6yc1hs8nd3gf5ja"
PHONE = {GONE: "30124567", STAYS: "30134567"}
RECEIVED = (NOW - timedelta(days=3)).date()


def mail(mark: str) -> str:
    """Return the marked address."""
    return f"{mark}@people.example"


PEOPLE = (
    "customer_id,email,phone,device_id,national_id,given_name,surname,birth_date,address,city,postcode,country,language,colour\n"
) + "".join(
    f"{mark}-id,{mail(mark)},+49{PHONE[mark]},{mark}-device,{mark}-number,{mark}-given,{mark}-family,{mark}-no-date,"
    f"{mark} street,{mark} town,{mark[:8]},DE,de,{mark}-hue\n" for mark in (GONE, STAYS)
)
EVENTS = "customer_id,at,kind,channel,detail\n" + "".join(
    f"{mark}-id,2026-01-0{day}T10:00:00+00:00,order,{mark}-channel,{mark}-detail\n"
    for mark in (GONE, STAYS) for day in range(1, 9)
)
CONSENTS = "customer_id,purpose,channel,given,at,source\n" + "".join(
    f"{mark}-id,news,email,true,2026-01-01T10:00:00+00:00,{mark}-form\n" for mark in (GONE, STAYS)
)


def desks(store: Store) -> Walk:
    """Return the desks of a steward, an approver and a second steward, who hold their roles."""
    for who, role in (("approver", Role.APPROVER), ("checker", Role.APPROVER)):
        hold_role(store, f"account-{who}", role)
    return Walk(
        store, desk_of(store, Role.STEWARD, name="steward"), desk_of(store, Role.APPROVER, name="approver"),
        desk_of(store, Role.STEWARD, name="checker"),
    )


def fill(store: Store) -> None:
    """Import two marked people, long ago, into every table of the profile store; each was told to a recipient."""
    desk = desk_of(store, Role.STEWARD, now=IMPORTED)
    assert imports.import_people(desk, PEOPLE.encode(), key="people-00001").added == 2
    assert imports.import_events(desk, EVENTS.encode(), key="events-00001").added == 16
    assert imports.import_consents(desk, CONSENTS.encode(), key="consents-001").added == 2
    with store.transaction() as tx:
        for mark in (GONE, STAYS):
            append_disclosure(
                tx, subject_of(store, mark), recipient="A carrier", categories=["contact"], basis="Art. 6(1)(b)", act="test",
                source="test", now=NOW - timedelta(days=30),
            )
        store.commit(tx)


def subject_of(store: Store, mark: str) -> str:
    """Return the pseudonym of a marked person."""
    with store.transaction() as tx:
        return str(tx.rows("people.by_customer", customers=[f"{mark}-id"])[0]["subject_ref"])


def ask(walk: Walk, right: str, mark: str = GONE) -> Correction:
    """Take in a request of the marked person with markers in all that is typed and sent, proven and decided."""
    taken = intake.take_in(walk.steward, intake.Intake(
        (right,), "email", RECEIVED, name=f"{mark}-name", email=mail(mark), phone=f"+49{PHONE[mark]}",
        address=f"{mark} street", subject=f"{mark}-subject", body=f"{mark}-body",
        files=((f"{mark}-file.pdf", f"%PDF-1.7 {mark}-scan".encode()),),
    ), key=new_id())
    made = Correction(
        walk.store, walk.steward, walk.approver, walk.checker, taken.case_ref, taken.requests[0][0],
        subject_of(walk.store, mark), 0,
    )
    if right == "objection_marketing":
        return made
    cases.add_note(walk.steward, made.case_ref, f"{mark}-note", key=new_id())
    requests.start(walk.steward, made.request_id, version=made.version, key=new_id())
    with walk.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=made.case_ref)["version"]
    cases.decide_person(walk.steward, made.case_ref, made.subject, version=version, key=new_id())
    identity.record(walk.checker, made.case_ref, ["mail_held", "two_facts"], "proven", f"{mark}-why", key=new_id())
    return made


def answered_copy(walk: Walk) -> None:
    """Let the person object to marketing, and give them the copy that goes before an erasure."""
    ask(walk, "objection_marketing")
    copy = ask(walk, "access")
    assert copy.fetched().content
    sending.mark_sent(copy.steward, copy.request_id, "email", NOW.date(), version=copy.version, key=new_id())
    sending.close(copy.steward, copy.request_id, "fulfilled", version=copy.version, key=new_id())


def approved_erasure(walk: Walk, letter: str = "erasure_carried_out", *claims: Claim) -> Correction:
    """Bring the person's erasure to where the worker carries it out: grounds, plan, letter, another person's approval."""
    erasure = ask(walk, "erasure")
    erasures.choose(
        erasure.steward, erasure.request_id, ("17.1.a", "17.1.d"), claims, wished=True, version=erasure.version, key=new_id()
    )
    erasure.plan()
    erasure.letter(letter, send=False)
    erasure.approve()
    return erasure
