"""The suppression list at the desk: looked at without names, one value checked, one entry added, one ended by the person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.actions.desk import things
from core.actions.desk.act import Now, act, found, look, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import moment_of, today_of
from core.actions.desk.opening import barred_cases
from core.actions.suppression.suppressions import EVIDENCE, LIMIT, check_purpose, keep_words, note_end
from core.connectors import desk_records, identifiers
from core.connectors.erased import Proof, proofs_under
from core.connectors.held import on_table, standing_holds
from core.connectors.restricted import shut
from core.connectors.suppressed import CASE, PERSON, Mark, enter, note_in_ledger, standing, token, tokens, value_of
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotPossible
from core.law.rights.restriction import Operation
from core.law.rights.suppression import ALL, Legal, covers, end_by_opt_in, scope_of
from core.law.typed import check_day, read_text
from core.matching.masks import masked_identifier
from core.matching.normal_forms import KINDS
from core.matching.readings import read_one
from core.store.engine import Row

SHOWN = 500
SOON = timedelta(days=14)  # before its review date an entry is counted as due
ADDED = (Legal.OBJECTION, Legal.WITHDRAWAL, Legal.DO_NOT_IMPORT)  # a restriction is set by a request of the person
LONGEST_KEPT_OUT = timedelta(days=10 * 366)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many entries of a state stand, and how many are to be looked at soon."""

    state: Legal
    entries: int
    review: int


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer about one value: what stands and since when; never who holds it."""

    states: tuple[Row, ...]
    proofs: tuple[Proof, ...] = ()  # of the consents of somebody erased who had this value

    @property
    def suppressed(self) -> bool:
        """Whether anything stands."""
        return bool(self.states)


def counts(desk: Desk) -> tuple[Counted, ...]:
    """Return how many entries stand in each of the five states."""
    today = today_of(desk)
    with look(desk, Act.SUPPRESSION_LOOK) as now:
        rows = {row["state"]: row for row in now.tx.rows("suppression.counts", today=today, soon=today + SOON)}
    return tuple(
        Counted(state, int(rows[state]["entries"]), int(rows[state]["review"])) if state in rows else Counted(state, 0, 0)
        for state in Legal
    )


def purposes(desk: Desk) -> list[str]:
    """Return the purposes for which consents are on record."""
    with look(desk, Act.SUPPRESSION_LOOK) as now:
        return [row["purpose"] for row in now.tx.rows("suppression.purposes")]


@dataclass(frozen=True, slots=True)
class Listed:
    """What of a state is listed: of a purpose, on a channel, to be looked at within two weeks, ended ones too."""

    state: str
    purpose: str = ""
    channel: str = ""
    due: bool = False
    ended: bool = False


def list_entries(desk: Desk, only: Listed) -> list[Row]:
    """Return the newest entries: reference, kind, masked value, scope, ground, dates and case; no name or hash.

    A value is masked, and empty where none is kept, where its key was destroyed, or where its case is sealed to others.
    """
    if only.state not in set(Legal):
        raise Invalid("Choose one of the five states.", "state")
    today = today_of(desk)
    with look(desk, Act.SUPPRESSION_LOOK) as now:
        rows = now.tx.rows(
            "suppression.listed", state=only.state, purpose=only.purpose, channel=only.channel, due=only.due,
            ended=only.ended, today=today, soon=today + SOON, most=SHOWN,
        )
        barred = barred_cases(desk, now.tx)
    return [_masked(desk, row, barred) for row in rows]


def _masked(desk: Desk, row: Row, barred: Collection[str]) -> Row:
    hidden = row["case_ref"] in barred
    value = "" if hidden else value_of(desk.store, row)
    kept = {name: told for name, told in row.items() if name not in {"held_value", "told_value", "subject_ref"}}
    return kept | {
        "number": reference_of(row["id"]), "reference": "" if hidden else row["reference"],
        "value": masked_identifier(row["kind"], value) if value else "",
    }


def purposes_listed(desk: Desk, state: str) -> list[str]:
    """Return the purposes of the entries of a state, to filter by."""
    with look(desk, Act.SUPPRESSION_LOOK) as now:
        return [row["purpose"] for row in now.tx.rows("suppression.purposes_listed", state=state)]


def reference_of(entry_id: str) -> str:
    """Return the short reference of an entry, to be read out."""
    return f"S-{entry_id[-8:].upper()}"


@repeated
def check_one(
    desk: Desk, kind: str, value: str, *, purpose: str, about: str = ALL, channel: str = ALL
) -> Checked:
    """Say whether a value is suppressed, in which states; entered as a look-up, with its purpose and without the value.

    What proves the consents of somebody erased who had the value is told too, whatever purpose is asked about. Entries of
    the person who alone holds the value count too; of somebody who shares it they do not.
    """
    with act(desk, Act.SUPPRESSION_CHECK, purpose=purpose) as now:
        hashes = list(tokens(desk.store, kind, value))
        form = read_one(kind, value, desk.store.facts.get("establishment.region"))
        holders = identifiers.holders(desk.store, now.tx, [(kind, form)]).get((kind, form), ())
        if len(holders) == 1:
            hashes.append(token(desk.store, PERSON, holders[0]))
        rows = [
            row for row in standing(now.tx, hashes, today_of(desk))
            if row["state"] in {Legal.RESTRICTION, Legal.DO_NOT_IMPORT}
            or covers(row["purpose"], row["channel"], about, channel)
        ]
        now.subject = holders[0] if len(holders) == 1 else None
        now.detail |= {"kind": kind, "states": sorted({row["state"] for row in rows}), "holders": len(holders)}
        shown: dict[tuple[object, ...], Row] = {}
        for row in rows:
            same = (row["state"], row["purpose"], row["channel"], row["case_ref"])
            shown.setdefault(same, {name: row[name] for name in (
                "state", "purpose", "channel", "ground", "started_at", "review_on")})
        proofs = proofs_under(desk.store, now.tx, kind, value, today_of(desk))
        now.detail["proofs"] = len(proofs)
    return Checked(tuple(shown.values()), tuple(proofs))


@repeated
def add(
    desk: Desk, state: str, kind: str, value: str, *, channels: Sequence[str] = (), purpose: str = "",
    own_words: str = "", since: date, review_on: date | None = None, reference: str = "", key: str,
) -> str:
    """Add one entry that did not come with a request's intake and return its id.

    `reference` names the case it belongs to, if there is one. An objection or withdrawal is narrower than everything
    only in the person's own words; keeping an erased person out of imports needs a date on which it ends.
    """
    with act(desk, Act.SUPPRESSION_ADD, key=key) as now:
        now.object_kind = "suppression"
        if now.earlier is not None:
            return now.earlier
        if state not in set(ADDED):
            raise Invalid("A restriction is set by a request for restriction. Choose one of the other states.", "state")
        legal, today = Legal(state), today_of(desk)
        if since > today:
            raise Invalid("The start lies in the future. Enter the day from which it counts.", "since")
        check_day(since, "since", "the start")
        if legal is Legal.DO_NOT_IMPORT and not (review_on and today < review_on <= today + LONGEST_KEPT_OUT):
            raise Invalid("Enter the day on which it ends: after today, within ten years.", "review_on")
        if review_on is not None:
            check_day(review_on, "review_on", "the day on which it ends", earliest=today + timedelta(days=1))
        check_purpose(now, purpose.strip())
        scope = scope_of(legal, purpose.strip(), channels, own_words)
        words = read_text(own_words, "own_words", needed=False)
        case = found(now.tx.one("cases.by_reference", reference=reference.strip()), "case") if reference.strip() else None
        case_ref = case["case_ref"] if case else None
        marks = [
            Mark(
                legal, h, kind, "import" if legal is Legal.DO_NOT_IMPORT else about, channel, f"{legal.value}.desk",
                min(moment_of(desk, since), desk.now), "desk", case_ref, review_on=review_on, value=value.strip(),
            )
            for about, channel in scope.pairs() for h in tokens(desk.store, kind, value)
        ]
        ids = enter(desk.store, now.tx, marks, desk.now, today)
        if not ids:
            raise NotPossible("This already stands in the list.")
        if words:
            keep_words(desk, now, ids[0], LIMIT, words, case_ref)
        note_in_ledger(desk.store, marks)
        now.case, now.object_id, now.result = case_ref, ids[0], ids[0]
        now.detail |= {"state": legal.value, "kind": kind, "purpose": scope.purpose, "channels": list(scope.channels)}
    return now.result


@repeated
def end_entry(
    desk: Desk, entry_id: str, kind: str, value: str, *, happened_on: date, evidence: str, version: int, key: str
) -> int:
    """End an entry by what the person did since: a newer opt-in, or the proof of a new relation; how many ended.

    The value is typed anew: whoever records it has the person's own opt-in before them. Every entry of the same state,
    purpose and channel under that value ends with it, where it is older. Raises NotPossible where the value is another's.
    """
    with act(desk, Act.SUPPRESSION_END, things.suppression(entry_id), key=key) as now:
        if now.earlier is not None:
            return int(now.earlier)
        row = found(now.tx.one("suppression.one", id=entry_id), "entry")
        if row["ended_at"] is not None or row["version"] != version:
            raise Conflict("This entry changed meanwhile. Look at it again.")
        words = read_text(evidence, "evidence", needed=False)
        moment = moment_of(desk, check_day(happened_on, "happened_on", "the day"))
        state = Legal(row["state"])
        if moment > desk.now and happened_on == today_of(desk):
            moment = desk.now
        ground = end_by_opt_in(state, row["started_at"], moment, words, desk.now)
        hashes = set(tokens(desk.store, kind, value))
        like = (row["state"], row["purpose"], row["channel"])
        same = [each for each in standing(now.tx, hashes, today_of(desk)) if _like(each) == like]
        cases = {each["case_ref"] for each in same if each["case_ref"]}
        if row["id"] not in {each["id"] for each in same} and row["case_ref"] not in cases:
            raise NotPossible("This entry is not about that address or number.")
        for case_ref in sorted(cases):  # what stood for whoever asked as a whole now stands for their other addresses
            rows = now.tx.rows("suppression.of_case", case_ref=case_ref)
            same += [each for each in rows if each["kind"] in {CASE, PERSON} and _like(each) == like]
        ended = 0
        ending = list({each["id"]: each for each in same if each["started_at"] < moment}.values())
        for each in ending:
            ended += now.tx.run(
                "suppression.end", id=each["id"], version=each["version"], now=desk.now, end_ground=ground,
                account_id=desk.person.account_id,
            )
        keep_words(desk, now, entry_id, EVIDENCE, words, row["case_ref"])
        note_end(desk, now, ending)
        now.case, now.subject, now.result = row["case_ref"], row["subject_ref"], str(ended)
        now.detail |= {"state": state.value, "ground": ground, "ended": ended, "on": happened_on.isoformat()}
    return ended


def _like(row: Row) -> tuple[str, str, str]:
    return row["state"], row["purpose"], row["channel"]


@repeated
def forget_expired(desk: Desk) -> int:
    """Delete the entries that kept an erased person out of imports and whose end date has come; return how many.

    The proofs of consent whose last day is over go with them, and count.

    What is about a restricted person stays: clearing away is a use like others (Art. 18(2)).
    """
    today = today_of(desk)
    with act(desk, Act.SUPPRESSION_EXPIRE) as now:
        due = [row["subject_ref"] for row in now.tx.rows("suppression.expired_subjects", today=today)]
        kept = {*shut(now.tx, due, Operation.RETENTION), *_held(desk, now, due)}
        gone = now.tx.run("suppression.end_expired", today=today, kept=list(kept))
        proofs = now.tx.run("erased.end_proofs", today=today)
        now.unlogged = gone + proofs == 0
        now.detail |= {"entries": gone, "restricted": len(kept), "proofs": proofs}
    return gone + proofs


def _held(desk: Desk, now: Now, subjects: Sequence[str]) -> list[str]:
    holds = standing_holds(now.tx, subjects)
    return [each for each in subjects if on_table(holds, desk_records.SYSTEM, "suppressions", each, desk.now)]


__all__ = ["ADDED", "KINDS", "Checked", "Counted", "Listed", "add", "check_one", "counts", "end_entry", "forget_expired",
           "list_entries", "purposes", "purposes_listed", "reference_of"]
