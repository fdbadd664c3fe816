"""The locks hold what the lists ask for: every package beneath, at one version, with the hashes of its files."""

import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.reading import modules

ROOT = Path(__file__).parents[2]
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)", re.IGNORECASE)


def listed(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {found[1].lower(): found[2] for line in lines if (found := ENTRY.match(line))}


def test_each_line_of_a_list_gives_a_version_and_a_reason():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line for line in (ROOT / name).read_text("utf-8").splitlines() if line and not line.startswith(("#", "-r "))]
        assert [line for line in lines if not re.match(r"^[\w.-]+==[\w.]+ +# \S", line)] == []


@pytest.mark.parametrize(("lock", "lists"), [
    ("requirements.lock", ["requirements.txt"]), ("requirements-dev.lock", ["requirements.txt", "requirements-dev.txt"]),
])
def test_what_is_asked_for_is_locked_at_that_version_with_hashes(lock, lists):
    locked = listed(lock)
    for each in lists:
        assert listed(each).items() <= locked.items(), f"{each} changed: run make lock"
    text = (ROOT / lock).read_text("utf-8")
    for entry in re.split(r"\n(?=\S)", text):
        if ENTRY.match(entry):
            assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in text, "the lock names no place to load from"


def test_what_the_tests_run_with_is_what_the_desk_runs_with():
    assert listed("requirements.lock").items() <= listed("requirements-dev.lock").items()


def test_what_the_code_imports_is_asked_for_by_name():
    makers = packages_distributions()
    tops = {name.split(".")[0] for module in modules() for name in module.imports()}
    foreign = tops - {"core", "pages", "app"} - set(sys.stdlib_module_names)
    asked = listed("requirements.txt").keys()
    assert [name for name in sorted(foreign) if not {each.lower() for each in makers[name]} & asked] == []
