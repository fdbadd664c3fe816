"""The decision mirror as people read it: each decision in hand beside like cases, in numbers alone; no name, no reference."""

from collections.abc import Collection
from dataclasses import dataclass

from core.actions.answers.bound_letter import refusing
from core.actions.answers.decisions import title_of
from core.actions.answers.like_cases import reflect
from core.actions.answers.plan_approvals import planned
from core.actions.desk import things
from core.actions.desk.act import Now, look
from core.actions.desk.desk import Desk
from core.connectors.catalogue import catalogue
from core.law import fee
from core.law.acts import Act
from core.law.records import facts_of
from core.law.rights.mirror import ON_THE_ANSWER, RECORDS, Question, Reflection, This, charged, extended, warning, way_of
from core.law.ways import RIGHTS, Kind
from core.law.workflow import State
from core.store.records import RequestRecord

_PURPOSE = "purposes."  # before the code of a purpose, where it is the item of a decision


@dataclass(frozen=True, slots=True)
class MirrorRow:
    """One decision in hand beside like cases; of fewer than five there are no numbers."""

    title: str
    here: str
    ways: tuple[tuple[str, int], ...]  # how like cases were decided, on what, and how many of them
    summary: str
    unlike: str  # the sentence that marks unequal treatment, or empty


@dataclass(frozen=True, slots=True)
class Mirror:
    """How like cases were decided; `warning` is the one sentence where this request is treated unequally, or empty."""

    rows: tuple[MirrorRow, ...]
    warning: str


def of_request(desk: Desk, request_id: str, about: Collection[Question] = ON_THE_ANSWER) -> Mirror:
    """Return how like cases of what is prepared or decided on a request were decided.

    Whoever may open the case may look: who prepares, and who is asked to approve in it.
    """
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        request = now.at.request
        these = [each for each in _in_hand(desk, now, request, about) if each.question in about]
        shown = [(_title(request, each.this), each) for each in reflect(desk, now, request, these)]
    return Mirror(tuple(_row(title, each) for title, each in shown), warning(shown))


def _in_hand(desk: Desk, now: Now, request: RequestRecord, about: Collection[Question]) -> list[This]:
    """Return what is prepared or decided on a request for these questions; once it is closed, nothing can be changed any more."""
    if request.state == State.CLOSED:
        return []
    these = [*refusing(desk, now)] if Question.REFUSAL in about else []
    if {Question.ERASURE, Question.CORRECTION} & set(about):
        these += planned(desk, now)
    if Question.OBJECTION in about and request.kind == Kind.OBJECTION:
        these += _weighed(now, request)
    if Question.EXTENSION in about:
        held = now.tx.one("clock.extension", request_id=request.id)
        if held is not None and held["told_on"] is None:
            these.append(This(Question.EXTENSION, "", extended(held["grounds"].split(","))))
    if Question.PAYMENT in about:
        rows = [row for row in now.tx.rows("clock.fees", request_id=request.id) if row["state"] != "ended"]
        these += [This(Question.PAYMENT, "", charged(fee.GROUNDS[row["ground"]].article)) for row in rows[-1:]]
    return these


def _weighed(now: Now, request: RequestRecord) -> list[This]:
    """Return what was weighed last for each use of the data to which the person objects."""
    of, last = RECORDS[Question.OBJECTION], {}
    for row in now.tx.rows("decisions.of_request", request_id=request.id):
        if row["act"] in of.acts and row["item"].startswith(_PURPOSE):
            last[row["item"]] = row
    ways = {
        item: way_of(Question.OBJECTION, [row["outcome"]], row["article"], dict(facts_of(row["inputs"])).get(of.fact, ""))
        for item, row in last.items()
    }
    return [This(Question.OBJECTION, item, way) for item, way in ways.items() if way is not None]


def _row(title: str, each: Reflection) -> MirrorRow:
    return MirrorRow(
        title, each.this.way.words, tuple((like.way.words, like.cases) for like in each.likes), each.told(title),
        each.sentence(title),
    )


def _title(request: RequestRecord, this: This) -> str:
    if not this.item:
        return RIGHTS[Kind(request.kind)].name
    code = this.item.removeprefix(_PURPOSE)
    if code != this.item:
        return next((each.title for name, each in catalogue().purposes.items() if _item(name) == code), code)
    return title_of(this.item)


def _item(code: str) -> str:
    return code.lower().replace("-", "_")
