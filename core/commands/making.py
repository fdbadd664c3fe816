"""Making stores: the demo store, and a live or bench store with the token for its first administrator."""

from datetime import datetime
from pathlib import Path
from shutil import rmtree

from core.actions.accounts.accounts import bootstrap, demo_accounts
from core.actions.accounts.samples import DEMO_PASSWORD
from core.actions.desk.act import act
from core.actions.desk.desk import operator_desk
from core.actions.desk.establishment import Establishment, keep
from core.commands import accounts
from core.commands.carry import utc_now
from core.control.server import user_name
from core.control.terminal import Terminal
from core.demo.rota import enter_rota
from core.demo.sample import BEGIN, take_samples, tell
from core.demo.years.bulk import add_history
from core.demo.years.shares import YEARS
from core.law.acts import Act
from core.store.engine import Store
from core.store.files import beside

FILES = frozenset({"", ".wal", ".key", ".keys", ".ledger", ".anchor", ".master", ".d"})
EXAMPLE = Establishment(
    controller="Example Controller Ltd", contact="Example Street 1, 10115 Berlin, privacy@controller.example",
    dpo_contact="dpo@controller.example", authority="The supervisory authority of the Example State",
)


def make_demo(path: Path, terminal: Terminal, *, bare: bool, years: bool = True) -> None:
    """Make a demo store: the accounts of every role and, unless bare, people and requests of all states and ages.

    Before those lie three `years` of closed requests, unless a test does without.
    """
    now = utc_now()
    first = now if bare else now - YEARS if years else now - BEGIN
    before = {suffix for suffix in FILES if beside(path, suffix).exists()}
    store = Store.create(path, "demo", first)
    try:
        _establish(store, first, EXAMPLE)
        demo_accounts(store, first, DEMO_PASSWORD, setup_from=now)
        if not bare:
            take_samples(store, first)
            if years:
                add_history(store, now, BEGIN)
            tell(store, now)
            if years:
                enter_rota(store, now)
    except BaseException:
        store.close()
        _take_away(path, before)
        raise
    store.close()
    terminal.out(f"A demo store was made at {path}.")
    terminal.out("Sign in as steward, approver, dpo, manager, analyst, administrator, marketer or setup")
    terminal.out(f"with the password: {DEMO_PASSWORD}")


def make_live(path: Path, terminal: Terminal, *, kind: str, here: Establishment) -> None:
    """Make a live or bench store and print the first administrator's one-time token."""
    now = utc_now()
    here.check()
    store = Store.create(path, kind, now)
    try:
        _establish(store, now, here)
        token = bootstrap(store, now, user_name())
    finally:
        store.close()
    terminal.out(f"A {kind} store was made at {path}.")
    accounts.tell(terminal, token)
    terminal.err(f"Keep {path.name}.master apart from the backups: without it nothing in the store can be read.")


def _establish(store: Store, now: datetime, here: Establishment) -> None:
    with act(operator_desk(store, user_name(), now), Act.STORE_CREATE) as doing:
        keep(store, doing.tx, here)
        doing.detail["kind"] = store.kind


def _take_away(path: Path, before: set[str]) -> None:
    """Take a half-made demo store away, so that the next try starts clean; nothing that was there before."""
    for suffix in FILES - before:
        if suffix == ".d":
            rmtree(beside(path, suffix), ignore_errors=True)
        else:
            beside(path, suffix).unlink(missing_ok=True)
