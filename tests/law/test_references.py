"""References: every wrong digit and every exchange of neighbours is found."""

import pytest

from core.law.errors import Invalid
from core.law.references import make, read


@pytest.mark.parametrize(
    "text",
    [
        "RD-2026-004217-3",
        "rd 2026 004217 3",
        "rd2026004217-3",
        " RD–2026–004217–3\n",
        "2026-004217-3",
        "ＲＤ-２０２６-004217-3",
    ],
)
def test_other_spellings_are_read(text):
    assert read(text) == "RD-2026-004217-3"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RD",
        "RD-2026-4217-3",
        "RD-2026-004217",
        "RX-2026-004217-3",
        "RD-2026-00421Z-3",
        "٢٠٢٦-004217-3x",
        "RD-2026-004217-33",
    ],
)
def test_another_shape_is_refused(text):
    with pytest.raises(Invalid, match="form"):
        read(text)


@pytest.mark.parametrize("number", [1, 4217, 99_999, 123_456, 908_070, 999_999])
@pytest.mark.parametrize("year", [2000, 2026, 2099])
def test_every_wrong_digit_and_every_exchange_is_found(year, number):
    digits = make(year, number).replace("RD", "").replace("-", "")
    wrong = {digits[:i] + other + digits[i + 1 :] for i in range(11) for other in "0123456789" if other != digits[i]}
    wrong |= {digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(10)} - {digits}
    for each in wrong:
        with pytest.raises(Invalid):
            read(each)


def test_the_rule_itself_has_no_blind_spot():
    """From whatever came before, two different digits lead apart, and so do two exchanged ones."""
    from core.law.references import DAMM

    assert all(len(set(row)) == 10 for row in DAMM)
    assert all(len(set(column)) == 10 for column in zip(*DAMM, strict=True))
    assert all(DAMM[i][i] == 0 for i in range(10))
    for before in range(10):
        for one in range(10):
            for two in range(one):
                assert DAMM[DAMM[before][one]][two] != DAMM[DAMM[before][two]][one]


@pytest.mark.parametrize(("year", "number"), [(1999, 1), (10_000, 1), (2026, 0), (2026, 1_000_000), (2026, -1)])
def test_beyond_its_digits_there_is_no_reference(year, number):
    with pytest.raises(Invalid):
        make(year, number)


def test_a_thousand_references_differ_and_are_read_back():
    made = [make(2026, number) for number in range(1, 1001)]
    assert len(set(made)) == 1000
    assert [read(each) for each in made] == made
