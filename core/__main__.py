"""The command line: `python -m core COMMAND`; see `python -m core --help`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from core.actions.desk.establishment import Establishment
from core.commands.bar import Bar
from core.commands.due import print_due, print_due_rows
from core.commands.log import verify_file
from core.commands.making import make_demo, make_live
from core.commands.message import print_message
from core.commands.people import KINDS
from core.commands.store import doctor_without
from core.commands.table import carry_out, copies, guarded
from core.control.terminal import LocalTerminal

DEFAULT_STORE = Path("data/desk.duckdb")
app = typer.Typer(
    help="Rightsdesk from the command line. A command whose store a running desk holds is handed over to that desk.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)
audit = typer.Typer(help="The log as a file.", no_args_is_help=True)
app.add_typer(audit, name="audit")

Chosen = Annotated[Path, typer.Option("--store", envvar="RIGHTSDESK_STORE", help="The store's file.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Maps = Annotated[list[str] | None, typer.Option(
    "--map", metavar="FIELD=COLUMN[+COLUMN]...", help="Which columns make up a field; repeat it for further fields.",
)]
Purpose = Annotated[str, typer.Option("--purpose", metavar="TEXT", help="Why you look. The log keeps a code and a "
                                      "keyed hash of these words, never the words.")]


def main() -> int:
    """Run the command line and return the exit code: 0 done, 1 refused with a sentence, 2 wrong usage."""
    os.umask(0o077)  # stores, keys, exports: nobody but their owner
    try:
        app(prog_name="python -m core", standalone_mode=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 1
    except BrokenPipeError:  # whoever read the answer has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


@app.command()
def demo(
    store: Chosen = DEFAULT_STORE,
    bare: Annotated[bool, typer.Option("--bare", help="Accounts only, no people and no requests.")] = False,
) -> None:
    """Make a demo store with accounts of every role, made-up people and requests of all ages."""
    with Bar("Making the demo store"):
        _end(_here(lambda terminal: make_demo(store, terminal, bare=bare)))


@app.command()
def bootstrap(
    store: Chosen = DEFAULT_STORE,
    bench: Annotated[bool, typer.Option("--bench", help="A store for measurements instead of a live one.")] = False,
    controller: Annotated[str, typer.Option(envvar="RIGHTSDESK_CONTROLLER", help="Who answers.")] = "The controller",
    contact: Annotated[str, typer.Option(envvar="RIGHTSDESK_CONTACT", help="Where people reach it.")] = "not set",
    dpo_contact: Annotated[str, typer.Option(envvar="RIGHTSDESK_DPO_CONTACT", help="Where they reach the Data "
                                             "Protection Officer.")] = "not set",
    authority: Annotated[str, typer.Option(envvar="RIGHTSDESK_AUTHORITY")] = "the supervisory authority",
    profile: Annotated[str, typer.Option(envvar="RIGHTSDESK_PROFILE", help="The clock's law.")] = "eu_gdpr",
    calendar: Annotated[str, typer.Option(envvar="RIGHTSDESK_CALENDAR", help="Public holidays.")] = "DE",
    zone: Annotated[str, typer.Option(envvar="RIGHTSDESK_ZONE", help="Time zone.")] = "Europe/Berlin",
    region: Annotated[str, typer.Option(envvar="RIGHTSDESK_REGION", help="Of telephone numbers.")] = "DE",
) -> None:
    """Make a live store and print the first administrator's one-time token; again for a new one, also beside a running desk."""
    kind = "bench" if bench else "live"
    if store.exists():
        _end(carry_out(store, "bootstrap", {"kind": kind}))
    here = Establishment(controller, contact, dpo_contact, authority, profile, calendar, zone, region)
    _end(_here(lambda terminal: make_live(store, terminal, kind=kind, here=here)))


@app.command()
def due(
    profile: Annotated[str, typer.Option(help="The clock profile.")] = "eu_gdpr",
    calendar: Annotated[str, typer.Option(help="The calendar of public holidays.")] = "DE",
    zone: Annotated[str, typer.Option(help="The time zone of the controller.")] = "Europe/Berlin",
    received: Annotated[str, typer.Option(metavar="INSTANT", help="2026-03-03T10:00+01:00")] = "",
    pause: Annotated[list[str] | None, typer.Option(metavar="KIND:ASKED[:ANSWERED]")] = None,
    restart: Annotated[str | None, typer.Option(metavar="INSTANT|DATE")] = None,
    extended: Annotated[str | None, typer.Option(metavar="DATE")] = None,
    extended_to: Annotated[str | None, typer.Option(
        metavar="DATE", help="The new date told, in a law that sets none itself, such as Switzerland's.",
    )] = None,
    first_contact: Annotated[str | None, typer.Option(metavar="DATE")] = None,
    today: Annotated[str | None, typer.Option(metavar="DATE")] = None,
    file: Annotated[str, typer.Option(metavar="FILE|-", help="A CSV with the columns profile, calendar, timezone, "
                                      "received_at; on a shared machine give facts this way: flags show in the list "
                                      "of processes.")] = "",
    as_json: Json = False,
) -> None:
    """Work out when an answer is due, step by step; for one request or for a table of them."""
    if bool(file) == bool(received):
        raise typer.BadParameter("Give either --received 2026-03-03T10:00+01:00 or --file.")
    flags = {"profile": profile, "calendar": calendar, "zone": zone, "received": received, "restart": restart,
             "extended": extended, "extended_to": extended_to, "first_contact": first_contact, "today": today,
             "pauses": pause or []}

    def body(terminal: LocalTerminal) -> None:
        if file:
            print_due_rows(terminal, file, today, as_json=as_json)
        else:
            print_due(terminal, flags, as_json=as_json)

    _end(_here(body))


@app.command()
def message(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A mail (.eml), a text, a PDF, PNG or JPEG; - reads a mail "
                                        "from standard input.")],
    as_json: Json = False,
) -> None:
    """Show what the desk would keep of a mail: who wrote, when, the text, the files, the messages inside. Keeps nothing."""
    _end(_here(lambda terminal: print_message(terminal, file, as_json=as_json)))


@app.command(name="import")
def take_file(
    kind: Annotated[str, typer.Argument(metavar="|".join(KINDS))], file: Annotated[str, typer.Argument()],
    maps: Maps = None, prefix: Annotated[str, typer.Option(help="Goes before each customer_id.")] = "",
    update: Annotated[bool, typer.Option("--update", help="Change people who are here; never consents.")] = False,
    kind_of_value: Annotated[str, typer.Option("--kind", help="Suppression only: of which kind every value is, where the "
                                               "file is a mere list.")] = "",
    state: Annotated[str, typer.Option(metavar="objection|withdrawal", help="Suppression only: what every line is.")] = "",
    purpose: Annotated[str, typer.Option(metavar="CODE", help="Suppression only: for one purpose.")] = "",
    channel: Annotated[str, typer.Option(metavar="CODE", help="Suppression only: on one channel.")] = "",
    as_json: Json = False, store: Chosen = DEFAULT_STORE,
) -> None:
    """Import a CSV into a demo or bench store; what was rejected stands in FILE.rejects.csv, by row and reason."""
    if kind not in KINDS:
        raise typer.BadParameter(f"import takes {', '.join(KINDS)}.")
    if update and kind != "profiles":
        raise typer.BadParameter("--update is for profiles; the other kinds are only added to.")
    said = {"kind": kind_of_value, "state": state, "purpose": purpose, "channel": channel}
    if any(said.values()) and kind != "suppression":
        raise typer.BadParameter("--kind, --state, --purpose and --channel are for suppression.")
    asked = {"kind": kind, "file": file, "mapping": _maps(maps), "prefix": prefix, "update": update, "all_rows": said,
             "as_json": as_json}
    with Bar(f"Importing {kind}"):
        _end(carry_out(store, "import", asked))


@app.command()
def find(
    purpose: Purpose,
    value: Annotated[str, typer.Argument(metavar="[VALUE|-]", help="An identifier of any kind. Leave it out to give it "
                                         "on standard input: a value typed here shows in the list of processes and "
                                         "stays in the shell's history.")] = "",
    name: str = "", born: Annotated[str, typer.Option(metavar="DATE")] = "", postcode: str = "", address: str = "",
    city: str = "",
    file: Annotated[str, typer.Option(metavar="PEOPLE.csv|-", help="Look for each row of a CSV.")] = "",
    maps: Maps = None, top: Annotated[int, typer.Option(min=1, max=50)] = 10, as_json: Json = False,
    store: Chosen = DEFAULT_STORE,
) -> None:
    """Find a person: exact by identifier, possible by name, birth date, postcode, address, city. Each is logged."""
    described = {"name": name, "birth_date": born, "postcode": postcode, "address": address, "city": city}
    if file:
        if value or any(described.values()):
            raise typer.BadParameter("Give either --file or one person.")
        asked: dict[str, Any] = {"file": file, "mapping": _maps(maps)}
    else:
        if maps:
            raise typer.BadParameter("--map goes with --file.")
        asked = {"asked": described | {"value": value or ("" if any(described.values()) else "-")}}
    asked |= {"top": top, "purpose": purpose, "as_json": as_json}
    _end(carry_out(store, "find_file" if file else "find", asked))


@app.command()
def suppressed(
    value: Annotated[str, typer.Argument(metavar="[VALUE|-]", help="An address or number; on standard input it stands in no "
                                         "list of processes and no history.")] = "-",
    kind: Annotated[str, typer.Option(help="Of which kind it is; otherwise whatever it can be.")] = "",
    as_json: Json = False, store: Chosen = DEFAULT_STORE,
) -> None:
    """Say whether a value is suppressed, and how; never who holds it. Each check is logged."""
    _end(carry_out(store, "suppressed", {"value": value, "kind": kind, "as_json": as_json}))


@app.command()
def audience(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A CSV with one column of the kind, or one value on each line.")],
    purpose: Annotated[str, typer.Option(metavar="CODE", help="For what they are to be reached.")],
    channel: Annotated[str, typer.Option(metavar="CODE", help="How: email, phone, sms, post, app.")],
    out: Annotated[str, typer.Option(metavar="FILE", help="Where those go who may be reached.")],
    kind: Annotated[str, typer.Option(help="The kind of the values.")] = "email",
    as_json: Json = False, store: Chosen = DEFAULT_STORE,
) -> None:
    """Tell who of a list may be reached for a purpose and channel; whoever is not known to agree may not."""
    asked = {"file": file, "kind": kind, "purpose": purpose, "channel": channel, "out": out, "as_json": as_json}
    with Bar("Checking the audience"):
        _end(carry_out(store, "audience", asked))


@app.command()
def board(
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day of what was answered and closed.")] = "",
    until: Annotated[str, typer.Option("--to", metavar="DATE", help="The last such day; today, if none is given.")] = "",
    right: Annotated[str, typer.Option(metavar="CODE", help="Only requests of this right, such as access.")] = "",
    as_json: Json = False, store: Chosen = DEFAULT_STORE,
) -> None:
    """Print the figures of the board: open, overdue, due soon, answered in time, days to answer. Counts only."""
    _end(carry_out(store, "board", {"since": since, "until": until, "right": right, "as_json": as_json}))


@app.command()
def verify(
    log: Annotated[str, typer.Option(metavar="FILE", help="An exported log instead of the store's.")] = "",
    anchors: Annotated[str, typer.Option(metavar="FILE", help="A head kept from an earlier `verify --json`: only "
                                         "against it does a log show that its last entries were cut.")] = "",
    as_json: Json = False, store: Chosen = DEFAULT_STORE,
) -> None:
    """Verify the log: nothing changed, taken out, put in or moved. Exit code 1 where it is not sound."""
    if log:
        terminal = LocalTerminal()
        _end(guarded(terminal, lambda: verify_file(terminal, log, anchors, as_json=as_json)))
    _end(carry_out(store, "verify", {"anchors": anchors, "as_json": as_json}))


@audit.command(name="export")
def export(file: Annotated[str, typer.Argument()], store: Chosen = DEFAULT_STORE) -> None:
    """Write the log to a file that can be verified without the store."""
    _end(carry_out(store, "audit export", {"file": file}))


@app.command()
def doctor(
    as_json: Json = False,
    mail: Annotated[bool, typer.Option("--mail", help="Also connect to the mail server; no mail is sent.")] = False,
    store: Chosen = DEFAULT_STORE,
) -> None:
    """Look at versions, files, permissions, keys, the log, fonts, space, the clock, mail; say what to do."""
    if store.exists():
        _end(carry_out(store, "doctor", {"as_json": as_json, "mail": mail}))
    terminal = LocalTerminal()
    why = f"There is no store at {store}. Make one with demo or bootstrap."
    _end(guarded(terminal, lambda: doctor_without(terminal, store, why, as_json=as_json, mail=mail)))


@app.command()
def accept(
    yes: Annotated[bool, typer.Option("--yes", help="Go on without it. Without this, only what is lost is told.")] = False,
    store: Chosen = DEFAULT_STORE,
) -> None:
    """Go on without keys, ledger or log entries of which no copy is left; it stands in the log for good."""
    _end(carry_out(store, "accept", {"yes": yes}))


@app.command()
def purge(store: Chosen = DEFAULT_STORE) -> None:
    """Write the store anew under a new key: what was erased before is gone to the bytes. The desk goes on meanwhile."""
    _end(carry_out(store, "purge", {}))


@app.command()
def backup(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Where backups go, each into a folder of its own.")] = None,
    keys: Annotated[Path | None, typer.Option(metavar="OTHER-DIR", help="Also copy keys and ledger here, over their "
                                              "earlier copy. Never inside DIR.")] = None,
    forget: Annotated[str, typer.Option(metavar="NAME|DAY", help="Record that this backup was deleted, or all made until "
                                        "this day (2026-11-24).")] = "",
    store: Chosen = DEFAULT_STORE,
) -> None:
    """Write a verified, encrypted backup while the desk goes on, or record that old ones were deleted."""
    if (folder is None) == (not forget):
        raise typer.BadParameter("Give either DIR or --forget.")
    if folder is None:
        _end(carry_out(store, "backup forget", {"which": forget}))
    else:
        asked = {"folder": str(folder.resolve()), "keys": str(keys.resolve()) if keys else ""}
        with Bar("Writing the backup"):
            _end(carry_out(store, "backup", asked))


@app.command()
def drill(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of one backup.")], store: Chosen = DEFAULT_STORE,
) -> None:
    """Try on an empty folder whether a backup comes back; the desk goes on, and shows the result."""
    with Bar("Trying the restore"):
        _end(carry_out(store, "drill", {"folder": str(folder.resolve())}))


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of one backup.")],
    head: Annotated[str, typer.Option(help="The head of the log of the store that is there and is to be overwritten.")] = "",
    anchors: Annotated[str, typer.Option(metavar="FILE", help="The last head known of a lost store, from `verify "
                                         "--json`.")] = "",
    unlisted: Annotated[bool, typer.Option("--without-ledger", help="Keys or ledger are lost for good: go on without "
                                           "them.")] = False,
    store: Chosen = DEFAULT_STORE,
) -> None:
    """Bring a store back from a backup, with no desk running; who was erased since is erased again."""
    with Bar("Restoring"):
        _end(_here(lambda terminal: copies.restore(
            terminal, store, folder.resolve(), head=head, anchors=anchors, unlisted=unlisted
        )))


@app.command()
def migrate(store: Chosen = DEFAULT_STORE) -> None:
    """Bring the store up to this desk's version."""
    _end(carry_out(store, "migrate", {}))


def _maps(texts: list[str] | None) -> dict[str, list[str]]:
    mapping: dict[str, list[str]] = {}
    for text in texts or []:
        field, equals, columns = text.partition("=")
        if not equals or not field or not all(columns.split("+")):
            raise typer.BadParameter("A mapping is written FIELD=COLUMN or FIELD=COLUMN+COLUMN.")
        mapping[field] = columns.split("+")
    return mapping


def _here(body: Callable[[LocalTerminal], None]) -> int:
    terminal = LocalTerminal()

    def done() -> int:
        body(terminal)
        return 0

    return guarded(terminal, done)


def _end(code: int) -> None:
    raise typer.Exit(code)


if __name__ == "__main__":
    sys.exit(main())
