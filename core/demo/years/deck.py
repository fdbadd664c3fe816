"""Which rights were asked for and how that ended, dealt rather than drawn: so no rare one is missing, whatever the moment."""

from collections import Counter
from collections.abc import Mapping
from random import Random

from core.demo.years.shares import ENDINGS
from core.law.ways import Kind
from core.law.workflow import Closing

FEW, LATE = 3, 25  # a pair of which there are so few is not dealt among the last cards, where a case may find no time to end


def deal(chance: Random, number: int, shares: Mapping[Kind, float]) -> list[tuple[Kind, Closing]]:
    """Return so many rights with their endings, in mixed order.

    Each right, and each ending of a right, comes as often as its share is, but for less than one.
    """
    parts = {
        (kind, closing): share * part / sum(ENDINGS[kind].values())
        for kind, share in shares.items() for closing, part in ENDINGS[kind].items()
    }
    apart, begin, reached = sum(parts.values()) / number, chance.random(), 0.0
    cards: list[tuple[Kind, Closing]] = []
    for pair, part in parts.items():  # cards lie evenly apart on the line of all shares: a right is one stretch of it
        reached += part
        while len(cards) < number and (begin + len(cards)) * apart < reached:
            cards.append(pair)
    chance.shuffle(cards)
    return _common_last(cards)


def _common_last(cards: list[tuple[Kind, Closing]]) -> list[tuple[Kind, Closing]]:
    held = Counter(cards)
    last = [place for place, card in enumerate(cards) if held[card] > FEW and card[1] is not Closing.NO_ANSWER][-LATE:]
    return [card for place, card in enumerate(cards) if place not in last] + [cards[place] for place in last]
