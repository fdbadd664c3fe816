"""Tables: keys made of row ids, heights of whole rows."""

from pages.parts.tables import HEAD, LONGEST, ROW, height, key_of


def test_the_key_changes_with_any_row_that_comes_goes_or_moves():
    base = key_of("q", ["a", "b"])
    assert base == key_of("q", ["a", "b"])
    assert len({base, key_of("q", ["b", "a"]), key_of("q", ["x", "a", "b"]), key_of("q", ["a"]), key_of("p", ["a", "b"])}) == 5


def test_a_table_is_as_high_as_its_whole_rows():
    assert (height(3) - HEAD) == 3 * ROW
    assert (height(500) - HEAD) == LONGEST * ROW
    assert height(0) == height(1)
