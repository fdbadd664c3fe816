"""The question of Article 17(1)(b) and (c): data are left without a ground only where every use of them has ended."""

from datetime import datetime

import pytest

from core.law.errors import Invalid
from core.law.records import Under
from core.law.rights import raised
from core.law.rights.bases import Basis, Use
from core.law.rights.consent import Consent
from core.law.rights.raised import Becomes, Stopped, ends, left_without_ground
from core.law.ways import Kind

UNDER = Under("eu_gdpr@2018-05-25", "local.letters")
LETTERS, OFFERS = Use(Basis.CONSENT, "letters"), Use(Basis.INTERESTS, "offers", marketing=True)
FRAUD, ORDERS = Use(Basis.INTERESTS, "fraud"), Use(Basis.CONTRACT, "orders")
KNOWN = frozenset({"letters", "offers", "fraud", "orders"})
ALL = [("all", "all")]
MARKETING = [("direct_marketing", "all")]


def consent(purpose, channel, given):
    return Consent(purpose, channel, given, datetime(2026, 1, 1))


def withdrawn(scopes=ALL, *consents):
    return Stopped(Kind.CONSENT_WITHDRAWAL, scopes, consents, KNOWN)


@pytest.mark.parametrize(("stopped", "use", "ended"), [
    (withdrawn(), LETTERS, True),
    (withdrawn(), ORDERS, False),
    (withdrawn(), FRAUD, False),
    (withdrawn(), Use(Basis.OBLIGATION, "letters"), False),
    # by purpose: no other use of the data loses its consent
    (withdrawn([("letters", "all")]), LETTERS, True),
    (withdrawn([("offers", "all")]), LETTERS, False),
    # by channel: it goes on through the other, as far as the history knows one, and without a history too
    (withdrawn([("letters", "email")]), LETTERS, False),
    (withdrawn([("letters", "email")], consent("letters", "email", False), consent("letters", "post", True)), LETTERS, False),
    (withdrawn([("letters", "email")], consent("letters", "email", False)), LETTERS, True),
    # a consent that was given later, or to what the catalogue does not name, may serve it still
    (withdrawn(ALL, consent("letters", "email", True)), LETTERS, False),
    (withdrawn(ALL, consent("club", "email", True)), LETTERS, False),
    (withdrawn(ALL, consent("offers", "email", True)), LETTERS, True),
    (withdrawn([("club", "email")], consent("club", "email", False)), LETTERS, True),
    (withdrawn([("club", "email")]), LETTERS, False),
    # an objection to marketing ends marketing whatever it rests on, and nothing else
    (Stopped(Kind.OBJECTION_MARKETING, MARKETING), OFFERS, True),
    (Stopped(Kind.OBJECTION_MARKETING, MARKETING), FRAUD, False),
    (Stopped(Kind.OBJECTION_MARKETING, MARKETING), LETTERS, False),
    (Stopped(Kind.OBJECTION_MARKETING, MARKETING), Use(Basis.CONSENT, "letters", marketing=True), True),
    (Stopped(Kind.OBJECTION_MARKETING, [("direct_marketing", "phone")]), OFFERS, False),
    # an objection that was upheld ends the one use to which it was
    (Stopped(Kind.OBJECTION, [("fraud", "all")]), FRAUD, True),
    (Stopped(Kind.OBJECTION, [("fraud", "all")]), Use(Basis.INTERESTS, "security"), False),
    (Stopped(Kind.OBJECTION, []), FRAUD, False),
])
def test_a_use_ends_only_by_what_was_stopped_as_a_whole(stopped, use, ended):
    assert ends(stopped, use) is ended


def test_one_use_that_stands_carries_the_data_and_data_without_any_use_are_none():
    assert left_without_ground(withdrawn(), [LETTERS])
    assert not left_without_ground(withdrawn(), [LETTERS, ORDERS])
    assert not left_without_ground(withdrawn(), [])


@pytest.mark.parametrize(("kind", "article", "rule"), [
    (Kind.CONSENT_WITHDRAWAL, "17(1)(b)", "CON-1"), (Kind.OBJECTION_MARKETING, "17(1)(c)", "OBJ-2"),
    (Kind.OBJECTION, "17(1)(c)", "OBJ-1"),
])
def test_the_test_and_its_answer_are_decisions_under_the_article_of_the_right(kind, article, rule):
    for made, outcome, granted in (
        (raised.record_put(kind, UNDER, left=True), "raised", True),
        (raised.record_put(kind, UNDER, left=False), "nothing_left", False),
        (raised.record_answer(kind, Becomes.ERASED, UNDER), "erased", True),
        (raised.record_answer(kind, Becomes.KEPT, UNDER), "kept", False),
    ):
        assert (made.article, made.rule, made.outcome, made.granted) == (article, rule, outcome, granted)
    with pytest.raises(Invalid, match="what becomes"):
        raised.answer_of("forgotten")
