"""Proofs of consent: kept of an erased person only where an exception keeps them, under keyed hashes, until their day."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core.actions.answers.erasure.erasures import Claim
from core.actions.answers.letters import letters
from core.actions.desk.desk import worker_desk
from core.actions.oversight import holds
from core.actions.people import imports
from core.actions.suppression import suppression_list
from core.connectors import erased
from core.law.acts import Act
from core.store.engine import new_id
from core.store.ledger import ERASED, PROVED
from tests.actions.answers.erasure.test_erasures import dump, planned
from tests.actions.things_of import plant, update
from tests.conftest import NOW

GIVEN = datetime(2024, 5, 2, 8, 30)
UNTIL = date(2029, 12, 31)
CLAIM = Claim("local", "consents", "17.3.e", "claim 7", UNTIL)
GROUNDS = ("17.1.a", "17.1.d")


def agreed(erasure, subject=None, **more):
    plant(erasure.store, "consents", id=new_id(), **{
        "subject_ref": subject or erasure.subject, "purpose": "newsletter", "channel": "email", "given": True,
        "happened_at": GIVEN, "text_version": "v3", "source": "SOURCEWORD", **more,
    })


@pytest.fixture
def mail(erasure):
    with erasure.store.transaction() as tx:
        (row,) = [each for each in tx.rows("people.identifiers_of", subjects=[erasure.subject]) if each["kind"] == "email"]
    return row["value"]


def erase(erasure, letter, **terms):
    number = planned(erasure, letter, grounds=GROUNDS, **terms)
    erasure.approve()
    erasure.carry()
    assert erasure.state == "ready_to_send"
    return number


def check(erasure, value, kind="email", at=NOW):
    desk = replace(erasure.steward, now=at)
    return suppression_list.check_one(desk, kind, value, purpose="request")


def rows(store, table="consents"):
    with store.transaction() as tx:
        return tx._cursor.execute(f"select * from {table}").fetchall()


def test_the_proof_is_found_by_the_address_and_nothing_else_of_the_person_is(erasure, mail, people_here, entries):
    agreed(erasure)
    agreed(erasure, given=False, happened_at=GIVEN + timedelta(days=90), text_version=None, source=None)
    agreed(erasure, people_here[0], purpose="survey", source="OTHER")
    assert not check(erasure, mail).proofs, "nobody is erased yet"
    letter = erase(erasure, "erasure_partly", claims=(CLAIM,))
    given, withdrawn = check(erasure, mail.upper()).proofs
    assert (given.purpose, given.channel, given.given, given.happened_at) == ("newsletter", "email", True, GIVEN)
    assert (given.text_version, given.source, given.ground, given.until) == ("v3", "SOURCEWORD", "17.3.e", UNTIL)
    assert (withdrawn.given, withdrawn.text_version, withdrawn.source) == (False, "", "")
    assert not check(erasure, mail).suppressed, "a proof stops nothing"
    assert not check(erasure, "marker0000x@people.example").proofs
    text = dump(erasure.store)
    assert mail not in text
    assert "SOURCEWORD" not in text, "where a consent came from may name somebody: it is sealed"
    assert erasure.subject not in str(rows(erasure.store, "consent_proofs"))
    assert [row[1] for row in rows(erasure.store)] == [people_here[0]], "the rows themselves are gone, the other person's are not"
    (body,) = [each.text for each in letters.list_letters(erasure.steward, erasure.case_ref) if each.id == letter]
    for part in ("as a proof under a coded fingerprint", "Article 17(3)(e)", "claim 7", "2029-12-31", "Beyond this we keep nothing"):
        assert part in body
    assert any(row["act"] == Act.CARRYING_END and "consents_proven" in str(row) for row in entries())


def test_without_a_claim_nothing_of_a_consent_stays(erasure, mail):
    agreed(erasure)
    erase(erasure, "erasure_carried_out")
    assert not check(erasure, mail).proofs
    assert not rows(erasure.store, "consent_proofs")
    assert not list(erasure.store.ledger.entries(PROVED))


def test_where_the_addresses_stay_the_consents_stay_as_they_are(erasure, mail):
    agreed(erasure)
    erase(erasure, "erasure_partly", claims=(CLAIM, replace(CLAIM, table="identifier_values")))
    assert not check(erasure, mail).proofs
    assert len(rows(erasure.store)) == 1


def test_where_nothing_could_find_a_proof_the_rows_stay(erasure):
    agreed(erasure)
    for table in ("identifier_values", "identifiers"):
        update(erasure.store, f"delete from {table} where subject_ref = $s and kind <> 'device_id'", s=erasure.subject)
    plant(erasure.store, "identifier_values", subject_ref=erasure.subject, kind="device_id", value="d-1", normal="d-1")
    erase(erasure, "erasure_partly", claims=(CLAIM,))
    assert not rows(erasure.store, "consent_proofs"), "a device is used by several"
    assert len(rows(erasure.store)) == 1


def test_a_hold_keeps_the_rows_themselves(erasure, mail):
    agreed(erasure)
    holds.set_on(
        erasure.steward, "person", "claim", "WHYWORDS", request_id=erasure.request_id, category="consents", key=new_id()
    )
    erase(erasure, "erasure_partly")
    assert not check(erasure, mail).proofs
    assert len(rows(erasure.store)) == 1


def test_an_emptied_source_is_in_no_proof(erasure, mail):
    agreed(erasure)
    erase(erasure, "erasure_partly", claims=(replace(CLAIM, masked=("source",)),))
    (proof,) = check(erasure, mail).proofs
    assert proof.source == ""
    assert all('"source": null' in entry.scope for entry in erasure.store.ledger.entries(PROVED))


def test_a_reason_without_a_last_day_keeps_the_rows(erasure, mail):
    agreed(erasure)
    claim = Claim("local", "consents", "17.3.a", why="The freedom of the press prevails here.", until=UNTIL)
    erase(erasure, "erasure_partly", claims=(claim,))
    assert not check(erasure, mail).proofs
    assert len(rows(erasure.store)) == 1


def test_a_proof_ends_the_day_after_its_last(erasure, mail):
    agreed(erasure)
    erase(erasure, "erasure_partly", claims=(CLAIM,))
    last, after = datetime(2029, 12, 31, 12), datetime(2030, 1, 1, 12)
    assert check(erasure, mail, at=last).proofs
    assert suppression_list.forget_expired(worker_desk(erasure.store, last)) == 0
    assert not check(erasure, mail, at=after).proofs
    assert suppression_list.forget_expired(worker_desk(erasure.store, after)) == len(list(erasure.store.ledger.entries(PROVED)))
    assert not rows(erasure.store, "consent_proofs")


def test_an_older_backup_gets_the_proofs_back_until_their_day(erasure, mail):
    agreed(erasure)
    erase(erasure, "erasure_partly", claims=(CLAIM,))
    before = sorted(rows(erasure.store, "consent_proofs"))
    update(erasure.store, "delete from consent_proofs")
    for today, left in ((NOW.date(), before), (UNTIL + timedelta(days=1), [])):
        with erasure.store.transaction() as tx:
            erased.replay_proofs(tx, erasure.store.ledger.entries(), today)
            erased.replay_proofs(tx, erasure.store.ledger.entries(), today)
            assert sorted(tx._cursor.execute("select * from consent_proofs").fetchall()) == left
    assert [entry.kind for entry in erasure.store.ledger.entries(ERASED)] == [ERASED]


def test_an_address_that_somebody_else_holds_too_proves_nothing_about_either(erasure, mail):
    agreed(erasure)
    done = imports.import_people(erasure.steward, f"customer_id,email,given_name\nhousehold,{mail},Another\n".encode(), key=new_id())
    assert done.added == 1
    erase(erasure, "erasure_partly", claims=(CLAIM,))
    assert not check(erasure, mail).proofs, "the other person's address would show whom they share it with"
    assert check(erasure, "c1", "customer_id").proofs, "their own number still does"


def test_what_is_not_erased_in_the_end_leaves_no_proof_in_the_ledger(erasure, mail):
    agreed(erasure)
    planned(erasure, "erasure_partly", grounds=GROUNDS, claims=(CLAIM,))
    erasure.approve()
    holds.set_on(
        erasure.steward, "person", "claim", "WHYWORDS", request_id=erasure.request_id, category="consents", key=new_id()
    )
    erasure.carry()
    assert len(rows(erasure.store)) == 1, "a hold that was set since keeps the rows"
    assert not check(erasure, mail).proofs
    assert not list(erasure.store.ledger.entries(PROVED))
