"""A request for a portable copy: prepared, built, released and fetched as its own narrower set, and disclosed so."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from core.actions.answers import approvals, plans, requests
from core.actions.answers.letters import letters
from core.actions.answers.packages import packages
from core.actions.answers.packages.release import RELEASE
from core.actions.answers.portability import portability
from core.actions.cases import cases, intake
from core.actions.cases import identity as checking
from core.connectors.catalogue import catalogue
from core.law.errors import NotPossible
from core.store.engine import new_id
from tests.actions.conftest import MAIL, import_people, take_in

INSIDE = {
    "profiles": {
        "given_name", "family_name", "birth_date", "address", "city", "postcode", "country", "language", "made_at",
        "changed_at", "source", "source_texts",
    },
    "identifier_values": {"kind", "value"}, "attributes": {"name", "value"},
    "consents": {"purpose", "channel", "given", "happened_at", "text_version", "source"},
    "events": {"happened_at", "kind", "channel", "detail"},
}


@pytest.fixture
def asked(empty_walk):
    """Give a request for a portable copy in progress, of a proven and decided person."""
    people = import_people(empty_walk.store, 3)
    walk = empty_walk
    taken = intake.take_in(
        walk.steward,
        intake.Intake(("portability",), "email", date(2026, 11, 20), email=MAIL.format(1), name="M", body="BODYWORDS"),
        key=new_id(),
    )
    walk = replace(walk, case_ref=taken.case_ref, request_id=taken.requests[0][0], subject=people[1], number=1)
    requests.start(walk.steward, walk.request_id, version=walk.version, key=new_id())
    with walk.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=walk.case_ref)["version"]
    cases.decide_person(walk.steward, walk.case_ref, people[1], version=version, key=new_id())
    checking.record(walk.checker, walk.case_ref, ["mail_held", "two_facts"], "proven", "WHY", key=new_id())
    return walk


def opened(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_fields_that_are_in_are_exactly_those_of_article_20():
    inside = {}
    for fact in portability.decided(catalogue()):
        if fact.included:
            inside.setdefault(fact.table, set()).add(fact.column)
        assert fact.system == "local" or not fact.included
    assert inside == INSIDE


def test_what_leaves_holds_no_field_row_or_word_beyond_them(asked):
    got = asked.fetched()
    assert got.file_name.startswith("portability-RD-2026-")
    held = opened(got.content)
    assert {name for name in held if "/" not in name} == {"data.json", "schema.json", "manifest.json"}
    data = json.loads(held["data.json"])
    assert set(data["systems"]) == {"local"}
    for table, rows in data["systems"]["local"].items():
        assert all(set(row) == INSIDE[table] for row in rows)
    kinds = {row["kind"] for row in data["systems"]["local"]["identifier_values"]}
    assert kinds == {"email"}, "the customer number is ours, not the person's"
    everything = b"".join(held.values())
    assert b"marker0001x" in everything
    for foreign in (b"marker0000x", b"BODYWORDS", b"desk", asked.subject.encode(), asked.case_ref.encode()):
        assert foreign not in everything.replace(b"rightsdesk", b"").replace(b'"system": "desk"', b"")
    lines = csv.reader(io.StringIO(held["tables/01-local-profiles.csv"].decode("utf-8-sig"), newline=""))
    assert set(next(lines)) == INSIDE["profiles"]


def test_every_field_has_its_decision_in_the_manifest_with_an_article(asked):
    manifest = json.loads(opened(asked.fetched().content)["manifest.json"])
    assert len(manifest["fields"]) == len(catalogue().fields)
    assert all(each["reason"] and each["article"].startswith("20(") for each in manifest["fields"])
    assert [each["name"] for each in manifest["systems"]] == ["local"]


def test_the_disclosure_rests_on_article_20_and_names_only_what_left(asked):
    asked.fetched()
    with asked.store.transaction() as tx:
        (row,) = tx.rows("desk_records.disclosure_log", subject=asked.subject)
    assert row["basis"] == "Art. 20"
    assert set(row["categories"].split(", ")) == {"master data", "identifiers", "attributes"}


def test_the_plan_says_of_each_field_in_or_out(asked):
    asked.prepare()
    facts = plans.open_fields(asked.steward, asked.request_id)
    told = {(fact.table, fact.column): fact for fact in facts}
    assert told["profiles", "city"].included
    assert told["profiles", "customer_id"].reason.startswith("derived")
    assert told["devices", "device_id"].article == "20(1)(a)"
    assert told["messages", "body"].reason.startswith("rests on Art. 6(1)(c)")


def test_the_letter_is_its_own_and_names_the_systems_of_the_copy(asked):
    with pytest.raises(NotPossible, match="package first"):
        letters.draft(asked.steward, asked.case_ref, "portability_answer", asked.request_id, key=new_id())
    asked.released()
    with pytest.raises(NotPossible, match="not for a request of this kind"):
        letters.draft(asked.steward, asked.case_ref, "answer", asked.request_id, key=new_id())
    letters.draft(asked.steward, asked.case_ref, "portability_answer", asked.request_id, key=new_id())
    (letter,) = letters.list_letters(asked.steward, asked.case_ref)
    assert "Article 20" in letter.text
    assert "Customer profiles" in letter.text
    assert "The data protection desk" not in letter.text


def test_an_access_request_keeps_its_whole_package(empty_walk):
    people = import_people(empty_walk.store, 1)
    walk = take_in(empty_walk, people[0])
    got = walk.fetched()
    assert got.file_name.startswith("access-")
    assert {"answer.html", "answer.pdf", "data.json", "data.xlsx", "manifest.json"} <= set(opened(got.content))
    with pytest.raises(NotPossible):
        plans.open_fields(walk.steward, walk.request_id)


def test_data_that_changed_send_the_copy_back(asked):
    asked.prepare()
    asked.work()
    approval = asked.ask()
    with asked.store.transaction() as tx:
        tx._cursor.execute("update profiles set city = 'Elsewhere' where subject_ref = $s", {"s": asked.subject})
        asked.store.commit(tx)
    with pytest.raises(approvals.DataChanged):
        approvals.approve(asked.approver, RELEASE, approval, key=asked.key())
    assert asked.state == "in_progress"
    assert packages.state(asked.steward, asked.request_id).state == "built"


def test_an_identifier_that_another_person_holds_is_named_to_the_approver(asked):
    with asked.store.transaction() as tx:
        tx._cursor.execute(
            "update identifier_values set shared = true where subject_ref = $s and kind = 'email'", {"s": asked.subject}
        )
        asked.store.commit(tx)
    asked.prepare()
    asked.work()
    seen = approvals.compare(asked.approver, RELEASE, asked.ask())
    assert seen.harms_nobody == "20(4)"
    assert seen.person.shared == ("email",)
