"""Restricted data (practice.md 3b): the person's own requests pass and are named in the entry; our own uses are refused."""

from datetime import date, timedelta

import pytest

from core.actions.answers import approvals
from core.actions.answers.erasure import restricted
from core.actions.answers.letters import letters
from core.actions.answers.packages import packages
from core.actions.answers.packages.release import RELEASE
from core.actions.people import imports, people
from core.actions.suppression import suppression_exports, suppression_list
from core.connectors.local import Local
from core.law.errors import NotAllowed
from core.law.rights.restriction import GATEWAYS
from core.law.rights.suppression import Legal
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.answers.erasure.test_erasures import planned
from tests.actions.conftest import MAIL, import_people
from tests.actions.conftest import take_in as take_in_access
from tests.actions.correcting import take_in
from tests.conftest import NOW, desk_of
from tests.permits import own


@pytest.fixture
def here(empty_walk):
    """Give three people of whom the second is restricted on two grounds."""
    found = import_people(empty_walk.store, 3)
    with empty_walk.store.transaction() as tx:
        for ground in ("18.1.a", "18.1.c"):
            Local(empty_walk.store).restrict(tx, found[1], ground, None, NOW)
        empty_walk.store.commit(tx)
    return found


def held(walk, subject):
    with walk.store.transaction() as tx:
        return {each.table: each.rows for each in Local(walk.store).export(tx, own(subject)).tables}


def gateways(entries):
    """The acts whose entry names the gateway."""
    return {row["act"] for row in entries() if '"gateway":"18.2.consent"' in row["details"].replace(" ", "")}


def test_a_restricted_person_receives_the_copy(empty_walk, here, entries):
    walk = take_in_access(empty_walk, here[1], 1)
    walk.prepare()
    walk.work()
    approvals.approve(walk.approver, RELEASE, walk.ask(), key=walk.key())
    walk.work()
    assert packages.fetch(walk.steward, walk.package_id, key=walk.key()).content
    assert {"export.prepare", "package.read", "package.fetch"} <= gateways(entries)


def test_a_restricted_person_is_corrected_at_their_own_request_and_stays_restricted(empty_walk, here, entries):
    correction = take_in(empty_walk, "rectification", here[1], 1)
    correction.propose("city", "Newtown")
    correction.corrected()
    assert held(empty_walk, here[1])["profiles"][0]["city"] == "Newtown"
    assert {"rectify.propose", "plan.prepare", "carrying.end"} <= gateways(entries)
    with empty_walk.store.transaction() as tx:
        assert len(tx.rows("people.standing_restrictions", subjects=[here[1]])) == 2


def test_a_restricted_person_is_erased_at_their_own_request_which_ends_the_restriction_and_is_told(
    empty_walk, here, entries
):
    erasure = take_in(empty_walk, "erasure", here[1], 1)
    letter = planned(erasure)
    told = letters.draft(erasure.steward, erasure.case_ref, "restriction_ends", erasure.request_id, key=new_id())
    letters.mark_sent(erasure.steward, told, "email", date(2026, 11, 23), key=new_id())
    restricted.record_wish(
        erasure.steward, erasure.request_id, date(2026, 11, 23), "by mail of today", version=erasure.version, key=new_id()
    )
    erasure.approve()
    erasure.carry()
    assert not any(held(empty_walk, here[1]).values())
    with empty_walk.store.transaction() as tx:
        assert tx.rows("people.standing_restrictions", subjects=[here[1]]) == []
    assert {"plan.prepare", "carrying.end"} <= gateways(entries)
    letters.mark_sent(erasure.steward, letter, "email", date(2026, 11, 23), key=new_id())
    erasure.close()


@pytest.mark.parametrize("kind", ["people", "events", "consents"])
def test_an_import_changes_nothing_of_a_restricted_person_and_names_the_gateways(empty_walk, here, kind):
    before, lines = held(empty_walk, here[1]), {
        "people": b"customer_id,city\nc1,Ulm\nc2,Ulm\n",
        "events": b"customer_id,at,kind\nc1,2026-10-01T10:00:00,order\nc2,2026-10-01T10:00:00,order\n",
        "consents": b"customer_id,purpose,channel,given,at\nc1,news,email,true,2026-10-01T10:00:00\n"
                    b"c2,news,email,true,2026-10-01T10:00:00\n",
    }[kind]
    more = {"update": True} if kind == "people" else {}
    done = getattr(imports, f"import_{kind}")(empty_walk.steward, lines, key=new_id(), **more)
    ((row, reason),) = done.rejects
    assert (row, done.added + done.changed) == (1, 1)
    assert all(words in reason for words in GATEWAYS.values())
    assert held(empty_walk, here[1]) == before


def test_a_withdrawal_of_a_restricted_person_is_never_turned_away(empty_walk, here):
    lines = b"customer_id,purpose,channel,given,at\nc1,news,email,false,2026-10-01T10:00:00\n"
    done = imports.import_consents(empty_walk.steward, lines, key=new_id())
    assert (done.added, done.rejects) == (1, [])


def test_the_list_that_leaves_holds_no_value_of_a_restricted_person_but_still_stops(empty_walk, here):
    steward, approver = empty_walk.steward, empty_walk.approver
    for number in (1, 2):
        suppression_list.add(steward, "objection", "email", MAIL.format(number), since=date(2026, 11, 1), key=new_id())
    asked = suppression_exports.ask(steward, "all", approver.person.account_id, purpose="request", key=new_id())
    suppression_exports.approve(approver, asked, key=new_id())
    text = suppression_exports.fetch(steward, asked, key=new_id()).content.decode()
    assert MAIL.format(1) not in text
    assert MAIL.format(2) in text
    lines = text.splitlines()[1:]
    assert len(lines) == 2
    assert all(len(line.rpartition(",")[2]) == 64 for line in lines), "the token still stops what the value would"


def test_a_restricted_person_is_opened_for_their_own_request_only(empty_walk, here, entries):
    walk = take_in_access(empty_walk, here[1], 1)
    for purpose, case in (("quality", None), ("quality", walk.case_ref), ("request", None)):
        with pytest.raises(NotAllowed, match="four gateways") as told:
            people.open_person(walk.steward, here[1], purpose=purpose, case=case)
        assert "from its case" in str(told.value)
    assert people.open_person(walk.steward, here[1], purpose="request", case=walk.case_ref).restricted
    assert "person.open" in gateways(entries)
    assert not people.open_person(walk.steward, here[2], purpose="quality").restricted


def test_clearing_away_leaves_what_is_about_a_restricted_person(empty_walk, here):
    store = empty_walk.store
    from core.connectors.suppressed import Mark, enter, token

    with store.transaction() as tx:
        enter(store, tx, [
            Mark(Legal.DO_NOT_IMPORT, token(store, "email", each), "email", "import", "all", "wish", NOW, "import", None,
                 subject, (NOW + timedelta(days=1)).date())
            for each, subject in (("a@example.com", here[1]), ("b@example.com", here[2]), ("c@example.com", None))
        ], NOW, NOW.date())
        store.commit(tx)
    worker = desk_of(store, Role.WORKER, now=NOW + timedelta(days=2))
    assert suppression_list.forget_expired(worker) == 2
    assert suppression_list.forget_expired(worker) == 0
    with store.transaction() as tx:
        left = tx._cursor.execute("select subject_ref from suppressions where state = 'do_not_import'").fetchall()
    assert left == [(here[1],)]
