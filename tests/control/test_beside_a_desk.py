"""Making a store where a desk serves one: refused with what to do, and nothing of it is touched; only a new token is given."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest

from core.actions.accounts import accounts
from core.actions.accounts.first_password import BOOTSTRAP
from core.actions.desk.desk import present
from core.store.engine import Store
from tests.commands.test_commands import core
from tests.serving import serving
from tests.stores import fresh
from tests.web.visitor import Visitor

PASSWORD = "a made-up password of tests"


@contextmanager
def standing(path):
    """Check that whatever happens here changes no file of the store, and makes none beside it."""
    before = files(path)
    yield
    assert files(path) == before


def files(path):
    return {each.name: each.read_bytes() if each.name != path.name else each.stat().st_size
            for each in path.parent.iterdir() if each.is_file() and each.suffix not in {".wal", ".anchor", ".lock", ".txt"}}


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """Give a live store without an account that a desk serves: its path, its address, and a token that has run out."""
    path, before = tmp_path_factory.mktemp("live") / "desk.duckdb", present() - BOOTSTRAP - timedelta(seconds=1)
    made = Store.create(path, "live", before)
    token = accounts.bootstrap(made, before)
    made.close()
    with serving(path) as address:
        yield path, address, token


def sentence(done):
    """Return the one sentence with which a command was refused."""
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = [each for each in done.stderr.splitlines() if each]
    return line


@pytest.mark.parametrize("more", [[], ["--bare"]])
def test_a_demo_store_is_not_made_over_one_that_a_desk_serves(live, more):
    path, address, _ = live
    with standing(path):
        told = sentence(core(path, "demo", *more))
    assert "is held by process" in told
    assert "stop it first" in told
    assert Visitor(address).get("/auth/sign-in").status == 200


def test_nor_over_one_that_is_there(tmp_path):
    path = fresh(tmp_path / "desk.duckdb", "demo")
    with standing(path):
        assert "already there" in sentence(core(path, "demo"))
        told = sentence(core(path, "bootstrap"))
        assert "This is a demo store" in told
        assert "Name another file" in told
    Store.open(path, present()).close()


def test_a_store_keeps_its_kind_beside_its_desk(live):
    path, _, _ = live
    with standing(path):
        assert "This is a live store" in sentence(core(path, "bootstrap", "--bench"))


def first(address, token):
    fields = {"token": token, "name": "Root Marker", "sign_in_name": "root", "password": PASSWORD, "again": PASSWORD}
    return Visitor(address).send("/auth/first", fields)


def test_whose_token_ran_out_gets_a_new_one_while_the_desk_serves_and_it_opens_the_desk_once(live, tmp_path):
    path, address, ran_out = live
    assert (refused := first(address, ran_out)).status == 400
    assert "not valid, or not any more" in refused.text
    given = [core(path, "bootstrap", "--controller", "Another Controller") for _ in range(2)]
    for each in given:
        assert each.returncode == 0, each.stderr
        assert "30 minutes" in each.stdout
        assert "was made" not in each.stdout
    void, token = (each.stdout.splitlines()[-1] for each in given)
    assert len({ran_out, void, token}) == 3
    assert len(token) >= 43
    assert first(address, void).status == 400, "a new one voids the one before"
    assert first(address, token).status == 200
    assert first(address, token).status == 400
    assert Visitor(address).sign_in("root", PASSWORD).status == 303
    with standing(path):
        told = sentence(core(path, "bootstrap"))
    assert "There are accounts already" in told
    log = tmp_path / "log.jsonl"
    assert core(path, "audit", "export", log).returncode == 0
    made = [json.loads(line) for line in log.read_text().splitlines() if '"act":"store.bootstrap"' in line]
    assert [each["outcome"] for each in made] == ["done"] * 3 + ["refused.not_possible"]
    assert {each["actor_ref"].partition(":")[0] for each in made} == {"operator"}
    for secret in (void, token):
        assert secret not in log.read_text()
        assert not [each for each in path.parent.iterdir() if each.is_file() and secret.encode() in each.read_bytes()]
