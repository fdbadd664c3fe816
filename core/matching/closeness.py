"""Measure how close two keys are, from 0 to 1, whatever the slip between them: letters, order, joined words."""

from collections import Counter

_LONG = 40  # characters from which letter-by-letter comparison costs more than it tells


class Text:
    """A key taken apart once, to be compared with many others: itself, and its pairs of neighbouring letters."""

    __slots__ = ("key", "pairs")

    def __init__(self, key: str) -> None:
        self.key = key
        self.pairs = _pairs(key)


def alike(asked: Text, held: str) -> float:
    """Give the likeness of two keys: 1 only if equal, 0 if nothing is shared.

    The better of two measures: shared pairs of letters, without blanks (joined and split words, moved parts, missing
    parts), and Jaro-Winkler (swapped and wrong letters in short words).
    """
    if asked.key == held:
        return 1.0
    pairs = _pairs(held)
    shared = sum(min(times, pairs[pair]) for pair, times in asked.pairs.items() if pair in pairs)
    if not shared and not set(asked.key) & set(held):
        return 0.0
    size = len(asked.key) + len(held) - asked.key.count(" ") - held.count(" ") + 2
    likeness = 2 * shared / size
    if likeness < 0.95 and len(asked.key) <= _LONG and len(held) <= _LONG:
        # Unrelated words reach about one half here, so only what lies above counts.
        likeness = max(likeness, (jaro_winkler(asked.key, held) - 0.5) / 0.5)
    return min(likeness, 0.99)


def _pairs(key: str) -> Counter[str]:
    closed = f"^{key.replace(' ', '')}$"
    return Counter(map("".join, zip(closed, closed[1:], strict=False)))


def jaro_winkler(one: str, other: str) -> float:
    """Give the Jaro-Winkler similarity of two texts (Winkler 1990: scale 0.1, prefix of at most four letters).

    >>> round(jaro_winkler("martha", "marhta"), 4)
    0.9611
    """
    if not one or not other:
        return 0.0
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    free = list(other)
    places: list[int] = []
    kept: list[str] = []
    for place, letter in enumerate(one):
        for there in range(max(0, place - reach), min(len(other), place + reach + 1)):
            if free[there] == letter:
                free[there] = ""
                places.append(there)
                kept.append(letter)
                break
    same = len(kept)
    if not same:
        return 0.0
    moved = sum(letter != other[there] for letter, there in zip(kept, sorted(places), strict=True)) // 2
    jaro = (same / len(one) + same / len(other) + (same - moved) / same) / 3
    prefix = 0
    while prefix < min(4, len(one), len(other)) and one[prefix] == other[prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)
