"""An entry made by mistake: asked for with the evidence by one person, annulled by another; its rows stay in the list."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, look, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.opening import listed
from core.actions.suppression.suppression_list import reference_of
from core.actions.suppression.suppressions import note_end
from core.law.acts import Act
from core.law.errors import Conflict, NotPossible
from core.law.rights.suppression import Legal, require_annullable
from core.law.typed import read_text
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row

ANNULLED = "annulled"


@dataclass(frozen=True, slots=True)
class Annulment:
    """One entry that somebody holds for a mistake: which, since when asked, whether this person may decide; no value."""

    id: str
    entry_id: str
    number: str
    state: Legal
    case_reference: str
    asked_at: datetime
    mine: bool
    version: int


@repeated
def ask(desk: Desk, entry_id: str, evidence: str, *, version: int, key: str) -> str:
    """Ask another person to annul an entry, with the evidence that it was made by mistake; return the id.

    Raises NotPossible for a restriction and a death, which end by their own rules, and for an entry that has ended.
    """
    with act(desk, Act.SUPPRESSION_ANNUL_ASK, things.suppression(entry_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        row = now.at.row
        require_annullable(Legal(row["state"]))
        if row["ended_at"] is not None or row["version"] != version:
            raise Conflict("This entry changed meanwhile. Look at it again.")
        if now.tx.one("suppression.open_annulment", entry_ref=row["entry_ref"]):
            raise NotPossible("Somebody has asked for its annulment already.")
        words, number = read_text(evidence, "evidence"), new_id(desk.now)
        owner = row["case_ref"] or desk.store.chain
        now.tx.run(
            "suppression.ask_annulment", id=number, entry_ref=row["entry_ref"], case_ref=row["case_ref"],
            state=row["state"], account_id=desk.person.account_id, now=desk.now,
            evidence=encrypt(desk.store, owner, words, Cell("suppression_annulments", number, "evidence")),
        )
        now.words, now.result = words, number
        now.detail["state"] = row["state"]
    return number


@repeated
def evidence_of(desk: Desk, annulment_id: str) -> str:
    """Return the evidence to whoever decides; opened as one look at the entry."""
    with act(desk, Act.SUPPRESSION_ANNUL_OPEN, things.annulment(annulment_id), disclosure=True) as now:
        row = now.at.row
        owner = row["case_ref"] or desk.store.chain
        return decrypt(desk.store, owner, row["evidence"], Cell("suppression_annulments", row["id"], "evidence"))


@repeated
def annul(desk: Desk, annulment_id: str, *, key: str) -> None:
    """Annul the entry: every row of it ends, and a restore does not bring it back. Never by whoever asked."""
    with act(desk, Act.SUPPRESSION_ANNUL, things.annulment(annulment_id), key=key) as now:
        if now.earlier is not None:
            return
        asked = _open(now)
        rows = now.tx.rows("suppression.of_entry", entry_ref=asked["entry_ref"])
        ending = [row for row in rows if row["ended_at"] is None]
        for row in ending:
            guard(now.tx.run(
                "suppression.end", id=row["id"], version=row["version"], now=desk.now, end_ground=ANNULLED,
                account_id=desk.person.account_id,
            ))
        note_end(desk, now, ending)
        _decide(desk, now, asked, ANNULLED)


@repeated
def keep(desk: Desk, annulment_id: str, *, key: str) -> None:
    """Decide that the entry stands: what was asked ends, and may be asked anew."""
    with act(desk, Act.SUPPRESSION_ANNUL_REFUSE, things.annulment(annulment_id), key=key) as now:
        if now.earlier is None:
            _decide(desk, now, _open(now), "kept")


def annulments(desk: Desk) -> list[Annulment]:
    """Return the entries whose annulment is asked for, the oldest first."""
    with look(desk, Act.SUPPRESSION_LOOK) as now:
        rows = listed(desk, now.tx, now.tx.rows("suppression.open_annulments"))
    return [
        Annulment(
            row["id"], row["entry_ref"], reference_of(row["entry_ref"]), Legal(row["state"]), row["reference"] or "",
            row["asked_at"], row["asked_by"] == desk.person.account_id, row["version"],
        )
        for row in rows
    ]


def waiting(desk: Desk) -> list[Annulment]:
    """Return those that somebody else asked for."""
    return [each for each in annulments(desk) if not each.mine]


def _open(now: Now) -> Row:
    row = found(now.tx.one("suppression.annulment", id=now.at.row["id"]), "annulment")
    if row["decision"] is not None:
        raise NotPossible("This was decided already.")
    return row


def _decide(desk: Desk, now: Now, asked: Row, decision: str) -> None:
    guard(now.tx.run(
        "suppression.decide_annulment", id=asked["id"], version=asked["version"], decision=decision,
        account_id=desk.person.account_id, now=desk.now,
    ))
    now.result = decision
    now.detail |= {"state": asked["state"], "decision": decision}
