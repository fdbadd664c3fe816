"""The command line's search stays off in a live store until a DPO switches it on."""

from datetime import date, datetime, timedelta

import pytest

from core.actions.desk.desk import operator_desk
from core.actions.people import operator_search, people
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.store.engine import Store
from tests.conftest import NOW, desk_of


@pytest.fixture
def live(tmp_path):
    made = Store.create(tmp_path / "live.duckdb", "live", NOW)
    yield made
    made.close()


def search(store, now=NOW):
    return people.find(operator_desk(store, "root", now), "C-1", purpose="operator", words="marker-words")


def test_off_by_default_on_until_its_day_and_off_again(live):
    dpo = desk_of(live, Role.DPO)
    with pytest.raises(NotAllowed):
        search(live)
    operator_search.switch(dpo, date(2026, 11, 24), key="switch-01")
    assert search(live).exact == ()
    assert operator_search.until(dpo) == datetime(2026, 11, 24, 23, 0)
    with pytest.raises(NotAllowed):
        search(live, NOW + timedelta(days=3))
    operator_search.switch(dpo, None, key="switch-02")
    with pytest.raises(NotAllowed):
        search(live)


def test_only_a_dpo_and_not_for_ever(live):
    for role in (Role.STEWARD, Role.ADMINISTRATOR, Role.OPERATOR):
        with pytest.raises(NotAllowed):
            operator_search.switch(desk_of(live, role), date(2026, 11, 24), key="switch-01")
    for day in (date(2026, 11, 22), date(2027, 6, 1)):
        with pytest.raises(Invalid):
            operator_search.switch(desk_of(live, Role.DPO), day, key="switch-02")


def test_the_words_of_a_search_are_kept_sealed_and_hashed_in_the_log(store):
    search(store)
    with store.transaction() as tx:
        kept = tx._cursor.execute("select words_hash, body from purpose_words").fetchone()
        entry = tx.rows("log.all_rows", chain=store.chain, first=0, last=10)[0]
    assert bytes(entry["words_hash"]) == bytes(kept[0])
    assert b"marker-words" not in bytes(kept[1])
    assert "marker-words" not in str(entry)


def test_each_use_is_shown_to_a_dpo_until_looked_at(live, entries_of):
    dpo = desk_of(live, Role.DPO)
    with pytest.raises(NotAllowed):
        search(live)
    operator_search.switch(dpo, date(2026, 11, 24), key="switch-01")
    search(live, NOW + timedelta(minutes=1))
    refused, done = operator_search.uses(dpo)
    assert (refused.actor, refused.outcome, refused.people) == ("operator:root", "refused.not_allowed", 0)
    assert (done.outcome, done.purpose) == ("done", "Operator look-up")
    search(live, NOW + timedelta(minutes=2))  # while the page stands open
    operator_search.looked(dpo, done.seq, key="looked-01")
    (later,) = operator_search.uses(dpo)
    assert later.seq > done.seq
    operator_search.looked(dpo, later.seq, key="looked-02")
    assert operator_search.uses(dpo) == ()
    with pytest.raises(Invalid):
        operator_search.looked(dpo, later.seq, key="looked-03")
    assert [row["act"] for row in entries_of(live)].count("find.uses") == 3  # two done, one refused


def test_nothing_can_be_looked_at_that_was_not_shown(live):
    dpo = desk_of(live, Role.DPO)
    operator_search.switch(dpo, date(2026, 11, 24), key="switch-01")
    search(live)
    with pytest.raises(Invalid):
        operator_search.looked(dpo, 10**9, key="looked-01")
    assert len(operator_search.uses(dpo)) == 1
    people.find(desk_of(live, Role.STEWARD), "C-1", purpose="request")
    assert len(operator_search.uses(dpo)) == 1, "a colleague's search on the desk is none of the machine"
    for role in (Role.STEWARD, Role.ANALYST, Role.ADMINISTRATOR, Role.OPERATOR):
        with pytest.raises(NotAllowed):
            operator_search.uses(desk_of(live, role))


@pytest.fixture
def entries_of():
    def read(store):
        with store.transaction() as tx:
            return tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)
    return read
