"""The short reference of a case, with a check digit, to read out on the phone: RD-2026-004217-3."""

import re
import unicodedata

from core.law.errors import Invalid

# Damm's quasigroup of order 10: it finds every wrong digit and every exchange of two neighbours.
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
START = 9  # where the walk begins; RD-2026-004217 then ends in 3, the example that every form shows
SHAPE = re.compile(r"(?:RD)?([0-9]{4})([0-9]{6})([0-9])")
LAST_NUMBER = 999_999


def make(year: int, number: int) -> str:
    """Return the reference of the `number`-th case (1 to 999,999) of `year`; Invalid beyond.

    >>> make(2026, 4217)
    'RD-2026-004217-3'
    """
    if not 2000 <= year <= 9999 or not 1 <= number <= LAST_NUMBER:
        raise Invalid("A reference is made of a year and a number from 1 to 999999.", "reference")
    digits = f"{year:04}{number:06}"
    return f"RD-{year:04}-{number:06}-{_check_digit(digits)}"


def read(text: str) -> str:
    """Return the reference in its one spelling; spaces, hyphens and lower case are forgiven, a wrong digit is not.

    >>> read("rd 2026 004217 3")
    'RD-2026-004217-3'
    """
    found = SHAPE.fullmatch(re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", text)).upper())
    if not found:
        raise Invalid("A reference has the form RD-2026-004217-3.", "reference")
    year, number, check = found.groups()
    if _check_digit(year + number) != int(check):
        raise Invalid("The check digit does not fit: a digit of the reference is wrong or out of place.", "reference")
    return make(int(year), int(number))


def _check_digit(digits: str) -> int:
    interim = START
    for digit in digits:
        interim = DAMM[interim][int(digit)]
    return interim
