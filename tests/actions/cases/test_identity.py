"""The identity check as a ladder: what is enough, what lacks, what may be asked, and proof documents that do not last."""

from datetime import date, timedelta

import pytest

from core.actions.answers import requests
from core.actions.answers.letters import letters
from core.actions.cases import cases, clock, identity, identity_documents
from core.actions.cases.intake import Intake, take_in
from core.actions.people import imports
from core.law.errors import Invalid, NotAllowed, NotFound, NotPossible
from core.law.identity import Data, Proof
from core.law.roles import Role
from core.law.workflow import Closing
from core.store.encryption import Cell, decrypt_bytes
from core.store.engine import new_id
from core.store.files import beside
from core.store.keys import KeyKind
from core.work import tasks
from tests.actions.approving import approve_letter
from tests.actions.conftest import hold_role
from tests.conftest import NOW, desk_of

PDF = b"%PDF-1.7 MARKERDOCUMENT"


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD)


def taken(desk, *rights, channel="email"):
    return take_in(
        desk, Intake(rights, channel, date(2026, 11, 20), name="Marker", email="m@example.com", body="All."), key=new_id()
    )


def state(store, case_ref):
    with store.transaction() as tx:
        return tx.one("cases.one", case_ref=case_ref)["identity_state"]


def held(store, document_id):
    with store.transaction() as tx:
        return tx.one("identity.document", id=document_id)


def record(desk, made, proofs, outcome="proven", reason="", **more):
    identity.record(desk, made.case_ref, proofs, outcome, reason, key=new_id(), **more)


def known(desk, made, *, days=400, email="m@example.com"):
    """Import the person so many days ago, and decide that the case is about them."""
    imports.import_people(
        desk_of(desk.store, Role.STEWARD, now=NOW - timedelta(days=days)),
        f"customer_id,email,family_name\nc-1,{email},Marker".encode(), key=new_id(),
    )
    with desk.store.transaction() as tx:
        (person,) = tx.rows("people.by_customer", customers=["c-1"])
        version = tx.one("cases.one", case_ref=made.case_ref)["version"]
    cases.decide_person(desk, made.case_ref, person["subject_ref"], version=version, key=new_id())
    return made


def keep(desk, made, **changes):
    asked = {"checker_id": desk.person.account_id, "key": new_id()} | changes
    return identity_documents.add(desk, made.case_ref, asked.pop("content", PDF), **asked)


def test_the_ladder_says_for_each_right_what_is_recorded_and_what_lacks(desk, store):
    made = known(desk, taken(desk, "access", "objection_marketing"))
    access, objection = identity.stand(desk, made.case_ref).rungs
    assert (objection.ways, objection.lacking) == ((), ())
    assert frozenset({Proof.CODE}) in access.lacking
    assert not any(Proof.DOCUMENT in way for way in access.lacking)
    record(desk, made, ["mail_held"], "noted")
    seen = identity.stand(desk, made.case_ref)
    assert (seen.recorded, state(store, made.case_ref)) == (frozenset({Proof.MAIL_HELD}), "open")
    assert frozenset({Proof.TWO_FACTS}) in seen.rungs[0].lacking
    assert all(frozenset({Proof.TWO_FACTS}) != way for way in identity.stand(desk, made.case_ref, "sensitive").rungs[0].ways)
    record(desk, made, ["two_facts"])  # together with what was noted it is enough
    assert state(store, made.case_ref) == "proven"
    assert identity.stand(desk, made.case_ref).rungs[0].lacking == ()


@pytest.mark.parametrize("proof", ["mail_held", "code", "call_back"])
def test_what_names_an_address_proves_nothing_before_it_is_known_whose_it_would_be(desk, store, proof):
    made = taken(desk, "access")
    with pytest.raises(NotPossible, match="Decide first"):
        record(desk, made, [proof], "noted")
    assert identity.stand(desk, made.case_ref).recorded == frozenset()


@pytest.mark.parametrize(("proof", "person"), [
    ("mail_held", {"email": "another@example.com"}),  # held, and another one
    ("mail_held", {"days": 0}),  # learned after the request came
    ("code", {"days": 0}),
    ("call_back", {}),  # no number is held
])
def test_what_names_an_address_counts_only_where_we_held_it_before(desk, store, proof, person):
    made = known(desk, taken(desk, "access"), **person)
    with pytest.raises(Invalid, match="proves nothing here") as refusal:
        record(desk, made, [proof], "noted")
    assert refusal.value.field == "proofs"
    record(desk, made, [proof], "failed", "The number was another.")  # that it was tried in vain may be told


def test_another_person_in_the_case_is_not_proven_by_what_proved_the_first(desk, store):
    made = known(desk, taken(desk, "access"))
    record(desk, made, ["mail_held", "two_facts"])
    imports.import_people(desk, b"customer_id,email,family_name\nc-2,two@example.com,Marker", key=new_id())
    with store.transaction() as tx:
        (person,) = tx.rows("people.by_customer", customers=["c-2"])
        case = tx.one("cases.one", case_ref=made.case_ref)
    cases.decide_person(desk, made.case_ref, case["subject_ref"], version=case["version"], key=new_id())
    assert state(store, made.case_ref) == "proven", "the same person decided again"
    with store.transaction() as tx:
        version = tx.one("cases.one", case_ref=made.case_ref)["version"]
    cases.decide_person(desk, made.case_ref, person["subject_ref"], version=version, key=new_id())
    assert state(store, made.case_ref) == "open"
    with pytest.raises(Invalid):
        record(desk, made, ["two_facts"])  # what was noted for the first does not count for the second


def test_sensitive_data_need_a_second_sign(desk, store):
    made = known(desk, taken(desk, "access"))
    with pytest.raises(Invalid, match="sensitive"):
        record(desk, made, ["code"], data="sensitive")
    record(desk, made, ["code", "two_facts"], data="sensitive")
    assert identity.stand(desk, made.case_ref).data is Data.SENSITIVE


@pytest.mark.parametrize(("proofs", "outcome", "more"), [
    ([], "noted", {}), (["document"], "noted", {}), ([], "unidentifiable", {}), (["code"], "proven", {"data": "secret"}),
    (["code"], "perhaps", {}),
])
def test_a_check_without_what_it_rests_on_is_refused(desk, store, proofs, outcome, more):
    made = taken(desk, "access")
    with pytest.raises(Invalid):
        record(desk, made, proofs, outcome, **more)
    assert state(store, made.case_ref) == "open"


def test_what_one_outcome_rested_on_serves_no_later_one_by_itself(desk, store):
    made = known(desk, taken(desk, "access"))
    record(desk, made, ["code"])
    record(desk, made, [], "failed", "The voice was another.")
    with pytest.raises(Invalid):
        record(desk, made, ["mail_held"])


def test_an_objection_is_neither_asked_nor_paused_nor_ended_for_want_of_a_proof(desk, store):
    made = taken(desk, "access", "objection_marketing")
    access, objection = (each[0] for each in made.requests)
    with pytest.raises(NotPossible, match="needs no proof"):
        clock.ask(desk, objection, "identity", "Who are you?", "The name differs.", key=new_id())
    clock.ask(desk, access, "identity", "Who are you?", "The name differs.", key=new_id())
    with store.transaction() as tx:
        clocks = [row["clock_state"] for row in tx.rows("requests.of_case", case_ref=made.case_ref)]
    assert clocks == ["paused", "running"]
    record(desk, made, [], "failed", "No answer fits.")
    with store.transaction() as tx:
        version = tx.one("requests.one", id=objection)["version"]
    with pytest.raises(NotPossible, match="needs no proof"):
        requests.close(desk, objection, Closing.NOT_IDENTIFIED, "x", version=version, key=new_id())


@pytest.mark.parametrize(("proofs", "reason", "sentence"), [
    (["document"], "The name differs from the one we hold.", "never the only way"),
    (["mail_held"], "The name differs from the one held.", "not enough"),
    (["fingerprint"], "The name differs from the one held.", "from the list"),
    (["code", "document"], "We always ask everybody for it.", "unlawful"),
    (["code"], " ", "facts"),
])
def test_a_question_that_asks_too_much_or_of_everybody_is_refused(desk, proofs, reason, sentence):
    made = taken(desk, "access")
    with pytest.raises(Invalid, match=sentence):
        clock.ask(desk, made.requests[0][0], "identity", "Please send your passport.", reason, proofs=proofs, key=new_id())


def test_the_letter_names_the_ways_that_the_question_leaves_open(desk):
    made = taken(desk, "access")
    request_id = made.requests[0][0]
    clock.ask(
        desk, request_id, "identity", "Who are you?", "The name differs from the one held.", proofs=["code", "document"],
        key=new_id(),
    )
    letters.draft(desk, made.case_ref, "identity_question", request_id, key=new_id())
    (letter,) = letters.list_letters(desk, made.case_ref)
    assert "send a code" in letter.text
    assert "cover all but your name" in letter.text
    assert "call you back" not in letter.text


def test_whom_nobody_can_tell_apart_is_told_and_keeps_the_rights_that_article_11_leaves_on(desk, store):
    made = taken(desk, "access", "objection_marketing")
    access, objection = (each[0] for each in made.requests)
    record(desk, made, [], "unidentifiable", "The device numbers were never tied to anybody.")
    assert state(store, made.case_ref) == "failed"
    letters.draft(desk, made.case_ref, "not_identified", access, key=new_id())
    (letter,) = letters.list_letters(desk, made.case_ref)
    assert "Article 11(2)" in letter.text
    assert "never tied to anybody" in letter.text
    hold_role(store, "account-approver", Role.APPROVER)
    approve_letter(desk, letter.id, desk_of(store, Role.APPROVER, name="approver"))
    letters.mark_sent(desk, letter.id, "email", NOW.date(), key=new_id())
    for request_id in (access, objection):
        with store.transaction() as tx:
            version = tx.one("requests.one", id=request_id)["version"]
        if request_id == access:
            requests.close(desk, request_id, Closing.NOT_IDENTIFIED, "", version=version, key=new_id())
        else:
            with pytest.raises(NotPossible):
                requests.close(desk, request_id, Closing.NOT_IDENTIFIED, "", version=version, key=new_id())


def test_article_11_switches_off_no_human_review_and_no_person_who_was_found(walk):
    review = taken(walk.steward, "human_review")
    with pytest.raises(NotPossible, match="Articles 15 to 20"):
        record(walk.steward, review, [], "unidentifiable", "Nobody can be told apart.")
    with pytest.raises(NotPossible, match="was found"):
        identity.record(walk.steward, walk.case_ref, [], "unidentifiable", "Nobody can.", key=new_id())


def test_a_document_is_seen_by_its_checker_alone_and_dies_with_the_outcome(desk, store, entries):
    hold_role(store, "account-checker", Role.STEWARD)
    checker = desk_of(store, Role.STEWARD, name="checker")
    with store.transaction() as tx:
        tx.run("accounts.add", id="account-checker", actor_ref="actor-checker", sign_in_name="checker", name="checker",
               password_hash=None, now=NOW, made_by="x")
        store.commit(tx)
    made = taken(desk, "access")
    document = keep(desk, made, checker_id="account-checker")
    for other in (desk, desk_of(store, Role.DPO, name="dpo")):
        with pytest.raises(NotAllowed, match="checks it"):
            identity_documents.show(other, document)
    assert identity_documents.show(checker, document).content == PDF
    row = held(store, document)
    sealed, key_ref = bytes(row["content"]), row["key_ref"]
    assert b"MARKER" not in sealed
    record(checker, made, ["document"], reason="Two people of that name live at this address.")
    row = held(store, document)
    assert (row["content"], row["end_reason"]) == (None, "outcome")
    assert not store.keys.holds(KeyKind.PROOF, key_ref)
    assert bytes.fromhex(key_ref) not in beside(store.path, ".keys").read_bytes()
    with pytest.raises(NotFound):  # a copy of the row in an older backup says nothing any more
        decrypt_bytes(store, key_ref, sealed, Cell("identity_documents", document, "content"))
    with pytest.raises(NotPossible):
        identity_documents.show(checker, document)
    acts = [entry["act"] for entry in entries()]
    assert acts.count("identity.document_see") == 4  # two colleagues refused, one look, one too late
    assert "MARKER" not in str(entries())


def test_a_document_lies_thirty_days_at_most_and_a_half_done_end_is_finished(desk, store, monkeypatch):
    made = taken(desk, "access")
    first, second = keep(desk, made), keep(desk, made)
    tasks._expire(tasks.worker_desk(store, NOW + timedelta(days=29, hours=23)), "")
    assert held(store, first)["content"] is not None
    with monkeypatch.context() as stopped:  # the process ends between the commit and the destruction of the key
        stopped.setattr(identity_documents, "destroy_keys", lambda *_: None)
        identity_documents.discard(desk, second, key=new_id())
    assert store.keys.holds(KeyKind.PROOF, held(store, second)["key_ref"])
    tasks._expire(tasks.worker_desk(store, NOW + timedelta(days=30)), "")
    for document, reason in ((first, "time"), (second, "discarded")):
        row = held(store, document)
        assert (row["content"], row["end_reason"]) == (None, reason)
        assert not store.keys.holds(KeyKind.PROOF, row["key_ref"])


def test_a_noted_proof_leaves_the_document_until_it_was_looked_at(desk, store):
    made = known(desk, taken(desk, "access"))
    document = keep(desk, made)
    record(desk, made, ["mail_held"], "noted")
    assert held(store, document)["content"] is not None
    record(desk, made, ["document"], "noted", "Two people of that name live at this address.")
    assert held(store, document)["content"] is None


@pytest.mark.parametrize("changes", [
    {"content": b"<html>"}, {"content": b""}, {"proves": "nothing"}, {"checker_id": "account-nobody"},
])
def test_what_is_no_document_or_has_no_checker_is_refused(desk, changes):
    with pytest.raises(Invalid):
        keep(desk, taken(desk, "access"), **changes)


def test_a_persons_own_or_a_related_case_shows_no_document(walk):
    from core.actions.people import people

    people.relate(walk.steward, walk.subject, "related", key=new_id())
    with pytest.raises(NotAllowed):
        keep(walk.steward, walk)
