"""Like cases, counted inside an act or a look: one grouped statement for each legal question, whatever the number of items."""

from collections.abc import Iterable, Sequence

from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.law.fee import GROUNDS
from core.law.rights import mirror
from core.law.rights.mirror import DECIDED, RECORDS, Like, Question, Reflection, This, Way
from core.store.engine import Row
from core.store.records import RequestRecord

_CLOSINGS = [each.value for each in DECIDED]


def reflect(desk: Desk, now: Now, request: RequestRecord, these: Sequence[This]) -> tuple[Reflection, ...]:
    """Return each decision on a request beside like cases of other requests of its right (MIR-1).

    Sealed cases are counted as every other: below the least number nothing is told of any, so none can be singled out.
    """
    likes: dict[tuple[Question, str], list[Like]] = {}
    for question in dict.fromkeys(each.question for each in these):
        for item, like in _likes(desk, now, request, question, [each.item for each in these if each.question is question]):
            likes.setdefault((question, item), []).append(like)
    return tuple(mirror.reflect(each, likes.get((each.question, each.item), ())) for each in these)


def _likes(
    desk: Desk, now: Now, request: RequestRecord, question: Question, items: list[str]
) -> Iterable[tuple[str, Like]]:
    about = {"kind": request.kind, "request_id": request.id, "closings": _CLOSINGS}
    if question is Question.REFUSAL:
        for row in now.tx.rows("decisions.like_closings", **about):
            yield "", _like(desk, row, mirror.way_of_closing(row["closing"], row["article"]))
    elif question is Question.PAYMENT:
        for row in now.tx.rows("decisions.like_fees", **about):
            ground = GROUNDS[row["ground"]].article if row["ground"] else ""
            yield "", _like(desk, row, mirror.way_of_fee(row["closing"], ground))
    else:
        of = RECORDS[question]
        for row in now.tx.rows(
            "decisions.like_points" if question is Question.CORRECTION else "decisions.like_records", items=items,
            acts=[each.value for each in of.acts], states=[each.value for each in of.states], fact=of.fact, **about,
        ):
            way = mirror.way_of(question, {row["low"], row["high"]}, row["article"], row["fact"])
            if way is not None:
                yield row["item"], _like(desk, row, way)


def _like(desk: Desk, row: Row, way: Way) -> Like:
    return Like(way, row["cases"], establishment(desk.store).local(row["since"]).date())
