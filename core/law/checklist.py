"""What a request still needs, drawn from its right and its real state: one source for stage, list and next step."""

from core.law.acts import Act
from core.law.kinds import NEEDS, PATHS, Need
from core.law.needs import ASKS, Met
from core.law.progress import Facts, Item
from core.law.ways import Asker, Kind, Right
from core.law.workflow import State

_BUILT = frozenset({"built", "released", "fetched"})


def checklist(right: Right, facts: Facts) -> tuple[Item, ...]:
    """Return the items of a request in their order; a right that needs no identity or approval has no such item.

    >>> from core.law.ways import RIGHTS
    >>> facts = Facts(State.RECEIVED, None, False, "open", "open", None, False, False)
    >>> [item.title for item in checklist(RIGHTS[Kind.OBJECTION], facts)][:2]
    ['Confirm the receipt', 'Find the person']
    """
    items = [] if right.asker is Asker.AUTHORITY or right.kind is Kind.COMPLAINT else [Item(
        "Confirm the receipt", facts.acknowledged, "The person knows it arrived, and by when we answer.", Act.LETTER_SENT,
        needed=False,
    )]
    if facts.refused:
        return (*items, *_refusal(facts), _end(facts))
    if facts.outside:
        return (*items, *_outside(right, facts), _end(facts))
    if right.verb == "suppress":
        items.append(_stopped(facts))
    if right.kind not in _ABOUT_NOBODY:
        items.append(_person(facts))
    if right.needs_identity:  # after the person: a proof that names an address is weighed against what we held of them
        items.append(_identity(facts))
        if facts.acting:
            items.append(_authority(facts))
    # An objection to marketing needs no match (21(3)), and some kinds look for nobody.
    looks = right.verb != "suppress" and right.kind not in _ABOUT_NOBODY and right.asker is Asker.PERSON
    nobody = looks and facts.subject_state == "nobody"
    if (right.needs_identity and facts.identity_state == "failed") or nobody:
        items.append(Item(
            "Tell the person why nothing is done", facts.told,
            "Art. 12(4): the reason, the complaint to the authority, the way to a court.", Act.LETTER_SENT,
        ))
    elif right.kind in PATHS:
        items += _own_path(right.kind, facts)
    elif right.kind in _BY_RIGHT:
        items += _owners(facts)
        items += _BY_RIGHT[right.kind](facts)
    items.append(_end(facts))
    return tuple(items)


def next_step(right: Right, facts: Facts) -> Item | None:
    """Return what is to be done next, by whoever may do its act; None for a closed request.

    >>> from core.law.ways import RIGHTS, Kind
    >>> facts = Facts(State.RECEIVED, None, False, "open", "open", None, False, False)
    >>> next_step(RIGHTS[Kind.ACCESS], facts).title
    'Start work on the request'
    """
    if facts.state is State.CLOSED:
        return None
    if facts.state is State.RECEIVED:
        return Item("Start work on the request", False, "Its clock runs since the receipt.", Act.REQUEST_START)
    if facts.state is State.CARRYING_OUT and facts.owners_open:
        return _owners(facts)[0]
    if facts.state is State.CARRYING_OUT:
        return Item("The desk carries it out", False, "System by system; you may close the browser.", None)
    items = checklist(right, facts)
    if facts.state is State.AWAITING_APPROVAL:
        return next((item for item in items if item.act in APPROVALS), None)
    return next((item for item in items if item.needed and not item.done), None)


APPROVALS = frozenset({Act.PLAN_APPROVE, Act.RELEASE_APPROVE, Act.REFUSAL_APPROVE, Act.OUTSIDE_APPROVE})


def _refusal(facts: Facts) -> list[Item]:
    approved = facts.state in {State.READY_TO_SEND, State.CLOSED}
    return [
        Item("Name the ground, the facts and the evidence", True, "Art. 12(5): the burden of proof is ours.",
             Act.REFUSAL_PREPARE),
        Item("Have a second person approve the refusal", approved, "Exactly the letter that was approved goes out.",
             Act.REFUSAL_APPROVE),
        Item("Tell the person", facts.sent, "Art. 12(4): the reasons, the complaint to the authority, the judicial remedy.",
             Act.ANSWER_SENT),
    ]


def _outside(right: Right, facts: Facts) -> list[Item]:
    approved = facts.state in {State.READY_TO_SEND, State.CLOSED}
    return [
        *([_identity(facts)] if right.needs_identity else []),
        Item("Record what was done in each system", True, "Art. 5(2): a line for each system, with its evidence.",
             Act.OUTSIDE_RECORD),
        Item("Have a second person approve it", approved, "Exactly the letter that was approved goes out.",
             Act.OUTSIDE_APPROVE if facts.state is State.AWAITING_APPROVAL else Act.OUTSIDE_ASK),
        Item("Tell the person", facts.sent, "Art. 12(3), 12(4): what was done; what was not, with the reasons.", Act.ANSWER_SENT),
    ]


def _identity(facts: Facts) -> Item:
    why = {
        "proven": "Art. 12(6): proven, with the proofs this right needs.",
        "failed": "Art. 12(2): it could not be proven; the person is told.",
    }
    return Item(
        "Check who is asking", facts.identity_state != "open",
        why.get(facts.identity_state, "Art. 12(6): no more proof than this right and this way of asking need."),
        Act.IDENTITY_RECORD,
    )


def _authority(facts: Facts) -> Item:
    return Item(
        "Check who acts for the person", facts.covered,
        "Art. 12(6): two identities are proven, and the authority carries this right on this day." if facts.covered else
        "Art. 12(6): what is still open stands under Person & data; until then nothing leaves.", Act.AUTHORITY_CHECK,
    )


def _person(facts: Facts) -> Item:
    why = {"decided": "A human decided which person it is.", "nobody": "A human decided that nobody here is the person."}
    return Item(
        "Find the person", facts.subject_state != "open",
        why.get(facts.subject_state, "Exact matches apart from possible ones; a human decides, never a score."),
        Act.CASE_PERSON,
    )


def _owners(facts: Facts) -> list[Item]:
    return [Item(
        "Record what the owners of other systems answer", not facts.owners_open,
        f"{facts.owners - facts.owners_open} of {facts.owners} questions about systems worked in by hand are answered.",
        Act.OWNER_ANSWER,
    )] if facts.owners else []


def _stopped(facts: Facts) -> Item:
    words = (
        f"{facts.stopped} stopped with the message, whoever holds them." if facts.stopped
        else "The message named no address or number: find the person, or add it on the Suppression page."
    )
    return Item("Stop it at once", facts.stopped > 0, words, Act.SUPPRESSION_ADD, needed=False)


def _copy(facts: Facts) -> list[Item]:
    return _export(facts, "Art. 15(3): a copy, and a line for each system asked.")


def _portable(facts: Facts) -> list[Item]:
    return _export(
        facts, "Art. 20(1): what the person provided or we observed, on consent or contract; each field with its reason."
    )


def _export(facts: Facts, why: str) -> list[Item]:
    built, past = facts.package_state in _BUILT, facts.state in {State.CARRYING_OUT, State.READY_TO_SEND}
    done = facts.state is State.CLOSED and facts.sent
    return [
        Item("Collect the data of every system", (built and not facts.outdated) or past or done,
             "An owner answered since: collect them again." if facts.outdated else why, Act.EXPORT_PREPARE),
        Item("Have a second person approve the release", past or done, "Nobody releases what they prepared.",
             Act.RELEASE_APPROVE if facts.state is State.AWAITING_APPROVAL else Act.RELEASE_ASK),
        *_missing(facts),
        Item("Send the answer", facts.sent, "Art. 12(3): it counts when it is sent, to the approved address.",
             Act.ANSWER_SENT),
    ]


def _erasure(facts: Facts) -> list[Item]:
    copies = [Item(
        "Let the copy go first", not facts.copies_waiting,
        f"{facts.copies_waiting} copy of the person's data is not sent yet: what is erased can no longer be given."
        if facts.copies_waiting else "Art. 15: the copy was sent before the data are erased.", Act.RELEASE_ASK,
    )] if facts.copies or facts.copies_waiting else []
    key = {
        "destroyed": "What was sealed with it can be read by nobody.", "kept": "It stays: texts that must be kept need it.",
    }.get(facts.key, "The desk does it once the data are erased.")
    # ERA-1: an erasure has three dates, and the last backup is one of them.
    return [
        Item("Name the grounds", facts.grounds, "Art. 17(1); and by Art. 17(3) what must be kept, why and until when.",
             Act.PLAN_CHOOSE),
        *copies, *_ended(facts), _plan(facts),
        Item("Have the letter and the address ready", facts.drafted,
             "After the erasure the address cannot be found: both are in the case before.", Act.LETTER_DRAFT),
        _approval(facts), *([
            _carried("Erase in every system", facts, None),
            Item("Destroy the person's key", facts.key in {"destroyed", "kept"},
                 f"{key} {facts.dates} of 3 dates reached: systems, store, last backup.", None, needed=False),
        ] if facts.erases else []),
        *_answer(facts, "Tell the outcome", "Art. 12(3), 12(4): what went; what stays, by which ground and until when."),
        *_recipients(facts),
    ]


def _ended(facts: Facts) -> list[Item]:
    """Return what goes before an erasure that ends a restriction of the person's."""
    if not facts.restricted:
        return []
    return [
        Item("Tell the person that the restriction ends", facts.end_told, "Art. 18(3): before it ends.", Act.LETTER_SENT),
        *([Item("Ask again whether they want it", facts.wanted, "Art. 18(1)(b), (c): they had wanted the data kept.",
                Act.ERASURE_WISH)] if facts.asks_again else []),
    ]


def _correction(facts: Facts) -> list[Item]:
    return [
        Item("Propose what is corrected", facts.points > 0, "Art. 16: each point with what was found.", Act.RECTIFY_PROPOSE),
        *([Item("Decide about the value that another person holds", False, "Mistyped, one person, or really shared.",
                Act.RECTIFY_DECIDE)] if facts.waits else []),
        *([Item("Prove the new value", facts.proven, "It recognises the person: whoever changes it can take over a file.",
                Act.RECTIFY_PROVE)] if facts.proof_needed else []),
        _plan(facts), _approval(facts), _carried("Correct every system", facts, None),
        *([Item("Tell the old address", facts.old_notice != "open", "The person learns of a change they did not ask for.",
                Act.LETTER_SENT)] if facts.old_notice else []),
        *_answer(facts, "Tell the outcome", "Art. 12(3), 12(4): what was changed; what was not, and why."),
        *_recipients(facts),
    ]


def _restriction(facts: Facts) -> list[Item]:
    return [
        Item("Record the ground and the day to look again", facts.grounds, "Art. 18(1)(a) to (d).", Act.RESTRICTION_TERMS),
        _plan(facts), _carried("Restrict in every system", facts, Act.REQUEST_CARRY_OUT), *_missing(facts),
        *_answer(facts, "Tell the person that it stands", "Art. 18(3): and that they hear before it is lifted."),
        *_recipients(facts),
    ]


def _suppression(facts: Facts) -> list[Item]:
    past = facts.state in {State.READY_TO_SEND, State.CLOSED} and facts.systems_done == 0
    widened = (
        Item("Check that it stands", past, "Nobody here is the person: what came with the message is all there is.",
             Act.REQUEST_CARRY_OUT)
        if facts.subject_state == "nobody" else
        _carried("Widen it to all the person holds", facts, Act.REQUEST_CARRY_OUT)
    )
    return [
        widened, *_missing(facts),
        *_answer(facts, "Confirm it to the person", "Art. 12(3): what stopped, since when, and that only they can end it."),
        *_raised(facts),
    ]


def _raised(facts: Facts) -> list[Item]:
    return [Item(
        "Say what becomes of what rested on it alone", facts.raised == "answered",
        "Art. 17(1): what has no other legal ground is erased, unless an exception keeps it.", Act.RAISED_ANSWER,
    )] if facts.raised else []


def _plan(facts: Facts) -> Item:
    why = "An owner answered since: prepare it again." if facts.outdated else (
        "Every system and table: what is done, and on what ground."
    )
    return Item("Prepare the plan", facts.planned and not facts.outdated, why, Act.PLAN_PREPARE)


def _approval(facts: Facts) -> Item:
    return Item(
        "Have a second person approve the plan", facts.approved, "Nobody approves what they prepared; exactly this plan is done.",
        Act.PLAN_APPROVE if facts.state is State.AWAITING_APPROVAL else Act.PLAN_ASK,
    )


def _carried(title: str, facts: Facts, act: Act | None) -> Item:
    done = facts.systems > 0 and facts.systems_done >= facts.systems
    words = f"{facts.systems_done} of {facts.systems} systems done, and searched again." if facts.systems else (
        "The desk does it system by system, and searches again."
    )
    return Item(title, done, words, act)


def _missing(facts: Facts) -> list[Item]:
    return [Item(
        "Tell what is missing, and why", facts.part_told,
        f"{facts.unreached} not reached. Art. 12(4): the reasons, the complaint, the judicial remedy.", Act.LETTER_SENT,
    )] if facts.unreached else []


def _answer(facts: Facts, title: str, why: str) -> list[Item]:
    return [
        Item(title, facts.outcome_told or (facts.unreached > 0 and facts.part_told), why, Act.LETTER_SENT),
        Item("Mark the answer as sent", facts.sent, "Art. 12(3): it counts when it is sent.", Act.ANSWER_SENT),
    ]


def _recipients(facts: Facts) -> list[Item]:
    told = facts.notices - facts.notices_open
    return [Item(
        "Tell the recipients", not facts.notices_open, f"Art. 19: {told} of {facts.notices} told, or noted why not.",
        Act.RECIPIENT_NOTICE, needed=False,
    )] if facts.notices else []


def _own_path(kind: Kind, facts: Facts) -> list[Item]:
    return [
        *(Item(ASKS[need].title, need in facts.met, NEEDS[need], _MET_BY.get(need, Act.NEED_RECORD),
               needed=ASKS[need].met is not Met.HELD, only=ASKS[need].only) for need in PATHS[kind].needs),
        Item("Send the answer", facts.answered, "Only with everything above: exactly this letter goes out.", Act.LETTER_SENT),
        Item("Mark the answer as sent", facts.sent, "It counts when it is sent.", Act.ANSWER_SENT), *_raised(facts),
    ]


def _end(facts: Facts) -> Item:
    words = f"Closed: {facts.closing.replace('_', ' ')}." if facts.closing else "A closed request never moves again."
    return Item("Close the request", facts.state is State.CLOSED, words, Act.REQUEST_CLOSE)


_BY_RIGHT = {
    Kind.ACCESS: _copy, Kind.PORTABILITY: _portable, Kind.ERASURE: _erasure, Kind.RECTIFICATION: _correction,
    Kind.RESTRICTION: _restriction, Kind.OBJECTION_MARKETING: _suppression, Kind.CONSENT_WITHDRAWAL: _suppression,
}
# Kinds that are answered without looking for anybody in the systems.
_ABOUT_NOBODY = frozenset({Kind.INFORMATION, Kind.COMPLAINT, Kind.HUMAN_REVIEW, Kind.INQUIRY})
_MET_BY = {Need.ACKNOWLEDGED: Act.LETTER_SENT, Need.LETTER: Act.LETTER_DRAFT, Need.APPROVED: Act.LETTER_ASK}
