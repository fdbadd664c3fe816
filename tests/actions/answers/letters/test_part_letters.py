"""What is left undone is told with its reasons, the complaint and the remedy before the answer counts as sent."""

from datetime import date, timedelta

import pytest

from core.actions.answers import carrying, sending
from core.actions.answers.erasure import erasures
from core.actions.answers.erasure.erasures import Claim
from core.actions.answers.letters import letters
from core.actions.answers.restriction import restriction_lifts
from core.actions.people import imports
from core.connectors import registered
from core.law.errors import NotPossible
from core.store.engine import new_id
from tests.actions.conftest import import_people
from tests.actions.correcting import take_in
from tests.actions.in_one_piece import in_one_piece
from tests.conftest import NOW

SENT_ON = date(2026, 11, 23)
KEPT = Claim("local", "events", "17.3.b", "Section 147 of the Fiscal Code", date(2034, 12, 31))


@pytest.fixture
def subject(empty_walk):
    return import_people(empty_walk.store, 2)[1]


def body_of(request, letter):
    (text,) = [each.text for each in letters.list_letters(request.steward, request.case_ref) if each.id == letter]
    return text


def mark_sent(request):
    sending.mark_sent(request.steward, request.request_id, "email", SENT_ON, version=request.version, key=new_id())


def erased(request, letter, grounds=("17.1.a", "17.1.d"), claims=()):
    erasures.choose(request.steward, request.request_id, grounds, claims, version=request.version, key=new_id())
    request.plan()
    drafted = request.letter(letter, send=False)
    request.approve()
    request.carry()
    return drafted


def test_a_part_that_is_kept_is_told_before_the_answer_counts_as_sent(empty_walk, subject):
    event = b"customer_id,at,kind,channel,detail\nc1,2026-01-02T10:00:00,order,web,x"
    imports.import_events(empty_walk.steward, event, key=new_id())
    request = take_in(empty_walk, "erasure", subject, 1)
    letter = erased(request, "erasure_partly", claims=(KEPT,))
    with pytest.raises(NotPossible, match="erasure partly"):
        mark_sent(request)
    text = body_of(request, letter)
    for gone, lacks in (("2034-12-31", "the reasons"), ("supervisory", "complaint"), ("judicial remedy", "judicial remedy")):
        in_one_piece(request.store, letter, text.replace(gone, ""))
        with pytest.raises(NotPossible, match=lacks):
            letters.mark_sent(request.steward, letter, "email", SENT_ON, key=new_id())
    in_one_piece(request.store, letter, text)
    letters.mark_sent(request.steward, letter, "email", SENT_ON, key=new_id())
    mark_sent(request)
    request.close("partly_fulfilled")


def test_nothing_erased_is_told_too(empty_walk, subject):
    request = take_in(empty_walk, "erasure", subject, 1)
    letter = erased(request, "erasure_refused", grounds=("17.1.f",))
    with pytest.raises(NotPossible, match="erasure refused"):
        mark_sent(request)
    letters.mark_sent(request.steward, letter, "email", SENT_ON, key=new_id())
    mark_sent(request)
    request.close("refused")


def test_a_system_that_was_not_reached_makes_a_whole_erasure_a_part(empty_walk, subject, monkeypatch):
    request = take_in(empty_walk, "erasure", subject, 1)
    monkeypatch.delitem(registered.CONNECTORS, "local")
    erasures.choose(request.steward, request.request_id, ("17.1.d",), (), version=request.version, key=new_id())
    request.plan()
    with pytest.raises(NotPossible, match="another outcome"):
        request.letter("erasure_carried_out", send=False)
    assert "not connected to our desk" in body_of(request, request.letter("erasure_partly", send=False))


def test_a_restriction_that_did_not_reach_a_system_is_told_as_a_part(empty_walk, subject, monkeypatch):
    request = take_in(empty_walk, "restriction", subject, 1)
    restriction_lifts.record_terms(
        request.steward, request.request_id, "18.1.a", (NOW + timedelta(days=90)).date(), version=request.version, key=new_id()
    )
    monkeypatch.delitem(registered.CONNECTORS, "local")
    request.plan()
    carrying.start(request.steward, request.request_id, version=request.version, key=new_id())
    request.carry()
    request.letter("restriction_set")
    with pytest.raises(NotPossible, match="partly answered"):
        mark_sent(request)
    request.letter("partly_answered")
    with pytest.raises(NotPossible, match="A system did not answer"):
        request.close()
    request.close("partly_fulfilled")


def test_where_nothing_is_left_undone_no_request_ends_in_part(walk):
    walk.fetched()
    with pytest.raises(NotPossible, match="nothing is missing"):
        letters.draft(walk.steward, walk.case_ref, "partly_answered", walk.request_id, key=new_id())
    sending.mark_sent(walk.steward, walk.request_id, "email", NOW.date(), version=walk.version, key=new_id())
    with pytest.raises(NotPossible, match="nothing of it is left undone"):
        sending.close(walk.steward, walk.request_id, "partly_fulfilled", version=walk.version, key=new_id())
    sending.close(walk.steward, walk.request_id, "fulfilled", version=walk.version, key=new_id())
