"""The check of a chain: every kind of tampering is found, and a sound chain is never accused."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from core.audit.chain import START, Head, Report, verify_chain
from core.audit.leaf import GENESIS, entry_hash
from core.law.errors import Invalid
from tests.audit.rows import CHAIN, SECOND, chained, long_chain

ROWS = long_chain(40)
HEAD = Head(40, ROWS[-1][2])


def test_a_sound_chain_is_sound_with_and_without_a_known_head():
    for anchor in [None, HEAD, Head(17, ROWS[16][2]), START]:
        assert verify_chain(iter(ROWS), chain=CHAIN, expect_head=anchor) == Report(True, 40, HEAD.digest)


def test_an_empty_chain_is_sound_unless_something_is_known_of_it():
    assert verify_chain([]) == Report(True, 0, GENESIS)
    cut = verify_chain([], expect_head=Head(1, ROWS[0][2]))
    assert (cut.ok, cut.count) == (False, 0)
    assert "was cut" in cut.first_fault


def test_a_later_part_joins_on_to_its_start():
    later = ROWS[25:]
    assert verify_chain(later, start=Head(25, ROWS[24][2]), expect_head=HEAD) == Report(True, 40, HEAD.digest)
    assert not verify_chain(later).ok
    assert not verify_chain(later, start=Head(25, ROWS[23][2])).ok
    assert not verify_chain(later, start=Head(24, ROWS[24][2])).ok
    assert "use a newer head" in verify_chain(later, start=Head(25, ROWS[24][2]), expect_head=Head(9, b"")).first_fault


def edit(rows, rng):
    at = rng.randrange(len(rows))
    entry, prev, own = rows[at]
    change = rng.choice([
        {"happened_at": entry.happened_at + timedelta(microseconds=1)}, {"actor_ref": "actor-other"},
        {"actor_ref": None}, {"sign_in_ref": ""}, {"role": "dpo"}, {"act": "person.find"}, {"outcome": "refused"},
        {"subject_ref": None}, {"case_ref": "RD-2026-004217-4"}, {"request_ref": ""}, {"object_kind": ""},
        {"object_id": None}, {"purpose_code": "complaint"}, {"words_hash": None}, {"words_hash": bytes(32)},
        {"details": {"rows": 9}}, {"details": {}}, {"chain": "log-0000"}, {"seq": entry.seq + 1},
        {"case_ref": "RD-2026-004217-3r", "request_ref": "eq-1b9e"},
    ])  # fmt: skip
    rows[at] = (replace(entry, **change), prev, own)


def edit_and_rehash(rows, rng):
    at = rng.randrange(len(rows) - 1)  # at the last entry nobody can tell without a known head
    entry, prev, _ = rows[at]
    changed = replace(entry, outcome="refused")
    rows[at] = (changed, prev, entry_hash(prev, changed))


def flip_a_bit_of_a_hash(rows, rng):
    at, which = rng.randrange(len(rows)), rng.choice([1, 2])
    row = list(rows[at])
    bits = int.from_bytes(row[which], "big") ^ (1 << rng.randrange(256))
    row[which] = bits.to_bytes(32, "big")
    rows[at] = tuple(row)


def delete(rows, rng):
    at = rng.randrange(len(rows) - 1)
    del rows[at : rng.randrange(at + 1, len(rows))]


def delete_and_renumber(rows, rng):
    at = rng.randrange(len(rows) - 1)
    del rows[at]
    rows[at:] = [(replace(entry, seq=entry.seq - 1), prev, own) for entry, prev, own in rows[at:]]


def insert(rows, rng):
    at = rng.randrange(len(rows))
    prev = rows[at][1]
    new = replace(SECOND, seq=at, act="person.find")
    rows.insert(at, (new, prev, entry_hash(prev, new)))


def repeat(rows, rng):
    at = rng.randrange(len(rows))
    rows.insert(rng.randrange(len(rows) + 1), rows[at])


def swap(rows, rng):
    a, b = rng.sample(range(len(rows)), 2)
    rows[a], rows[b] = rows[b], rows[a]


def swap_contents(rows, rng):
    a, b = rng.sample(range(len(rows)), 2)
    (one, *hashes_a), (other, *hashes_b) = rows[a], rows[b]
    rows[a] = (replace(other, seq=one.seq), *hashes_a)
    rows[b] = (replace(one, seq=other.seq), *hashes_b)


def reorder(rows, rng):
    before = list(rows)
    while rows == before:
        rng.shuffle(rows)


def fork(rows, rng):
    at = rng.randrange(1, len(rows) - 1)
    other = replace(rows[at][0], act="person.find")
    rows[at : at + 1] = chained([other], rows[at][1])


MUTATIONS = [
    edit, edit_and_rehash, flip_a_bit_of_a_hash, delete, delete_and_renumber, insert, repeat, swap, swap_contents,
    reorder, fork,
]  # fmt: skip


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda one: one.__name__)
def test_every_tampering_is_found_without_a_known_head(mutate):
    for seed in range(60):
        rows = list(ROWS)
        mutate(rows, random.Random(seed))
        report = verify_chain(rows)
        assert not report.ok, f"{mutate.__name__} with seed {seed} was not found"
        assert report.first_fault
        # What was written anew with a fitting hash shows in the entry after it, so the last sound one may be touched.
        assert ROWS[: report.count - 1] == rows[: max(report.count - 1, 0)] or not report.count


def test_a_cut_tail_is_found_only_against_a_known_head():
    for kept in range(40):
        assert verify_chain(ROWS[:kept]).ok
        report = verify_chain(ROWS[:kept], expect_head=HEAD)
        assert (report.ok, report.count) == (False, kept)
        assert report.first_fault == f"The log was cut: it ends after {kept} entries, but its known head stands at 40."


def test_a_log_written_anew_is_found_only_against_a_known_head():
    anew = chained(replace(entry, actor_ref="actor-other") for entry, _, _ in long_chain(50))
    assert verify_chain(anew).ok
    report = verify_chain(anew, expect_head=HEAD)
    assert (report.ok, report.count) == (False, 40)
    assert "differs from its known head at 40" in report.first_fault


def test_entries_after_the_known_head_are_checked_too():
    rows = long_chain(45)
    rows[42] = (replace(rows[42][0], outcome="refused"), *rows[42][1:])
    report = verify_chain(rows, expect_head=HEAD)
    assert (report.ok, report.count) == (False, 42)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (ROWS[:3] + ROWS[4:], "Something was taken out or moved: entry 3 is missing before entry 4."),
        (ROWS[:3] + ROWS[6:], "Something was taken out or moved: entries 3 to 5 are missing before entry 6."),
        (ROWS[:3] + ROWS[1:], "Something was put in, repeated or moved: entry 1 stands where entry 3 belongs."),
        (ROWS[:3] + long_chain(1, 3), "Entry 3 does not join on to entry 2: it was written after something else."),
        (long_chain(1, 0, b"x" * 32),
         "Entry 0 does not join on to the start of the chain: it was written after something else."),
        ([*ROWS[:3], (replace(ROWS[3][0], role="dpo"), *ROWS[3][1:])],
         "Entry 3 is not what was written: its hash belongs to other content."),
        (ROWS[:3] + chained([replace(ROWS[3][0], chain="log-0000")], ROWS[2][2]),
         "The entry that stands where entry 3 belongs is of another chain."),
    ],
)  # fmt: skip
def test_the_fault_is_named(rows, sentence):
    assert verify_chain(rows).first_fault == sentence


def test_the_whole_of_another_chain_is_not_this_one():
    assert not verify_chain(ROWS, chain="log-0000").ok


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ValueError("marker"), "Entry 2 cannot be read: what stands there does not have the form of an entry."),
        (Invalid("Line 4 is broken."), "Line 4 is broken."),
    ],
)
def test_a_row_that_cannot_be_read_is_a_fault_and_quotes_nothing(error, sentence):
    def rows():
        yield from ROWS[:2]
        raise error

    report = verify_chain(rows())
    assert (report.ok, report.count, report.head, report.first_fault) == (False, 2, ROWS[1][2], sentence)


def test_a_clock_that_ran_backwards_is_a_note_and_no_fault():
    def moved(*hours, said=()):
        return chained(
            replace(
                SECOND, seq=n, happened_at=SECOND.happened_at + timedelta(hours=h), details=dict(said).get(n, SECOND.details)
            )
            for n, h in enumerate(hours)
        )

    assert verify_chain(moved(0, 0, 1)).notes == ()
    once = verify_chain(moved(0, 3, 1, 4))
    assert once.ok
    assert once.notes == ("The clock ran backwards once, first at entry 2; the order of writing holds.",)
    assert verify_chain(moved(0, 3, 1, 4, 2)).notes[0].startswith("The clock ran backwards 2 times, first at entry 2")
    assert verify_chain(moved(0, 9, 2, 3, 4)).notes == once.notes, "set back once, it is told once"
    told = moved(0, 0, 0, said=((1, {"clock_set": -300}), (2, {"clock_set": 300})))
    assert verify_chain(told).notes == ("The clock ran backwards once, first at entry 1; the order of writing holds.",)


def test_acts_that_ran_side_by_side_are_no_clock_that_ran_backwards():
    """An entry bears the moment at which its act began: of two at once the later one may be entered first."""
    apart = (0, 900, 450, 899, 300)
    rows = chained(
        replace(SECOND, seq=n, happened_at=SECOND.happened_at + timedelta(seconds=s)) for n, s in enumerate(apart)
    )
    assert verify_chain(rows).notes == ()
