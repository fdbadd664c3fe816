"""A request for correction on its way, for the tests of everything that follows from it."""

from datetime import date, timedelta

from core.actions.answers import approvals, carrying, plans, requests, sending
from core.actions.answers.letters import letters
from core.actions.answers.plan_approvals import PLAN
from core.actions.answers.rectification import rectification_trail, rectifications
from core.actions.cases import cases, identity, intake
from core.connectors.disclosures import append_disclosure
from core.connectors.held_values import held_values
from core.connectors.local import Local
from core.law.letters import APPROVED_ALONE
from core.store.engine import new_id
from core.work.worker import run_due
from tests.actions.approving import approve_letter
from tests.actions.conftest import MAIL, Walk
from tests.conftest import NOW
from tests.permits import own

LATER = NOW + timedelta(minutes=10)


class Correction(Walk):
    """A request for correction in progress, with the steps that its people take."""

    def propose(self, field, value="", **more):
        return rectifications.propose(
            self.steward, self.request_id, field, value, version=self.version, key=new_id(), **more
        )

    def state_of_points(self):
        return rectification_trail.open_correction(self.steward, self.request_id, shown=True)

    def prove(self, *proofs):
        rectifications.record_proof(
            self.steward, self.request_id, list(proofs or ("code_new", "document")), "WHYPROOF", version=self.version,
            key=new_id(),
        )

    def plan(self):
        return plans.prepare_plan(self.steward, self.request_id, version=self.version, purpose="request", key=new_id())

    def ask_plan(self, approver_id=None):
        return approvals.ask(
            self.steward, PLAN, self.request_id, approver_id=approver_id or self.approver.person.account_id,
            version=self.version, key=new_id(),
        )

    def approve(self, approval=None):
        approvals.approve(self.approver, PLAN, approval or self.ask_plan(), key=new_id())

    def carry(self, now=LATER):
        while run_due(self.store, now):
            pass

    def corrected(self):
        self.plan()
        self.approve()
        self.carry()

    def held(self, subject=None):
        with self.store.transaction() as tx:
            return held_values(Local(self.store).export(tx, own(subject or self.subject)))

    def letter(self, kind, *, send=True):
        letter = letters.draft(self.steward, self.case_ref, kind, self.request_id, key=new_id())
        if send and kind in APPROVED_ALONE:
            approve_letter(self.steward, letter, self.approver)
        if send:
            letters.mark_sent(self.steward, letter, "email", date(2026, 11, 23), key=new_id())
        return letter

    def close(self, ending="fulfilled"):
        if self.row().sent_at is None:
            sending.mark_sent(
                self.steward, self.request_id, "email", date(2026, 11, 23), version=self.version, key=new_id()
            )
        sending.close(self.steward, self.request_id, ending, version=self.version, key=new_id())

    def carryings(self):
        return carrying.carryings_of(self.steward, self.request_id)


def take_in(walk: Walk, kind: str, subject: str | None, number: int, *proofs: str) -> Correction:
    """Take in a request of a kind by the marked person of this number, proven and decided."""
    taken = intake.take_in(
        walk.steward,
        intake.Intake((kind,), "email", date(2026, 11, 20), email=MAIL.format(number), name="Marker", body="BODYWORDS"),
        key=new_id(),
    )
    made = Correction(
        walk.store, walk.steward, walk.approver, walk.checker, taken.case_ref, taken.requests[0][0], subject or "", number
    )
    requests.start(walk.steward, made.request_id, version=made.version, key=new_id())
    if subject:
        with walk.store.transaction() as tx:
            version = tx.one("cases.one", case_ref=made.case_ref)["version"]
        cases.decide_person(walk.steward, made.case_ref, subject, version=version, key=new_id())
    shown = proofs or (("mail_held", "two_facts") if subject else ("signed_in",))
    identity.record(walk.checker, made.case_ref, list(shown), "proven", "WHYWORDS", key=new_id())
    return made


def disclosed(walk: Walk, subject: str, *recipients: str) -> None:
    """Enter disclosures of the person to these recipients."""
    with walk.store.transaction() as tx:
        for recipient in recipients:
            append_disclosure(
                tx, subject, recipient=recipient, categories=["contact"], basis="Art. 6(1)(b)", act="test", source="test",
                now=NOW - timedelta(days=30),
            )
        walk.store.commit(tx)
