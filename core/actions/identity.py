"""The identity check of a case: which proofs, with what outcome; never the document or the facts themselves."""

from core.actions.act import act, found, new_id, repeated
from core.actions.desk import Desk
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.identity import Channel, Decision, Proof, enough
from core.law.rights import Kind
from core.law.workflow import State
from core.store.keys import KeyKind

OUTCOMES = {"proven": "Identity proven", "failed": "Identity not proven"}
PROOFS = {
    Proof.SIGNED_IN: "Asked from the signed-in account",
    Proof.MAIL_HELD: "Wrote from the e-mail address we hold",
    Proof.CODE: "Returned a code sent to the address or number we hold",
    Proof.CALL_BACK: "Called back on the number we hold",
    Proof.TWO_FACTS: "Two facts we hold were right",
    Proof.DOCUMENT: "Showed an identity document (only in reasonable doubt)",
}


def weigh(kinds: list[str], channel: str, proofs: list[str], reason: str) -> Decision:
    """Return whether the proofs are enough for every right of the case: the strictest right decides."""
    chosen = [Proof(proof) for proof in proofs]
    decisions = [enough(Kind(kind), Channel(channel), chosen, reason) for kind in kinds]
    return next((each for each in decisions if not each.granted), decisions[0])


@repeated
def record(desk: Desk, case_ref: str, proofs: list[str], outcome: str, reason: str = "", *, key: str) -> None:
    """Record the outcome of the identity check, once for all requests of the case.

    `proven` needs proofs that are enough by the ladder (Art. 12(6)); a document needs the facts that made the doubt
    reasonable; `failed` needs the reason that the person will be told.
    """
    with act(desk, Act.IDENTITY_RECORD, case=case_ref, key=key) as now:
        if now.earlier is not None:
            return
        case = found(now.tx.one("cases.one", case_ref=case_ref), "case")
        requests = now.tx.rows("requests.open_of_case", case_ref=case_ref)
        if not requests:
            raise NotPossible("Every request of this case is closed.")
        if any(row["state"] not in {State.RECEIVED, State.IN_PROGRESS} for row in requests):
            raise NotPossible("A request of this case is being approved or answered: take it back first.")
        if outcome not in OUTCOMES:
            raise Invalid("Choose the outcome of the check.", "outcome")
        if len(reason) > 2000:
            raise Invalid("The reason is longer than 2,000 characters. Shorten it.", "reason")
        if not set(proofs) <= {proof.value for proof in Proof}:
            raise Invalid("Choose the proofs from the list.", "proofs")
        if outcome == "proven":
            decision = weigh([row["kind"] for row in requests], str(case["channel"]), proofs, reason)
            if not decision.granted:
                raise Invalid(decision.sentence, "proofs")
        elif not reason.strip():
            raise Invalid("Say why the identity is not proven: the person will be told.", "reason")
        number = new_id()
        sealed = desk.store.keys.seal(KeyKind.CASE, case_ref, reason.strip(), f"identity_checks:{number}:reason")
        now.tx.run(
            "cases.add_identity_check", id=number, case_ref=case_ref, checked_at=desk.now,
            checked_by=desk.person.account_id, proofs=",".join(sorted(proofs)), outcome=outcome,
            reason=sealed if reason.strip() else None,
        )
        now.tx.run("cases.set_identity", case_ref=case_ref, identity_state=outcome)
        now.detail |= {"outcome": outcome, "proofs": sorted(proofs)}
