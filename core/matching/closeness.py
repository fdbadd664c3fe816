"""Measure how close two keys are, from 0 to 1, whatever the slip between them: letters, order, joined words."""

from collections import Counter
from itertools import pairwise

_SHORT = 4  # letters up to which one slip may leave no pair unharmed
_LONG = 40  # characters from which letter-by-letter comparison costs more than it tells


class Text:
    """A key taken apart once, to be compared with many others; it remembers their likeness as long as it lives."""

    __slots__ = ("key", "known", "length", "pairs")

    def __init__(self, key: str) -> None:
        self.key = key
        self.pairs = _pairs(key)
        self.length = len(key.replace(" ", ""))
        self.known: dict[str, float] = {}  # towns and family names come again among the candidates of one question


def alike(asked: Text, held: str) -> float:
    """Give the likeness of two keys: 1 only if equal, 0 if nothing is shared.

    The better of two measures: shared pairs of letters, without blanks (joined and split words, moved parts, missing
    parts), and Jaro-Winkler (swapped and wrong letters in short words).
    """
    if asked.key == held:
        return 1.0
    likeness = asked.known.get(held)
    if likeness is None:
        likeness = asked.known[held] = min(_compare(asked, held), 0.99)
    return likeness


def _compare(asked: Text, held: str) -> float:
    pairs = _pairs(held)
    shared = sum(min(times, pairs[pair]) for pair, times in asked.pairs.items() if pair in pairs)
    if not shared and min(len(asked.key), len(held)) > _SHORT:
        return 0.0
    likeness = 2 * shared / (asked.length + len(held) - held.count(" ") + 2)
    if likeness < 0.95 and len(asked.key) <= _LONG and len(held) <= _LONG:
        # Unrelated words reach about one half here, so only what lies above counts.
        likeness = max(likeness, (jaro_winkler(asked.key, held) - 0.5) / 0.5)
    return likeness


def _pairs(key: str) -> Counter[str]:
    closed = f"^{key.replace(' ', '')}$"
    return Counter(map("".join, pairwise(closed)))


def jaro_winkler(one: str, other: str) -> float:
    """Give the Jaro-Winkler similarity of two texts (Winkler 1990: scale 0.1, prefix of at most four letters).

    >>> round(jaro_winkler("martha", "marhta"), 4)
    0.9611
    """
    if not one or not other:
        return 0.0
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    free = other
    places: list[int] = []
    kept: list[str] = []
    for place, letter in enumerate(one):
        there = free.find(letter, place - reach if place > reach else 0, place + reach + 1)
        if there >= 0:
            free = f"{free[:there]}\0{free[there + 1 :]}"  # taken; no key holds this character
            places.append(there)
            kept.append(letter)
    same = len(kept)
    if not same:
        return 0.0
    moved = sum(letter != other[there] for letter, there in zip(kept, sorted(places), strict=True)) // 2
    jaro = (same / len(one) + same / len(other) + (same - moved) / same) / 3
    prefix = 0
    while prefix < min(4, len(one), len(other)) and one[prefix] == other[prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)
