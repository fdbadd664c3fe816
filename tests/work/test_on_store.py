"""What doctor says about the machine the desk runs on."""

from core.work import on_store


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
