"""Importing people, events and consents."""

from pathlib import Path

import pytest

from core.actions.people import imports, people
from core.connectors.local import Local
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.store.engine import Store
from tests.conftest import NOW, desk_of
from tests.permits import own

FOLDER = Path(__file__).parents[2] / "people"
TWO = b"customer_id,email,given_name,city,shirt\nc-1,one@example.com,Mark,Berlin,M\nc-2,two@example.com,Mark,Bonn,L\n"


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD)


def export(desk, customer):
    with desk.store.transaction() as tx:
        (row,) = tx.rows("people.by_customer", customers=[customer])
        return {each.table: each.rows for each in Local(desk.store).export(tx, own(row["subject_ref"])).tables}


def entries(desk):
    with desk.store.transaction() as tx:
        return tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=10**9)


def held(desk):
    with desk.store.transaction() as tx:
        return len(tx.rows("people.by_customer", customers=["c-1", "c-2", "p-c-1", "c-3"]))


@pytest.mark.process
def test_all_rows_of_the_three_linkage_files_become_people(desk):
    unread = {}
    for number, rows in ((1, 1000), (2, 5000), (3, 5000)):
        content = (FOLDER / f"dataset{number}.csv").read_bytes()
        done = imports.import_people(desk, content, prefix=f"d{number}-", key=f"import-{number:04}")
        assert (done.added, done.rejected, done.rejects) == (rows, 0, [])
        unread[number] = [row for row, field, _ in done.warnings if field == "birth_date"]
    assert len(unread[3]) == 35
    tables = export(desk, "d1-rec-223-org")
    (person,) = tables["profiles"]
    assert (person["given_name"], person["family_name"], person["city"]) == (None, "waller", "st james")
    assert person["address"] == "6 tullaroop street willaroo"
    assert {(row["name"], row["value"]) for row in tables["attributes"]} == {("state", "wa")}


def test_a_field_that_cannot_be_read_stays_empty_is_kept_and_listed_without_its_value(desk):
    content = b"customer_id,email,birth_date\nc-1,no address,20260231\n"
    done = imports.import_people(desk, content, key="import-0001")
    assert [(row, field) for row, field, _ in done.warnings] == [(1, "birth_date"), (1, "email")]
    assert "no address" not in str(done)
    (person,) = export(desk, "c-1")["profiles"]
    assert person["source_texts"] == {"email": "no address", "birth_date": "20260231"}
    assert person["birth_date"] is None


def test_only_rows_without_a_number_or_with_a_broken_cell_are_rejected(desk):
    content = b"customer_id,city\n,Bonn\nc-1,Bo\x07nn\nc-2,\nc-2,Ulm\n"
    done = imports.import_people(desk, content, key="import-0001")
    assert (done.added, [row for row, _ in done.rejects]) == (1, [1, 2, 4])


def test_a_known_number_is_an_error_unless_updated_and_an_update_never_touches_consents(desk):
    imports.import_people(desk, TWO, key="import-0001")
    consents = b"customer_id,purpose,channel,given,at\nc-1,newsletter,email,false,2026-01-01\n"
    imports.import_consents(desk, consents, key="import-0002")
    changed = b"customer_id,email,city,shirt,purpose,given\nc-1,ONE@example.com,Ulm,,newsletter,true\n"
    refused = imports.import_people(desk, changed, key="import-0003")
    assert (refused.added, refused.changed, refused.rejected) == (0, 0, 1)
    assert export(desk, "c-1")["profiles"][0]["city"] == "Berlin"
    done = imports.import_people(desk, changed, update=True, key="import-0004")
    assert (done.added, done.changed, done.rejected) == (0, 1, 0)
    tables = export(desk, "c-1")
    assert (tables["profiles"][0]["city"], tables["profiles"][0]["given_name"]) == ("Ulm", "Mark")
    assert [row["given"] for row in tables["consents"]] == [False]
    assert {row["name"]: row["value"] for row in tables["attributes"]}["shirt"] == "M"
    assert [each.source_id for each in people.find(desk, "one@example.com", purpose="request").exact] == ["c-1"]


@pytest.mark.parametrize(("column", "first", "second"), [
    ("email", "one@example.com", "new@example.com"), ("phone", "030 1234567", "030 7654321"),
    ("national_id", "12 3456", "12 3457"), ("birth_date", "1980-01-02", "1980-02-01"),
])
def test_an_update_that_would_change_an_identifier_or_birth_date_is_listed_and_not_applied(desk, column, first, second):
    imports.import_people(desk, f"customer_id,{column},city\nc-1,{first},Berlin\nc-2,,Bonn\n".encode(), key="import-0001")
    before = export(desk, "c-1")
    update = f"customer_id,{column},city\nc-1,{second},Ulm\nc-2,{second},Ulm\n".encode()
    done = imports.import_people(desk, update, update=True, key="import-0002")
    assert (done.changed, done.rejected, [(row, name) for row, name, _ in done.warnings if row == 1]) == (1, 0, [(1, column)])
    assert "rectification request" in done.warnings[0][2]
    assert second not in str(done)
    assert export(desk, "c-1") == before
    assert export(desk, "c-2")["profiles"][0]["city"] == "Ulm", "a field that was empty is filled"


def test_restricted_people_are_not_edited_by_an_import(desk):
    imports.import_people(desk, TWO, key="import-0001")
    ref = people.find(desk, "c-1", purpose="request").exact[0].subject_ref
    with desk.store.transaction() as tx:
        Local(desk.store).restrict(tx, ref, "18.1.a", None, NOW)
        desk.store.commit(tx)
    done = imports.import_people(desk, b"customer_id,city\nc-1,Ulm\nc-2,Ulm\n", update=True, key="import-0002")
    assert (done.changed, [row for row, _ in done.rejects]) == (1, [1])


def test_a_shared_identifier_is_kept_marked_and_listed(desk):
    imports.import_people(desk, TWO, key="import-0001")
    done = imports.import_people(desk, b"customer_id,email\nc-3,ONE@example.com\n", key="import-0002")
    assert (done.added, [(row, field) for row, field, _ in done.warnings]) == (1, [(1, "email")])
    found = people.find(desk, "one@example.com", purpose="request")
    assert sorted((each.source_id, each.shared) for each in found.exact) == [("c-1", True), ("c-3", True)]


def test_a_prefix_keeps_files_with_the_same_numbers_apart(desk):
    imports.import_people(desk, TWO, key="import-0001")
    assert imports.import_people(desk, TWO, prefix="p-", key="import-0002").added == 2
    assert held(desk) == 3


@pytest.mark.parametrize("content", [
    b"", b"a,b\n1,2\n", b"customer_id,city\nc-1,\xff\n", b"customer_id,city\nc-1,\0\n", b"customer_id,city\nc-1,x\nc-2\n",
    b"customer_id,city\nc-1," + b"x" * 70_000 + b"\n",
])
def test_a_broken_file_changes_nothing_and_the_refusal_is_entered(desk, content):
    with pytest.raises(Invalid):
        imports.import_people(desk, content, key="import-0001")
    assert held(desk) == 0
    assert [row["outcome"] for row in entries(desk)] == ["refused.invalid"]
    assert imports.earlier(desk) == []


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "' or 1=1 --", "<script>", "\u202ereversed", "🙂", "ش" * 300])
def test_hostile_text_is_stored_literally(desk, text):
    imports.import_people(desk, f'customer_id,given_name,note\nc-1,"{text}","{text}"\n'.encode(), key="import-0001")
    tables = export(desk, "c-1")
    assert tables["profiles"][0]["given_name"] == text
    assert tables["attributes"][0]["value"] == text


def test_the_same_command_is_done_once_and_answers_the_same(desk):
    first = imports.import_people(desk, TWO, key="import-0001")
    assert imports.import_people(desk, TWO, key="import-0001") == first
    assert len(imports.earlier(desk)) == 1
    assert [row["act"] for row in entries(desk)] == ["person.import"]


def test_the_entry_of_an_import_holds_counts_and_field_names_only(desk):
    imports.import_people(desk, TWO, name="two people.csv", key="import-0001")
    (entry,) = entries(desk)
    assert '"added":2' in entry["details"].replace(" ", "")
    for value in ("example.com", "Mark", "Berlin", "shirt", "c-1", "two people"):
        assert value not in entry["details"]


def test_events_and_consents_are_added_once_however_often_their_file_comes(desk):
    imports.import_people(desk, TWO, key="import-0001")
    events = b"customer_id,at,kind,channel,detail\n" + b"c-1,2026-03-03T10:00+01:00,order,shop,text\n" * 2 + \
        b"c-9,2026-03-03,order,shop,\nc-1,yesterday,order,shop,\nc-1,2026-03-03,,shop,\n,2026-03-03,order,shop,\n"
    first = imports.import_events(desk, events, key="import-0002")
    assert (first.added, [row for row, _ in first.rejects]) == (2, [3, 4, 5, 6])
    again = imports.import_events(desk, events, key="import-0003")
    assert (again.added, again.already_held) == (0, 2)
    assert [row["detail"] for row in export(desk, "c-1")["events"]] == ["text", "text"]
    consents = b"""customer_id,purpose,channel,given,at
c-1,news,email,yes,2026-01-01
c-1,news,email,no,2026-02-01
c-1,news,email,perhaps,2026-02-01
c-1,,email,no,2026-02-01
"""
    done = imports.import_consents(desk, consents, key="import-0004")
    assert (done.added, [row for row, _ in done.rejects]) == (2, [3, 4])
    assert [row["given"] for row in export(desk, "c-1")["consents"]] == [True, False]


def test_a_preview_tells_columns_and_mapping_and_no_value(desk):
    shown = imports.preview(desk, TWO)
    assert (shown.columns[0], shown.mapping["email"], shown.attributes, shown.row_count) == \
        ("customer_id", ["email"], ("shirt",), 2)
    assert "Mark" not in str(shown)
    assert entries(desk) == []


def test_the_command_line_imports_only_into_demo_and_bench_stores(desk, tmp_path):
    assert imports.import_people(desk_of(desk.store, Role.OPERATOR), TWO, key="import-0001").added == 2
    live = Store.create(tmp_path / "live.duckdb", "live", NOW)
    try:
        with pytest.raises(NotAllowed, match="Import page"):
            imports.import_people(desk_of(live, Role.OPERATOR), TWO, key="import-0001")
        with pytest.raises(NotAllowed):
            imports.import_people(desk_of(live, Role.MANAGER), TWO, key="import-0001")
    finally:
        live.close()
