"""What an erasure in part leaves: locked to its ground, erased on its day, unless a hold or something new is in the way."""

from datetime import date, datetime, timedelta

import pytest

from core.actions.answers import decisions
from core.actions.answers.erasure import kept_ends, kept_parts
from core.actions.answers.erasure.erasures import Claim
from core.actions.answers.letters import letters
from core.actions.oversight import holds
from core.actions.people import imports, people
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.rights.kept import KeptStanding
from core.law.roles import Role
from core.store.engine import new_id
from core.store.ledger import ERASED
from tests.actions.answers.erasure.test_erasures import TAX, held, planned, send
from tests.actions.approving import approve_letter
from tests.actions.oversight.test_holds import put, released
from tests.conftest import NOW, desk_of
from tests.grounds import ground

LAST, DUE = datetime(2034, 12, 31, 12), datetime(2035, 1, 1, 12)
ENDLESS = Claim("local", "events", "17.3.a", why="Weighed against the freedom of the press.")
EVENT = b"customer_id,at,kind,channel,detail\nc1,2026-11-23T08:00:00,invoice,web,latemarker"


@ground("erasure")
def partly(erasure):
    """Give an erasure that kept the events by a tax law, closed."""
    return carried(erasure, TAX)


def carried(erasure, *claims):
    letter = planned(erasure, "erasure_partly", claims=claims)
    erasure.approve()
    erasure.carry()
    send(erasure, letter)
    erasure.close("partly_fulfilled")
    return erasure


def worker(erasure, now=DUE):
    return desk_of(erasure.store, Role.WORKER, name="worker", now=now)


def at(desk, now):
    return desk_of(desk.store, *desk.person.roles, name=desk.person.name, now=now)


def part(erasure, now=NOW):
    (only,) = kept_parts.list_kept(at(erasure.steward, now))
    return only


def rows(erasure):
    with erasure.store.transaction() as tx:
        return tx._cursor.execute("select kind, detail from events where subject_ref = $s", {"s": erasure.subject}).fetchall()


def add_row(erasure):
    """Let a new invoice come in for the person, as a connected system would."""
    with erasure.store.transaction() as tx:
        tx._cursor.execute(
            "insert into events select $id, subject_ref, happened_at, 'invoice', channel, detail from events "
            "where subject_ref = $s limit 1", {"id": new_id(), "s": erasure.subject},
        )
        erasure.store.commit(tx)


def test_what_stays_stands_on_the_list_with_ground_and_day_and_no_name(partly):
    only = part(partly)
    assert (only.ground, only.until, only.rows, only.standing) == ("17.3.b", date(2034, 12, 31), 1, KeptStanding.KEPT)
    assert "Marker" not in str(only)
    (known,) = kept_parts.of_request(partly.steward, partly.request_id)
    assert known.rests_on.startswith("Section 147")
    with partly.store.transaction() as tx:
        assert "Section 147" not in str(tx._cursor.execute("select * from kept_items").fetchall())


def test_it_is_erased_on_its_day_and_not_before_and_the_letter_is_drafted(partly, entries):
    assert kept_ends.erase_due(worker(partly, LAST)) == 0
    assert rows(partly)
    assert part(partly, LAST).standing is KeptStanding.KEPT
    assert part(partly, DUE).standing is KeptStanding.DUE
    assert kept_ends.erase_due(worker(partly)) == 1
    assert not rows(partly)
    assert kept_parts.list_kept(partly.steward) == []
    (letter,) = [each for each in letters.list_letters(partly.steward, partly.case_ref) if each.kind == "kept_part_erased"]
    for words in ("1 January 2035", "event", "Nothing else of what stayed"):
        assert words in letter.text
    assert [row["reference"] for row in kept_parts.untold(partly.steward)] == [partly.row().reference]
    approve_letter(at(partly.steward, DUE), letter.id, at(partly.approver, DUE))
    letters.mark_sent(at(partly.steward, DUE), letter.id, "email", DUE.date(), key=new_id())
    assert kept_parts.untold(partly.steward) == []
    assert kept_ends.erase_due(worker(partly)) == 0, "once"
    (entry,) = [row for row in entries() if row["act"] == "kept.erase"]
    assert entry["outcome"] == "done"
    last = [each for each in decisions.of_request(partly.steward, partly.request_id) if each.what.startswith("erased on its day")]
    assert [(each.outcome, each.item) for each in last] == [("erase", "Events")]


def test_the_ledger_and_the_key_follow_so_that_no_backup_brings_it_back(partly):
    kept_ends.erase_due(worker(partly))
    partly.carry(DUE)
    scopes = [entry.scope for entry in partly.store.ledger.entries(ERASED) if entry.ref == partly.subject]
    assert scopes == ['{"kept": {"events": ["detail"]}, "key": "destroyed"}', '{"kept": {}, "key": "destroyed"}']


def test_the_clockwork_erases_it(partly):
    from core.work.tasks import wind

    wind(partly.store, DUE)
    partly.carry(DUE)
    assert not rows(partly)


def test_a_hold_stops_it_and_after_the_release_it_goes(partly):
    hold_id = put(partly)
    assert part(partly, DUE).standing is KeptStanding.HELD
    assert kept_ends.erase_due(worker(partly)) == 0
    with pytest.raises(NotPossible, match="hold stands"):
        kept_ends.erase(worker(partly), part(partly).id)
    assert rows(partly)
    released(partly, hold_id)
    assert kept_ends.erase_due(worker(partly)) == 1
    assert not rows(partly)


def test_a_copy_that_is_asked_for_goes_out_first(erasure, empty_walk):
    from tests.actions.conftest import take_in as access

    partly = carried(erasure, Claim("local", "profiles", "17.3.b", "a tax law", date(2034, 12, 31)))
    access(empty_walk, partly.subject, 1, proven=False)
    assert kept_ends.erase_due(worker(partly)) == 0
    assert held(partly, partly.subject)
    assert part(partly, DUE).standing is KeptStanding.DUE, "it is seen as due, and tried again"


def test_what_a_hold_alone_kept_goes_when_it_is_released_by_the_same_plan(erasure):
    hold_id = put(erasure, category="")
    letter = planned(erasure, "erasure_refused")
    erasure.approve()
    erasure.carry()
    send(erasure, letter)
    erasure.close("refused")
    listed = kept_parts.list_kept(erasure.steward)
    assert {each.standing for each in listed} == {KeptStanding.HELD}
    assert held(erasure, erasure.subject)
    released(erasure, hold_id)
    assert kept_ends.erase_due(worker(erasure, NOW + timedelta(hours=2))) == len(listed)
    erasure.carry(NOW + timedelta(hours=3))
    assert not held(erasure, erasure.subject)
    assert not rows(erasure)


def test_what_a_hold_kept_whole_falls_back_to_its_exception_when_it_is_released(erasure):
    hold_id = put(erasure)
    letter = planned(erasure, "erasure_refused", claims=(TAX,))
    erasure.approve()
    erasure.carry()
    send(erasure, letter)
    erasure.close("refused")
    assert rows(erasure)[0][1] is not None
    released(erasure, hold_id)
    kept_ends.erase_due(worker(erasure, NOW + timedelta(hours=2)))
    assert rows(erasure) == [("order", None)], "emptied as the plan said, and kept until its day"
    only = part(erasure)
    assert (only.ground, only.until, only.standing) == ("17.3.b", date(2034, 12, 31), KeptStanding.KEPT)
    kept_ends.erase_due(worker(erasure))
    assert not rows(erasure)


def test_a_new_invoice_is_shown_and_stops_the_erasure_until_somebody_decides(partly):
    add_row(partly)
    (new,) = kept_parts.news(partly.steward, partly.request_id)
    assert (new.then, new.now) == (1, 2)
    assert kept_ends.erase_due(worker(partly)) == 0
    assert len(rows(partly)) == 2
    only = part(partly, DUE)
    assert only.standing is KeptStanding.CHANGED
    with pytest.raises(NotAllowed, match="another person"):
        kept_parts.confirm(desk_of(partly.store, Role.DPO, name="steward"), only.id, version=only.version, key=new_id())
    kept_parts.confirm(at(partly.approver, DUE), only.id, version=only.version, key=new_id())
    assert kept_ends.erase_due(worker(partly)) == 1
    assert not rows(partly)


def test_a_new_row_is_shown_when_the_plan_is_opened_before_anything_is_done(erasure):
    planned(erasure, "erasure_partly", claims=(TAX,))
    assert kept_parts.news(erasure.steward, erasure.request_id) == []
    imports.import_events(erasure.checker, EVENT, key=new_id())
    (new,) = kept_parts.news(erasure.steward, erasure.request_id)
    assert (new.then, new.now) == (1, 2)


def test_it_is_kept_longer_only_on_a_ground_with_its_record_and_never_shorter(partly):
    only = part(partly)

    def prolong(until, exemption="17.3.e", reference="Suit 7 O 12/26", desk=partly.steward):
        kept_parts.prolong(desk, only.id, exemption, reference, until, version=part(partly).version, key=new_id())

    for until, more in ((date(2030, 1, 1), {}), (None, {}), (date(2036, 1, 1), {"reference": ""}),
                        (date(2036, 1, 1), {"exemption": "17.3.z"})):
        with pytest.raises(Invalid):
            prolong(until, **more)
    with pytest.raises(NotAllowed):
        prolong(date(2036, 1, 1), desk=partly.approver)
    prolong(date(2036, 12, 31))
    assert kept_ends.erase_due(worker(partly)) == 0
    assert kept_ends.erase_due(worker(partly, datetime(2037, 1, 1, 12))) == 1
    shown = [each for each in decisions.of_request(partly.steward, partly.request_id) if each.what.startswith("kept longer")]
    assert [(each.article, each.words) for each in shown] == [("17(3)(e)", "Suit 7 O 12/26")]


def test_nothing_of_a_case_sealed_to_others_is_listed(partly):
    put(partly)
    with partly.store.transaction() as tx:
        tx._cursor.execute("update cases set sealed_to_names = true where case_ref = $c", {"c": partly.case_ref})
        tx._cursor.execute("insert into case_named (case_ref, account_id) values ($c, 'account-steward')", {"c": partly.case_ref})
        partly.store.commit(tx)
    assert kept_parts.list_kept(partly.steward)
    assert holds.list_holds(partly.steward)
    assert kept_parts.list_kept(partly.checker) == []
    assert holds.list_holds(partly.checker) == []


def test_what_has_no_day_waits_for_its_confirmation(erasure):
    partly = carried(erasure, ENDLESS)
    only = part(partly)
    assert only.standing is KeptStanding.OPEN_ENDED
    assert kept_ends.erase_due(worker(partly)) == 0
    kept_parts.confirm(partly.approver, only.id, version=only.version, key=new_id())
    assert kept_ends.erase_due(worker(partly)) == 1


def test_nothing_is_confirmed_before_its_day_or_by_a_steward(partly):
    only = part(partly)
    with pytest.raises(NotPossible, match="needs no confirmation"):
        kept_parts.confirm(partly.approver, only.id, version=only.version, key=new_id())
    with pytest.raises(NotAllowed):
        kept_parts.confirm(partly.checker, only.id, version=only.version, key=new_id())


def test_what_is_kept_is_used_for_its_ground_alone(erasure):
    """The profile itself is kept: neither an import nor a look outside of the person's own request may use it."""
    kept = Claim("local", "profiles", "17.3.b", "Section 147 of the Fiscal Code", date(2034, 12, 31))
    names = Claim("local", "identifier_values", "17.3.b", "Section 147 of the Fiscal Code", date(2034, 12, 31))
    partly = carried(erasure, kept, names)
    with pytest.raises(NotAllowed, match="for its ground alone"):
        people.open_person(partly.steward, partly.subject, purpose="quality")
    assert people.open_person(partly.steward, partly.subject, purpose="request", case=partly.case_ref)
    before = held(partly, partly.subject)
    done = imports.import_people(partly.steward, b"customer_id,city\nc1,Newtown", update=True, key=new_id())
    assert done.rejected == 1
    assert held(partly, partly.subject) == before


def test_a_later_erasure_decides_anew_about_what_an_earlier_one_left(erasure, empty_walk):
    from tests.actions.correcting import take_in

    carried(erasure, Claim("local", "profiles", "17.3.b", "a tax law", date(2034, 12, 31)))
    again = take_in(empty_walk, "erasure", erasure.subject, 1, "signed_in")
    letter = planned(again)
    again.approve()
    again.carry()
    send(again, letter)
    assert kept_parts.list_kept(again.steward) == []
    assert not held(again, again.subject)
