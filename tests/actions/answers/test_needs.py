"""Each kind with a path of its own, from intake to its closing: what lacks is named, and whoever may not handle it cannot."""

from datetime import date, timedelta

import pytest

from core.actions.answers import approvals, needs, progress, requests, sending
from core.actions.answers.letters import letter_approvals, letters
from core.actions.answers.letters.letter_approvals import LETTER
from core.actions.answers.refusal import refusals
from core.actions.answers.refusal.refusals import REFUSAL
from core.actions.cases import cases, clock, identity, intake
from core.actions.desk.act import Now
from core.connectors.desk_records import DeskRecords
from core.connectors.disclosures import disclosures_of
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible, Refused
from core.law.kinds import NEEDS, PATHS, Need
from core.law.roles import Role
from core.law.ways import Kind
from core.store.engine import new_id
from core.store.records import CaseRecord, PrintedLetter
from tests.actions.approving import approve_letter
from tests.actions.conftest import Walk, hold_role, import_people, take_in
from tests.conftest import NOW, desk_of
from tests.permits import own

WORDS = "SEALEDWORDS that say what was found here."
TODAY = NOW.date()
ENTER = {
    Need.GROUNDS: ({}, {"grounds": WORDS}), Need.RESTRICTION_OFFERED: ({"wish": "declined"}, {}),
    Need.BALANCING: (
        {"use": "security", "prevails": "nothing"}, {"our_grounds": WORDS, "persons_situation": WORDS, "reference": ""},
    ),
    Need.OWN_VIEW: ({"view": "given"}, {"words": WORDS}),
    Need.REVIEWED: ({"power": "yes", "result": "changed"}, {"reasons": WORDS}),
    Need.LINKED: ({"about": "elsewhere"}, {"reference": "", "matter": WORDS}),
    Need.LOOKED_AT: ({"result": "justified"}, {"reasons": WORDS}),
    Need.CURRENT_VERSION: ({}, {"notice_version": "2026-03", "answer": WORDS}),
    Need.DUE_DAY: ({}, {"their_reference": "S-17/26"}),
    Need.PACK: ({"seen": "yes"}, {"contents": WORDS}),
    Need.LEGAL_BASIS: ({"basis": "6.1.c"}, {"law": "Section 1 of a law", "their_reference": "S-17/26"}),
    Need.OPINION: ({"opinion": "agrees"}, {"words": WORDS}),
    Need.DISCLOSURE_LOG: ({}, {"categories": "contact, orders", "what": WORDS}),
    Need.NOTICE_PLANNED: ({"when": "now"}, {"law": ""}),
}
LETTERS = {
    Kind.OBJECTION: "objection_upheld", Kind.HUMAN_REVIEW: "human_review_answered", Kind.COMPLAINT: "complaint_answered",
    Kind.INFORMATION: "notice_answered", Kind.INQUIRY: "authority_cover", Kind.DISCLOSURE: "authority_cover",
}
OWN = list(PATHS)


class Path(Walk):
    """A request of a kind with a path of its own, in progress, handled by `handler`."""

    kind = Kind.OBJECTION
    handler = None

    def enter(self, need, picks=None, texts=None, day=None, desk=None):
        first, second = ENTER[need]
        day = day or (date(2026, 12, 7) if need is Need.DUE_DAY else None)
        needs.record(
            desk or self.handler, self.request_id, need.value, first | (picks or {}), second | (texts or {}), day,
            version=self.version, key=new_id(),
        )

    def shown(self):
        return needs.of_request(self.handler, self.request_id)

    def draft(self, kind, desk=None, **told):
        return letters.draft(desk or self.handler, self.case_ref, kind, self.request_id, told=told, key=new_id())

    def send(self, letter, desk=None):
        letters.mark_sent(desk or self.handler, letter, "post", TODAY, key=new_id())

    def meet(self, *left_out):
        """Meet every need but those left out; return the letter with the answer, where it is drafted."""
        letter = None
        for need in PATHS[self.kind].needs:
            if need in left_out:
                continue
            if need is Need.ACKNOWLEDGED:
                self.send(self.draft("complaint_acknowledged"))
            elif need is Need.LETTER:
                letter = self.draft(LETTERS[self.kind])
            elif need is Need.APPROVED and LETTERS[self.kind] == "authority_cover":
                approve_letter(self.handler, letter, self.dpo, self.approver)
            elif need is Need.OPINION:
                if self.kind is not Kind.OBJECTION:  # what is upheld needs none
                    self.enter(need, desk=self.dpo)
            elif need in ENTER:
                self.enter(need)
        return letter

    def close(self, ending="fulfilled"):
        sending.mark_sent(self.handler, self.request_id, "post", TODAY, version=self.version, key=new_id())
        sending.close(self.handler, self.request_id, ending, version=self.version, key=new_id())

    def next(self):
        return progress.of_request(self.handler, self.request_id).next


def opened(walk, kind, *, subject=None, day=date(2026, 12, 7)):
    taken = intake.take_in(walk.steward, intake.Intake(
        (kind.value,), "post", date(2026, 11, 20), name="MARKERNAME", address="1 Sample Street", body="BODYWORDS",
        named_day=day if kind in {Kind.INQUIRY, Kind.DISCLOSURE} else None,
    ), key=new_id())
    made = Path(walk.store, walk.steward, walk.approver, walk.checker, taken.case_ref, taken.requests[0][0], subject or "")
    made.kind, made.dpo = kind, desk_of(walk.store, Role.DPO, name="deputy")
    made.handler = made.dpo if kind is Kind.INQUIRY else made.steward
    requests.start(made.steward, made.request_id, version=made.version, key=new_id())
    if subject:
        cases.decide_person(made.steward, made.case_ref, subject, version=case_version(made), key=new_id())
    if kind is Kind.HUMAN_REVIEW:
        identity.record(walk.checker, made.case_ref, ["code" if subject else "signed_in"], "proven", "", key=new_id())
    return made


def case_version(made):
    with made.store.transaction() as tx:
        return tx.one("cases.one", case_ref=made.case_ref)["version"]


@pytest.fixture
def people(empty_walk):
    return import_people(empty_walk.store, 2)


@pytest.fixture
def path(empty_walk, people, request):
    kind = request.param
    return opened(empty_walk, kind, subject=people[1] if kind in {Kind.OBJECTION, Kind.DISCLOSURE} else None)


@pytest.mark.parametrize("path", OWN, indirect=True)
def test_every_kind_is_carried_from_intake_to_its_closing(path, entries):
    letter = path.meet()
    assert path.shown().lacking == ()
    path.send(letter)
    assert path.state == "ready_to_send"
    assert path.next().title == "Mark the answer as sent"
    if path.kind is Kind.OBJECTION:
        with pytest.raises(NotPossible, match="ends as fulfilled"):
            path.close("refused")
        sending.close(path.handler, path.request_id, "fulfilled", version=path.version, key=new_id())
    else:
        path.close()
    assert path.state == "closed"
    items = progress.of_request(path.handler, path.request_id).items
    assert [item.title for item in items if not item.done and item.needed] == []
    assert "SEALEDWORDS" not in str(entries())
    assert "MARKERNAME" not in str(entries())


@pytest.mark.parametrize("path", OWN, indirect=True)
def test_each_need_that_lacks_is_named_and_holds_the_letter_up(path):
    """One by one: without it the answer is refused by one sentence that names it, and with it no longer."""
    derived = {Need.HOLD, Need.LETTER, Need.APPROVED, Need.ACKNOWLEDGED}
    if path.kind is Kind.OBJECTION:  # without its balancing there is no letter at all
        with pytest.raises(NotPossible, match="the balancing"):
            path.draft("objection_upheld")
    letter = path.meet()
    for need in PATHS[path.kind].needs:
        if need in derived:
            continue
        with path.store.transaction() as tx:
            tx._cursor.execute("update needs_met set need = 'own_view', request_id = 'away' where need = $n", {"n": need.value})
            path.store.commit(tx)
        if letter is not None and need not in {Need.BALANCING} and not (path.kind is Kind.OBJECTION and need is Need.OPINION):
            with pytest.raises(NotPossible, match="Before the answer") as refused:
                path.send(letter)
            assert NEEDS[need] in str(refused.value)
            assert path.next().title != "Send the answer"
        with path.store.transaction() as tx:
            tx._cursor.execute(
                "update needs_met set need = $n, request_id = $r where request_id = 'away'",
                {"n": need.value, "r": path.request_id},
            )
            path.store.commit(tx)
    path.send(letter)


@pytest.mark.parametrize("path", [Kind.COMPLAINT, Kind.INQUIRY, Kind.DISCLOSURE], indirect=True)
def test_what_the_desk_sees_itself_is_asked_for_too(path):
    first = {Kind.COMPLAINT: Need.ACKNOWLEDGED}.get(path.kind, Need.APPROVED)
    letter = path.meet(first)
    lacking = "Another person than the one who drafted it" if first is Need.APPROVED else NEEDS[first]
    with pytest.raises(Refused) as refused:
        path.send(letter)
    assert lacking in str(refused.value)
    with pytest.raises(Invalid, match="Nobody records this"):
        needs.record(path.handler, path.request_id, first.value, {}, {}, version=path.version, key=new_id())


@pytest.mark.parametrize("path", OWN, indirect=True)
def test_no_other_role_and_nobody_with_an_older_page_records_a_need(path):
    need = PATHS[path.kind].needs[0] if path.kind is not Kind.COMPLAINT else Need.LINKED
    for role in set(Role) - {Role.DPO, Role.STEWARD}:
        with pytest.raises(NotAllowed):
            path.enter(need, desk=desk_of(path.store, role, name="another"))
    old = path.version
    path.enter(need)
    picks, texts = ENTER[need]
    with pytest.raises(Conflict):
        needs.record(
            path.handler, path.request_id, need.value, picks, texts, date(2026, 12, 7), version=old, key=new_id()
        )


def test_an_inquiry_is_the_dpo_s_and_its_day_is_the_one_that_its_letter_names(empty_walk):
    with pytest.raises(Invalid, match="Enter the day"):
        opened(empty_walk, Kind.INQUIRY, day=None)
    with pytest.raises(Invalid, match="before the receipt"):
        opened(empty_walk, Kind.INQUIRY, day=date(2026, 11, 19))
    path = opened(empty_walk, Kind.INQUIRY, day=date(2026, 12, 6))  # a Sunday: no day of ours rolls it
    assert path.row().final_due == date(2026, 12, 6)
    with pytest.raises(NotAllowed, match="dpo only"):
        path.enter(Need.DUE_DAY, desk=path.steward)
    path.enter(Need.DUE_DAY, day=date(2026, 12, 4))
    assert path.row().final_due == date(2026, 12, 4)
    clock.ask(path.steward, path.request_id, "clarification", "Which years?", WORDS, key=new_id())
    assert path.row().final_due == date(2026, 12, 4), "no question of ours moves it"
    letter = path.meet()
    with pytest.raises(NotAllowed, match="dpo only"):
        path.send(letter, desk=path.steward)


def test_a_person_s_rights_and_an_authority_s_letter_are_never_one_case(empty_walk):
    for rights in (("authority_inquiry", "access"), ("authority_inquiry", "authority_disclosure")):
        with pytest.raises(Invalid, match="by itself"):
            intake.take_in(empty_walk.steward, intake.Intake(
                rights, "post", TODAY, name="A", body="B", named_day=TODAY + timedelta(days=9)), key=new_id())


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.HUMAN_REVIEW])
def test_whoever_took_part_before_looks_at_nothing_again(empty_walk, people, kind):
    matter = take_in(empty_walk, people[1], 1)  # the steward handled it, the checker looked at the identity
    path = opened(empty_walk, kind)
    need = Need.LOOKED_AT if kind is Kind.COMPLAINT else Need.OWN_VIEW
    with pytest.raises(Invalid, match="what the matter is about"):
        path.enter(need)
    reference = cases.open_case(matter.steward, matter.case_ref).reference
    for wrong in ("RD-2026-004217-3", "RD-2026-004217-9", "x"):
        with pytest.raises(Invalid):
            path.enter(Need.LINKED, {"about": "case"}, {"reference": wrong})
    path.enter(Need.LINKED, {"about": "case"}, {"reference": reference.lower()})
    for who in ("steward", "checker"):
        with pytest.raises(NotAllowed, match="took part in the matter before"):
            path.enter(need, desk=desk_of(path.store, Role.STEWARD, name=who))
    path.handler = desk_of(path.store, Role.STEWARD, name="fresh")
    letter = path.meet(Need.LINKED)
    with pytest.raises(NotAllowed, match="took part"):
        path.send(letter, desk=path.steward)
    with pytest.raises(NotAllowed, match="took part"):
        path.draft(LETTERS[kind], desk=path.steward)
    path.send(letter)


def test_a_record_of_somebody_who_turns_out_to_have_taken_part_does_not_count(empty_walk, people):
    matter = take_in(empty_walk, people[1], 1)
    path = opened(empty_walk, Kind.COMPLAINT)
    letter = path.meet()  # by the steward, about something elsewhere
    reference = cases.open_case(matter.steward, matter.case_ref).reference
    path.enter(Need.LINKED, {"about": "case"}, {"reference": reference})
    fresh = desk_of(path.store, Role.STEWARD, name="fresh")
    with pytest.raises(NotPossible) as refused:
        path.send(letter, desk=fresh)
    assert NEEDS[Need.LOOKED_AT] in str(refused.value)


def test_a_letter_that_was_drafted_before_the_last_record_is_no_answer(empty_walk):
    path = opened(empty_walk, Kind.COMPLAINT)
    letter = path.meet()
    later = path.at(path.steward, NOW + timedelta(minutes=1))
    path.enter(Need.LOOKED_AT, {"result": "unjustified"}, desk=later)
    with pytest.raises(NotPossible) as refused:
        path.send(letter, desk=later)
    assert NEEDS[Need.LETTER] in str(refused.value)
    letters.discard(later, path.case_ref, letter, key=new_id())
    path.send(path.draft("complaint_answered", desk=later), desk=later)
    assert path.state == "ready_to_send"


def test_a_review_needs_the_power_to_change_the_decision_and_the_person_s_view_first(empty_walk):
    path = opened(empty_walk, Kind.HUMAN_REVIEW)
    path.enter(Need.LINKED)
    with pytest.raises(NotPossible, match="own view first"):
        path.enter(Need.REVIEWED)
    path.enter(Need.OWN_VIEW)
    with pytest.raises(NotAllowed, match="can change the decision"):
        path.enter(Need.REVIEWED, {"power": "no"})
    path.enter(Need.REVIEWED, {"result": "kept"})
    letter = path.draft("human_review_answered")
    body = next(each.text for each in letters.list_letters(path.handler, path.case_ref) if each.id == letter)
    assert "the decision stays as it was" in body
    assert WORDS in body


def suppressed(path, subject):
    with path.store.transaction() as tx:
        return {(row["purpose"], row["ground"]) for row in tx.rows("suppression.of_subject", subject=subject)
                if row["state"] == "objection"}


def test_an_objection_that_is_upheld_stops_the_use_at_once_and_for_good(empty_walk, people):
    path = opened(empty_walk, Kind.OBJECTION, subject=people[1])
    with pytest.raises(NotPossible, match="their own situation"):
        path.enter(Need.BALANCING)
    path.enter(Need.GROUNDS)
    path.enter(Need.BALANCING)
    assert suppressed(path, people[1]) == {("security", "21.1.upheld")}
    assert suppressed(path, people[0]) == set()
    with pytest.raises(NotPossible, match="not taken back"):
        path.enter(Need.BALANCING, {"prevails": "compelling"})
    letter = path.draft("objection_upheld")
    body = next(each.text for each in letters.list_letters(path.handler, path.case_ref) if each.id == letter)
    assert "Article 17(1)(c)" in body
    assert "preventing misuse" in body
    with pytest.raises(NotPossible, match="ended otherwise"):
        path.draft("objection_not_upheld")


def test_an_objection_that_is_not_upheld_is_approved_by_another_than_who_weighed_or_handles(empty_walk, people):
    path = opened(empty_walk, Kind.OBJECTION, subject=people[1])
    path.enter(Need.GROUNDS)
    path.enter(Need.RESTRICTION_OFFERED)
    with pytest.raises(Invalid, match="legal claim"):
        path.enter(Need.BALANCING, {"prevails": "claims"})
    path.enter(Need.BALANCING, {"prevails": "compelling"}, desk=path.dpo)
    assert suppressed(path, people[1]) == set()
    letter = path.draft("objection_not_upheld")
    with pytest.raises(NotAllowed, match="Another person than the one who drafted it"):
        path.send(letter)
    with pytest.raises(NotPossible, match="Data Protection Officer gave an opinion"):
        approvals.ask(path.steward, LETTER, letter, approver_id="account-approver", key=new_id())
    with pytest.raises(NotAllowed, match="dpo only"):
        path.enter(Need.OPINION)
    path.enter(Need.OPINION, desk=path.dpo)
    hold_role(path.store, "account-steward", Role.APPROVER)
    for who in ("deputy", "steward", "nobody"):  # who weighed, who drafted, who may not
        with pytest.raises(Invalid):
            approvals.ask(path.steward, LETTER, letter, approver_id=f"account-{who}", key=new_id())
    number = approvals.ask(path.steward, LETTER, letter, approver_id="account-approver", key=new_id())
    with pytest.raises(NotAllowed):
        approvals.approve(desk_of(path.store, Role.APPROVER, name="checker"), LETTER, number, key=new_id())
    with pytest.raises(NotAllowed):
        approvals.approve(path.dpo, LETTER, number, key=new_id())
    assert [row["id"] for row in approvals.waiting(path.approver)] == [number]
    assert WORDS in approvals.compare(path.approver, LETTER, number).text
    approvals.approve(path.approver, LETTER, number, key=new_id())
    body = next(each.body for each in letters.list_letters(path.handler, path.case_ref) if each.id == letter)
    letters.save(path.steward, letter, body + "\nMore.", key=new_id())
    with pytest.raises(NotAllowed, match="Another person"):
        path.send(letter)
    letters.save(path.steward, letter, body, key=new_id())
    path.send(letter)
    with pytest.raises(NotPossible, match="ends as refused"):
        path.close("fulfilled")
    sending.close(path.handler, path.request_id, "refused", version=path.version, key=new_id())


def test_an_opinion_on_an_older_balancing_does_not_count_and_a_refusal_of_an_objection_needs_one_too(empty_walk, people):
    path = opened(empty_walk, Kind.OBJECTION, subject=people[1])
    for need in (Need.GROUNDS, Need.RESTRICTION_OFFERED):
        path.enter(need)
    path.enter(Need.BALANCING, {"prevails": "compelling"})
    path.enter(Need.OPINION, {"opinion": "against"}, desk=path.dpo)
    assert Need.OPINION in path.shown().met
    assert path.shown().told_by == date(2026, 12, 21)  # the twentieth is a Sunday
    assert not path.shown().late
    later = path.at(path.steward, NOW + timedelta(minutes=1))
    path.enter(Need.BALANCING, {"use": "contract", "prevails": "compelling"}, desk=later)
    assert Need.OPINION not in path.shown().met
    refusals.prepare(later, path.request_id, "no_ground", WORDS, version=path.version, key=new_id())
    with pytest.raises(NotPossible, match="gave an opinion"):
        approvals.ask(
            later, REFUSAL, path.request_id, approver_id="account-approver", version=path.version, key=new_id()
        )
    path.enter(Need.OPINION, {"opinion": "agrees"}, desk=path.at(path.dpo, NOW + timedelta(minutes=2)))
    approvals.ask(later, REFUSAL, path.request_id, approver_id="account-approver", version=path.version, key=new_id())
    made = [row for row in decisions_of(path) if row["rule"] == "OBJ-1"]
    assert [(row["outcome"], row["item"]) for row in made] == [
        ("not_upheld", "purposes.security"), ("not_given", "purposes.contract"),
    ]


def test_an_objection_weighed_after_its_day_says_so(empty_walk, people, entries):
    path = opened(empty_walk, Kind.OBJECTION, subject=people[1])
    path.enter(Need.GROUNDS)
    late = path.at(path.steward, NOW + timedelta(days=40))
    path.enter(Need.BALANCING, {"prevails": "compelling"}, desk=late)
    assert needs.of_request(late, path.request_id).late
    assert [each["details"] for each in entries() if each["act"] == Act.NEED_RECORD][-1].count(chr(34) + "late" + chr(34) + ":1") == 1


def decisions_of(path):
    with path.store.transaction() as tx:
        return tx.rows("decisions.of_request", request_id=path.request_id)


def test_an_approver_who_was_not_asked_reads_neither_needs_nor_letters(empty_walk, people):
    path = opened(empty_walk, Kind.OBJECTION, subject=people[1])
    path.enter(Need.GROUNDS)
    path.enter(Need.BALANCING, {"prevails": "compelling"})
    path.enter(Need.OPINION, desk=path.dpo)
    letter = path.draft("objection_not_upheld")
    for look in (lambda: needs.of_request(path.approver, path.request_id), lambda: letter_approvals.of_letter(path.approver, letter)):
        with pytest.raises(NotAllowed, match="only when asked"):
            look()
    approvals.ask(path.steward, LETTER, letter, approver_id="account-approver", key=new_id())
    assert needs.of_request(path.approver, path.request_id).held[Need.GROUNDS].answer.texts == {"grounds": WORDS}
    assert "dpo or steward" in needs.of_request(path.approver, path.request_id).barred


def test_a_letter_given_back_says_why_and_an_edited_one_is_asked_for_anew(empty_walk, people):
    path = opened(empty_walk, Kind.OBJECTION, subject=people[1])
    path.enter(Need.GROUNDS)
    path.enter(Need.BALANCING, {"prevails": "compelling"})
    path.enter(Need.OPINION, desk=path.dpo)
    letter = path.draft("objection_not_upheld")
    number = approvals.ask(path.steward, LETTER, letter, approver_id="account-approver", key=new_id())
    with pytest.raises(NotPossible, match="already"):
        approvals.ask(path.steward, LETTER, letter, approver_id="account-approver", key=new_id())
    approvals.give_back(path.approver, LETTER, number, "WHYBACK", key=new_id())
    assert letter_approvals.of_letter(path.steward, letter).asked == (("account-approver", "given_back", "WHYBACK"),)
    number = approvals.ask(path.steward, LETTER, letter, approver_id="account-approver", key=new_id())
    body = next(each.body for each in letters.list_letters(path.handler, path.case_ref) if each.id == letter)
    letters.save(path.steward, letter, body + "\nMore.", key=new_id())
    with pytest.raises(NotPossible, match="changed since"):
        approvals.approve(path.approver, LETTER, number, key=new_id())
    assert not letter_approvals.of_letter(path.steward, letter).whole


def test_a_use_that_no_objection_reaches_is_refused_on_a_ground_and_marketing_is_never_weighed(empty_walk, people):
    path = opened(empty_walk, Kind.OBJECTION, subject=people[1])
    path.enter(Need.GROUNDS)
    path.enter(Need.BALANCING, {"use": "contract", "prevails": "compelling"})
    assert path.shown().outcome == "not_given"
    with pytest.raises(NotPossible):
        path.draft("objection_not_upheld")
    path.enter(Need.BALANCING, {"use": "marketing", "prevails": "compelling"})
    assert path.shown().outcome == "upheld"
    with pytest.raises(Invalid, match="Choose the use"):
        path.enter(Need.BALANCING, {"use": "curiosity"})


def test_a_restriction_that_the_person_wants_is_opened_once_with_its_ground(empty_walk, people):
    path = opened(empty_walk, Kind.OBJECTION, subject=people[1])
    path.enter(Need.RESTRICTION_OFFERED, {"wish": "wanted"})
    path.enter(Need.RESTRICTION_OFFERED, {"wish": "wanted"})
    file = cases.open_case(path.steward, path.case_ref)
    (restriction,) = [each for each in file.requests if each.right.kind is Kind.RESTRICTION]
    assert restriction.row.reference.endswith("/2")
    assert path.shown().restriction_id == restriction.row.id
    with path.store.transaction() as tx:
        assert tx.one("suppression.terms", request_id=restriction.row.id)["ground"] == "18.1.d"


def test_a_disclosure_is_told_to_the_person_only_when_the_law_no_longer_demands_silence(empty_walk, people):
    path = opened(empty_walk, Kind.DISCLOSURE, subject=people[1])
    for day, law in ((None, "Section 2"), (TODAY, "Section 2"), (TODAY + timedelta(days=30), "")):
        with pytest.raises(Invalid):
            path.enter(Need.NOTICE_PLANNED, {"when": "until"}, {"law": law}, day)
    path.enter(Need.LEGAL_BASIS)
    path.enter(Need.DISCLOSURE_LOG)
    with pytest.raises(NotAllowed, match="dpo only"):
        path.enter(Need.OPINION, desk=path.steward)
    path.enter(Need.OPINION, desk=path.dpo)
    until = TODAY + timedelta(days=30)
    path.enter(Need.NOTICE_PLANNED, {"when": "until"}, {"law": "Section 2"}, until)
    letter = path.draft("authority_cover")
    approve_letter(path.steward, letter, path.dpo)
    with pytest.raises(NotAllowed, match="approve this letter together"):
        path.send(letter)  # the DPO alone is not two
    approve_letter(path.steward, letter, path.approver)
    path.send(letter)
    assert held(path) == []
    path.close()
    silent = DeskRecords(path.store)
    with path.store.transaction() as tx:
        assert tx._cursor.execute("select recipient, categories, basis from disclosure_log").fetchall() == [
            ("MARKERNAME", "contact, orders", "Art. 6(1)(c): Section 1 of a law")]
        assert disclosures_of(tx, people[1]) == []
        assert "authority_disclosure" not in str(silent.export(tx, own(people[1])))
    with pytest.raises(NotPossible, match="silence until"):
        path.draft("disclosure_notice", to="Given1, 1 Sample Street")
    later = path.at(path.steward, NOW + timedelta(days=31))
    assert [row["request_id"] for row in needs.silences_due(later)] == [path.request_id]
    assert needs.silences_due(path.steward) == []
    notice = path.draft("disclosure_notice", desk=later, to="Given1\n1 Sample Street")
    dpo = path.at(path.dpo, later.now)
    for approver in (path.at(path.approver, later.now),):
        approve_letter(later, notice, approver)
    content = letters.fetch(later, notice).content
    assert content.startswith(b"%PDF")
    letters.mark_sent(later, notice, "post", later.now.date(), key=new_id())
    assert needs.silences_due(dpo) == []
    assert [row["recipient"] for row in held(path)] == ["MARKERNAME"]


def held(path):
    with path.store.transaction() as tx:
        return disclosures_of(tx, path.subject)


def test_the_notice_of_a_disclosure_goes_to_the_person_and_names_no_address_of_the_authority(empty_walk, people):
    path = opened(empty_walk, Kind.DISCLOSURE, subject=people[1])
    letter = path.meet()
    path.send(letter)
    path.close()
    with pytest.raises(Invalid):
        path.draft("disclosure_notice")
    path.draft("disclosure_notice", to="Given1\n7 Other Street")
    with path.store.transaction() as tx:
        row = next(each for each in tx.rows("letters.of_case", case_ref=path.case_ref) if each["kind"] == "disclosure_notice")
        full = tx.record(PrintedLetter, "letters.one", id=row["id"])
        case = tx.record(CaseRecord, "cases.one", case_ref=path.case_ref)
        assert letters._lines(path.steward, Now(tx=tx, what=Act.LETTER_DRAFT), case, full) == ("Given1", "7 Other Street")


@pytest.fixture
def kingdom(empty_walk):
    facts = empty_walk.store.facts
    facts.update({
        "establishment.controller": "C", "establishment.contact": "c@example.com", "establishment.dpo_contact": "d@example.com",
        "establishment.authority": "A", "establishment.profile_id": "uk_gdpr", "establishment.calendar_id": "GB-ENG",
        "establishment.zone": "Europe/London", "establishment.region": "GB",
    })
    return empty_walk


def test_a_complaint_in_the_kingdom_has_its_own_clock_and_its_receipt_a_day_in_the_queue(kingdom):
    path = opened(kingdom, Kind.COMPLAINT)
    assert path.row().profile_id == "uk_complaint"
    assert path.row().final_due == date(2026, 12, 19)  # the day of receipt is day 1 of thirty
    letter = path.meet()
    assert path.row().final_due is None
    path.send(letter)
    path.close()


def test_a_complaint_elsewhere_has_the_clock_of_the_desk(empty_walk):
    path = opened(empty_walk, Kind.COMPLAINT)
    assert path.row().profile_id == "eu_gdpr"
    assert path.row().final_due == date(2026, 12, 21)


def test_the_letter_is_in_the_person_s_language_where_it_is_held_and_in_english_where_not(empty_walk):
    taken = intake.take_in(empty_walk.steward, intake.Intake(
        ("access",), "post", TODAY, name="A", body="B", language="fr"), key=new_id())
    letter = letters.draft(empty_walk.steward, taken.case_ref, "receipt", taken.requests[0][0], key=new_id())
    (shown,) = [each for each in letters.list_letters(empty_walk.steward, taken.case_ref) if each.id == letter]
    assert shown.language == "en"
    file = cases.open_case(empty_walk.steward, taken.case_ref)
    assert file.person["language"] == "fr"
    assert letters.person_language(empty_walk.steward, taken.case_ref) == "fr"
    assert "French" in letters.language_for("receipt", "fr").sentence
    assert letters.language_for("authority_cover", "fr").sentence == ""
    with pytest.raises(Invalid, match="language"):
        intake.take_in(empty_walk.steward, intake.Intake(
            ("access",), "post", TODAY, name="A", body="B", language="xx"), key=new_id())
