"""The certificate of an erasure, from its plan, what each system did, the tokens left and the ledger's three dates."""

from collections.abc import Sequence
from datetime import date, datetime

from core.actions.answers import carrying
from core.actions.answers.carrying import Carrying
from core.actions.answers.erasure.erasure_words import PROVE, outcome, why_kept
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
from core.connectors import desk_records, local
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
from core.law.workflow import Closing
from core.store.keys import KeyKind
from core.store.records import PlanRecord

_STATES = {"failed": "could not be carried out", "not_connected": "not connected to the desk", "waiting": "waits",
           "running": "at work"}
_TOLD = {Notice.TO_SEND: "still to be told", Notice.SENT: "told", Notice.ANSWERED: "told, and answered",
         Notice.DISPROPORTIONATE: "not told: impossible or a disproportionate effort, with the reason in the file"}


@repeated
def fetch(desk: Desk, request_id: str) -> Delivery:
    """Return the certificate of a request's erasure as a PDF, as things stand today; entered as a download.

    Raises NotPossible before the desk's own store is erased, and where the plan erased nothing.
    """
    with act(desk, Act.CERTIFICATE_FETCH, things.request(request_id)) as now:
        told = _told(desk, now, now.at)
        now.detail |= {"backups_left": told.backups_left, "tokens": sum(each.hashes for each in told.tokens)}
    return Delivery(f"certificate-{told.reference}.pdf", "application/pdf", print_certificate(told))


def is_there(rows: Sequence[Carrying]) -> bool:
    """Whether what was carried out is an erasure whose certificate can be fetched."""
    return any(row.system == local.SYSTEM and row.verb == "erase" and row.state == "done" for row in rows)


def _told(desk: Desk, now: Now, at: Opened) -> Certificate:
    rows = carrying.listed(desk, now, at)
    body = read_body(desk, now, at.request.plan_id) if is_there(rows) else None
    if body is None or outcome(body) is Closing.REFUSED:
        raise NotPossible("Nothing was erased for this request, so there is nothing to certify.")
    subject, here = at.data_subject, establishment(desk.store)
    dates, law = read_dates(desk.store, subject), statute(profile_of(at.request).law)
    own = next(row for row in rows if row.system == local.SYSTEM)
    plan = found(now.tx.record(PlanRecord, "plans.one", id=at.request.plan_id), "plan")
    approval = found(now.tx.one("approvals.approved", thing="plan", thing_id=plan.id, hash=plan.plan_hash), "approval")

    def day(moment: datetime | None) -> date | None:
        return local_day(desk, moment) if moment else None

    return Certificate(
        reference=at.request.reference, controller=here.controller, law=law,
        because=tuple(GROUNDS[Ground(code)] for code in body.terms["grounds"]),
        made_on=today_of(desk), approved_on=local_day(desk, approval["decided_at"]),
        erased_on=local_day(desk, dates.erased_at or own.ended_at or desk.now), purged_on=day(dates.purged_at),
        backups_gone_on=None if dates.backups_gone_at == dates.erased_at else day(dates.backups_gone_at),
        backups_expected_on=dates.expected_on, backups_left=dates.backups_left,
        key_destroyed=not desk.store.keys.holds(KeyKind.SUBJECT, subject),
        systems=_systems(desk, body, rows), erased=_erased(body, law), kept=_kept(body, law),
        tokens=tuple(_line(each, law) for row in rows for each in row.tokens),
        recipients=tuple(
            (row["recipient"] + (" (made public)" if row["change"] == Change.MADE_PUBLIC else ""), _TOLD[Notice(row["state"])])
            for row in now.tx.rows("rectification.notices", request_id=at.request.id)
        ),
    )


def _systems(desk: Desk, body: PlanBody, rows: Sequence[Carrying]) -> tuple[tuple[str, str, int], ...]:
    gone = {row.system: sum(item.rows for item in body.of(row.system) if item.action in {"delete", PROVE}) for row in rows}
    return tuple(
        (row.title, _STATES[row.state], 0) if row.state in _STATES
        else (row.title, _result(desk, row, gone[row.system]), gone[row.system]) for row in rows
    )


def _result(desk: Desk, row: Carrying, gone: int) -> str:
    if row.system == desk_records.SYSTEM:
        return "the file of the request, which stays"
    what = "erased and searched again" if gone else "searched, nothing to erase"
    return f"{what} on {written(local_day(desk, row.ended_at))}" if row.ended_at else what


def _erased(body: PlanBody, law: Statute) -> tuple[tuple[str, str, int, str], ...]:
    grounds = law.art(", ".join(article_of(code) for code in body.terms["grounds"]))
    return tuple(
        (_title(item), item.title + ", but for their proof" * (item.action == PROVE), item.rows, grounds)
        for item in body.items if item.action in {"delete", PROVE} and item.rows and item.system != desk_records.SYSTEM
    )


def _kept(body: PlanBody, law: Statute) -> tuple[tuple[str, str, int, str, str], ...]:
    return tuple(
        (_title(item), item.title + ", emptied in part" * bool(item.columns), item.rows, why_kept(item, law), _until(item.until))
        for item in body.kept_back if item.action != PROVE
    )


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
    return TokenLine(token.what, token.kinds, token.hashes, why, until)
