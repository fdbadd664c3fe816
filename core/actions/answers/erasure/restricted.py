"""An erasure that ends a restriction: the person is told first, and asked again where they had wanted the data kept (RES-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.cases.transitions import require_state
from core.actions.desk import things
from core.actions.desk.act import Now, act, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, today_of
from core.connectors.restricted import standing_on
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.rights.restriction import Ground, Restriction, asks_again, require_told_of_end
from core.law.typed import check_day, read_text
from core.law.ways import Kind
from core.law.workflow import State
from core.store.encryption import Cell, encrypt


@dataclass(frozen=True, slots=True)
class Ending:
    """The restrictions that an erasure would end, by ground with the day they stand since, and how far the person was asked."""

    grounds: tuple[tuple[Ground, date], ...]
    told_at: datetime | None
    asks: bool  # they had wanted the data kept
    wanted_on: date | None


@repeated
def ending(desk: Desk, request_id: str) -> Ending | None:
    """Return what stands and what was done about it, or None where none does or did; opening the case stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        return read(desk, now, request_id, now.at.case.subject_ref)


def read(desk: Desk, now: Now, request_id: str, subject: str | None) -> Ending | None:
    """Return the same inside another act. What was done before the last restriction was set does not count.

    After the erasure, which ended them, none stands any more: what was told and said is returned all the same.
    """
    standing = _standing(now, subject)
    told, wanted = _told(now, request_id), now.tx.one("erasure.wish", request_id=request_id)
    if not standing:
        return Ending((), told, wanted is not None, wanted["happened_on"] if wanted else None) if told else None
    since: dict[Ground, datetime] = {}
    for each in standing:
        since[each.ground] = min(each.started_at, since.get(each.ground, each.started_at))
    last = max(each.started_at for each in standing)
    return Ending(
        tuple((ground, local_day(desk, since[ground])) for ground in sorted(since)), told if told and told >= last else None,
        asks_again(standing), wanted["happened_on"] if wanted and wanted["recorded_at"] >= last else None,
    )


def require(now: Now, request_id: str, subject: str) -> None:
    """Raise NotPossible where the erasure would end a restriction of which the person was not told, or not asked again."""
    wanted = now.tx.one("erasure.wish", request_id=request_id)
    require_told_of_end(_standing(now, subject), _told(now, request_id), wanted["recorded_at"] if wanted else None)


@repeated
def record_wish(desk: Desk, request_id: str, happened_on: date, words: str, *, version: int, key: str) -> None:
    """Record that the person wants the data erased although they had wanted them kept: when and how they said so.

    They are told first that the restriction ends; their answer is not from before that. Raises NotPossible where nothing
    is to be asked again. Where they want the data kept, the request is withdrawn.
    """
    with act(desk, Act.ERASURE_WISH, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at.of_version(version)
        if at.request.kind != Kind.ERASURE:
            raise NotPossible("Only an erasure ends what the person had wanted kept.")
        require_state(at.request, State.IN_PROGRESS, "Start work on the request first.")
        check_day(happened_on, "happened_on", "the day on which they said so", latest=today_of(desk))
        said, number = read_text(words, "words", "how they said it"), new_id(desk.now)
        found = read(desk, now, request_id, at.case.subject_ref)
        if found is None or not found.grounds or not found.asks:
            raise NotPossible("No restriction stands by which the person wanted the data kept: nothing is to be asked again.")
        if found.told_at is None:
            raise NotPossible("Tell the person first: send the letter 'Restriction ends with the erasure'.")
        if happened_on < local_day(desk, found.told_at):
            raise Invalid("That is before they were told that it ends. Enter the day of their answer.", "happened_on")
        now.tx.run(
            "erasure.keep_wish", id=number, request_id=request_id, case_ref=at.case.case_ref, happened_on=happened_on,
            words=encrypt(desk.store, at.case.case_ref, said, Cell("erasure_wishes", number, "words")),
            account_id=desk.person.account_id, now=desk.now,
        )
        now.words = said
        now.detail |= {"on": happened_on.isoformat(), "grounds": [ground.value for ground, _ in found.grounds]}


def _standing(now: Now, subject: str | None) -> Sequence[Restriction]:
    return standing_on(now.tx, [subject]).get(subject, []) if subject else []


def _told(now: Now, request_id: str) -> datetime | None:
    row = now.tx.one("erasure.told_of_end", request_id=request_id)
    return row["sent_at"] if row else None
