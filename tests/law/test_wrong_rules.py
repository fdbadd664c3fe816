"""Each rule with its cases and what somebody could have written instead: at least one case must catch it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from core.law import fee, identity, kinds, letters, needs, refusal, representatives
from core.law.rights import (
    access,
    automated,
    balancing,
    bases,
    erasure,
    form,
    holds,
    items,
    portability,
    raised,
    restriction,
    sequencing,
    suppression,
)
from core.law.rights.bases import Basis, Use
from core.law.roles import Role
from core.law.ways import Kind
from tests.law.catching import Case, Patch, failing

NOW, TODAY = datetime(2026, 3, 2, 9), date(2026, 3, 2)
HOUR = timedelta(hours=1)
R, E, S = restriction, erasure, suppression
HELD = [R.Restriction(R.Ground.CLAIMS, NOW)]
FACTS = "Nothing changed since the same copy was given."
OVER, GONE = frozenset({E.Ground.PURPOSE_OVER}), frozenset({E.Ground.CONSENT_WITHDRAWN})
TAX = E.Retention(E.Exemption.OBLIGATION, "a provision", date(2026, 3, 2))
WEIGHED = balancing.Balancing("our grounds, weighed at length", "their situation, told at length", balancing.Prevails.COMPELLING, "a")
FRAUD, ADS = Use(Basis.INTERESTS, "fraud"), Use(Basis.INTERESTS, "ads", marketing=True)
LOAN = automated.MachineDecision(True, True, automated.Ground.CONTRACT, safeguards=frozenset(automated.Safeguard))
HOLD = holds.Hold(holds.Reason.CLAIM, "a", NOW, subject_ref="s1")
LAWYER = representatives.Authority(
    representatives.Capacity.AGENT, frozenset({Kind.ACCESS}), date(2026, 1, 1), date(2026, 6, 30), "a", TODAY, True, True
)
COPY, WIPE = sequencing.Asked("1", Kind.ACCESS, "all", TODAY), sequencing.Asked("2", Kind.ERASURE, "all", TODAY)
LETTER = "We refuse because of this. You may lodge a complaint with a supervisory authority or seek a judicial remedy."
WHOLE = [access.Told(point, True) for point in access.Point]
RED = access.Redaction("n1", access.Against.OTHER_PERSON, "It names who complained of them.", "Nothing less would hide who.", "a")
LIFT = {"proposed_by": "a", "lifted_by": "b", "proposed_at": NOW, "informed_at": NOW + HOUR, "lifted_at": NOW + 2 * HOUR}

NEWS = ("newsletter", "email")
WITHDRAWN = raised.Stopped(Kind.CONSENT_WITHDRAWAL, [("all", "all")])
OBJECTED = frozenset({(S.Legal.OBJECTION, S.MARKETING, S.ALL)})

RULES: list[Case] = [
    # ERA: per item, every use, the burden, the last day, the part
    ("ERA all uses", lambda: E.decide(E.Item(("a", "b"), GONE), TODAY), E.Decision.NO_GROUND),
    ("ERA one use", lambda: E.decide(E.Item(("a",), GONE), TODAY), E.Decision.ERASE),
    ("ERA last day", lambda: E.decide(E.Item(("b",), OVER, TAX), TODAY), E.Decision.RETAIN),
    ("ERA next day", lambda: E.decide(E.Item(("b",), OVER, TAX), date(2026, 3, 3)), E.Decision.ERASE),
    ("ERA unshown", lambda: E.decide(E.Item(("b",), OVER, replace(TAX, reference="")), TODAY), "refused"),
    ("ERA part", lambda: E.outcome([E.Decision.ERASE, E.Decision.RETAIN]).value, "partly_fulfilled"),
    ("ERA token", lambda: E.suppression_ground([], wished=False), False),
    # RES: storage only, the person's own request, told before, a second person, stacking
    ("RES deletion", lambda: R.may_process(HELD, R.Operation.RETENTION, R.Gateway.CONSENT), "refused"),
    ("RES own request", lambda: R.may_process(HELD, R.Operation.OWN_REQUEST, R.Gateway.CONSENT), R.Gateway.CONSENT),
    ("RES unnamed", lambda: R.may_process(HELD, R.Operation.LEGAL_CLAIM), "refused"),
    ("RES told at once", lambda: R.may_lift(**LIFT | {"informed_at": NOW + 2 * HOUR}), "refused"),
    ("RES alone", lambda: R.may_lift(**LIFT | {"lifted_by": "a"}), "refused"),
    ("RES stack", lambda: len(R.due_to_end([*HELD, R.Restriction(R.Ground.ACCURACY, NOW)], R.Event.VERIFIED)), 1),
    # OBJ, CON: absolute, only e and f, the burden, restriction meanwhile, nobody lifts
    ("OBJ marketing", lambda: balancing.decide(Kind.OBJECTION_MARKETING, ADS, WEIGHED), balancing.Outcome.UPHELD),
    ("OBJ 21(1) to marketing", lambda: balancing.decide(Kind.OBJECTION, ADS, WEIGHED), balancing.Outcome.UPHELD),
    ("OBJ contract", lambda: balancing.decide(Kind.OBJECTION, Use(Basis.CONTRACT), None), balancing.Outcome.NOT_GIVEN),
    ("OBJ undecided", lambda: balancing.decide(Kind.OBJECTION, FRAUD, None), balancing.Outcome.OPEN),
    ("OBJ burden", lambda: balancing.decide(Kind.OBJECTION, FRAUD, replace(WEIGHED, our_grounds="")), "refused"),
    ("OBJ offered", lambda: balancing.restriction_offered(Kind.OBJECTION, balancing.Outcome.OPEN), True),
    ("OBJ refused", lambda: refusal.grounds(Kind.OBJECTION_MARKETING), ()),
    ("OBJ lifted", lambda: S.lift(S.Legal.OBJECTION), "refused"),
    ("OBJ reaches", lambda: S.may_use(S.OnRecord("jo", stops=OBJECTED, bases=frozenset({NEWS})), *NEWS, R.Operation.AUDIENCE), "refused"),
    ("CON no basis", lambda: S.may_use(S.OnRecord("jo"), *NEWS, R.Operation.AUDIENCE), "refused"),
    ("CON narrower", lambda: S.scope_of(S.Legal.WITHDRAWAL, purpose="news"), "refused"),
    ("CON purpose", lambda: items.stopped_purposes(items.Item((Use(Basis.CONTRACT, "orders"),)), ["orders"], []), ()),
    ("OBJ any basis", lambda: bases.reach(Kind.OBJECTION_MARKETING, Use(Basis.CONTRACT, "ads", True)).applies, True),
    # what a stop leaves without a ground: every use ended, on every channel; the officer is heard before a no
    ("CON left", lambda: raised.left_without_ground(WITHDRAWN, [Use(Basis.CONSENT), Use(Basis.CONTRACT)]), False),
    ("CON all channels", lambda: raised.ends(replace(WITHDRAWN, scopes=[("all", "email")]), Use(Basis.CONSENT)), False),
    ("OBJ left", lambda: raised.ends(raised.Stopped(Kind.OBJECTION_MARKETING, [("direct_marketing", "all")]), FRAUD), False),
    ("OBJ opinion", lambda: needs.opinion_owed(Kind.OBJECTION, "not_upheld"), True),
    # POR: the filter of Article 20
    ("POR derived", lambda: portability.portable("derived", ["Art. 6(1)(a)"]).included, False),
    ("POR observed", lambda: portability.portable("observed", ["Art. 6(1)(b)"]).included, True),
    ("POR interests", lambda: portability.portable("provided", ["Art. 6(1)(f)"]).included, False),
    ("POR paper", lambda: portability.portable("provided", ["Art. 6(1)(a)"], automated=False).included, False),
    # REF, FEE
    ("REF remedy", lambda: refusal.missing(LETTER.replace("judicial remedy", "way")), ("remedy",)),
    ("REF complaint", lambda: refusal.missing(LETTER.replace("supervisory authority", "friend")), ("complaint",)),
    ("REF reasons", lambda: refusal.missing(LETTER.replace("because", "and")), ("reasons",)),
    ("REF sendable", lambda: refusal.require_whole(LETTER), None),
    ("REF last day", lambda: refusal.is_late(TODAY, TODAY), False),
    ("FEE burden", lambda: refusal.require_ground(Kind.ACCESS, "excessive", FACTS, "", ["stated"]), "refused"),
    ("FEE change", lambda: "not changed" in fee.hint(Kind.ACCESS, [fee.Answered(date(2026, 1, 20), ("Shop: Orders",))], TODAY), False),
    ("FEE number", lambda: refusal.require_ground(Kind.ACCESS, "excessive", FACTS, FACTS, ["number"]), "refused"),
    ("FEE unknown", lambda: fee.hint(Kind.ACCESS, [fee.Answered(date(2026, 1, 20), None)], TODAY), ""),
    # PAU-5, PAU-6
    ("PAU objection", lambda: identity.enough(Kind.OBJECTION_MARKETING, identity.Channel.EMAIL, []).granted, True),
    ("PAU sender", lambda: identity.enough(Kind.ACCESS, identity.Channel.EMAIL, [identity.Proof.MAIL_HELD]).granted, False),
    ("PAU health", lambda: identity.enough(
        Kind.ACCESS, identity.Channel.EMAIL, [identity.Proof.CODE], data=identity.Data.SENSITIVE).granted, False),
    ("PAU document", lambda: identity.enough(Kind.ACCESS, identity.Channel.POST, [identity.Proof.DOCUMENT]), "refused"),
    ("PAU blanket", lambda: identity.require_question(
        Kind.ACCESS, identity.Channel.POST, [identity.Proof.DOCUMENT], FACTS), "refused"),
    ("PAU 11(2)", lambda: identity.switched_off(Kind.OBJECTION, shown=True, supplied=False), False),
    ("PAU 11(2) burden", lambda: identity.switched_off(Kind.ACCESS, shown=False, supplied=False), False),
    # ACC
    ("ACC gap", lambda: access.missing(WHOLE[:-1]), (access.Point.COPY,)),
    ("ACC reason", lambda: access.missing([*WHOLE[:-1], access.Told(access.Point.COPY, False)]), (access.Point.COPY,)),
    ("ACC complaint", lambda: access.Point.COMPLAINT in access.missing(
        [each for each in WHOLE if each.point is not access.Point.COMPLAINT]
        + [access.Told(access.Point.COMPLAINT, False, "we think so")]), True),
    ("ACC names", lambda: access.recipients(["Bank"], ["payment"]).names, ("Bank",)),
    ("ACC blanket", lambda: access.check_redactions([RED], ["n1"]), "refused"),
    ("ACC weighed", lambda: access.check_redactions([replace(RED, harm="")], ["n1", "n2"]), "refused"),
    ("ACC actor", lambda: access.who_looked([access.Look(TODAY, "request", "f3")])[0].actor, "colleague 1"),
    ("ACC earlier", lambda: access.reaches(TODAY, date(2013, 1, 1)), True),
    ("ACC open copy", lambda: sequencing.require_deletable([COPY]), "refused"),
    ("ACC order", lambda: [each.reference for each in sequencing.ordered([WIPE, COPY])], ["1", "2"]),
    # ADM
    ("ADM ground", lambda: automated.judge(replace(LOAN, ground=automated.Ground.OTHER), automated.Regime.UNION).allowed, False),
    ("ADM contest", lambda: automated.judge(replace(LOAN, safeguards=frozenset()), automated.Regime.UNION).allowed, False),
    ("ADM special", lambda: automated.judge(replace(LOAN, special=automated.Special.OTHER), automated.Regime.UNION).allowed, False),
    ("ADM human", lambda: automated.judge(replace(LOAN, alone=False, ground=automated.Ground.OTHER), automated.Regime.UNION).allowed, True),
    ("ADM before its day", lambda: automated.regime("uk_gdpr", date(2026, 2, 4)).value, "22"),
    ("ADM same person", lambda: automated.require_reviewer("a", ["a"], may_change=True), "refused"),
    # Holds
    ("HOLD other person", lambda: holds.held([HOLD], "orders", "s2", NOW), ()),
    ("HOLD own person", lambda: len(holds.held([HOLD], "orders", "s1", NOW)), 1),
    ("HOLD review", lambda: holds.stands(replace(HOLD, review_on=TODAY), NOW + 300 * HOUR), True),
    ("HOLD one", lambda: holds.release(HOLD, ("d", Role.DPO), ("d", Role.APPROVER), NOW), "refused"),
    ("HOLD two DPOs", lambda: holds.release(HOLD, ("d", Role.DPO), ("e", Role.DPO), NOW), "refused"),
    ("HOLD resumes", lambda: holds.resumes_on(TODAY, [replace(HOLD, released_at=NOW + 48 * HOUR)], date(2026, 4, 1)), date(2026, 3, 4)),
    ("HOLD erasure", lambda: items.for_person(Kind.ERASURE, items.Item((FRAUD,), holds=(HOLD,))).open, False),
    ("HOLD access", lambda: items.for_person(Kind.ACCESS, items.Item((FRAUD,), holds=(HOLD,))).open, True),
    ("RES access", lambda: items.for_person(Kind.ACCESS, items.Item((FRAUD,), restrictions=tuple(HELD))).open, True),
    # Representatives
    ("REP other right", lambda: representatives.acts_for(LAWYER, Kind.ERASURE, TODAY).granted, False),
    ("REP last day", lambda: representatives.acts_for(LAWYER, Kind.ACCESS, date(2026, 6, 30)).granted, True),
    ("REP over", lambda: representatives.acts_for(LAWYER, Kind.ACCESS, date(2026, 7, 1)).granted, False),
    ("REP one identity", lambda: representatives.acts_for(replace(LAWYER, person_proven=False), Kind.ACCESS, TODAY).granted, False),
    ("REP answer", lambda: representatives.answer_goes_to(LAWYER).value, "person"),
    ("REP child", lambda: representatives.for_child(representatives.Child(date(2010, 1, 1)), TODAY, 16).hear_first, True),
    ("REP ban", lambda: representatives.for_child(representatives.Child(date(2018, 1, 1), contact_ban=True), TODAY, 16).sealed, True),
    ("REP dead", lambda: representatives.require_living(TODAY), "refused"),
    # Kinds, letters, form
    ("KIND same person", lambda: kinds.require_handler(Kind.COMPLAINT, "a", [Role.STEWARD], ["a"]), "refused"),
    ("KIND due day", lambda: kinds.due_by_letter(Kind.INQUIRY, TODAY, date(2026, 3, 9)), date(2026, 3, 9)),
    ("KIND unnamed", lambda: kinds.due_by_letter(Kind.INQUIRY, TODAY, None), "refused"),
    ("KIND opinion", lambda: kinds.Need.OPINION in kinds.lacking(Kind.DISCLOSURE, ()), True),
    ("KIND silence", lambda: kinds.tell_people_on(TODAY, date(2026, 9, 1), silence=True), date(2026, 9, 1)),
    ("KIND file", lambda: kinds.may_delete_case(Kind.INQUIRY, open_=True), False),
    ("LET self", lambda: letters.require_approved("refusal", "a", ["a"]), "refused"),
    ("LET two", lambda: letters.require_approved("misdelivery_notice", "a", ["b"]), "refused"),
    ("LET gap", lambda: letters.lacking("refusal", letters.LETTERS["refusal"].required - {"facts"}), ("facts",)),
    ("FRM voice", lambda: form.form_of(identity.Channel.TELEPHONE, form.Form.ORAL).form.value, "paper"),
    ("FRM mail", lambda: form.form_of(identity.Channel.EMAIL).form.value, "electronic"),
    ("FRM silent system", lambda: form.answers(None), False),
]  # fmt: skip


def any_use(item, today):
    reached = any(E.reaching(use, item) for use in E.uses_of(item))
    if not reached:
        return E.Decision.NO_GROUND
    kept = item.retention is not None and (item.retention.until is None or item.retention.until >= today)
    return E.Decision.RETAIN if kept else E.Decision.ERASE


def until_exclusive(item, today):
    if item.retention and item.retention.until:
        item = replace(item, retention=replace(item.retention, until=item.retention.until - timedelta(days=1)))
    return right_decide(item, today)


def for_ever(item, today):
    if item.retention:
        item = replace(item, retention=replace(item.retention, until=date(9999, 12, 31)))
    return right_decide(item, today)


def weighs_marketing(kind, use, weighed, **facts):
    return right_balance(Kind.OBJECTION, replace(use, marketing=False), weighed, **facts)


def always_against(kind, use, weighed, **facts):
    return balancing.Outcome.UPHELD if kind is Kind.OBJECTION_MARKETING or use.marketing else balancing.Outcome.NOT_UPHELD


def unknown_is_unchanged(kind, earlier, today):
    return right_hint(kind, [replace(each, changed=each.changed or ()) for each in earlier], today)


def lifted_when_told(**facts):
    return None if facts["informed_at"] and facts["informed_at"] <= facts["lifted_at"] else "refused"


right_decide, right_balance, right_hint = E.decide, balancing.decide, fee.hint


def changed(holder: Any, name: str, mutant: Any) -> list[Patch]:
    return [(holder, name, mutant)]


WRONG_RULES: list[tuple[str, list[Patch], set[str]]] = [
    ("one use is enough for an erasure", changed(E, "decide", any_use), {"ERA all uses"}),
    ("an exception ends a day early", changed(E, "decide", until_exclusive), {"ERA last day"}),
    ("an exception never ends", changed(E, "decide", for_ever), {"ERA next day"}),
    ("an exception needs no record", changed(E, "check", lambda retention: retention), {"ERA unshown"}),
    ("a partial erasure counts as fulfilled", changed(E, "outcome", lambda taken: E.Closing.FULFILLED), {"ERA part"}),
    ("a hash of everybody is kept", changed(E, "suppression_ground", lambda standing, wished: True), {"ERA token"}),
    ("consent opens every use", changed(R, "may_process", lambda standing, what, gateway=None: gateway), {"RES deletion", "RES unnamed"}),
    ("restricted means nothing at all", changed(R, "may_process", lambda standing, what, gateway=None: "refused"), {"RES own request"}),
    ("told is told, whenever", changed(R, "may_lift", lifted_when_told), {"RES told at once", "RES alone"}),
    ("one lifting ends all", changed(R, "due_to_end", lambda standing, event: tuple(standing)), {"RES stack"}),
    ("marketing is weighed", changed(balancing, "decide", weighs_marketing), {"OBJ marketing", "OBJ 21(1) to marketing"}),
    ("we prevail unless shown otherwise", changed(balancing, "decide", always_against), {"OBJ undecided", "OBJ burden", "OBJ contract"}),
    ("nothing needs to be written down", changed(balancing, "check", lambda weighed: weighed), {"OBJ burden"}),
    ("no restriction meanwhile", changed(balancing, "restriction_offered", lambda kind, outcome: False), {"OBJ offered"}),
    ("marketing objections are refused too", changed(refusal, "never", lambda kind: ""), {"OBJ refused"}),
    ("we lift an objection", changed(S, "lift", lambda state: None), {"OBJ lifted"}),
    ("an objection stops nothing", changed(S, "_bars", lambda *_: []), {"OBJ reaches"}),
    ("nobody needs to agree", changed(S, "_REACHING", frozenset()), {"CON no basis"}),
    ("a narrower scope needs no words", changed(S, "scope_of", lambda *facts, **named: S.Scope()), {"CON narrower"}),
    ("every basis is objected to", changed(
        items, "reach", lambda kind, use: bases.Reach(True, "21(1)", "")), {"CON purpose"}),
    ("marketing needs its own basis", changed(
        bases, "_marketing", lambda row, use: bases.Reach(bool(use.basis is Basis.INTERESTS), "21(2)", "")), {"OBJ any basis"}),
    ("one use that ended is enough", changed(
        raised, "left_without_ground", lambda stopped, uses: any(raised.ends(stopped, use) for use in uses)), {"CON left"}),
    ("a consent stopped by mail is gone", changed(
        raised, "ends", lambda stopped, use: use.basis is Basis.CONSENT and bool(stopped.scopes)), {"CON all channels"}),
    ("an objection to marketing ends every use", changed(raised, "ends", lambda stopped, use: True), {"OBJ left", "CON left", "CON all channels"}),
    ("nobody asks the officer", changed(needs, "opinion_owed", lambda kind, outcome: False), {"OBJ opinion"}),
    ("what we derived is portable", changed(portability, "ORIGINS", {"provided", "observed", "derived"}), {"POR derived"}),
    ("only what was typed in is portable", changed(portability, "ORIGINS", {"provided"}), {"POR observed"}),
    ("every basis is portable", changed(portability, "BASES", {f"6(1)({basis})" for basis in Basis}), {"POR interests"}),
    ("paper is portable", changed(
        portability, "portable", lambda origin, named, automated=True: portability.Verdict(
            origin != "derived" and "(f)" not in named[0], "", "")), {"POR paper"}),
    ("a refusal need not name the court", changed(refusal, "PARTS", {
        name: words for name, words in refusal.PARTS.items() if name != "remedy"}), {"REF remedy"}),
    ("a refusal need not name the authority", changed(refusal, "PARTS", {
        name: words for name, words in refusal.PARTS.items() if name != "complaint"}), {"REF complaint"}),
    ("a refusal needs no reasons", changed(refusal, "PARTS", {
        name: words for name, words in refusal.PARTS.items() if name != "reasons"}), {"REF reasons"}),
    ("no refusal is whole", changed(refusal, "missing", lambda text: ("reasons",)), {"REF sendable"}),
    ("the last day is late", changed(refusal, "is_late", lambda due_on, today: due_on is not None and today >= due_on), {"REF last day"}),
    ("excessive needs no evidence", changed(refusal, "GROUNDS", {
        code: replace(ground, evidence=False) for code, ground in refusal.GROUNDS.items()}), {"FEE burden"}),
    ("the number alone is excessive", changed(refusal, "require_circumstances", lambda code, given: tuple(given)), {"FEE number"}),
    ("whatever is asked twice is repeated", changed(
        fee, "hint", lambda kind, earlier, today: "what is held has not changed" if earlier else ""), {"FEE change", "FEE unknown"}),
    ("what may have changed counts as unchanged", changed(fee, "hint", unknown_is_unchanged), {"FEE unknown"}),
    ("everything needs proof", changed(identity, "ladder", lambda kind, channel, data=None: identity._FIRM), {"PAU objection"}),
    ("a sender is proof", changed(identity, "ladder", lambda kind, channel, data=None: identity._LIGHT), {"PAU sender", "PAU health"}),
    ("health data need no more", changed(
        identity, "ladder", lambda kind, channel, data=None: () if kind is Kind.OBJECTION_MARKETING else identity._MAIL),
     {"PAU health"}),
    ("an identity card from everybody", changed(identity, "enough", lambda *facts, **named: identity.Decision(True, "", "")),
     {"PAU document"}),
    ("a card alone may be asked for", changed(identity, "require_question", lambda *facts: None), {"PAU blanket"}),
    ("Article 11 switches everything off", changed(identity, "SWITCHED_OFF", frozenset(Kind)), {"PAU 11(2)"}),
    ("not identified by assertion", changed(
        identity, "switched_off", lambda kind, shown, supplied: kind in identity.SWITCHED_OFF and not supplied), {"PAU 11(2) burden"}),
    ("a gap is no gap", changed(access, "missing", lambda told: ()), {"ACC gap", "ACC reason", "ACC complaint"}),
    ("anything may be left out", changed(
        access, "_settled", lambda point, told: told is not None and (told.given or bool(told.not_applicable))), {"ACC complaint"}),
    ("left out without a reason", changed(access, "_settled", lambda point, told: told is not None), {"ACC reason"}),
    ("categories are enough", changed(
        access, "recipients", lambda names, kinds_: access.Recipients((), tuple(kinds_), "", "")), {"ACC names"}),
    ("15(4) refuses whole copies", changed(access, "check_redactions", lambda redactions, all_items: None), {"ACC blanket", "ACC weighed"}),
    ("the log names colleagues", changed(access, "who_looked", lambda looks, revealed=None: tuple(looks)), {"ACC actor"}),
    ("access begins with the Regulation", changed(
        access, "reaches", lambda asked_on, processed_on: processed_on >= access.FIRST_DAY), {"ACC earlier"}),
    ("retention does not wait", changed(sequencing, "require_deletable", lambda requests: None), {"ACC open copy"}),
    ("first come, first served", changed(sequencing, "ordered", list), {"ACC order"}),
    ("every ground carries a machine", changed(automated, "judge", lambda decision, governed: automated.Verdict(True, "", "")),
     {"ADM ground", "ADM contest", "ADM special"}),
    ("safeguards are optional", changed(automated, "SAFEGUARDS", {each: frozenset() for each in automated.Regime}), {"ADM contest"}),
    ("a human's decision is covered too", changed(automated, "covered", lambda decision: True), {"ADM human"}),
    ("the Kingdom was always apart", changed(
        automated, "regime", lambda profile, on: automated.Regime.KINGDOM if profile.startswith("uk") else automated.Regime.UNION),
     {"ADM before its day"}),
    ("whoever decided reviews", changed(automated, "require_reviewer", lambda *facts, **named: None), {"ADM same person"}),
    ("a hold holds everybody", changed(holds, "held", lambda all_holds, *of: tuple(all_holds)), {"HOLD other person"}),
    ("a hold on a person holds nothing", changed(holds, "held", lambda all_holds, *of: ()), {"HOLD own person"}),
    ("a review ends a hold", changed(
        holds, "stands", lambda hold, at: hold.review_on is None or at.date() <= hold.review_on), {"HOLD review"}),
    ("one with two hats releases", changed(holds, "release", lambda hold, first, second, at: at), {"HOLD one", "HOLD two DPOs"}),
    ("deletion resumes on its old day", changed(holds, "resumes_on", lambda due_on, all_holds, today: due_on), {"HOLD resumes"}),
    ("a hold does not stop the person's erasure", changed(
        items, "for_person", lambda kind, item: items.Answer(True, items.Bar.NONE, "", "")), {"HOLD erasure"}),
    ("a hold stops everything", changed(
        items, "for_person", lambda kind, item: items.Answer(not item.holds, items.Bar.HELD, "", "")), {"HOLD access"}),
    ("a restriction stops the person", changed(
        items, "for_person", lambda kind, item: items.Answer(not item.restrictions, items.Bar.RESTRICTED, "", "")), {"RES access"}),
    ("a power of attorney covers all", changed(
        representatives, "acts_for", lambda authority, right, on: representatives.Verdict(on <= authority.until, "", "")),
     {"REP other right", "REP one identity"}),
    ("an authority never ends", changed(
        representatives, "acts_for", lambda authority, right, on: representatives.Verdict(
            right in authority.rights and authority.person_proven, "", "")), {"REP over"}),
    ("an authority ends a day early", changed(
        representatives, "acts_for", lambda authority, right, on: representatives.Verdict(on < authority.until, "", "")),
     {"REP last day"}),
    ("the lawyer gets the answer", changed(
        representatives, "answer_goes_to", lambda authority, dead=False: representatives.Goes.REPRESENTATIVE), {"REP answer"}),
    ("a parent always acts", changed(
        representatives, "for_child", lambda child, today, limit: representatives.ChildVerdict(True, False, False, "")),
     {"REP child", "REP ban"}),
    ("letters to the dead", changed(representatives, "require_living", lambda died_on: None), {"REP dead"}),
    ("whoever was first handles the complaint", changed(kinds, "require_handler", lambda *facts: None), {"KIND same person"}),
    ("an inquiry has a month", changed(
        kinds, "due_by_letter", lambda kind, received, named: received + relativedelta(months=1)), {"KIND due day", "KIND unnamed"}),
    ("nobody asks the DPO", changed(kinds, "lacking", lambda kind, met: ()), {"KIND opinion"}),
    ("people are told at once", changed(kinds, "tell_people_on", lambda on, until, silence: on), {"KIND silence"}),
    ("the file of an inquiry is cleared away", changed(kinds, "may_delete_case", lambda kind, open_: True), {"KIND file"}),
    ("who drafts approves", changed(letters, "require_approved", lambda *facts: None), {"LET self", "LET two"}),
    ("no field is required", changed(letters, "lacking", lambda code, facts: ()), {"LET gap"}),
    ("a voice proves itself", changed(
        form, "form_of", lambda channel, wish=None, **named: form.Verdict(wish or form.Form.ELECTRONIC, "", "")), {"FRM voice"}),
    ("everything is posted", changed(
        form, "form_of", lambda channel, wish=None, **named: form.Verdict(form.Form.PAPER, "", "")), {"FRM mail"}),
    ("a silent system holds nothing", changed(form, "answers", lambda held: True), {"FRM silent system"}),
]  # fmt: skip


def test_the_rules_as_they_are_pass_every_case():
    assert failing(RULES) == set()
    assert len({name for name, _, _ in RULES}) == len(RULES)


@pytest.mark.parametrize(("wrong", "patches", "named"), WRONG_RULES, ids=[each[0] for each in WRONG_RULES])
def test_a_wrong_rule_is_caught_by_the_cases_named_for_it(monkeypatch, wrong, patches, named):
    for holder, name, mutant in patches:
        monkeypatch.setattr(holder, name, mutant)
    assert named <= failing(RULES)


def test_every_case_catches_a_wrong_implementation():
    """A case that no mutant breaks proves nothing: it is there for one."""
    used = {name for _, _, named in WRONG_RULES for name in named}
    assert {name for name, _, _ in RULES} - used <= {"ERA one use"}
