"""The certificate of an erasure, from its plan, what each system did, the tokens left and the ledger's three dates."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.actions.answers import carrying
from core.actions.answers.carrying import Carrying
from core.actions.answers.erasure.erasure_words import PROVE, why_kept
from core.actions.answers.planned import Item, PlanBody, read_body
from core.actions.cases.clock import profile_of
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, repeated
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import local_day, today_of
from core.actions.desk.opening import Opened
from core.actions.oversight.purges import read_dates
from core.connectors import desk_records
from core.connectors.catalogue import catalogue
from core.connectors.connector import Token
from core.documents.certificate import Certificate, TokenLine, print_certificate
from core.documents.dates import written
from core.documents.statutes import Statute, statute
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.rights.erasure import GROUNDS, Exemption, Ground, article_of
from core.law.rights.recipients import Change, Notice
from core.law.rights.suppression import STATES, Legal
from core.store.encryption import Cell, decrypt
from core.store.engine import Row
from core.store.keys import KeyKind
from core.store.records import PlanRecord

_STATES = {"failed": "could not be carried out", "not_connected": "not connected to the desk", "waiting": "waits",
           "running": "at work"}
_TOLD = {Notice.TO_SEND: "still to be told", Notice.SENT: "told", Notice.ANSWERED: "told, and answered",
         Notice.DISPROPORTIONATE: "not told: impossible or a disproportionate effort, with the reason in the file"}


@dataclass(frozen=True, slots=True)
class Done:
    """What was carried out in one system, and what its plan had decided for each table of it."""

    row: Carrying
    items: tuple[Item, ...]


@repeated
def fetch(desk: Desk, request_id: str) -> Delivery:
    """Return the certificate of a request's erasure as a PDF, as things stand today; entered as a download.

    Raises NotPossible before the desk's own store is erased, and where the plan erased nothing.
    """
    with act(desk, Act.CERTIFICATE_FETCH, things.request(request_id)) as now:
        told = _told(desk, now, now.at, _done(desk, now, request_id))
        now.detail |= {"backups_left": told.backups_left, "tokens": sum(each.hashes for each in told.tokens)}
    return Delivery(f"certificate-{told.reference}.pdf", "application/pdf", print_certificate(told))


@repeated
def is_there(desk: Desk, request_id: str) -> bool:
    """Whether something was erased for a request, so that there is a certificate; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        return bool(_erased(_done(desk, now, request_id)))


def _done(desk: Desk, now: Now, request_id: str) -> list[Done]:
    """Return what was carried out in each system, by every plan: one that was handed back may have erased a part before."""
    rows = now.tx.rows("carrying.of_request", request_id=request_id)
    bodies = {plan: read_body(desk, now, plan) for plan in {row["plan_id"] for row in rows if row["verb"] == "erase"}}
    return [
        Done(carrying.shown(desk.store, row), bodies[row["plan_id"]].of(row["system"]))
        for row in rows if row["verb"] == "erase" and row["state"] == "done"
    ]


def _told(desk: Desk, now: Now, at: Opened, done: Sequence[Done]) -> Certificate:
    if not _erased(done):
        raise NotPossible("Nothing was erased for this request, so there is nothing to certify.")
    subject, here, body = at.data_subject, establishment(desk.store), read_body(desk, now, at.request.plan_id)
    dates, law = read_dates(desk.store, subject), statute(profile_of(at.request).law)
    erased_at = dates.erased_at or max(each.row.ended_at for each in done if each.row.ended_at)
    plan = found(now.tx.record(PlanRecord, "plans.one", id=at.request.plan_id), "plan")
    approval = found(now.tx.one("approvals.approved", thing="plan", thing_id=plan.id, hash=plan.plan_hash), "approval")

    grounds = law.art(", ".join(article_of(code) for code in body.terms["grounds"]))

    def day(moment: datetime | None) -> date | None:
        return local_day(desk, moment) if moment else None

    return Certificate(
        reference=at.request.reference, controller=here.controller, law=law,
        because=tuple(GROUNDS[Ground(code)] for code in body.terms["grounds"]),
        made_on=today_of(desk), approved_on=local_day(desk, approval["decided_at"]),
        erased_on=local_day(desk, erased_at), purged_on=day(dates.purged_at),
        backups_gone_on=None if dates.backups_gone_at == dates.erased_at else day(dates.backups_gone_at),
        backups_expected_on=dates.expected_on, backups_left=dates.backups_left,
        key_destroyed=not desk.store.keys.holds(KeyKind.SUBJECT, subject),
        systems=_systems(desk, now, at, done),
        erased=tuple(
            (_title(item), item.title + ", but for their proof" * (item.action == PROVE), item.rows, grounds)
            for item in _erased(done)
        ),
        kept=_kept(desk, now, at, body, law), tokens=tuple(_line(token, law) for each in done for token in each.row.tokens),
        recipients=tuple(
            (row["recipient"] + (" (made public)" if row["change"] == Change.MADE_PUBLIC else ""), _TOLD[Notice(row["state"])])
            for row in now.tx.rows("rectification.notices", request_id=at.request.id)
        ),
    )


def _erased(done: Sequence[Done]) -> list[Item]:
    return [
        item for each in done for item in each.items
        if item.action in {"delete", PROVE} and item.rows and item.system != desk_records.SYSTEM
    ]


def _systems(desk: Desk, now: Now, at: Opened, done: Sequence[Done]) -> tuple[tuple[str, str, int], ...]:
    """Return each system of the present plan: how it ended, and how many rows went from it by every plan."""
    gone: dict[str, int] = defaultdict(int)
    for item in _erased(done):
        gone[item.system] += item.rows
    rows = [carrying.shown(desk.store, row) for row in now.tx.rows("carrying.of_plan", plan_id=at.request.plan_id)]
    return tuple(
        (row.title, _STATES.get(row.state) or _result(desk, row, gone[row.system]), gone[row.system]) for row in rows
    )


def _result(desk: Desk, row: Carrying, gone: int) -> str:
    if row.system == desk_records.SYSTEM:
        return "the file of the request, which stays"
    what = "erased and searched again" if gone else "searched, nothing to erase"
    return f"{what} on {written(local_day(desk, row.ended_at))}" if row.ended_at else what


def _kept(desk: Desk, now: Now, at: Opened, body: PlanBody, law: Statute) -> tuple[tuple[str, str, int, str, str], ...]:
    """Return what the plan keeps, as it stands today: kept longer since, on another ground, or erased on its day."""
    since = {
        (row["system"], row["table_name"]): row
        for row in now.tx.rows("kept.of_request", request_id=at.request.id) if row["plan_id"] == at.request.plan_id
    }
    items = [_as_it_stands(desk, item, since.get((item.system, item.table))) for item in body.kept_back if item.action != PROVE]
    return tuple(
        (_title(item), item.title + ", emptied in part" * bool(item.columns), item.rows, why_kept(item, law), _until(item.until))
        for item in items
    )


def _as_it_stands(desk: Desk, item: Item, row: Row | None) -> Item:
    if row is None:
        return item
    if row["state"] == "erased":
        return replace(item, until=f"until {written(local_day(desk, row['erased_at']))}, when it was erased")
    reference = decrypt(desk.store, row["case_ref"], row["reference"], Cell("kept_items", row["id"], "reference"))
    until = row["until"].isoformat() if row["until"] else item.until
    return replace(item, ground=row["ground"], until=until, reference=reference)


def _until(text: str) -> str:
    """Return the end of what is kept as a certificate writes it: a day in words, or what ends it."""
    try:
        return f"until {written(date.fromisoformat(text))}"
    except ValueError:
        return text


def _title(item: Item) -> str:
    return next((each.title for each in catalogue().systems if each.code == item.system), item.system)


def _line(token: Token, law: Statute) -> TokenLine:
    until = date.fromisoformat(token.until) if token.until else None
    if token.ground in set(Exemption):
        why = law.art(article_of(token.ground))
    elif token.what == Legal.DO_NOT_IMPORT:
        why = "at the person's wish" if token.ground.endswith("wish") else "to honour what the person stopped"
    else:
        why = law.art(STATES[Legal(token.what)].article)
    what = "Proof of consent" if token.what == "consent" else STATES[Legal(token.what)].name
    return TokenLine(what, token.kinds, token.hashes, why, until)
