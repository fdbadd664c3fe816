"""Every command, typed with a desk running and without one: the same answer, the same exit code, no traceback."""

import csv
import json
import os
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import pytest

from core.audit.logfile import verify_log
from core.store.engine import Store, new_id
from tests.conftest import NOW
from tests.forked import ROOT, pipe, start_command, talking


def environment(store):
    kept = {name: text for name, text in os.environ.items() if not name.startswith("RIGHTSDESK_")}
    return kept | {"RIGHTSDESK_STORE": str(store), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}


@contextmanager
def desk_running(store):
    until, end = pipe()
    with talking("tests.commands.lifespan", environment=environment(store), given=until) as (process, said):
        until.close()
        try:
            assert said.readline() == "ready\n"
            yield process
        finally:
            end.close()
            process.join(60)


@dataclass
class Done:
    """What a command left: its exit code and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def core(store, *arguments, given="", cwd=ROOT, environ=None):
    with tempfile.TemporaryDirectory() as folder:
        given_by, out, err = (Path(folder) / name for name in ("in", "out", "err"))
        given_by.write_text(given, "utf-8")
        process = start_command(
            [str(each) for each in arguments], environment(store) | (environ or {}), cwd=cwd, given=given_by, out=out, err=err
        )
        process.join(120)
        assert process.exitcode is not None, "the command did not end"
        done = Done(process.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))
    assert "Traceback" not in done.stderr + done.stdout
    return done


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A bench store, and the same for all tests of this module: starting processes is what takes the time."""
    path = tmp_path_factory.mktemp("commands") / "desk.duckdb"
    made = core(path, "bootstrap", "--bench")
    assert made.returncode == 0, made.stderr
    return path


@pytest.fixture(scope="module", params=["alone", "with a desk"])
def store(request, kept):
    if request.param == "alone":
        yield kept
        return
    with desk_running(kept):
        yield kept


@pytest.fixture
def people(tmp_path, request):
    """A file of people of this test alone: one row broken on purpose, and one date that is no day."""
    mark = f"m{crc32(request.node.name.encode())}"
    path = tmp_path / "people.csv"
    path.write_text(
        "customer_id,given_name,surname,birth,mail,street,house\n"
        f"{mark}-1,Given0001x,Family0001x,19800131,{mark}@people.example,Marker Street,1\n"
        f"{mark}-2,Given0002x,Family0002x,19800231,second-{mark}@people.example,Marker Street,2\n"
        ",Given0003x,Family0003x,19800101,third@people.example,Marker Street,3\n", "utf-8",
    )
    return path, mark


def bring_in(store, path, *more):
    return core(
        store, "import", "profiles", path, "--map", "birth_date=birth", "--map", "email=mail",
        "--map", "address=house+street", *more,
    )


def test_import_tells_counts_and_names_rows_but_no_value(store, people):
    path, mark = people
    done = bring_in(store, path, "--json", "--prefix", "x-")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["added"], told["rejected"], told["warned"]) == (2, 1, 1)
    with Path(told["rejects"]).open() as file:
        assert [row["row"] for row in csv.DictReader(file)] == ["3"]
    warnings = Path(told["warnings"]).read_text()
    assert warnings.startswith("row,field,reason\n2,birth_date,")
    assert "Family" not in warnings + done.stdout
    assert "19800231" not in warnings
    again = core(store, "find", "--purpose", "test", "--json", given=f"{mark}@people.example\n")
    assert json.loads(again.stdout)["exact"][0]["source_id"] == f"x-{mark}-1"


def test_import_of_a_file_that_is_not_there_or_broken_is_a_sentence(store, tmp_path):
    missing = core(store, "import", "events", tmp_path / "nothing.csv")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "nothing.csv cannot be read" in missing.stderr
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"customer_id\n\xff\xfe\n")
    refused = core(store, "import", "profiles", broken)
    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not broken.with_name("broken.csv.rejects.csv").exists()


def test_events_and_consents_are_taken_in(store, people, tmp_path):
    path, mark = people
    assert bring_in(store, path).returncode == 0
    events = tmp_path / "events.csv"
    events.write_text(f"customer_id,at,kind,channel,detail\n{mark}-1,2026-01-02T10:00Z,order,web,x\nnobody,2026,a,b,c\n")
    done = core(store, "import", "events", events)
    assert "1 added" in done.stdout
    assert "1 rejected" in done.stdout
    consents = tmp_path / "consents.csv"
    consents.write_text(
        "customer_id,purpose,channel,given,at,text_version,source\n"
        f"{mark}-1,newsletter,email,true,2026-01-02T10:00Z,1,form\n"
    )
    assert "1 added" in core(store, "import", "consents", consents).stdout
    given = tmp_path / "given.csv"
    given.write_text(
        "customer_id,recipient,categories,at,basis,reference\n"
        f"{mark}-1,a carrier,address,2026-01-02T10:00Z,contract,\n{mark}-1,,address,2026-01-02T10:00Z,contract,\n"
    )
    assert "1 added" in core(store, "import", "disclosures", given).stdout
    assert (tmp_path / "given.csv.rejects.csv").read_text() == "row,reason\n2,The row does not say who received the data.\n"
    assert "1 already held" in core(store, "import", "disclosures", given).stdout.replace(",", "")


def test_suppressions_are_taken_in_and_only_added(store, tmp_path):
    listed = tmp_path / "suppression.csv"
    listed.write_text(f"state,kind,value\nobjection,email,{new_id()}@example.com\nobjection,email,nonsense\n")
    done = core(store, "import", "suppression", listed)
    assert "1 added" in done.stdout
    assert "1 rejected" in done.stdout
    assert "nonsense" not in (tmp_path / "suppression.csv.rejects.csv").read_text()
    assert "1 already held" in core(store, "import", "suppression", listed).stdout


def test_a_mere_list_is_taken_in_where_state_and_kind_are_said(store, tmp_path):
    value, listed = f"{new_id()}@example.com", tmp_path / "unsubscribed.txt"
    listed.write_text(f"{value}\n\nnonsense\n")
    said = ("--kind", "email", "--state", "withdrawal", "--purpose", "newsletter", "--channel", "email")
    done = core(store, "import", "suppression", listed, *said)
    assert ("1 added" in done.stdout, "1 rejected" in done.stdout, done.returncode) == (True, True, 0), done.stderr
    told = json.loads(core(store, "suppressed", "-", "--json", given=f"{value}\n").stdout)
    assert told["suppressed"] is True
    assert [(each["state"], each["purpose"], each["channel"]) for each in told["states"]] == [("withdrawal", "newsletter", "email")]
    assert json.loads(core(store, "suppressed", f"x{value}", "--json").stdout) == {"suppressed": False, "states": []}
    wrong = core(store, "import", "events", listed, "--state", "objection")
    assert wrong.returncode == 2
    refused = core(store, "import", "suppression", listed, "--kind", "email", "--state", "restriction")
    assert "3 rejected" not in refused.stdout + refused.stderr
    assert "2 rejected" in refused.stdout


def test_what_is_no_value_is_a_sentence(store):
    for given in ("nobody@\n", "\n", "a\nb\n"):
        done = core(store, "suppressed", "-", given=given)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
        assert "nobody" not in done.stderr


def test_an_audience_is_written_in_the_form_in_which_it_came(store, people, tmp_path):
    path, mark = people
    assert bring_in(store, path).returncode == 0
    consents = tmp_path / "consents.csv"
    consents.write_text(
        "customer_id,purpose,channel,given,at,text_version,source\n"
        f"{mark}-1,{mark},email,true,2026-01-02T10:00Z,1,form\n"
    )
    core(store, "import", "consents", consents)
    asked, out = tmp_path / "asked.csv", tmp_path / "out.csv"
    asked.write_text(f"e-mail,city\n{mark}@people.example,Bonn\nsecond-{mark}@people.example,Bonn\n")
    about = ("--purpose", mark, "--channel", "email")
    done = core(store, "audience", asked, *about, "--out", out, "--json")
    assert json.loads(done.stdout) == {"asked": 2, "contactable": 1, "reasons": {}}, done.stderr
    assert out.read_text() == f"e-mail\n{mark}@people.example\n"
    plain = core(store, "audience", "-", *about, "--out", out, "--json", given="\n".join(["x@people.example"] * 6))
    assert json.loads(plain.stdout) == {"asked": 6, "contactable": 0, "reasons": {"unknown": 6}}
    assert out.read_text() == ""
    for wrong in (("--purpose", mark, "--channel", "pigeon"), ("--purpose", " ", "--channel", "email")):
        refused = core(store, "audience", asked, *wrong, "--out", tmp_path / "none.csv", "--json")
        assert (refused.returncode, len(refused.stderr.strip().splitlines())) == (1, 1)
    assert not (tmp_path / "none.csv").exists()



def test_find_by_description_and_by_file(store, people):
    path, mark = people
    bring_in(store, path)
    one = core(store, "find", "--name", "Given0001x Family0001x", "--born", "1980-01-31", "--purpose", "trying", "--json")
    assert any(each["source_id"] == f"{mark}-1" for each in json.loads(one.stdout)["possible"])
    asked = f"value\n{mark}@people.example\nnobody@people.example\n"
    many = core(store, "find", "--file", "-", "--purpose", "test", "--json", given=asked)
    lines = [json.loads(line) for line in many.stdout.splitlines()]
    assert [line["row"] for line in lines] == [1, 2]
    assert [len(line["exact"]) for line in lines] == [1, 0]
    wrong = core(store, "find", "--born", "1980-02-31", "--purpose", "test")
    assert (wrong.returncode, wrong.stdout) == (1, "")


def test_the_words_of_a_purpose_reach_no_log(store, tmp_path):
    core(store, "find", "nobody@people.example", "--purpose", "MARKERWORD rang about it")
    out = tmp_path / "log.jsonl"
    assert core(store, "audit", "export", out).returncode == 0
    text = out.read_text()
    assert "MARKERWORD" not in text
    assert '"purpose_code":"operator"' in text
    assert '"act":"log.export"' in text.splitlines()[-2]


def test_an_exported_log_is_verified_by_itself_and_every_change_is_seen(store, tmp_path):
    out = tmp_path / "log.jsonl"
    core(store, "audit", "export", out)
    assert (out.stat().st_mode & 0o777) == 0o600
    assert verify_log(out.read_text().splitlines(keepends=True)).ok
    assert core(store, "verify", "--log", out).returncode == 0
    out.write_text(out.read_text().replace('"outcome":"done"', '"outcome":"seen"', 1))
    changed = core(store, "verify", "--log", out)
    assert changed.returncode == 1
    assert "not sound" in changed.stderr


def test_verify_joins_on_to_a_kept_head_and_refuses_another(store, tmp_path):
    head = tmp_path / "head.json"
    head.write_text(core(store, "verify", "--json").stdout)
    assert core(store, "verify", "--anchors", head).returncode == 0
    kept = json.loads(head.read_text())
    head.write_text(json.dumps(kept | {"count": kept["count"] + 1000}))
    cut = core(store, "verify", "--anchors", head)
    assert cut.returncode == 1
    assert "cut" in cut.stderr


def test_a_file_that_cannot_be_written_is_a_sentence(store, tmp_path):
    done = core(store, "audit", "export", tmp_path / "no" / "folder" / "log.jsonl")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr


def test_the_board_is_printed_as_its_page_shows_it(store):
    told = json.loads(core(store, "board", "--json", "--from", "2026-01-01", "--right", "access").stdout)
    assert (told["from"], told["right"]) == ("2026-01-01", "access")
    assert {"open", "overdue", "due_within_7_days", "in_time", "days_to_answer", "rights", "waits_for", "due", "days"} <= set(told)
    assert len(told["over_time"]["months"]) == 25
    assert {"received", "closed", "month"} == set(told["over_time"]["months"][0])
    assert core(store, "board").stdout.splitlines()[1].startswith("Open: ")
    for wrong in (["--from", "yesterday"], ["--from", "2026-02-30"], ["--right", "curiosity"], ["--to", "2199-01-01"]):
        refused = core(store, "board", *wrong)
        assert refused.returncode == 1, wrong
        assert refused.stderr.strip().count("\n") == 0, refused.stderr


def test_doctor_and_migrate(store):
    told = core(store, "doctor", "--json")
    assert "no mail server" in told.stdout.lower()
    asked = core(store, "doctor", "--mail")
    assert asked.returncode == 1, "asked to connect, and there is nothing to connect to"
    assert "NOT  mail" in asked.stdout
    found = {each["name"]: each["ok"] for each in json.loads(told.stdout)["checks"]}
    assert found["store"]
    assert found["log"]
    assert found["permissions"]
    assert core(store, "migrate").returncode == 0


def test_message_prints_what_would_be_kept_without_a_store(tmp_path):
    mails = ROOT / "tests" / "messages" / "mails"
    done = core(tmp_path / "none.duckdb", "message", mails / "forwarded-as-attachment.eml", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["sender"], told["reply_to"], told["sent_at"]) == (
        "Front Desk <frontdesk@desk.example>", None, "2026-11-19T08:12:00Z"
    )
    (inner,) = told["messages"]
    assert (inner["sender"], inner["subject"]) == ("Ilse Amsel <ilse@amsel.example>", "Copy of my data")
    assert told["original"]["bytes"] == (mails / "forwarded-as-attachment.eml").stat().st_size
    pictured = json.loads(core(tmp_path / "none.duckdb", "message", mails / "photo-inside-html.eml", "--json").stdout)
    assert pictured["parts"] == [
        {"name": "letter.png", "type": "image/png", "bytes": 70}, {"name": "text.html", "type": "text/html", "bytes": 75}
    ]
    plain = core(tmp_path / "none.duckdb", "message", "-", given="From: Jo <jo@example.com>\n\nI ask for a copy.\n")
    assert "From:       Jo <jo@example.com>" in plain.stdout
    assert "I ask for a copy." in plain.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("a.docx", b"PK", "not read here"), ("a.eml", b"", "The file is empty"), ("missing.eml", None, "cannot be read"),
])
def test_message_refuses_with_a_sentence(tmp_path, name, content, sentence):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = core(tmp_path / "none.duckdb", "message", tmp_path / name)
    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr


def test_a_relative_path_is_the_callers(store, people, tmp_path):
    path, _ = people
    done = core(store, "import", "profiles", path.name, "--map", "birth_date=birth", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "people.csv.rejects.csv").exists()


@pytest.mark.parametrize("arguments", [
    ["due"], ["find", "x"], ["find", "--purpose"], ["import", "pictures", "x"], ["import", "events", "x", "--update"],
    ["nothing"], ["import", "profiles", "x", "--map", "email"], ["find", "x", "--file", "y", "--purpose", "z"],
])
def test_wrong_usage_ends_with_2(arguments, tmp_path):
    done = core(tmp_path / "none.duckdb", *arguments)
    assert done.returncode == 2
    assert not (tmp_path / "none.duckdb").exists()


def test_a_live_store_takes_no_import_from_the_command_line(tmp_path):
    path = tmp_path / "live.duckdb"
    made = core(path, "bootstrap", "--controller", "Example Controller Ltd")
    assert len(made.stdout.splitlines()[-1]) >= 40
    file = tmp_path / "people.csv"
    file.write_text("customer_id\nx\n")
    refused = core(path, "import", "profiles", file)
    assert refused.returncode == 1
    assert "Import page" in refused.stderr
    assert core(path, "audit export", tmp_path / "log.jsonl").returncode == 2, "it is two words"
    assert core(path, "audit", "export", tmp_path / "log.jsonl").returncode == 0
    entries = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    denied = [each for each in entries if each.get("act") == "person.import"]
    assert [each["outcome"] for each in denied] == ["refused.not_allowed"]
    off = core(path, "find", "x@people.example", "--purpose", "test")
    assert off.returncode == 1
    assert "Data Protection Officer" in off.stderr
    again = core(path, "bootstrap")
    assert again.stdout.splitlines()[-1] != made.stdout.splitlines()[-1]
    assert core(path, "bootstrap", "--bench").returncode == 1


def test_no_store_is_a_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "core", "verify"], cwd=ROOT, env=environment(tmp_path / "none.duckdb"), text=True,
        capture_output=True, timeout=120, check=False,
    )
    assert done.returncode == 1
    assert "There is no store" in done.stderr
    assert core(tmp_path / "none.duckdb", "doctor").returncode == 1


def test_a_store_held_by_a_process_without_a_socket_is_named(tmp_path):
    path = tmp_path / "held.duckdb"
    with closing(Store.create(path, "bench", NOW)):
        done = core(path, "verify")
    assert done.returncode == 1
    assert f"process {os.getpid()}" in done.stderr


def test_a_socket_deep_in_folders_works(tmp_path):
    deep = tmp_path / ("folder" * 12) / ("folder" * 12)
    deep.mkdir(parents=True)
    path = deep / "desk.duckdb"
    assert core(path, "bootstrap", "--bench").returncode == 0
    with desk_running(path):
        socket = deep / "desk.duckdb.sock"
        assert (socket.stat().st_mode & 0o777) == 0o600
        assert core(path, "verify").returncode == 0
    assert not socket.exists()


def test_a_socket_left_by_a_killed_desk_is_replaced(kept_apart):
    with desk_running(kept_apart) as desk:
        desk.kill()
        desk.join(30)
    assert (kept_apart.parent / "desk.duckdb.sock").exists()
    assert core(kept_apart, "verify").returncode == 0
    with desk_running(kept_apart):
        assert core(kept_apart, "verify").returncode == 0


@pytest.fixture
def kept_apart(tmp_path):
    path = tmp_path / "desk.duckdb"
    assert core(path, "bootstrap", "--bench").returncode == 0
    return path


def test_purge_and_backup_alone_and_with_a_desk(store, tmp_path):
    purged = core(store, "purge")
    assert purged.returncode == 0, purged.stderr
    assert "written anew" in purged.stdout
    assert "The new file takes the old one's place" in purged.stderr
    made = core(store, "backup", "backups", "--keys", "keys", cwd=tmp_path)  # paths are those of whoever typed it
    assert made.returncode == 0, made.stderr
    (folder,) = (tmp_path / "backups").iterdir()
    assert folder.name in made.stdout
    assert (tmp_path / "keys" / "desk.duckdb.ledger").exists()
    told = json.loads(core(store, "doctor", "--json").stdout)
    checks = {each["name"]: each for each in told["checks"]}
    assert checks["purge"]["ok"]
    assert "last purged on" in checks["purge"]["sentence"]
    assert folder.name in checks["backup"]["sentence"]
    assert checks["halves"]["ok"]
    tried = core(store, "drill", folder)
    assert tried.returncode == 0, tried.stderr
    assert f"{folder.name} came back in" in tried.stdout
    told = json.loads(core(store, "doctor", "--json").stdout)
    assert "One last came back in a drill: 20" in next(each["sentence"] for each in told["checks"] if each["name"] == "backup")
    (folder / "desk.duckdb").write_bytes(b"broken")
    broken = core(store, "drill", folder)
    assert (broken.returncode, "not the one that was written" in broken.stderr) == (1, True)
    assert core(store, "backup", "--forget", folder.name).returncode == 0
    again = core(store, "backup", "--forget", folder.name)
    assert again.returncode == 1
    assert "No backup that the store remembers" in again.stderr
    assert core(store, "backup").returncode == 2
    assert core(store, "verify").returncode == 0


def test_restore_needs_the_desk_stopped_and_the_head_told(kept_apart, tmp_path):
    assert core(kept_apart, "backup", tmp_path / "b").returncode == 0
    (folder,) = (tmp_path / "b").iterdir()
    with desk_running(kept_apart):
        held = core(kept_apart, "restore", folder)
        assert held.returncode == 1
        assert "is held by process" in held.stderr
    before = json.loads(core(kept_apart, "verify", "--json").stdout)
    (tmp_path / "anchor.json").write_text(json.dumps(before))
    refused = core(kept_apart, "restore", folder)
    assert refused.returncode == 1
    head = refused.stderr.split("--head ")[1].strip()
    done = core(kept_apart, "restore", folder, "--head", head)
    assert done.returncode == 0, done.stderr
    assert "0 people erased again" in done.stdout
    checked = core(kept_apart, "verify", "--anchors", tmp_path / "anchor.json")
    assert checked.returncode == 0, checked.stderr
    assert "replaced when an older backup was restored" in checked.stdout
    with desk_running(kept_apart):
        assert core(kept_apart, "verify").returncode == 0
    assert core(kept_apart, "restore", tmp_path).returncode == 1


@pytest.mark.parametrize(("change", "ok", "words"), [
    (None, False, "RIGHTSDESK_CATALOGUE"), ("", True, " fields of "), ("[[table]]\n", False, "is not written as it must be"),
    ("gone", False, "cannot be read"),
])
def test_doctor_says_what_a_live_store_answers_from(tmp_path, change, ok, words):
    path = tmp_path / "live.duckdb"
    assert core(path, "bootstrap").returncode == 0
    own = tmp_path / "our-systems.toml"
    if change not in (None, "gone"):
        sample = (ROOT / "data" / "catalogue.toml").read_text("utf-8")
        own.write_text(sample.replace("sample = true\n", "") + change, "utf-8")
    done = core(path, "doctor", "--json", environ={} if change is None else {"RIGHTSDESK_CATALOGUE": str(own)})
    checks = {each["name"]: each for each in json.loads(done.stdout)["checks"]}
    assert checks["catalogue"]["ok"] is ok
    assert words in checks["catalogue"]["sentence"]
