"""The commands that copy the store as a whole: purge, backup, restore."""

from pathlib import Path

from core.actions.answers.erasure import drills, restores
from core.actions.oversight import purges
from core.actions.oversight.losses import accept_losses
from core.commands.carry import DONE, REFUSED, Session, command, utc_now
from core.commands.log import read_head
from core.control.server import user_name
from core.control.terminal import Terminal
from core.store.purge import STEPS

SAID = {
    "key": "A new key is being written down.", "copy": "The store is being copied; reading goes on, changes wait.",
    "wait": "Waiting for open readers.", "rename": "The new file takes the old one's place.",
}


@command("purge")
def purge(session: Session) -> int:
    """Write the store anew under a new key, so that what was deleted is gone to the bytes."""

    def told(step: str) -> None:
        if step in SAID:
            session.terminal.err(f"{STEPS.index(step) + 1}/{len(STEPS)}  {SAID[step]}")

    done = purges.purge(session.desk(), told)
    session.terminal.out(
        f"The store was written anew in {done.seconds:.1f} s, of which nobody could read for {done.seconds_stopped:.2f} s: "
        f"{done.rows:,} rows, {done.bytes_before / 2**20:.1f} MB before, {done.bytes_after / 2**20:.1f} MB after. "
        "What was erased before is gone from it; backups made earlier still hold it."
    )
    return DONE


@command("backup")
def backup(session: Session, *, folder: str, keys: str) -> int:
    """Write a backup while the desk goes on, and open it to verify its log."""
    made = purges.back_up(session.desk(), Path(folder), Path(keys) if keys else None)
    session.terminal.out(
        f"Backup {made.name} was written and verified: {made.size / 2**20:.1f} MB, {made.entries:,} entries of the log."
    )
    if keys:
        session.terminal.out(f"The keys and the ledger were copied to {keys}, over the copy before.")
    else:
        session.terminal.err(
            f"Subject keys, case keys and the ledger are not in it. Copy them apart from it: backup DIR --keys OTHER-DIR "
            f"({session.store.path.name}.keys, {session.store.path.name}.ledger)."
        )
    return DONE


@command("drill")
def drill(session: Session, *, folder: str) -> int:
    """Try on an empty folder whether a backup comes back, and keep what came of it."""
    done = drills.drill(session.desk(), Path(folder), session.user)
    if done.trouble:
        session.terminal.err(f"The restore of {done.backup} failed: {done.trouble}")
        return REFUSED
    session.terminal.out(
        f"{done.backup} came back in {done.seconds:.1f} s and was deleted again: {done.people:,} people, {done.entries:,} "
        f"entries of the log, which joins up. From the ledger, there: people erased again: "
        f"{done.erased_again}; suppressions entered again: {done.stopped_again}."
    )
    return DONE


@command("backup forget")
def forget(session: Session, *, which: str) -> int:
    """Record that backups were deleted."""
    count = purges.forget_backup(session.desk(), which)
    session.terminal.out(f"{count} {'backup is' if count == 1 else 'backups are'} recorded as deleted.")
    return DONE


@command("accept")
def accept(session: Session, *, yes: bool) -> int:
    """Tell what of keys, ledger and log is lost, and go on without it where that is meant."""
    store = session.store
    told = [*map(str, store.troubles), *([store.anchoring.fault] if store.anchoring.fault else [])]
    if told and not yes:
        for sentence in told:
            session.terminal.err(sentence)
        session.terminal.err("If no copy is left, say: python -m core accept --yes")
        return REFUSED
    done = accept_losses(session.desk())
    session.terminal.out(
        f"Accepted and entered in the log: {done.keys:,} keys, {done.ledger_entries:,} entries of the ledger"
        + (f", a log that once had {done.log_entries:,} entries." if done.log_entries else ".")
    )
    return DONE


def restore(terminal: Terminal, store: Path, folder: Path, *, head: str, anchors: str, unlisted: bool) -> None:
    """Bring the store back from a backup with no desk running, erase again, and write it anew."""
    lost = read_head(terminal, anchors) if anchors else None
    user, now = user_name(), utc_now()
    opened, made, settled = restores.restore(store, folder, user, now, head=head, lost=lost, unlisted=unlisted)
    try:
        terminal.out(f"The store is back as of {made.made_at:%Y-%m-%d %H:%M} UTC ({made.name}).")
        terminal.out(
            f"From the ledger: {settled.erased} people erased again, {settled.suppressed} suppressions entered again."
        )
        purges.purge(Session(opened, user, terminal).desk())
        terminal.out("It was written anew under a new key. Sign-in is open once the desk runs.")
    finally:
        opened.close()
