"""The check of a closing by another person: right, or wrong, and then the request is opened anew with its old receipt."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.actions.answers.reopening import open_anew
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, look, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.typed import read_text
from core.law.ways import RIGHTS, Kind
from core.law.workflow import Closing
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row


class Verdict(StrEnum):
    """What the second person found."""

    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One closing that waits for a check, by reference, right and days, never by name."""

    id: str
    request_id: str
    reference: str
    right: str
    closing: Closing
    received: date
    due: date | None  # of the request as it was: where the closing is wrong, this day still holds


@dataclass(frozen=True, slots=True)
class ToCheck:
    """The closings that wait for this person, and how many wait in cases they may not see."""

    rows: tuple[Waiting, ...]
    barred: int


@dataclass(frozen=True, slots=True)
class Check:
    """One check as the request's page shows it; `why_closed` and `reason` are words kept with the case."""

    id: str
    request_id: str
    closing: Closing
    closed_by: str
    why_closed: str
    verdict: Verdict | None
    checked_by: str
    checked_at: datetime | None
    reason: str
    opened_id: str | None
    mine: bool  # this person closed the request: another checks it
    version: int


def waiting(desk: Desk) -> ToCheck:
    """Return the closings that wait for a check by this person, the oldest receipt first."""
    with look(desk, Act.CLOSING_CHECK) as now:
        rows = now.tx.rows("closing_checks.waiting", account_id=desk.person.account_id)
    return ToCheck(
        tuple(
            Waiting(
                row["id"], row["request_id"], row["reference"], RIGHTS[Kind(row["kind"])].name, Closing(row["closing"]),
                local_day(desk, row["received_at"]), row["final_due"],
            )
            for row in rows if not row["barred"]
        ),
        sum(bool(row["barred"]) for row in rows),
    )


@repeated
def of_request(desk: Desk, request_id: str) -> tuple[Check, ...]:
    """Return the check of a closed request, and the one that opened this request; opening the case stands for them."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        names = {row["id"]: row["name"] for row in now.tx.rows("queue.owners")}
        return tuple(
            _shown(desk, now, row, names) for row in now.tx.rows("closing_checks.of_request", request_id=request_id)
        )


@repeated
def decide(desk: Desk, check_id: str, verdict: str, reason: str, *, version: int, key: str) -> str:
    """Say whether a closing was right, with the reason; return the id of the request that a wrong one opens, or "".

    A closed request never moves. A wrong closing opens a linked one in the same case, of the same right, with the
    receipt, law and calendar of the closed one: its clock is as if it had never been closed; its pauses are not taken
    over, so the day is never a later one. Raises NotAllowed for whoever closed it, Conflict where somebody was faster.
    """
    with act(desk, Act.CLOSING_CHECK, things.closing_check(check_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        row, request = now.at.row, now.at.request
        if row["verdict"] is not None:
            raise NotPossible("This closing was checked already.")
        try:
            said = Verdict(verdict)
        except ValueError:
            raise Invalid("Say whether the closing was right or wrong.", "verdict") from None
        words = read_text(reason, "reason")
        opened = open_anew(now, request) if said is Verdict.WRONG else None
        guard(now.tx.run(
            "closing_checks.decide", id=check_id, verdict=said.value, account_id=desk.person.account_id, now=desk.now,
            reason=encrypt(desk.store, request.case_ref, words, Cell("closing_checks", check_id, "reason")),
            opened_id=opened, version=version,
        ))
        now.words, now.result = words, opened or ""
        now.detail |= {"verdict": said.value, "closing": row["closing"]}
        if opened:
            now.detail["opened"] = opened
    return now.result


def _shown(desk: Desk, now: Now, row: Row, names: dict[str, str]) -> Check:
    move = found(now.tx.one("closing_checks.closing_words", request_id=row["request_id"]), "closing")
    case_ref = row["case_ref"]
    return Check(
        row["id"], row["request_id"], Closing(row["closing"]), names.get(row["closed_by"], ""),
        decrypt(desk.store, case_ref, move["words"], Cell("request_moves", move["id"], "words")),
        Verdict(row["verdict"]) if row["verdict"] else None, names.get(row["checked_by"] or "", ""), row["checked_at"],
        decrypt(desk.store, case_ref, row["reason"], Cell("closing_checks", row["id"], "reason")), row["opened_id"],
        row["closed_by"] == desk.person.account_id, row["version"],
    )

