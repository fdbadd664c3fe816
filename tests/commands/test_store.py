"""What doctor says about the machine the desk runs on."""

import pytest

from core.actions.desk import drafts
from core.commands import store as on_store
from core.commands.table import run
from core.law.roles import Role
from core.store.engine import Store
from core.store.files import beside
from tests.conftest import NOW, desk_of
from tests.stores import fresh


def test_what_is_installed_is_compared_with_the_lock_to_the_last_package(monkeypatch):
    assert on_store._packages().ok, on_store._packages().sentence
    installed = on_store.version
    for name in ("uvicorn", "starlette", "duckdb"):  # the first two stand in the lock alone
        monkeypatch.setattr(on_store, "version", lambda each, name=name: "0.0.1" if each == name else installed(each))
        told = on_store._packages()
        assert not told.ok
        assert f"locked: {name}. " in told.sentence


def test_a_package_that_is_missing_is_named(monkeypatch):
    def version(name):
        raise on_store.PackageNotFoundError(name)

    monkeypatch.setattr(on_store, "version", version)
    assert "duckdb, " in on_store._packages().sentence


class Lines:
    """A terminal whose lines are kept."""

    def __init__(self):
        self.said = []

    def out(self, text):
        self.said.append(text)

    err = out


def told(store, name, **parameters):
    lines = Lines()
    code = run(store, "tester", lines, name, parameters)
    return code, "\n".join(lines.said)


def test_a_lost_key_is_told_by_doctor_and_accepted_only_when_that_is_said(tmp_path):
    path = fresh(tmp_path / "desk.duckdb")
    store = Store.open(path, NOW)
    drafts.keep(desk_of(store, Role.STEWARD), "intake", {"name": "half"})
    assert "1 keys of people, cases and documents." in told(store, "doctor", as_json=False)[1]
    assert told(store, "accept", yes=True) == (1, "Nothing is lost: log, keys and ledger hold what they must.")
    store.close()
    beside(path, ".keys").unlink()
    store = Store.open(path, NOW, tolerating=True)
    assert "NOT  keys" in told(store, "doctor", as_json=False)[1]
    code, words = told(store, "accept", yes=False)
    assert code == 1
    assert "lacks 1 of 1 keys that the store needs (1 of case files and drafts)" in words
    assert "accept --yes" in words
    assert store.troubles, "told, and nothing was done"
    assert told(store, "accept", yes=True) == (0, "Accepted and entered in the log: 1 keys, 0 entries of the ledger.")
    store.close()
    Store.open(path, NOW).close()


@pytest.mark.parametrize(("given", "ok", "words"), [
    ({}, True, "None is named"), ({"PUBLIC_URL": "https://desk.example"}, False, "Set RIGHTSDESK_PROXY"),
    ({"PUBLIC_URL": "https://desk.example", "RIGHTSDESK_PROXY": "127.0.0.1"}, True, "127.0.0.1 is believed"),
    ({"PUBLIC_URL": "https://desk.example", "RIGHTSDESK_TLS_CERTIFICATE": "/c.pem"}, True, "itself"),
])
def test_a_proxy_that_is_not_named_is_told(monkeypatch, given, ok, words):
    for name in ("PUBLIC_URL", "RIGHTSDESK_PROXY", "RIGHTSDESK_TLS_CERTIFICATE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    check = on_store._proxy()
    assert (check.ok, words in check.sentence) == (ok, True)
