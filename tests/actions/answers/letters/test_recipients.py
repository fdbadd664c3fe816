"""Notices to recipients: proposed once for each, with the new values, and never forgotten silently."""

from datetime import date

import pytest
from pypdf import PdfReader

from core.actions.answers import carrying, plans
from core.actions.answers.letters import letters, recipients
from core.actions.answers.restriction import restriction_lifts
from core.actions.desk import things
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible
from core.law.rights.recipients import THE_PERSON, Change, Notice
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import import_people
from tests.actions.correcting import disclosed, take_in
from tests.conftest import NOW, desk_of


@pytest.fixture
def correction(empty_walk):
    subjects = import_people(empty_walk.store, 3)
    disclosed(empty_walk, subjects[1], "Marker Carrier", "Marker Bank", "Marker Bank", THE_PERSON)
    disclosed(empty_walk, subjects[2], "Marker Other")
    made = take_in(empty_walk, "rectification", subjects[1], 1)
    made.propose("city", "Newtown")
    return made


def notices(correction):
    return recipients.list_notices(correction.steward, correction.request_id)


def record(correction, state, reason="", *, at=0, version=None):
    notice = notices(correction)[at]
    recipients.record(
        correction.steward, notice.id, state, reason, version=version or notice.version, key=new_id()
    )


def test_nobody_is_told_before_it_is_done(correction):
    correction.plan()
    assert notices(correction) == ()


def test_each_recipient_of_this_person_gets_one_notice(correction):
    correction.corrected()
    assert [(each.recipient, each.change, each.state) for each in notices(correction)] == [
        ("Marker Bank", Change.RECTIFICATION, Notice.TO_SEND), ("Marker Carrier", Change.RECTIFICATION, Notice.TO_SEND),
    ]


def test_what_was_not_changed_is_told_to_nobody(correction):
    correction.propose("city", finding="accurate", reason="The register says so")
    correction.corrected()
    assert notices(correction) == ()


def test_a_second_run_proposes_nothing_twice(correction):
    from core.actions.desk.act import act
    from core.law.acts import Act

    correction.corrected()
    with act(correction.steward, Act.REQUEST_START, things.request(correction.request_id)) as now:
        assert recipients.propose(correction.steward, now, correction.row(), correction.subject, "erasure") == 0


def test_the_letter_goes_to_the_recipient_with_the_new_value(correction, entries):
    correction.corrected()
    letter = recipients.draft_notice(
        correction.steward, notices(correction)[0].id, version=notices(correction)[0].version, key=new_id()
    )
    (body,) = [each.text for each in letters.list_letters(correction.steward, correction.case_ref) if each.id == letter]
    assert "City: Newtown" in body
    assert "Article 19" in body
    pdf = letters.fetch(correction.steward, letter)
    import io

    first = PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    assert "Marker Bank" in first
    assert not [row for row in entries() if "Newtown" in str(row) or "Marker Bank" in str(row)]
    with pytest.raises(NotPossible, match="already"):
        recipients.draft_notice(
            correction.steward, notices(correction)[0].id, version=notices(correction)[0].version, key=new_id()
        )


def test_sent_then_answered_or_disproportionate_with_a_reason(correction, entries):
    correction.corrected()
    record(correction, "sent")
    record(correction, "answered")
    with pytest.raises(Invalid):
        record(correction, "disproportionate", at=1)
    record(correction, "disproportionate", "WHYNOTTOLD", at=1)
    assert [(each.state, each.reason) for each in notices(correction)] == [
        (Notice.ANSWERED, ""), (Notice.DISPROPORTIONATE, "WHYNOTTOLD"),
    ]
    assert not [row for row in entries() if "WHYNOTTOLD" in str(row)]
    with pytest.raises(NotPossible):
        record(correction, "to_send")
    with pytest.raises(Invalid):
        record(correction, "forgotten")


def test_two_who_record_at_once_do_not_overwrite_each_other(correction):
    correction.corrected()
    version = notices(correction)[0].version
    record(correction, "sent", version=version)
    with pytest.raises(Conflict):
        record(correction, "disproportionate", "x", version=version)


def test_untold_recipients_are_listed_and_hold_no_closing_up(correction):
    correction.corrected()
    correction.letter("rectified")
    correction.close()
    assert correction.row().closing == "fulfilled"
    assert {each.state for each in notices(correction)} == {Notice.TO_SEND}


@pytest.fixture
def restriction(empty_walk):
    subjects = import_people(empty_walk.store, 3)
    disclosed(empty_walk, subjects[1], "Marker Carrier", "Marker Bank", "Marker Bank", THE_PERSON)
    disclosed(empty_walk, subjects[2], "Marker Other")
    made = take_in(empty_walk, "restriction", subjects[1], 1)
    restriction_lifts.record_terms(
        made.steward, made.request_id, "18.1.a", date(2027, 1, 20), version=made.version, key=new_id()
    )
    return made


def restrict(walk):
    plans.prepare_plan(walk.steward, walk.request_id, version=walk.version, purpose="request", key=new_id())
    carrying.start(walk.steward, walk.request_id, version=walk.version, key=new_id())
    walk.work()


def test_a_restriction_is_told_to_each_recipient_once_it_is_carried_out_and_its_lifting_to_nobody(restriction, entries):
    assert notices(restriction) == ()
    restrict(restriction)
    told = [(each.recipient, each.change, each.state) for each in notices(restriction)]
    assert told == [(name, Change.RESTRICTION, Notice.TO_SEND) for name in ("Marker Bank", "Marker Carrier")]
    restriction.work()
    letter = recipients.draft_notice(restriction.steward, notices(restriction)[0].id, version=1, key=new_id())
    (body,) = [each.text for each in letters.list_letters(restriction.steward, restriction.case_ref) if each.id == letter]
    assert "the use of the data was restricted" in body
    assert "only store the data" in body
    record(restriction, "disproportionate", "The company was WOUNDUP.", at=1)
    assert not [row for row in entries() if "Marker Bank" in str(row) or "WOUNDUP" in str(row)]
    done = [row for row in entries() if row["act"] == "carrying.end" and '"recipients"' in row["details"]]
    assert len(done) == 1


def test_a_person_who_asks_is_told_who_the_recipients_are_and_who_was_not_told_why(restriction):
    def named():
        letter = letters.draft(
            restriction.steward, restriction.case_ref, "recipients_named", restriction.request_id, key=new_id()
        )
        return next(each.text for each in letters.list_letters(restriction.steward, restriction.case_ref) if each.id == letter)

    with pytest.raises(NotPossible, match="No recipient is listed"):
        named()
    restrict(restriction)
    record(restriction, "sent")
    record(restriction, "disproportionate", "The company was WOUNDUP.", at=1)
    body = named()
    assert "- Marker Bank: contact; told on 23 November 2026\n" in body
    assert "- Marker Carrier: contact; not told, because: The company was WOUNDUP\n" in body
    assert "Marker Other" not in body


@pytest.mark.parametrize("role", [Role.APPROVER, Role.MANAGER, Role.ANALYST])
def test_others_do_not_see_the_list(correction, role):
    with pytest.raises(NotAllowed):
        record_by = desk_of(correction.store, role, name="other", now=NOW)
        recipients.record(record_by, "x", "sent", version=1, key=new_id())


def log_of(correction):
    with correction.store.transaction() as tx:
        return tx.rows("desk_records.disclosure_log", subject=correction.subject)


def test_a_notice_that_was_sent_is_a_disclosure_itself(correction):
    correction.corrected()
    before = len(log_of(correction))
    record(correction, "disproportionate", "WHYNOTTOLD", at=1)
    assert len(log_of(correction)) == before
    record(correction, "sent")
    record(correction, "answered")
    fresh = [row for row in log_of(correction) if row["act"] == "recipient.notice"]
    assert [(row["recipient"], row["basis"], row["disclosed_at"]) for row in fresh] == [("Marker Bank", "Art. 19", NOW)]
    assert len(log_of(correction)) == before + 1
