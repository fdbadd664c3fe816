"""The answer on its way: sent, come back, closed; and no word typed on the way in any row of the log."""

from datetime import date, timedelta

import pytest

from core.actions.answers import approvals, sending
from core.actions.answers.letters import letters
from core.actions.answers.packages import packages
from core.actions.answers.packages.release import RELEASE
from core.actions.cases import cases, queue
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible
from core.law.roles import Role
from tests.conftest import NOW, desk_of

TODAY = NOW.date()


def send(walk, channel="email", day=TODAY, who=None, version=None):
    sending.mark_sent(
        who or walk.steward, walk.request_id, channel, day, version=version or walk.version, key=walk.key()
    )


def stands(walk, days=0):
    """Return what the queue and the request's page say: whether its answer is out, and how it stands."""
    desk = walk.at(walk.steward, NOW + timedelta(days=days))
    (row,) = queue.list_requests(desk, "open").rows
    assert (row in queue.list_requests(desk, "overdue").rows) is (row.standing.level == "late")
    (request,) = cases.open_case(desk, walk.case_ref).requests
    assert request.standing == row.standing
    return row.sent, request.sent, row.standing.level


def test_sent_come_back_sent_again_and_closed(walk):
    walk.fetched()
    assert stands(walk) == (False, False, "open")
    send(walk)
    assert stands(walk, days=90) == (True, True, "sent"), "its clock stands, and no board calls it late"
    first = walk.row()
    assert (first.state, first.came_back_at) == ("ready_to_send", None)
    with pytest.raises(NotPossible):
        send(walk)
    sending.came_back(walk.steward, walk.request_id, "BACKWORDS", version=walk.version, key=walk.key())
    assert stands(walk) == (False, False, "sent"), "the day of sending stays"
    back = walk.row()
    assert back.sent_at == first.sent_at
    assert back.final_due == first.final_due
    with pytest.raises(NotPossible):
        sending.close(walk.steward, walk.request_id, "fulfilled", version=walk.version, key=walk.key())
    send(walk)
    assert walk.row().sent_at == first.sent_at
    sending.close(walk.steward, walk.request_id, "fulfilled", version=walk.version, key=walk.key())
    assert (walk.row().state, walk.row().closing) == ("closed", "fulfilled")
    with pytest.raises(NotPossible, match="closed"):
        sending.came_back(walk.steward, walk.request_id, "x", version=walk.version, key=walk.key())


def test_what_cannot_be_marked_as_sent(walk):
    walk.released()
    with pytest.raises(NotPossible, match="Download"):
        send(walk)
    with pytest.raises(NotAllowed):
        send(walk, who=walk.approver)
    packages.fetch(walk.steward, walk.package_id, key=walk.key())
    for day in (date(2026, 11, 24), date(2026, 11, 19), date(2026, 11, 22)):
        with pytest.raises(Invalid, match="day of sending"):
            send(walk, day=day)
    with pytest.raises(Invalid, match="another way"):
        send(walk, channel="post")
    with pytest.raises(Invalid, match="how"):
        send(walk, channel="pigeon")
    with pytest.raises(Conflict):
        send(walk, version=walk.version - 1)
    assert walk.row().sent_at is None


def test_an_answer_with_data_does_not_end_as_no_data_held_or_as_a_guess(walk):
    walk.fetched()
    with pytest.raises(NotPossible):
        sending.close(walk.steward, walk.request_id, "fulfilled", version=walk.version, key=walk.key())
    send(walk)
    with pytest.raises(NotPossible, match="shows data"):
        sending.close(walk.steward, walk.request_id, "no_data_held", version=walk.version, key=walk.key())
    for wrong in ("nonsense", "withdrawn"):
        with pytest.raises((Invalid, NotPossible)):
            sending.close(walk.steward, walk.request_id, wrong, version=walk.version, key=walk.key())


def test_no_word_typed_on_the_way_stands_in_the_log(walk, entries):
    walk.prepare()
    walk.work()
    approvals.give_back(walk.approver, RELEASE, walk.ask(), "RETURNWORDS", key=walk.key())
    approvals.approve(walk.approver, RELEASE, walk.ask(), words="APPROVALWORDS", key=walk.key())
    walk.work()
    letter = letters.draft(walk.steward, walk.case_ref, "answer", walk.request_id, key=walk.key())
    letters.save(walk.steward, letter, "LETTERWORDS", key=walk.key())
    packages.fetch(walk.steward, walk.package_id, key=walk.key())
    cases.add_note(walk.steward, walk.case_ref, "NOTEWORDS", key=walk.key())
    send(walk)
    sending.came_back(walk.steward, walk.request_id, "BACKWORDS", version=walk.version, key=walk.key())
    log = str(entries())
    for word in ("WORDS", "marker", "Given000", "Family000", "Sampletown", "example.com"):
        assert word not in log
    with walk.store.transaction() as tx:
        moves = tx.rows("requests.moves", request_id=walk.request_id)
    assert not any(b"WORDS" in (row["words"] or b"") for row in moves)
    assert sum(row["words"] is not None for row in moves) == 3


def test_roles_that_may_not_send_or_close(walk):
    walk.fetched()
    for role in (Role.MANAGER, Role.ANALYST, Role.ADMINISTRATOR, Role.MARKETER):
        who = desk_of(walk.store, role, name="x")
        with pytest.raises(NotAllowed):
            send(walk, who=who)
        with pytest.raises(NotAllowed):
            sending.close(who, walk.request_id, "fulfilled", version=walk.version, key=walk.key())
