"""Finding and opening people, and who may not."""

import random
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.actions.desk.desk import Desk
from core.actions.people import imports, people
from core.connectors.local import Local
from core.connectors.sheets import read_sheet
from core.law.errors import Invalid, NotAllowed, NotFound
from core.law.roles import Role
from core.matching.scores import Asked
from core.store.engine import Store
from tests.conftest import NOW, desk_of
from tests.permits import own

FOLDER = Path(__file__).parents[2] / "people"
PEOPLE = """customer_id,email,phone,given_name,family_name,birth_date,postcode,city,shirt
c-1,one@example.com,+49 30 1234567,Mark,Marker,1980-02-29,10115,Berlin,M
c-2,two@example.com,,Mark,Marker,1980-02-28,10115,Berlin,L
c-3,one@example.com,,Other,Person,1950-01-01,80331,Munich,S
"""


@pytest.fixture
def desk(store):
    made = desk_of(store, Role.STEWARD)
    imports.import_people(made, PEOPLE.encode(), key="import-0001")
    return made


def ask_in(store, case_ref, account_id):
    """Ask a person to approve something in a case."""
    with store.transaction() as tx:
        tx.run(
            "approvals.add", id=f"asked-{case_ref}", request_id="request", case_ref=case_ref, thing="plan",
            thing_id="plan", hash="", address_id=None, asked_by="account-another", asked_at=NOW, approver_id=account_id,
            deputy_id=None, deputy_from=None,
        )
        store.commit(tx)


def entries(desk):
    with desk.store.transaction() as tx:
        return tx.rows("log.all_rows", chain=desk.store.chain, first=1, last=10**9)


def ref_of(desk, customer):
    with desk.store.transaction() as tx:
        (row,) = tx.rows("people.by_customer", customers=[customer])
    return row["subject_ref"]


def keep_case(store, reference, subject, *, sealed=False):
    with store.transaction() as tx:
        tx._cursor.execute(
            "insert into cases (case_ref, reference, created_at, received_at, channel, taken_in_by, subject_ref, "
            "subject_state, person, identity_state, sealed_to_names, version) "
            "values ($r, $r, $n, $n, 'mail', 'x', $s, 'none', ''::blob, 'none', $sealed, 1)",
            {"r": reference, "n": NOW, "s": subject, "sealed": sealed},
        )
        store.commit(tx)


def test_exact_stands_apart_from_possible_and_nobody_is_picked(desk):
    found = people.find(desk, "one@example.com", purpose="request")
    assert sorted((each.source_id, each.shared) for each in found.exact) == [("c-1", True), ("c-3", True)]
    alike = people.find(desk, Asked(name="Mark Marker", birth_date=date(1980, 2, 29)), purpose="request")
    assert alike.exact == ()
    assert [each.source_id for each in alike.possible][:2] == ["c-1", "c-2"]
    assert alike.possible[0].score > alike.possible[1].score
    assert alike.possible[0].why


def test_results_are_masked(desk):
    found = people.find(desk, "c-1", purpose="request")
    assert found.exact[0].masked == people.Masked("M. M.", "1980", "10•••", "o•••@e•••.com")
    for value in ("Marker", "one@example", "1980-02-29", "10115"):
        assert value not in str(found)


def test_each_person_seen_is_an_entry_and_none_holds_a_value(desk):
    people.find(desk, "one@example.com", purpose="identity", words="because of marker words")
    rows = entries(desk)
    assert {row["subject_ref"] for row in rows} == {ref_of(desk, "c-1"), ref_of(desk, "c-3")}
    assert {(row["act"], row["purpose_code"], row["outcome"]) for row in rows} == {("person.find", "identity", "done")}
    assert "example.com" not in str(rows)
    assert "marker words" not in str(rows)
    people.find(desk, "nobody@example.com", purpose="request")
    assert entries(desk)[-1]["subject_ref"] is None


@pytest.mark.parametrize("asked", ["", "   ", Asked(), Asked(name="  ")])
def test_a_search_for_nothing_is_refused(desk, asked):
    with pytest.raises(Invalid, match="whom"):
        people.find(desk, asked, purpose="request")


def test_a_search_needs_a_purpose_of_the_list(desk):
    with pytest.raises(Invalid, match="purpose"):
        people.find(desk, "c-1", purpose="curiosity")


@pytest.mark.parametrize("relation", ["own", "related"])
def test_own_and_related_people_are_left_out_and_the_attempt_is_entered(desk, relation):
    ref = ref_of(desk, "c-1")
    people.relate(desk, ref, relation)
    people.relate(desk, ref, relation)
    with desk.store.transaction() as tx:
        mine = tx.rows("people.relation", account_id=desk.person.account_id, subject=ref, relation=relation)
    assert len(mine) == 1
    found = people.find(desk, "one@example.com", purpose="request")
    assert [each.source_id for each in found.exact] == ["c-3"]
    assert found.note == people.WITHHELD
    last = entries(desk)[-1]
    assert (last["act"], last["subject_ref"], last["outcome"]) == ("person.find", ref, "refused.not_allowed")
    for shown in (False, True):
        with pytest.raises(NotAllowed, match="own or a related"):
            people.open_person(desk, ref, purpose="request", shown=shown)
    assert entries(desk)[-1]["outcome"] == "refused.not_allowed"
    colleague = desk_of(desk.store, Role.STEWARD, name="colleague")
    assert people.open_person(colleague, ref, purpose="request").source_id == "c-1"


def test_a_relation_is_own_or_related_and_to_somebody_who_is_here(desk):
    with pytest.raises(Invalid):
        people.relate(desk, ref_of(desk, "c-1"), "enemy")
    with pytest.raises(NotFound):
        people.relate(desk, "0" * 32, "own")


def test_people_of_sealed_cases_are_withheld_from_all_but_the_named(desk):
    ref = ref_of(desk, "c-2")
    keep_case(desk.store, "case-sealed", ref, sealed=True)
    found = people.find(desk, "two@example.com", purpose="request")
    assert (found.exact, found.possible, found.note) == ((), (), people.WITHHELD)
    assert [(row["subject_ref"], row["outcome"]) for row in entries(desk)] == \
        [(None, "done"), (ref, "refused.not_allowed")]
    with pytest.raises(NotAllowed, match="sealed"):
        people.open_person(desk, ref, purpose="request")
    with desk.store.transaction() as tx:
        tx._cursor.execute(
            "insert into case_named (case_ref, account_id) values ('case-sealed', $a)", {"a": desk.person.account_id}
        )
        desk.store.commit(tx)
    assert people.find(desk, "two@example.com", purpose="request").exact
    assert people.open_person(desk, ref, purpose="request", case="case-sealed").source_id == "c-2"


def test_a_person_is_masked_until_shown(desk):
    ref = ref_of(desk, "c-1")
    masked = people.open_person(desk, ref, purpose="request")
    for value in ("Marker", "one@example", "1980-02-29", "10115", "1234567", "'M'"):
        assert value not in str(masked)
    assert masked.shares
    shown = people.open_person(desk, ref, purpose="request", shown=True)
    assert (shown.fields["family_name"], shown.fields["birth_date"]) == ("Marker", "1980-02-29")
    assert {(each.kind, each.value, each.shared) for each in shown.identifiers} == \
        {("email", "one@example.com", True), ("phone", "+49 30 1234567", False)}
    assert [row["act"] for row in entries(desk)] == ["person.open", "person.show"]


def test_an_opening_stands_for_fifteen_minutes(desk):
    ref = ref_of(desk, "c-1")
    for minutes in (0, 14, 16):
        people.open_person(Desk(desk.store, desk.person, NOW + timedelta(minutes=minutes)), ref, purpose="request")
    assert len(entries(desk)) == 2


def test_an_approver_opens_a_person_only_in_the_case_about_them(desk):
    ref, approver = ref_of(desk, "c-1"), desk_of(desk.store, Role.APPROVER)
    keep_case(desk.store, "case-1", ref)
    keep_case(desk.store, "case-2", ref_of(desk, "c-2"))
    keep_case(desk.store, "case-3", None)
    for case in (None, "case-2", "case-3"):
        with pytest.raises(NotAllowed):
            people.open_person(approver, ref, purpose="request", case=case)
    with pytest.raises(NotAllowed, match="asked to approve"):
        people.open_person(approver, ref, purpose="request", case="case-1")
    ask_in(desk.store, "case-1", approver.person.account_id)
    assert people.open_person(approver, ref, purpose="request", case="case-1").source_id == "c-1"
    with pytest.raises(NotAllowed):
        people.find(approver, "c-1", purpose="request")


def test_restricted_data_open_only_for_the_persons_own_request(desk):
    ref = ref_of(desk, "c-1")
    keep_case(desk.store, "case-1", ref)
    with desk.store.transaction() as tx:
        Local(desk.store).restrict(tx, ref, "18.1.a", None, NOW)
        desk.store.commit(tx)
    for purpose, case in (("quality", None), ("quality", "case-1"), ("request", None)):
        with pytest.raises(NotAllowed, match="restricted"):
            people.open_person(desk, ref, purpose=purpose, case=case)
    assert people.open_person(desk, ref, purpose="request", case="case-1").restricted


def test_nobody_is_no_person(desk):
    with pytest.raises(NotFound):
        people.open_person(desk, "0" * 32, purpose="request")


def test_the_command_line_searches_a_live_store_only_while_switched_on(tmp_path):
    live = Store.create(tmp_path / "live.duckdb", "live", NOW)
    try:
        imports.import_people(desk_of(live, Role.STEWARD), PEOPLE.encode(), key="import-0001")
        operator = desk_of(live, Role.OPERATOR)
        with pytest.raises(NotAllowed, match="switched it on"):
            people.find(operator, "c-1", purpose="operator")
        with live.transaction() as tx:
            tx.run("store.put_fact", name="operator_find_until", fact=(NOW + timedelta(days=1)).isoformat())
            live.commit(tx)
        assert people.find(operator, "c-1", purpose="operator").exact
        with pytest.raises(NotAllowed):
            later = Desk(live, operator.person, NOW + timedelta(days=1))
            people.find(later, "c-1", purpose="operator")
    finally:
        live.close()


def look_up(store, threads, reads, sample):
    content = (FOLDER / "dataset1.csv").read_bytes()
    imports.import_people(desk_of(store, Role.STEWARD), content, key="import-0001")
    customers = [row["rec_id"] for row in read_sheet(content).rows[:sample]]
    wrong, local = [], Local(store)

    def read(seed):
        for customer in random.Random(seed).choices(customers, k=reads):
            with store.transaction() as tx:
                (row,) = tx.rows("people.by_customer", customers=[customer])
                tables = {each.table: each.rows for each in local.export(tx, own(row["subject_ref"])).tables}
            if tables["profiles"][0]["customer_id"] != customer:
                wrong.append(seed)

    started = [threading.Thread(target=read, args=(seed,)) for seed in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return wrong


def test_sixteen_threads_never_read_another_person(store):
    assert look_up(store, 16, 40, 500) == []


@pytest.mark.prove
def test_sixteen_threads_never_read_another_person_in_a_hundred_thousand_reads(store):
    assert look_up(store, 16, 6_250, 500) == []
    print("100,000 look-ups from 16 threads: 0 wrong people")


def test_a_linked_colleague_does_not_reach_their_own_file(store):
    dpo, steward = desk_of(store, Role.DPO, name="dpo"), desk_of(store, Role.STEWARD, name="steward")
    csv = b"customer_id,given_name,family_name,email\nK-1,Marker,One,marker@example.com\n"
    imports.import_people(dpo, csv, key="link-0001")
    with store.transaction() as tx:
        ref = tx.rows("people.by_customer", customers=["K-1"])[0]["subject_ref"]
        tx._cursor.execute(
            "insert into accounts (id, actor_ref, sign_in_name, name, made_at, made_by) values (?, ?, ?, ?, ?, 'test')",
            [steward.person.account_id, "a", "steward", "steward", steward.now],
        )
        store.commit(tx)
    assert people.open_person(steward, ref, purpose="request").subject_ref == ref
    with pytest.raises(NotAllowed):
        people.link_account(steward, steward.person.account_id, ref, key="link-0002")
    people.link_account(dpo, steward.person.account_id, ref, key="link-0003")
    with pytest.raises(NotAllowed):
        people.open_person(steward, ref, purpose="request")
    assert people.find(steward, "marker@example.com", purpose="request").exact == ()


@pytest.mark.parametrize(("asked", "sentence"), [
    ("jo smith@x.example", "form name@example.com"), ("+000 12", "no number of any country"), ("jo@", "name of a domain"),
])
def test_what_is_no_identifier_says_so_and_is_never_quoted(desk, asked, sentence):
    found = people.find(desk, asked, purpose="request")
    assert sentence in found.unread[0]
    assert asked not in str(found.unread)
    assert '"unread":1' in str(entries(desk)[-1]["details"])


@pytest.mark.parametrize("asked", ["one@example.com", "C-1", "+49 30 1234567", "9999", "nobody@example.com"])
def test_what_is_an_identifier_says_nothing_of_the_kind(desk, asked):
    assert people.find(desk, asked, purpose="request").unread == ()
