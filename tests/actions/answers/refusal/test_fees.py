"""A fee from its evidence to what the person chose: announced before it is charged, and the clock as the law has it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from core.actions.answers import requests, sending
from core.actions.answers.letters import letters
from core.actions.answers.refusal import fees
from core.actions.cases import cases, intake
from core.actions.desk.establishment import Establishment, keep
from core.actions.people import imports
from core.law.errors import Conflict, Invalid, NotPossible
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import MAIL, take_in
from tests.actions.in_one_piece import in_one_piece
from tests.conftest import NOW, desk_of

FACTS = "FACTWORDS: the very same copy was given nine days ago and nothing changed."
EVIDENCE = "EVIDENCEWORDS: request of 11 November, answered on 15 November."
COSTS = "Copying 210 pages 21.00\nPostage 6.99"
REPLY, TODAY = date(2026, 12, 7), NOW.date()


def prepare(walk, ground="excessive", told=FACTS, evidence=EVIDENCE, costs=COSTS, desk=None, **changes):
    given = {
        "currency": "EUR", "reply_by": REPLY, "version": walk.version, "key": new_id(), "circumstances": ["number", "unchanged"],
    } | changes
    return fees.prepare(desk or walk.steward, walk.request_id, ground, told, evidence, costs, **given)


def shown(walk):
    return fees.of_request(walk.steward, walk.request_id)[-1]


def announced(walk, **changes):
    prepare(walk, **changes)
    letters.mark_sent(walk.steward, shown(walk).letter_id, "email", NOW.date(), key=new_id())
    return shown(walk)


def end(walk, outcome, on=TODAY, desk=None):
    fees.record_outcome(desk or walk.steward, shown(walk).id, outcome, on, version=shown(walk).version, key=new_id())


def at(walk, day):
    return walk.at(walk.steward, datetime.combine(day, time(15)))


def test_the_whole_way_of_a_fee_does_not_stop_the_clock_in_the_union(walk, entries):
    before = walk.row().final_due
    prepare(walk)
    fee = shown(walk)
    body = next(each.text for each in letters.list_letters(walk.steward, walk.case_ref) if each.id == fee.letter_id)
    for words in ("excessive", FACTS, "Copying 210 pages: 21.00 EUR", "27.99 EUR", "withdraw", "7 December 2026", "complain to"):
        assert words in body
    assert "EVIDENCEWORDS" not in body
    assert (fee.total, fee.evidence, fee.state) == ("27.99 EUR", EVIDENCE, "prepared")
    with pytest.raises(NotPossible, match="Announce the fee first"):
        end(walk, "paid")
    letters.mark_sent(walk.steward, fee.letter_id, "email", NOW.date(), key=new_id())
    assert (shown(walk).state, shown(walk).announced_on) == ("announced", NOW.date())
    assert "does not stop the clock" in shown(walk).clock
    assert walk.row().final_due == before
    end(walk, "paid")
    assert (shown(walk).state, shown(walk).outcome, walk.row().final_due) == ("ended", "paid", before)
    assert walk.state == "in_progress"
    with pytest.raises(NotPossible, match="already"):
        end(walk, "waived")
    log = entries()
    assert [row["act"] for row in log if row["act"].startswith("fee")].count("fee.outcome") >= 1
    assert not [row for row in log if any(word in str(row) for word in ("FACTWORDS", "EVIDENCEWORDS", "27.99", "Postage"))]


def in_the_united_kingdom(walk):
    with walk.store.transaction() as tx:
        keep(walk.store, tx, Establishment("C", "c", "d", "a", "uk_gdpr", "GB-ENG", "Europe/London", "GB"))
        walk.store.commit(tx)
    return take_in(walk, walk.subject, 1)


def test_in_the_united_kingdom_the_period_starts_anew_at_the_payment(walk):
    mine = in_the_united_kingdom(walk)
    assert mine.row().final_due == date(2026, 12, 21)
    fee = announced(mine)
    assert "starts anew when it is paid" in fee.clock
    assert (mine.row().final_due, mine.row().clock_state) == (None, "paused")
    end(mine, "paid", date(2026, 12, 1), at(mine, date(2026, 12, 2)))
    assert (mine.row().final_due, mine.row().clock_state) == (date(2027, 1, 4), "running")


def test_a_fee_that_is_not_paid_keeps_the_british_clock_waiting_and_one_we_drop_does_not_count(walk):
    mine = in_the_united_kingdom(walk)
    announced(mine)
    end(mine, "not_paid")
    assert mine.row().clock_state == "paused"
    other = take_in(mine, mine.subject, 1)
    announced(other)
    end(other, "waived")
    assert other.row().final_due == date(2026, 12, 21)


def test_further_copies_are_a_fee_apart_without_evidence_and_leave_the_clock_alone(walk):
    mine = in_the_united_kingdom(walk)
    fee = announced(mine, ground="further_copies", told="Two further printed copies were asked for.", evidence="")
    assert mine.row().final_due == date(2026, 12, 21)
    assert "further copies do not touch the clock" in fee.clock
    end(mine, "withdrawn")
    assert mine.state == "in_progress", "only the wish for further copies was taken back"


def test_a_person_who_withdraws_after_the_announcement_ends_the_request(walk):
    announced(walk)
    end(walk, "withdrawn")
    assert (walk.state, walk.row().closing) == ("closed", "withdrawn")
    with pytest.raises(NotPossible, match="closed"):
        prepare(walk)


@pytest.mark.parametrize("changes", [
    {"evidence": ""}, {"told": "no"}, {"ground": "whim"}, {"costs": ""}, {"costs": "Postage"}, {"currency": "SHELLS"},
    {"reply_by": NOW.date()}, {"reply_by": NOW.date() + timedelta(days=91)}, {"told": "x" * 2001},
])
def test_without_evidence_cost_and_time_to_choose_there_is_no_fee(walk, changes):
    with pytest.raises(Invalid):
        prepare(walk, **changes)
    assert fees.of_request(walk.steward, walk.request_id) == ()
    assert letters.list_letters(walk.steward, walk.case_ref) == ()


def test_some_rights_are_free_in_any_case(walk):
    taken = intake.take_in(walk.steward, intake.Intake(
        ("objection_marketing",), "email", date(2026, 11, 20), email=MAIL.format(2), name="M", body="W"), key=new_id())
    mine = replace(walk, case_ref=taken.case_ref, request_id=taken.requests[0][0])
    with pytest.raises(NotPossible, match="free"):
        prepare(mine)


def test_an_announcement_that_lost_its_choice_or_its_amount_does_not_go_out(walk):
    prepare(walk)
    letter = shown(walk).letter_id
    whole = letters.list_letters(walk.steward, walk.case_ref)[0].text
    for cut in ("withdraw", "27.99 EUR"):
        in_one_piece(walk.store, letter, whole.replace(cut, "–"))
        with pytest.raises(NotPossible, match="lacks"):
            letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    in_one_piece(walk.store, letter, whole)
    with pytest.raises(Invalid, match="anew"):
        letters.mark_sent(at(walk, REPLY), letter, "email", REPLY, key=new_id())
    assert shown(walk).state == "prepared"
    with pytest.raises(NotPossible, match="with the fee"):
        letters.draft(walk.steward, walk.case_ref, "fee_announcement", walk.request_id, key=new_id())


def test_one_fee_at_a_time_and_a_prepared_one_takes_the_new_words(walk):
    first, version = prepare(walk), walk.version
    assert prepare(walk, costs="Postage 5") == first
    assert shown(walk).total == "5.00 EUR"
    assert len(letters.list_letters(walk.steward, walk.case_ref)) == 1
    with pytest.raises(Conflict):
        prepare(walk, version=version + 1)
    with pytest.raises(Conflict):
        fees.record_outcome(walk.steward, first, "waived", NOW.date(), version=99, key=new_id())
    letters.mark_sent(walk.steward, shown(walk).letter_id, "email", NOW.date(), key=new_id())
    with pytest.raises(NotPossible, match="announced already"):
        prepare(walk)
    end(walk, "waived")
    assert prepare(walk) != first


def answered(walk):
    walk.fetched()
    sending.mark_sent(walk.steward, walk.request_id, "email", NOW.date(), version=walk.version, key=new_id())
    sending.close(walk.steward, walk.request_id, "fulfilled", version=walk.version, key=new_id())


def later(walk):
    """Take the same wish in again, eight days on."""
    desk = at(walk, date(2026, 12, 1))
    taken = intake.take_in(desk, intake.Intake(
        ("access",), "email", date(2026, 12, 1), email=MAIL.format(walk.number), name="Marker", body="Again."), key=new_id())
    return replace(walk, steward=desk, case_ref=taken.case_ref, request_id=taken.requests[0][0])


def decide(walk):
    requests.start(walk.steward, walk.request_id, version=walk.version, key=new_id())
    cases.decide_person(walk.steward, walk.case_ref, walk.subject, version=1, key=new_id())


@pytest.mark.parametrize("circumstances", [[], ["number"], ["number", "telepathy"]])
def test_the_number_alone_bears_no_fee(walk, circumstances):
    with pytest.raises(Invalid) as refusal:
        prepare(walk, circumstances=circumstances)
    assert refusal.value.field == "circumstances"
    assert fees.of_request(walk.steward, walk.request_id) == ()
    prepare(walk)
    assert shown(walk).circumstances == ("number", "unchanged")
    prepare(walk, ground="further_copies", circumstances=[])
    assert shown(walk).circumstances == ()


def test_the_hint_of_a_repetition_and_what_changed_once_the_data_did(walk, entries):
    answered(walk)
    mine = later(walk)
    assert fees.repetition(mine.steward, mine.request_id) == "", "nobody is decided yet"
    decide(mine)
    hint = fees.repetition(mine.steward, mine.request_id)
    assert "23 Nov 2026, 8 days ago" in hint
    assert entries()[-1]["act"] == "fee.compare"
    line = "customer_id,email,given_name,family_name,colour\nc1," + MAIL.format(1) + ",Given0001x,Family0001x,green"
    imports.import_people(desk_of(walk.store, Role.STEWARD, now=mine.steward.now), line.encode(), update=True, key=new_id())
    hint = fees.repetition(mine.steward, mine.request_id)
    assert "Since then this has changed: " in hint
    assert "hardly a repetition" in hint
    assert "green" not in hint
