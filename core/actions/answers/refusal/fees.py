"""A fee on its way: ground, facts, evidence and itemised cost, its announcement, and what the person chose."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.actions.answers.letters import drafting
from core.actions.answers.planned import read_body
from core.actions.answers.refusal import fee_costs
from core.actions.cases.clock import profile_of, set_dates
from core.actions.cases.transitions import move, require_open
from core.actions.desk import things
from core.actions.desk.act import Now, act, guard, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.desk.moment import local_day, today_of
from core.actions.desk.opening import Opened
from core.actions.people.inventory import SystemCount, take_inventory
from core.connectors import desk_records
from core.law import fee
from core.law.acts import Act
from core.law.clock.questions import effect
from core.law.errors import Invalid, NotFound, NotPossible
from core.law.fee import Answered, Cost, Ground
from core.law.letters import LetterKind
from core.law.refusal import require_circumstances
from core.law.typed import LONGEST, check_day, read_text
from core.law.ways import Kind
from core.law.workflow import Closing, Step
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row

LONGEST_REPLY = timedelta(days=90)
_WHAT = {True: "the further copies", False: "your request"}
_AFTER = {True: "make the further copies once it is paid", False: "act on your request"}


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee as it is shown, with what was written down for it and how far it is."""

    id: str
    version: int
    state: str  # prepared, announced, ended
    ground: Ground
    facts: str
    evidence: str
    circumstances: tuple[str, ...]
    costs: tuple[Cost, ...]
    total: str
    currency: str
    letter_id: str
    reply_by: date
    announced_on: date | None
    outcome: str
    outcome_on: date | None
    clock: str  # what the fee does to the clock, as one sentence


@repeated
def prepare(
    desk: Desk, request_id: str, ground: str, told: str, evidence: str, costs: str, circumstances: Collection[str] = (), *,
    currency: str, reply_by: date, version: int, key: str,
) -> str:
    """Write down a fee with its evidence and itemised cost, and draft its announcement; return the fee's id.

    FEE-1, FEE-3: nothing is charged before the announcement went out. A fee prepared and not yet announced takes the
    new words. Raises NotPossible where the right is free, Invalid with what is missing.
    """
    with act(desk, Act.FEE_PREPARE, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = now.at.of_version(version)
        require_open(at.request)
        kind = Kind(at.request.kind)
        chosen = fee.require_ground(kind, ground, told, evidence, circumstances)
        today = today_of(desk)
        items = fee.read_costs(read_text(costs, "costs", "the cost", needed=False, longest=LONGEST))
        if currency not in fee.CURRENCIES:
            raise Invalid("Choose the currency.", "currency")
        if not today < reply_by <= today + LONGEST_REPLY:
            raise Invalid("The day until which the person may choose lies after today, within 90 days.", "reply_by")
        held = _current(now, request_id)
        if held is not None and held["state"] == "announced":
            raise NotPossible("A fee is announced already: record what became of it first.")
        words, case_ref = read_text(told, "facts"), at.case.case_ref
        number = held["id"] if held else new_id(desk.now)
        copies = chosen.code == "further_copies"
        drafted = drafting.write(desk, now, at, LetterKind.FEE_ANNOUNCEMENT, {
            "ground": chosen.sentence, "article": chosen.article, "facts": words, "what": _WHAT[copies],
            "after": _AFTER[copies], "total": fee_costs.written(fee.total(items), currency), "reply_by": reply_by,
            "costs": [f"{each.title}: {fee_costs.written(each.amount, currency)}" for each in items],
        })
        letter_id = drafting.keep_again(
            desk, now, at, LetterKind.FEE_ANNOUNCEMENT, drafted, held["letter_id"] if held else None
        )
        row = {
            "id": number, "ground": chosen.code, "facts": encrypt(desk.store, case_ref, words, Cell("fees", number, "facts")),
            "evidence": encrypt(
                desk.store, case_ref, read_text(evidence, "evidence", needed=False), Cell("fees", number, "evidence")
            ),
            "costs": fee_costs.keep(desk, case_ref, number, items), "currency": currency, "letter_id": letter_id,
            "prepared_by": desk.person.account_id, "prepared_at": desk.now, "reply_by": reply_by,
            "circumstances": ",".join(require_circumstances(ground, circumstances)),
        }
        if held is None:
            now.tx.run("clock.add_fee", request_id=request_id, case_ref=case_ref, **row)
        else:
            guard(now.tx.run("clock.renew_fee", version=held["version"], **row))
        now.object_kind, now.object_id, now.result = "fee", number, number
        now.detail |= {"ground": chosen.code, "evidence": int(bool(evidence.strip())), "items": len(items)}
    return number


@repeated
def record_outcome(desk: Desk, fee_id: str, outcome: str, on: date, *, version: int, key: str) -> None:
    """Record that the fee was paid, not paid, dropped by us, or that the person withdrew; the clock follows the law.

    A person who withdraws the request is answered by its closing; one who withdraws the wish for further copies keeps
    the request. `version` is the fee's own. Raises NotPossible where nothing was announced before (FEE-3).
    """
    with act(desk, Act.FEE_OUTCOME, things.fee(fee_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at
        row = at.row
        require_open(at.request)
        if row["state"] == "ended":
            raise NotPossible("What became of this fee is recorded already.")
        fee.require_outcome(outcome, row["announced_on"], on, today_of(desk))
        check_day(on, "outcome_on", "the day", earliest=local_day(desk, row["prepared_at"]))
        guard(now.tx.run(
            "clock.end_fee", id=fee_id, version=version, outcome=outcome, outcome_on=on,
            outcome_by=desk.person.account_id,
        ))
        dates = set_dates(now.tx, at.request)
        now.detail |= {
            "ground": row["ground"], "outcome": outcome,
            "due_after": dates.final_due.isoformat() if dates.final_due else "open",
        }
        if outcome == "withdrawn" and row["ground"] != "further_copies":
            move(desk, now, at.request, Step.WITHDRAW, closing=Closing.WITHDRAWN)
            now.detail["closing"] = Closing.WITHDRAWN.value


@repeated
def of_request(desk: Desk, request_id: str) -> tuple[Fee, ...]:
    """Return the fees of a request, the oldest first; opening the case file stands for them."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        return tuple(_shown(desk, at, row) for row in now.tx.rows("clock.fees", request_id=request_id))


@repeated
def repetition(desk: Desk, request_id: str) -> str:
    """Return the hint that the same right was answered, and what changed since if anything; empty where there is none (FEE-4).

    It compares keyed hashes of what every system holds with those of the earlier plan; the data themselves stay unseen.
    """
    with act(desk, Act.FEE_COMPARE, things.request(request_id), disclosure=True) as now:
        at = now.at
        kind, subject = Kind(at.request.kind), at.case.subject_ref
        if subject is None:
            now.unlogged = True
            return ""
        rows = now.tx.rows(
            "clock.answered_before", subject_ref=subject, kind=kind.value, request_id=request_id,
            before=at.request.received_at,
        )
        if not rows:
            now.unlogged = True
            return ""
        use_for(now, subject, at.request)
        held = take_inventory(desk.store, now.tx, now.permitted(subject), at.case.case_ref).systems
        earlier = [Answered(local_day(desk, row["sent_at"]), _changed(desk, now, row["plan_id"], held)) for row in rows]
        return fee.hint(kind, earlier, today_of(desk))


def _changed(desk: Desk, now: Now, plan_id: str | None, held: Sequence[SystemCount]) -> tuple[str, ...] | None:
    """Return what is held otherwise than in an earlier plan; None where the plan cannot be read or a system is silent."""
    try:
        before = read_body(desk, now, plan_id).systems
    except NotFound:
        return None
    then, today = _digests(before), _digests(held)
    if then is None or today is None:
        return None
    titles = {(each.code, table.table): f"{each.title}: {table.title}" for each in (*before, *held) for table in each.tables}
    return tuple(sorted(titles[place] for place in then.keys() | today.keys() if then.get(place) != today.get(place)))


def _digests(systems: Sequence[SystemCount]) -> dict[tuple[str, str], str] | None:
    others = [each for each in systems if each.code != desk_records.SYSTEM]
    if any(each.state == "failed" for each in others):
        return None
    return {(each.code, table.table): table.digest for each in others for table in each.tables}


def _current(now: Now, request_id: str) -> Row | None:
    return next((row for row in now.tx.rows("clock.fees", request_id=request_id) if row["state"] != "ended"), None)


def _shown(desk: Desk, at: Opened, row: Row) -> Fee:
    case_ref, costs = at.case.case_ref, fee_costs.read(desk, row)
    ground = fee.GROUNDS[row["ground"]]
    clock = (
        "The first copy is due as before: further copies do not touch the clock." if ground.code == "further_copies"
        else effect("fee", profile_of(at.request)).replace("this question", "a fee").replace("the answer comes", "it is paid")
    )
    return Fee(
        row["id"], row["version"], row["state"], ground,
        decrypt(desk.store, case_ref, row["facts"], Cell("fees", row["id"], "facts")),
        decrypt(desk.store, case_ref, row["evidence"], Cell("fees", row["id"], "evidence")),
        tuple(each for each in (row["circumstances"] or "").split(",") if each), costs,
        fee_costs.written(fee.total(costs), row["currency"]), row["currency"], row["letter_id"], row["reply_by"],
        row["announced_on"], row["outcome"] or "", row["outcome_on"], clock,
    )
