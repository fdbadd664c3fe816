"""The end of what an erasure in part left: erased on its day by the plan that was approved, searched again, and told."""

from dataclasses import replace

from core.actions.answers import carrying
from core.actions.answers.erasure import erasing
from core.actions.answers.erasure.erasure_ends import note_ahead
from core.actions.answers.erasure.erasure_words import HELD
from core.actions.answers.erasure.kept_parts import OPEN, decision, opened, rule_of, standing_parts, title_of
from core.actions.answers.letters import drafting
from core.actions.answers.owners import owner_tasks
from core.actions.answers.planned import Item, PlanBody, read_body
from core.actions.cases import sequence
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, look, new_id, repeated
from core.actions.desk.deciding import keep
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened
from core.actions.people.inventory import count_system
from core.connectors.connector import Connector, Exported
from core.connectors.held import on_table, standing_holds
from core.connectors.registered import by_hand, connector_of
from core.documents.dates import written
from core.law.acts import Act, Effect
from core.law.errors import NotPossible, Refused
from core.law.letters import LetterKind
from core.law.rights import kept as law
from core.law.rights.erasure import Retention
from core.law.rights.holds import Deletion, require_free
from core.law.rights.kept import KeptStanding
from core.law.rights.sequencing import require_deletable
from core.store.encryption import Cell, encrypt
from core.store.engine import Row
from core.store.records import PrintedLetter


def erase_due(desk: Desk) -> int:
    """Erase every kept part whose day has come and on which no hold stands; return how many. May be repeated.

    One that cannot be erased stays on the list, where it is seen as due, and is tried again in an hour.
    """
    with look(desk, Act.STORE_LOOK) as now:
        due = [each.id for each in standing_parts(desk, now) if each.standing is KeptStanding.DUE]
    done = 0
    for kept_id in due:
        try:
            done += erase(desk, kept_id)
        except Refused:
            continue  # the log has it; the others are erased all the same
    return done


@repeated
def erase(desk: Desk, kept_id: str) -> bool:
    """Erase one kept part by the plan that was approved for it, search again, and draft the letter; return whether it went.

    Where something came in since, nothing is erased: the part is marked for a human decision. Raises NotPossible while a
    hold stands or a copy that the person asked for is not out, and where the search afterwards still finds a row.
    """
    with act(desk, Act.KEPT_ERASE, things.kept_item(kept_id)) as now:
        row, at = opened(now)
        subject, system, table = row["subject_ref"], row["system"], row["table_name"]
        require_free(on_table(standing_holds(now.tx, [subject]), system, table, subject, desk.now), Deletion.RETENTION)
        if law.standing(rule_of(row), today_of(desk), held=False) is not KeptStanding.DUE:
            now.unlogged = True
            return False
        require_deletable(sequence.theirs(desk, now, at.case))  # a copy that is asked for goes out first (ACC-6)
        use_for(now, subject, at.request)
        connector = connector_of(desk.store, system, row["case_ref"])
        if connector is None:
            raise NotPossible("This system is not connected to the desk any more.")
        before = connector.export(now.tx, now.permitted(subject))
        held = {each.table: each for each in count_system(desk.store, system, before, row["case_ref"]).tables}
        now.detail |= {"system": system, "table": table, "rows": held[table].rows}
        if held[table].digest != row["digest"] and row["confirmed_at"] is None:
            guard(now.tx.run("kept.changed", id=kept_id, version=row["version"]))
            now.detail |= {"changed": 1, "effect": Effect.VIEWED.value}
            return False
        if by_hand(system) and not owner_tasks.is_done_there(desk, now, system, kept_id):
            now.unlogged = "owners_asked" not in now.detail
            return False
        body = read_body(desk, now, row["plan_id"])
        retention = _claimed(desk, row, body)
        _carry(desk, now, connector, row, body, {name: each.rows for name, each in held.items()}, before, retention)
        if retention is not None:
            _keep_on(desk, now, connector, row, retention)
        else:
            letter = _tell(desk, now, at, row)
            guard(now.tx.run("kept.erased", id=kept_id, version=row["version"], now=desk.now, letter_id=letter))
        keep(desk, now, at.request, [decision(desk, now, at, row, retention)])
    return retention is None


def _claimed(desk: Desk, row: Row, body: PlanBody) -> Retention | None:
    """Return the exception that the approved plan claims for what a hold alone kept so far, if it still runs."""
    claim = next((
        each for each in body.terms.get("keep", []) if (each["system"], each["table"]) == (row["system"], row["table_name"])
    ), None)
    if row["ground"] != HELD or claim is None:
        return None
    retention = erasing.retention_of(claim)
    return retention if retention.until is None or retention.until >= today_of(desk) else None


def _carry(
    desk: Desk, now: Now, connector: Connector, row: Row, body: PlanBody, counts: dict[str, int], before: Exported,
    retention: Retention | None,
) -> None:
    """Do what the approved plan says of this one part, as a carrying of its own, noted in the ledger before the commit."""
    scope = _derived(body, row, counts, retention, masks=True)
    doing = _derived(body, row, counts, retention, masks=False)
    plan_id, carrying_id = new_id(desk.now), new_id(desk.now)
    now.tx.run(
        "plans.add", id=plan_id, request_id=row["request_id"], case_ref=row["case_ref"], subject_ref=row["subject_ref"],
        made_at=desk.now, made_by=desk.person.account_id, plan_hash=scope.hash, verb="erase",
        body=encrypt(desk.store, row["case_ref"], scope.text, Cell("plans", plan_id, "body")),
    )
    now.tx.run(
        "carrying.add", id=carrying_id, request_id=row["request_id"], case_ref=row["case_ref"], plan_id=plan_id,
        subject_ref=row["subject_ref"], system=row["system"], verb="erase", state="waiting",
    )
    work = found(now.tx.one("carrying.one", id=carrying_id), "carrying")
    done = erasing.ERASURE.carry_out(desk, now, connector, work, doing)
    erasing.search_again(now, connector, work, doing, before)
    carrying.end_row(desk, now, work, "done", done)
    note_ahead(desk, now, work, scope)


def _derived(
    body: PlanBody, row: Row, counts: dict[str, int], retention: Retention | None, *, masks: bool
) -> PlanBody:
    """Return the approved plan for this one part: everything else in the system stays as it is.

    With `masks` it says what was emptied in what stays, for the ledger; without, what came in there since is not touched.
    """
    claim = {(each["system"], each["table"]): each for each in body.terms.get("keep", [])}

    def one(item: Item) -> Item:
        rows = counts.get(item.table, 0)
        if item.table != row["table_name"]:
            return replace(item, action="retain", rows=rows, columns=item.columns if masks else ())
        if retention is None:
            return replace(item, action="delete", rows=rows, ground=" ".join(body.terms["grounds"]), until="", columns=())
        columns = tuple(sorted(claim[item.system, item.table]["masked"]))
        return replace(item, action="mask" if columns else "retain", rows=rows, columns=columns)

    return replace(body, items=tuple(one(item) for item in body.of(row["system"])))


def _keep_on(desk: Desk, now: Now, connector: Connector, row: Row, retention: Retention) -> None:
    """Let the exception take the place of the hold that ended: the part stays until its own day."""
    case_ref = row["case_ref"]
    after = count_system(desk.store, row["system"], connector.export(now.tx, now.permitted(row["subject_ref"])), case_ref)
    held = next(each for each in after.tables if each.table == row["table_name"])
    guard(now.tx.run(
        "kept.prolong", id=row["id"], version=row["version"], ground=retention.exemption.value, until=retention.until,
        row_count=held.rows, digest=held.digest,
        reference=encrypt(
            desk.store, case_ref, retention.reference, Cell("kept_items", row["id"], "reference")
        ) if retention.reference else None,
    ))


def _tell(desk: Desk, now: Now, at: Opened, row: Row) -> str:
    """Draft the letter that says what is erased now, in place of an unsent one of the request; return its id."""
    rows = now.tx.rows("kept.of_request", request_id=row["request_id"])
    unsent = next((
        each["letter_id"] for each in rows if each["letter_id"]
        and _unsent(now, each["letter_id"])
    ), None)
    gone = [each for each in rows if each["id"] == row["id"] or (unsent and each["letter_id"] == unsent)]
    left = [each for each in rows if each["state"] in OPEN and each["id"] != row["id"]]
    drafted = drafting.write(desk, now, at, LetterKind.KEPT_PART_ERASED, {
        "erased": [title_of(each) for each in gone], "erased_on": today_of(desk),
        "rest": _rest(left),
    })
    return drafting.keep_again(desk, now, at, LetterKind.KEPT_PART_ERASED, drafted, unsent)


def _unsent(now: Now, letter_id: str) -> bool:
    letter = now.tx.record(PrintedLetter, "letters.one", id=letter_id)
    return letter is None or letter.sent_at is None


def _rest(left: list[Row]) -> str:
    """Return what the letter says of the parts that still stay."""
    if not left:
        return "Nothing else of what stayed then is left."
    lines = [
        f"{title_of(each)} (until {written(each['until']) if each['until'] else 'its reason ends'})" for each in left
    ]
    return f"This still stays, for the reasons that we gave you: {'; '.join(lines)}."
