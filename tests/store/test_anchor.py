"""The anchor's form is the documented one, and whoever knows only that page holds a log against it."""

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from core.actions.desk.desk import operator_desk
from core.actions.oversight import proof
from core.store.anchor import Anchor, AnchorBroken, read_anchor, write_anchor
from core.store.engine import Store
from core.store.files import beside
from tests.conftest import NOW
from tests.stores import fresh

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))


def example() -> str:
    (line,) = re.findall(r'^\{"format":"rightsdesk-anchor".*$', (ROOT / "docs" / "audit-log.md").read_text("utf-8"), re.M)
    return line + "\n"


def test_the_documents_example_is_what_is_written_and_read(tmp_path):
    path = tmp_path / "desk.duckdb"
    head = re.search(r'"head":"([0-9a-f]{64})"', example())[1]
    anchor = Anchor("log-7f3a", 2, bytes.fromhex(head), datetime(2026, 3, 3, 9, 16, 2))
    write_anchor(path, KEY, anchor)
    assert beside(path, ".anchor").read_text("ascii") == example()
    assert read_anchor(path, KEY).head == anchor.head
    assert beside(path, ".anchor").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("harm", [
    lambda text: text.replace('"count":2', '"count":1'), lambda text: text.replace("log-7f3a", "log-7f3b"),
    lambda text: text.replace("09:16:02", "09:16:03"), lambda text: text[:-1], lambda text: text[:40], lambda text: "",
    lambda text: text.replace(",", ", ", 1), lambda text: "[]", lambda text: text + text,
])
def test_any_other_line_is_refused(tmp_path, harm):
    path = tmp_path / "desk.duckdb"
    beside(path, ".anchor").write_text(harm(example()), "ascii")
    with pytest.raises(AnchorBroken, match="not what this store wrote"):
        read_anchor(path, KEY)


def test_another_secret_does_not_open_it(tmp_path):
    path = tmp_path / "desk.duckdb"
    beside(path, ".anchor").write_text(example(), "ascii")
    with pytest.raises(AnchorBroken):
        read_anchor(path, bytes(32))


def test_a_verifier_with_nothing_of_ours_holds_an_export_against_the_anchor(tmp_path):
    path = fresh(tmp_path / "desk.duckdb")
    store = Store.open(path, NOW)
    for _ in range(3):
        proof.verify(operator_desk(store, "tester", NOW))
    lines = list(proof.export(operator_desk(store, "tester", NOW)))
    store.close()
    (tmp_path / "log.jsonl").write_text("".join(lines), "ascii")

    def told() -> str:
        return subprocess.run(
            [sys.executable, ROOT / "tests" / "audit" / "independent_verifier.py", tmp_path / "log.jsonl", beside(path, ".anchor")],
            capture_output=True, text=True, check=False,
        ).stdout

    assert told().startswith("sound: 4 ")
    footer = lines[-1].replace('"count":4', '"count":3').replace(
        re.search(r'"head":"(\w+)"', lines[-1])[1], re.search(r'"hash":"(\w+)"', lines[-3])[1])
    (tmp_path / "log.jsonl").write_text("".join([*lines[:-2], footer]), "ascii")
    assert told() == "shorter than the known head\n"
