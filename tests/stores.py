"""Stores to begin with: each kind is made once in a process, by the desk itself, and copied for every test.

Making one costs half a second of a core: two openings and every migration. A copy is as real, and only its test has it.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import duckdb
import pytest

from core.actions.accounts import accounts
from core.actions.accounts.passwords import COST
from core.actions.desk.desk import present
from core.commands.making import make_demo
from core.store.engine import Store
from core.store.files import beside
from core.web.signing import DEMO_PASSWORD

CONNECT = duckdb.connect
TAKEN_BACK = (  # takes back what the migrations from 0060_mail on did, for a test of a store made before
    "drop table erasure_wishes",
    "drop table consent_proofs",
    "drop table drills",
    "drop table owner_findings",
    "drop table owner_tasks",
    "drop table letter_requests",
    "drop table reopenings",
    "alter table fees drop column circumstances",
    *(f"alter table pauses drop column {name}" for name in ("large_quantity", "enough")),
    "drop table account_teams",
    "drop table closure_days",
    "drop table absences",
    "drop table raised_questions",
    "drop table restriction_reviews",
    "drop table suppression_annulments",
    *(f"alter table suppressions drop column {name}" for name in ("entry_ref", "held_value", "told_value")),
    "alter table letters drop column passages",
    "drop table approvals",
    ("create table approvals (id varchar, request_id varchar, case_ref varchar, package_id varchar, plan_hash varchar, "
    "package_sha256 varchar, address_id varchar, asked_by varchar, asked_at timestamp, approver_id varchar, "
    "deputy_id varchar, deputy_from timestamp, decision varchar, decided_by varchar, decided_at timestamp, words blob)"),
    ("create table letter_approvals (id varchar, letter_id varchar, request_id varchar, case_ref varchar, state varchar, "
    "letter_hash varchar, asked_by varchar, asked_at timestamp, approver_id varchar, deputy_id varchar, "
    "deputy_from timestamp, decided_by varchar, decided_role varchar, decided_at timestamp, words blob)"),
    *(f"alter table extensions add column {column}" for column in (
        "letter_hash varchar", "asked_by varchar", "asked_at timestamp", "approver_id varchar", "deputy_id varchar",
        "deputy_from timestamp", "decided_by varchar", "decided_at timestamp", "words blob",
    )),
    *(f"alter table messages drop column {name}" for name in ("sent_at", "arrived_at", "within", "remarks")),
    "alter table attachments drop column original",
    *(f"drop macro {name}" for name in ("barred_from", "sealed_from", "due_band", "due_kept")),
)
PARTS = ("", ".key", ".keys", ".ledger", ".anchor", ".master")  # of a closed store


def fresh(path: Path, kind: str = "bench", cost: int = COST) -> Path:
    """Put an empty closed store at the path; one of kind `demo` has its accounts, with passwords of this work factor."""
    return copied(_model(kind, cost), path)


def sample(path: Path, shared: Path) -> Path:
    """Put the closed demo store with all its stories at the path; it is made once for all processes of a test run.

    `shared` is the run's own folder, in which they wait for whoever comes first.
    """
    model = shared / "sample" / "desk.duckdb"
    model.parent.mkdir(exist_ok=True)
    with (shared / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not model.exists():
            made = model.with_name("making.duckdb")
            make_demo(made, _Silent(), bare=False, years=False)
            for suffix in sorted(PARTS, reverse=True):  # the store itself, by which it is known to be whole, comes last
                if (each := beside(made, suffix)).exists():
                    each.rename(beside(model, suffix))
    return copied(model, path)


def of_the_run(folders: pytest.TempPathFactory) -> Path:
    """Return the folder that all processes of this test run share."""
    own = folders.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


class _Silent:
    """A terminal that nobody reads."""

    def out(self, text: str) -> None:
        """Say nothing."""


def copied(model: Path, path: Path) -> Path:
    """Put a copy of a closed store at the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for suffix in PARTS:
        if beside(model, suffix).exists():
            shutil.copy2(beside(model, suffix), beside(path, suffix))
    return path


def model_path(name: str) -> Path:
    """Return where this process may make a store that is copied; it is gone with the process."""
    folder = tempfile.mkdtemp(prefix=f"rightsdesk-tests-{name}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder) / "desk.duckdb"


@cache
def _model(kind: str, cost: int) -> Path:
    path = model_path(kind)
    store = Store.create(path, kind, present())
    try:
        if kind == "demo":
            accounts.demo_accounts(store, present(), DEMO_PASSWORD, cost=cost)
    finally:
        store.close()
    duckdb.connect = _trusting
    return path


def _trusting(*args, config=None, **others):
    """Connect without hashing the 21 MB of the cipher library again: the engine has checked its signature just now.

    It does so at every opening, which is half the time of most tests. A desk cannot leave it out: the setting stands
    here alone, and tests/store/test_hardening.py looks at what a desk opens.
    """
    return CONNECT(*args, config={**(config or {}), "allow_unsigned_extensions": True}, **others)
