"""How long backups are kept: told by doctor where one is older, and where the setting is no number of days."""

import json
from datetime import timedelta

import pytest

from core.actions.desk.desk import present
from core.actions.oversight.purges import BACKUP_DAYS
from core.store.engine import Store
from core.store.ledger import BACKUP
from tests.commands.test_commands import core
from tests.stores import fresh


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Give a store that remembers a backup of forty days ago and one of yesterday."""
    path = fresh(tmp_path_factory.mktemp("kept") / "desk.duckdb", "live")
    store = Store.open(path, present())
    for name, days in (("desk-old", 40), ("desk-new", 1)):
        store.ledger.add(BACKUP, name, f"0 0 {'0' * 64}", present() - timedelta(days=days))
    store.close()
    return path


@pytest.mark.parametrize(("told", "well", "sentence"), [
    ("", True, "The last of 2 backups is desk-new"), ("60", True, "The last of 2 backups is desk-new"),
    ("30", False, "1 are older than the 30 days for which they are kept"), ("soon", False, "1 to 3,650"),
])
def test_doctor_tells_of_backups_that_are_kept_too_long(kept, told, well, sentence):
    checks = json.loads(core(kept, "doctor", "--json", environ={BACKUP_DAYS: told}).stdout)["checks"]
    (backup,) = [each for each in checks if each["name"] == "backup"]
    assert (backup["ok"], sentence in backup["sentence"]) == (well, True), backup
