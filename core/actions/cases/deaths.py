"""A person who has died: marketing stopped at once on all identifiers, no letter to them, closed or handled for the heir."""

from dataclasses import dataclass
from datetime import date

from core.actions.cases.authority import death_of, own_values, stands
from core.actions.cases.letter_source import person_of
from core.actions.desk import things
from core.actions.desk.act import Now, act, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.suppression.suppressions import EVIDENCE, keep_words, note_end
from core.connectors.suppressed import CASE, Mark, Target, enter, note_in_ledger, token, tokens, tokens_of_subject
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.rights.suppression import ALL, MARKETING, Legal
from core.law.typed import check_day, read_text
from core.store.encryption import Cell, encrypt
from core.store.engine import Row
from core.store.records import CaseRecord, RequestRecord

SOURCES = {
    "certificate": "Death certificate seen", "relative": "A relative told us", "authority": "An authority or a court told us",
    "own_records": "Known from our own records",
}


@dataclass(frozen=True, slots=True)
class Death:
    """A death as the case shows it."""

    died_on: date
    source: str
    recorded_by: str
    stopped: int


@repeated
def record(desk: Desk, case_ref: str, died_on: date, source: str, *, key: str) -> int:
    """Record that the person of the case has died, and return how many addresses and numbers marketing stopped on.

    The state "deceased" stands on every identifier of the person who was decided and, where somebody acts for them, on
    those under which the case names them; never on those of whoever writes. What is decided later is stopped then.
    Raises NotPossible while it is not known whose death it is.
    """
    with act(desk, Act.DEATH_RECORD, things.case(case_ref), key=key) as now:
        if now.earlier is not None:
            return int(now.earlier)
        case = now.at.case
        if not now.tx.records(RequestRecord, "requests.open_of_case", case_ref=case_ref):
            raise NotPossible("Every request of this case is closed.")
        if source not in SOURCES:
            raise Invalid("Say from where it is known.", "source")
        if died_on > today_of(desk):
            raise Invalid("The day of the death lies in the future.", "died_on")
        check_day(died_on, "died_on", "the day of the death")
        if death_of(now, case) is not None:
            raise NotPossible("The death is on record already.")
        targets = _targets(desk, now, case)
        if not targets:
            raise NotPossible(
                "Decide first which person has died, or enter who acts for them: whoever writes here is not stopped."
            )
        number = new_id(desk.now)
        now.tx.run(
            "deaths.add", id=number, case_ref=case_ref, subject_ref=case.subject_ref, died_on=died_on, source=source,
            now=desk.now, account_id=desk.person.account_id,
        )
        marks = [
            Mark(
                Legal.DECEASED, each.h, each.kind, MARKETING, ALL, f"deceased.{source}", desk.now, "death", case_ref,
                case.subject_ref, value=each.value,
            )
            for each in targets
        ]
        enter(desk.store, now.tx, marks, desk.now, today_of(desk))
        note_in_ledger(desk.store, marks)
        count = len({each.h for each in targets})
        now.object_kind, now.object_id, now.result = "death", number, str(count)
        now.detail |= {"source": source, "suppressed": count, "state": Legal.DECEASED.value}
    return count


@repeated
def correct(desk: Desk, case_ref: str, evidence: str, *, key: str) -> int:
    """Take a death back that was recorded wrongly: the person lives. Returns how many entries of the list ended.

    Only a Data Protection Officer does it, on evidence that stays with the case.
    """
    with act(desk, Act.DEATH_CORRECT, things.case(case_ref), key=key) as now:
        if now.earlier is not None:
            return int(now.earlier)
        case = now.at.case
        words = read_text(evidence, "evidence")
        deaths = now.tx.rows("deaths.standing", case_ref=case_ref, subject_ref=case.subject_ref)
        if not deaths:
            raise NotPossible("No death is on record here.")
        for row in deaths:
            now.tx.run(
                "deaths.end", id=row["id"], now=desk.now, account_id=desk.person.account_id,
                words=encrypt(desk.store, row["case_ref"], words, Cell("deaths", row["id"], "words")),
            )
        ending = _entries(now, {row["case_ref"] for row in deaths}, case.subject_ref)
        for entry in ending:
            now.tx.run(
                "suppression.end", id=entry["id"], version=entry["version"], now=desk.now, end_ground="shown_alive",
                account_id=desk.person.account_id,
            )
        if ending:
            keep_words(desk, now, ending[0]["id"], EVIDENCE, words, case_ref)
        note_end(desk, now, ending)
        now.words, now.result = words, str(len(ending))
    return len(ending)


@repeated
def show(desk: Desk, case_ref: str) -> Death | None:
    """Return the death on record of a case's person, or None; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.case(case_ref), disclosure=True) as now:
        case = now.at.case
        row = death_of(now, case)
        if row is None:
            return None
        entries = _entries(now, {row["case_ref"]}, case.subject_ref)
        return Death(row["died_on"], row["source"], row["recorded_by"], len({bytes(each["h"]) for each in entries}))


def _targets(desk: Desk, now: Now, case: CaseRecord) -> list[Target]:
    found_here: list[Target] = []
    if case.subject_ref is not None:
        found_here += tokens_of_subject(desk.store, now.tx, case.subject_ref)
    if stands(now, case) is not None:
        own, person = own_values(desk, now, case.case_ref), person_of(desk, case)
        for kind in ("email", "phone"):
            value = person.get(kind, "")
            if not value or value.strip().casefold() in own:
                continue
            try:
                found_here += [Target(kind, h, value) for h in tokens(desk.store, kind, value)]
            except Invalid:
                continue  # a sender's address may be no address at all
        if not found_here:  # what is to stop is kept until the person is found
            found_here = [Target(CASE, token(desk.store, CASE, case.case_ref))]
    return list(dict.fromkeys(found_here))


def _entries(now: Now, case_refs: set[str], subject_ref: str | None) -> list[Row]:
    rows = [row for case_ref in sorted(case_refs) for row in now.tx.rows("suppression.of_case", case_ref=case_ref)]
    if subject_ref is not None:
        rows += now.tx.rows("suppression.of_subject", subject=subject_ref)
    return [row for row in {row["id"]: row for row in rows}.values() if row["state"] == Legal.DECEASED]
