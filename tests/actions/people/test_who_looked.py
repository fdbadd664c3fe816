"""The person asks who looked: days and purposes in every file of the package, and nobody by name or lasting pseudonym."""

import io
import json
import re
import zipfile

import pytest

from core.actions.answers import plans
from core.actions.answers.packages import packages
from core.actions.cases import cases
from core.actions.people import people
from core.law.errors import Invalid
from core.law.roles import Role
from core.store.encryption import Cell, decrypt_bytes
from core.store.engine import new_id
from tests.actions.conftest import import_people, take_in
from tests.conftest import NOW, desk_of
from tests.documents.reading import pdf_words, squeeze, xlsx_parts

PURPOSE = "Inquiry of an authority"


@pytest.fixture
def looked(empty_walk):
    """An access request of a person at whom two colleagues looked, and another person with looks of their own."""
    subjects = import_people(empty_walk.store, 3)
    curious = desk_of(empty_walk.store, Role.STEWARD, name="markercurious")
    people.open_person(curious, subjects[1], purpose="authority")
    people.open_person(curious, subjects[2], purpose="complaint")
    walk = take_in(empty_walk, subjects[1], 1)
    people.find(walk.steward, "marker-1@example.com", purpose="quality")
    cases.open_case(walk.checker, walk.case_ref)
    with pytest.raises(Exception, match="no such person"):
        people.open_person(curious, "0" * 32, purpose="test")
    walk.curious, walk.subjects = curious, subjects
    return walk


def files_of(walk, *, look_ups=True):
    plans.prepare(
        walk.steward, walk.request_id, version=walk.version, purpose="request", look_ups=look_ups, key=new_id()
    )
    walk.work()
    with walk.store.transaction() as tx:
        row = tx.one("packages.one", id=walk.package_id)
        sealed = tx.one("packages.content", id=walk.package_id)["content"]
    content = decrypt_bytes(walk.store, row["case_ref"], sealed, Cell("packages", row["id"], "content"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def looks_in(files):
    return json.loads(files["data.json"])["look_ups"]


def whole(files):
    """Every byte and every word of the package, archives within it opened."""
    return b"".join([*files.values(), *xlsx_parts(files["data.xlsx"]).values(), pdf_words(files["answer.pdf"]).encode()])


def test_days_and_purposes_stand_in_every_file(looked):
    files = files_of(looked)
    looks = looks_in(files)
    mine = [each for each in looks if each["purpose"] == PURPOSE]
    assert [(each["happened_on"], each["what"]) for each in mine] == [(NOW.date().isoformat(), "opened a person")]
    assert {each["purpose"] for each in looks} >= {PURPOSE, "Quality check", "Handling a request"}
    assert "Complaint" not in {each["purpose"] for each in looks}, "a look at somebody else"
    assert "System test" not in {each["purpose"] for each in looks}, "nothing was seen"
    assert re.fullmatch(r"colleague [0-9a-f]{8}", mine[0]["by"])
    assert squeeze(PURPOSE) in pdf_words(files["answer.pdf"])
    assert PURPOSE in files["answer.html"].decode()
    assert PURPOSE in files["look-ups.csv"].decode("utf-8-sig")
    assert PURPOSE in b"".join(xlsx_parts(files["data.xlsx"]).values()).decode()
    manifest = json.loads(files["manifest.json"])
    (entry,) = [each for each in manifest["files"] if each["name"] == "look-ups.csv"]
    assert (manifest["look_ups"], entry["rows"]) == (len(looks), len(looks))


def test_no_name_and_no_pseudonym_of_the_log_is_in_any_byte(looked):
    found = whole(files_of(looked))
    for desk in (looked.curious, looked.steward, looked.checker):
        for mark in (desk.person.actor_ref, desk.person.account_id, desk.person.sign_in_ref):
            assert not mark or mark.encode() not in found
    assert b"markercurious" not in found


def test_a_mark_is_one_colleague_in_one_package_and_nobody_in_the_next(looked):
    first = looks_in(files_of(looked))
    second = looks_in(files_of(looked))
    marks = [{each["by"] for each in looks if each["by"].startswith("colleague")} for looks in (first, second)]
    assert len(marks[0]) == len(marks[1]) >= 3
    assert not marks[0] & marks[1]
    by = {each["purpose"]: each["by"] for each in first if each["purpose"] in {PURPOSE, "Quality check"}}
    assert by[PURPOSE] != by["Quality check"]


def test_a_search_in_the_case_that_showed_somebody_else_is_no_look_at_this_person(looked):
    people.find(looked.steward, "marker-2@example.com", purpose="identity", case=looked.case_ref)
    assert "Identity check" not in {each["purpose"] for each in looks_in(files_of(looked))}


def test_nothing_of_it_is_there_where_the_person_did_not_ask(looked):
    files = files_of(looked, look_ups=False)
    assert looks_in(files) is None
    assert "look-ups.csv" not in files
    assert PURPOSE.encode() not in whole(files)
    assert not packages.state(looked.steward, looked.request_id).look_ups


def test_only_a_copy_under_article_15_says_it(looked):
    from core.actions.answers import requests
    from core.actions.cases import intake
    from core.actions.cases.intake import Intake

    made = intake.take_in(
        looked.steward, Intake(("portability",), "email", NOW.date(), email="m@example.com", body="x"), key=new_id()
    )
    request = made.requests[0][0]
    requests.start(looked.steward, request, version=1, key=new_id())
    with pytest.raises(Invalid, match="Article 15"):
        plans.prepare(looked.steward, request, version=2, purpose="request", look_ups=True, key=new_id())
