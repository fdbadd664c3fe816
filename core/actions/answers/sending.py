"""The answer on its way: sent, come back, and closed once it has reached the person."""

from datetime import date

from core.actions.answers import need_records
from core.actions.answers.bound_letter import require_sendable
from core.actions.answers.erasure import raised
from core.actions.answers.letters.disclosing import enter_disclosure
from core.actions.answers.letters.part_letters import ending_of, require_told
from core.actions.answers.owners import owner_tasks
from core.actions.answers.packages.ways_out import require_left
from core.actions.answers.planned import read_body
from core.actions.answers.plans import read_plan
from core.actions.answers.progress import freeze
from core.actions.answers.rooms import ROOMS
from core.actions.cases.authority import REPRESENTATIVE, goes_to, require_alive
from core.actions.cases.transitions import move
from core.actions.desk import things
from core.actions.desk.act import act, guard, repeated
from core.actions.desk.delivery import CHANNELS
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import sent_moment, today_of
from core.connectors import desk_records
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.representatives import Goes
from core.law.typed import read_text
from core.law.ways import RIGHTS, Course, Kind
from core.law.ways_out import SENT_BY_LINK
from core.law.workflow import Closing, Step, end


@repeated
def mark_sent(desk: Desk, request_id: str, channel: str, sent_at: date, *, version: int, key: str) -> None:
    """Record that the answer went out, how and on which day; the request stays ready to send until it is closed.

    The package must have been downloaded, and goes to the address that was approved. When an answer that came back
    goes out again, the first day of sending stays: the clock is not opened again.
    """
    with act(desk, Act.ANSWER_SENT, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at.of_version(version)
        if channel not in CHANNELS and channel != SENT_BY_LINK:
            raise Invalid("Choose how the answer was sent.", "channel")
        moment = sent_moment(desk, sent_at, at.request.received_at)
        move(desk, now, at.request, Step.SEND, version=version)
        by_letter = require_sendable(desk, now, at) is not None
        require_alive(now, at.case, REPRESENTATIVE if goes_to(now, at.case) is Goes.REPRESENTATIVE else "")
        if RIGHTS[Kind(at.request.kind)].course is Course.COPY and not by_letter:
            require_left(desk, now, at, channel, moment)
        elif channel == SENT_BY_LINK:
            raise Invalid("Only a package leaves by a link. Choose how the answer was sent.", "channel")
        require_told(desk, now, at)
        need_records.ends(desk, now, at)
        if at.request.sent_at is None:
            enter_disclosure(desk, now, at)
        guard(now.tx.run("requests.sent", id=request_id, sent_at=moment))
        now.detail |= {"channel": channel, "sent_on": establishment(desk.store).local(moment).date().isoformat()}


@repeated
def came_back(desk: Desk, request_id: str, reason: str, *, version: int, key: str) -> None:
    """Record that the sent answer came back; the day of sending stays, and the request is ready to send again."""
    with act(desk, Act.ANSWER_CAME_BACK, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at.of_version(version)
        move(desk, now, at.request, Step.CAME_BACK, version=version, words=read_text(reason, "reason"))
        guard(now.tx.run("requests.came_back", id=request_id, came_back_at=desk.now))
        now.detail["day"] = today_of(desk).isoformat()


@repeated
def close(desk: Desk, request_id: str, closing: str, *, version: int, key: str) -> None:
    """Close a request whose answer was sent. `fulfilled` needs a plan in which every system answered.

    Where a system failed or is not connected it is `partly_fulfilled`, and the letter with the reasons went out (12(4));
    `no_data_held` needs zero everywhere but here at the desk, and the sent letter that says so.
    """
    with act(desk, Act.REQUEST_CLOSE, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at.of_version(version)
        try:
            ending = end(Step.CLOSE_ANSWERED, Closing(closing))
        except ValueError:
            raise Invalid("Choose how the request ends.", "closing") from None
        told = require_sendable(desk, now, at)
        plan = read_plan(desk, now, at.request.plan_id) if at.request.plan_id else None
        room = ROOMS.get(Kind(at.request.kind)) if plan is not None and told is None else None
        expected = need_records.ends(desk, now, at)
        if expected is not None and ending is not expected:
            raise NotPossible(f"By what was recorded it ends as {expected.replace('_', ' ')}.")
        if ending is Closing.REFUSED and told is None and expected is None and not (room and room.own_endings):
            raise NotPossible("Refuse the request on a ground first; another person approves it.")
        if told is not None and ending is not told:
            raise NotPossible(f"By the letter that was approved it ends as {told.replace('_', ' ')}.")
        if ending is Closing.PARTLY_FULFILLED and told is None and ending_of(desk, now, at) is not ending:
            raise NotPossible("By its plan nothing of it is left undone: it does not end as partly fulfilled.")
        require_told(desk, now, at)
        if plan is not None:
            if ending is Closing.FULFILLED and not plan.whole:
                raise NotPossible("A system did not answer or is not connected: close it as partly fulfilled.")
            elsewhere = sum(each.rows for each in plan.systems if each.code != desk_records.SYSTEM)
            if ending is Closing.NO_DATA_HELD and (elsewhere or not plan.whole):
                raise NotPossible("The plan shows data, or a system did not answer: it does not end as no data held.")
            if room is not None:  # a letter of its own answers without what a search would find
                owner_tasks.require_answered(now, at.request)
                room.require_ending(desk, now, at, read_body(desk, now, plan.id), ending)
        if ending is Closing.NO_DATA_HELD and not now.tx.rows(
            "letters.sent_of_case", case_ref=at.case.case_ref, kind=Closing.NO_DATA_HELD.value
        ):
            raise NotPossible("Send the person the letter that says so first, and mark it as sent.")
        raised.require_answered(desk, now, at, ending)
        if ending is Closing.NO_DATA_HELD:
            owner_tasks.require_searched(now, at.case.case_ref)
        move(desk, now, at.request, Step.CLOSE_ANSWERED, version=version, closing=ending)
        freeze(desk, now, request_id)
        now.detail["closing"] = ending.value
