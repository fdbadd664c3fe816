"""The words of the letters that tell the outcome of an erasure: what goes, what stays, why and until when."""

from collections.abc import Mapping
from typing import Any

from core.actions.answers.erasure.erasures import made_public
from core.actions.answers.planned import Item, PlanBody, read_body
from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.opening import Opened
from core.actions.people.inventory import unreached
from core.connectors import desk_records
from core.connectors.catalogue import catalogue
from core.documents.statutes import Statute
from core.law.errors import NotPossible
from core.law.rights import erasure
from core.law.rights.erasure import EXEMPTIONS, GROUNDS, NO_GROUND_SENTENCE, Decision, Exemption, Ground, article_of
from core.law.ways import Kind
from core.law.workflow import Closing

KEPT_OUT = (
    "We keep a coded fingerprint of your address and number for up to three years, so that no list brings your data back; "
    "it says nothing else about you."
)
HOLD_WORDS = "a claim or an inquiry lasts, or a law demands it"
HELD, HELD_UNTIL = "hold", "until the hold is released"  # the ground and the end of what a hold keeps, in a plan
PROVE = "prove"  # what a plan does with consents of which the proof alone stays, under keyed hashes
FORGOTTEN = "We keep nothing that would recognise you."
BEYOND = "Beyond this we keep nothing that would recognise you."
MADE_PUBLIC = (
    "These data had been made public ({where}). We tell those who may have linked to them or copied them that links, copies "
    "and replications are to be erased{note}: {whom}."
)


def outcome(body: PlanBody) -> Closing:
    """Return how the request ends by its plan: from the items that hold something, the request file left aside.

    Where a system was not reached, what it may hold stays: all that can be said is that a part was erased.
    """
    by_items = erasure.outcome(
        Decision.ERASE if item.action == "delete" else Decision.RETAIN
        for item in body.items if item.rows and item.system != desk_records.SYSTEM
    )
    return Closing.PARTLY_FULFILLED if by_items is Closing.FULFILLED and unreached(body.systems) else by_items


def facts(desk: Desk, now: Now, at: Opened, ending: Closing, law: Statute) -> dict[str, Any]:
    """Return the facts of the letter for one outcome, its reasons by the articles of `law`.

    Raises NotPossible where the plan ends in another way.
    """
    if at.request.kind != Kind.ERASURE or not at.request.plan_id:
        raise NotPossible("Prepare the plan of the erasure first: the letter says what it does.")
    body = read_body(desk, now, at.request.plan_id)
    if outcome(body) is not ending:
        raise NotPossible("The plan has another outcome. Choose the letter that fits it.")
    titles = {each.code: each.title for each in catalogue().systems}
    erased = [
        f"{titles[item.system]}: {item.title.lower()}" for item in body.items
        if item.action == "delete" and item.rows and item.system != desk_records.SYSTEM
    ]
    grounds = [GROUNDS[Ground(code)] for code in body.terms["grounds"]]
    standing = {row["state"] for row in now.tx.rows("suppression.of_subject", subject=at.case.subject_ref)}
    stays_out = bool(body.terms.get("wished")) or bool(standing & {"objection", "withdrawal"})
    return {
        "erased": erased, "because": grounds,
        "kept": [*(_line(titles[item.system], item, law) for item in body.kept_back), *unreached(body.systems)],
        "afterwards": " ".join(each for each in (
            KEPT_OUT if stays_out else FORGOTTEN if ending is Closing.FULFILLED else BEYOND, _public(body.terms, law),
        ) if each),
    }


def _public(terms: Mapping[str, Any], law: Statute) -> str:
    public = made_public(terms)
    if not public:
        return ""
    where = " ".join(public.where.split()).rstrip(".")
    return MADE_PUBLIC.format(where=where, note=law.note("17(2)"), whom=", ".join(public.whom))


def _line(system: str, item: Item, law: Statute) -> str:
    what = f"{system}: {item.title.lower()}"
    if item.action == PROVE:
        what += ", as a proof under a coded fingerprint of your addresses and numbers that says nothing else about you"
    elif item.columns:
        what += ", without the details that are not needed"
    joined = "because of" if item.ground in set(Exemption) else "because"
    return f"{what}, {joined} {why_kept(item, law)}; kept: {item.until}"


def why_kept(item: Item, law: Statute) -> str:
    """Return why an item stays, by the articles of a law: a hold, no ground that reaches it, or an exception and its source."""
    if item.ground == HELD:
        return f"it must not be deleted while {HOLD_WORDS}{law.note('17(3)(e)')}"
    if item.ground not in set(Exemption):
        return law.said(NO_GROUND_SENTENCE)
    rests_on = f", by {item.reference}" if item.reference else ""
    return f"{EXEMPTIONS[Exemption(item.ground)]}{law.note(article_of(item.ground))}{rests_on}"
