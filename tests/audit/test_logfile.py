"""The exported log: one form only, cuts noticed, broken lines named, and sound to a verifier that is not ours."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audit.chain import START, Head, Report
from core.audit.logfile import open_log, verify_log, write_rows
from core.law.errors import Invalid
from tests.audit.independent_verifier import check
from tests.audit.rows import CHAIN, FIRST, SECOND, chained, long_chain
from tests.audit.test_leaf import entries

ROWS = long_chain(30)
LINES = list(write_rows(CHAIN, ROWS))
HEAD = Head(30, ROWS[-1][2])
DOC = Path(__file__).parents[2] / "docs" / "audit-log.md"


def test_the_document_shows_a_whole_log_file():
    shown = DOC.read_text().split("```jsonl\n")[1].split("```")[0]
    assert shown.splitlines(keepends=True) == list(write_rows(CHAIN, chained([FIRST, SECOND])))
    assert verify_log(shown.splitlines(keepends=True), chain=CHAIN).ok


def test_what_is_written_is_read_again():
    assert list(open_log(LINES).rows) == ROWS
    assert verify_log(LINES, chain=CHAIN, expect_head=HEAD) == Report(True, 30, HEAD.digest)
    assert len(LINES) == 32
    assert all(line.endswith("\n") and line.count("\n") == 1 and line.isascii() for line in LINES)


@given(st.lists(entries, max_size=3))
def test_any_entries_are_read_again(some):
    rows = chained(some)
    assert list(open_log(write_rows(CHAIN, rows)).rows) == rows


def test_a_log_without_entries_is_a_sound_file():
    lines = list(write_rows(CHAIN, []))
    assert len(lines) == 2
    assert verify_log(lines) == Report(True, 0, START.digest)


def test_line_ends_of_another_system_change_nothing():
    assert verify_log([line.rstrip("\n") + "\r\n" for line in LINES]).ok
    assert verify_log([line.rstrip("\n") for line in LINES]).ok


def test_rows_are_written_as_found_so_that_tampering_stays_in_evidence():
    rows = [*ROWS[:3], *ROWS[5:]]
    report = verify_log(write_rows(CHAIN, rows))
    assert report.first_fault == "Something was taken out or moved: entries 3 to 4 are missing before entry 5."


def test_a_later_part_is_sound_only_to_one_who_knows_its_start():
    start = Head(10, ROWS[9][2])
    lines = list(write_rows(CHAIN, ROWS[10:], start))
    assert open_log(lines).start == start
    assert verify_log(lines, start=start, expect_head=HEAD) == Report(True, 30, HEAD.digest)
    assert "earlier entries were left out" in verify_log(lines).first_fault
    assert not verify_log(lines, start=Head(10, ROWS[8][2])).ok
    assert not verify_log(LINES, start=start).ok


@pytest.mark.parametrize("kept", range(31))
def test_a_file_cut_at_a_line_is_noticed(kept):
    report = verify_log(LINES[:kept])
    assert not report.ok
    assert "cut" in report.first_fault or "empty" in report.first_fault
    with pytest.raises(Invalid):
        list(open_log(LINES[:kept]).rows)


def test_a_file_cut_anywhere_is_noticed():
    whole = "".join(LINES)
    for end in random.Random(7).sample(range(len(whole) - 1), 200):
        assert not verify_log(whole[:end].splitlines(keepends=True)).ok


def test_a_cut_with_a_fitting_footer_needs_a_known_head():
    shorter = list(write_rows(CHAIN, ROWS[:20]))
    assert verify_log(shorter).ok
    assert "was cut: it ends after 20" in verify_log(shorter, expect_head=HEAD).first_fault


def test_random_changes_of_the_file_are_all_found():
    whole = "".join(LINES)
    rng = random.Random(11)
    for _ in range(400):
        at = rng.randrange(len(whole) - 1)
        new = rng.choice([c for c in 'abc019"{}:,- é' if c != whole[at]])
        kind = rng.choice(["replace", "insert", "delete"])
        head, tail = whole[:at], whole[at if kind == "insert" else at + 1 :]
        changed = head + ("" if kind == "delete" else new) + tail
        if changed == whole:
            continue
        report = verify_log(changed.splitlines(keepends=True), chain=CHAIN)
        assert not report.ok, (kind, at, new)


def tampered(number, **change):
    lines = list(LINES)
    lines[number - 1] = json.dumps(json.loads(lines[number - 1]) | change, separators=(",", ":")) + "\n"
    return lines


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        ([], "The file is empty"),
        (["marker\n"], "Line 1 is broken"),
        (LINES[1:], "Line 1 is not the header"),
        (tampered(1, version=2), "Line 1 is not the header"),
        (tampered(1, count=True), "Line 1 is not the header"),
        (tampered(1, count=0.0), "Line 1 is not the header"),
        (tampered(1, more="marker"), "Line 1 is not the header"),
        ([*LINES[:4], "marker\n", *LINES[4:]], "Line 5 is broken"),
        ([*LINES[:4], "\n", *LINES[4:]], "Line 5 is broken"),
        ([*LINES[:4], "[1]\n", *LINES[4:]], "Line 5 is broken"),
        ([*LINES[:4], "[" * 90_000, *LINES[4:]], "Line 5 is broken"),
        ([*LINES[:4], "{}" + " " * 200_000, *LINES[4:]], "Line 5 is broken"),
        (tampered(4, subject_ref="marker person"), "Line 4 does not have the form"),
        (tampered(4, more="marker"), "Line 4 does not have the form"),
        (tampered(4, happened_at="2026-03-03T09:16:03Z"), "Line 4 does not have the form"),
        (tampered(4, happened_at=None), "Line 4 does not have the form"),
        (tampered(4, hash="00"), "Line 4 does not have the form"),
        (tampered(4, prev=7), "Line 4 does not have the form"),
        (tampered(4, details={"b": 1, "a": 1}), "Line 4 does not have the form"),
        ([*LINES[:3], LINES[3].replace('"seq":2', '"seq":1,"seq":2'), *LINES[4:]], "Line 4 does not have the form"),
        (tampered(32, count=29), "Line 32, the footer, does not fit the 30 entries"),
        (tampered(32, head="0" * 64), "Line 32, the footer, does not fit"),
        ([*LINES, LINES[-1]], "goes on after its footer in line 32"),
    ],
)
def test_a_broken_line_is_named_and_never_quoted(lines, part):
    with pytest.raises(Invalid, match=part) as refused:
        list(open_log(lines).rows)
    assert "marker" not in str(refused.value)
    assert refused.value.field == "log"
    assert part in verify_log(lines).first_fault


def test_bytes_that_are_no_text_are_a_sentence(tmp_path):
    for number in (0, 9):
        path = tmp_path / f"log-{number}"
        path.write_bytes(b"".join(b"\xff\xfe" if n == number else s.encode() for n, s in enumerate(LINES)))
        with path.open(encoding="utf-8") as file:
            assert "not text in UTF-8" in verify_log(file).first_fault


def test_the_name_of_the_chain_can_be_asked_for():
    assert verify_log(LINES, chain="log-0000").first_fault == "The file holds the log of another chain."
    assert "of another chain" in verify_log(tampered(1, chain="log-0000")).first_fault


def test_the_independent_verifier_runs_on_an_exported_file(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text("".join(LINES))
    program = Path(__file__).with_name("independent_verifier.py")

    def run(*known):
        done = subprocess.run(
            [sys.executable, "-I", str(program), str(path), *known], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout.strip()

    assert run() == (0, f"sound: 30 {HEAD.digest.hex()}")
    assert run("30", HEAD.digest.hex()) == (0, f"sound: 30 {HEAD.digest.hex()}")
    assert run("31", HEAD.digest.hex()) == (1, "shorter than the known head")
    path.write_text("".join(tampered(9, outcome="refused")))
    assert run() == (1, "entry 7 was changed")


@given(st.lists(entries, max_size=2), st.integers(0, 20))
def test_both_verifiers_agree_on_what_they_are_given(some, length):
    lines = list(write_rows(CHAIN, [*ROWS[:length], *chained(some)]))
    assert check(lines).startswith("sound") == verify_log(lines).ok


def test_both_verifiers_find_the_same_tampering():
    rng = random.Random(5)
    for _ in range(300):
        lines = list(LINES)
        kind, at, other = rng.choice(["edit", "delete", "insert", "swap"]), *rng.sample(range(2, 32), 2)
        if kind == "edit":
            lines = tampered(at, **rng.choice([{"role": None}, {"role": ""}, {"outcome": "refused"}, {"details": {}}]))
        elif kind == "delete":
            del lines[at - 1]
        elif kind == "insert":
            lines.insert(at - 1, lines[other - 1])
        else:
            lines[at - 1], lines[other - 1] = lines[other - 1], lines[at - 1]
        assert not verify_log(lines).ok, (kind, at, other)
        assert not check(lines).startswith("sound"), (kind, at, other)
