"""A machine is lost: what stands on another disk brings back every act that was acknowledged before the backup began."""

import os
import shutil
import subprocess
import sys
import threading

from core.actions.desk.desk import operator_desk, present
from core.actions.oversight import purges
from core.store.engine import Store
from core.store.files import beside
from tests.commands.test_commands import core
from tests.faults import load
from tests.faults.test_kill import check
from tests.stores import fresh

THREADS = 4


def command(*words):
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, words)], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": "."}, timeout=120,
    )


def test_a_backup_taken_under_load_brings_back_every_act_before_it(tmp_path, monkeypatch):
    said, enough = [], threading.Semaphore(0)
    stop = threading.Event()

    def say(*words):
        said.append(list(words))
        enough.release()

    def acts(count):
        for _ in range(count):
            assert enough.acquire(timeout=120)

    monkeypatch.setattr(load, "say", say)
    lost, other = tmp_path / "machine", tmp_path / "other-disk"
    path = fresh(lost / "desk.duckdb")
    store = Store.open(path, present())
    workers = [threading.Thread(target=load.work, args=(store, number, 7, None, stop)) for number in range(THREADS)]
    for worker in workers:
        worker.start()
    acts(50)
    before = list(said)
    made = purges.back_up(operator_desk(store, "tester", present()), other / "backups", other / "keys")
    during = len(said) - len(before)
    acts(during + 8)  # it goes on after the backup
    stop.set()
    for worker in workers:
        worker.join()
    assert during > 0, "nobody worked while it was backed up"
    assert not [each for each in said if each[0] == "refused"]
    store.close()
    shutil.copy2(beside(path, ".master"), other)  # the master key has a copy of its own
    shutil.rmtree(lost)

    path = tmp_path / "new-machine" / "desk.duckdb"
    path.parent.mkdir()
    refused = core(path, "restore", other / "backups" / made.name)
    assert refused.returncode == 1, "without its master key a backup is bytes"
    for each in (*(other / "keys").iterdir(), other / "desk.duckdb.master"):
        shutil.copy2(each, path.parent)
    done = command("restore", other / "backups" / made.name, "--store", path)
    assert done.returncode == 0, done.stderr
    verified = core(path, "verify")
    assert verified.returncode == 0, verified.stdout
    assert check(path, before) == len(before)
