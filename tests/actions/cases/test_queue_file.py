"""The list of requests as a file: all the rows of the screen and no other, entered in the log, with nobody's name but the owner's."""

import csv
import hashlib
import io
from datetime import date
from urllib.parse import urlencode

import pytest

from core.actions.cases import assigning, cases, queue
from core.actions.cases.intake import Intake, take_in
from core.actions.cases.queue import PAGE, Asked, Only
from core.law.clock.figures import Waits
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import hold_role
from tests.conftest import desk_of

RECEIVED = date(2026, 11, 2)


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD)


def take(desk, number, *rights):
    return [take_in(
        desk, Intake(rights or ("access",), "post", RECEIVED, name=f"Marker{each}", email=f"m{each}@example.com", body="All."),
        key=new_id(),
    ) for each in range(number)]


def account(store, desk, name="Somebody"):
    with store.transaction() as tx:
        tx._cursor.execute(
            "insert into accounts (id, actor_ref, sign_in_name, name, made_at, made_by) values ($id, $id, $id, $name, $now, 'x')",
            {"id": desk.person.account_id, "name": name, "now": desk.now},
        )
        store.commit(tx)


def read(delivery):
    return list(csv.DictReader(io.StringIO(delivery.content.decode("utf-8-sig"))))


def fetch(desk, asked=""):
    return queue.fetch(desk, asked)


def test_the_file_holds_every_page_in_the_order_of_the_screen_and_no_person(desk):
    take(desk, PAGE // 2 + 3, "access", "erasure")
    delivery = fetch(desk)
    pages = [row for page in (1, 2) for row in queue.list_requests(desk, page=page).rows]
    assert len(pages) > PAGE
    assert [row["Reference"] for row in read(delivery)] == [row.reference for row in pages]
    assert set(read(delivery)[0]) == set(queue.HEADINGS)
    assert read(delivery)[0] | {"Right": "", "Reference": ""} == {
        "Reference": "", "Right": "", "State": "received", "Ending": "", "Received": "2026-11-02", "Due": "2026-12-02",
        "Safe day": "2026-12-02", "Deadline": pages[0].standing.words, "Owner": "", "Came by": "Letter",
    }
    assert b"Marker" not in delivery.content
    assert b"@" not in delivery.content
    assert delivery.file_name.startswith("requests-open-")


@pytest.mark.parametrize("asked", [
    Asked(right="erasure"), Asked(view="closed"), Asked(owner=""), Asked(owner="account-nobody"),
    Asked(only=Only(due=date(2026, 12, 2))), Asked(only=Only(due=date(2026, 12, 3))), Asked(only=Only(channel="email")),
    Asked(only=Only(waits=Waits.IDENTITY)), Asked(only=Only(waits=Waits.US)), Asked(search="RD-2026-0"), Asked(search="7&/ä"),
    Asked("open", "access", "", "RD", Only(band="next", channel="post", waits="us")),
])
def test_the_address_of_a_screen_asks_for_the_rows_of_that_screen(desk, asked):
    take(desk, 3, "access", "erasure")
    shown = queue.list_requests(desk, asked.view, asked.right, asked.owner, asked.search, only=asked.only)
    assert [row["Reference"] for row in read(fetch(desk, asked.address))] == [row.reference for row in shown.rows]


@pytest.mark.parametrize("address", [
    "nonsense", "name=Marker", "view=everything", "right=pigeon", "due=31.12.2026", "due=0001-01-01", "after=soon", "waits=godot",
    "band=%27%3B+drop+table+requests", "outcome=never", "channel=pigeon", "owner=Marker+Firstly", "search=" + "R" * 100, "view=open&" * 400,
    urlencode({"search": "RD\x00"}),
])
def test_an_address_that_is_none_is_refused_with_a_sentence_and_not_logged_as_a_download(desk, address):
    with pytest.raises(Invalid) as refusal:
        fetch(desk, address)
    assert "Marker" not in str(refusal.value)
    assert entries(desk) == []


def entries(desk):
    with desk.store.transaction() as tx:
        rows = tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=10_000)
    return [row for row in rows if row["act"] == "queue.fetch"]


def test_the_download_is_entered_with_what_was_asked_and_never_with_what_was_typed(desk):
    (made,) = take(desk, 1)
    delivery = fetch(desk, Asked(right="access", search=made.reference).address)
    (entry,) = entries(desk)
    assert entry["outcome"] == "done"
    assert hashlib.sha256(delivery.content).hexdigest() in entry["details"]
    assert made.reference not in str(entry)
    assert '"asked":["view:open","right:access"]' in entry["details"].replace(" ", "")
    assert '"searched":1' in entry["details"].replace(" ", "")
    assert '"requests":1' in entry["details"].replace(" ", "")


def test_a_sealed_case_is_in_no_file_of_those_who_may_not_open_it(store, desk):
    sealed, _ = take(desk, 2)
    dpo = desk_of(store, Role.DPO, name="dpo")
    account(store, dpo)
    cases.seal_to(dpo, sealed.case_ref, [dpo.person.account_id], key=new_id())
    assert len(read(fetch(desk))) == 1
    assert len(read(fetch(dpo))) == 2


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MARKETER, Role.ADMINISTRATOR, Role.SETUP, Role.OPERATOR])
def test_who_sees_counts_or_nothing_takes_no_rows_away(store, desk, role):
    take(desk, 1)
    with pytest.raises(NotAllowed):
        fetch(desk_of(store, role))


def test_the_name_of_an_owner_is_no_formula(store, desk):
    (made,) = take(desk, 1)
    account(store, desk, "=1+1")
    hold_role(store, desk.person.account_id, Role.STEWARD)
    assigning.assign(desk, made.requests[0][0], desk.person.account_id, version=1, key=new_id())
    (row,) = read(fetch(desk, Asked(owner=desk.person.account_id).address))
    assert row["Owner"] == "'=1+1"
