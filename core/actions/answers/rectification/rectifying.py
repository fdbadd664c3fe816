"""Rectification as a verb: planned from the points proposed, re-keyed in one transaction a system, searched again."""

from core.actions.answers.letters import drafting, recipients
from core.actions.answers.planned import Item, PlanBody, body_of
from core.actions.answers.rectification import correction_words
from core.actions.answers.rectification.corrected_values import forms_of, held_by_other, logged
from core.actions.answers.rectification.correction_words import changes, of_request, value_of
from core.actions.answers.rectification.rectifications import ANOTHERS, SHARED, WAITS, carried, proofs_of
from core.actions.answers.room import PlanRoom
from core.actions.cases.letter_source import language_of, person_of
from core.actions.desk import things
from core.actions.desk.act import Now, new_id
from core.actions.desk.deciding import under
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened, resolve
from core.actions.people.inventory import take_inventory
from core.actions.suppression import suppressions
from core.connectors.connector import Connector, Done, Exported, Wanted
from core.connectors.fields import ATTRIBUTE, IDENTIFIERS, read_date
from core.connectors.held_values import held_values, lines
from core.connectors.suppressed import standing, tokens
from core.documents.languages import words_of
from core.law.errors import NotAllowed, NotPossible
from core.law.letters import LetterKind
from core.law.records import Record
from core.law.rights.recipients import Change
from core.law.rights.rectification import STATEMENT, Finding, crosses, decide, lacking, record_of, title_of
from core.law.workflow import Closing, State
from core.store.datafiles import profiles
from core.store.encryption import Cell, encrypt
from core.store.engine import Row
from core.store.records import RequestRecord

NOTHING_DONE = "Nothing of this correction was done in this system."


def _check_free(desk: Desk, now: Now, point: Row) -> None:
    """Stop where the new value became another person's since it was proposed; two may share only what was decided so."""
    if not changes(point) or point["held_by_other"] == SHARED:
        return
    _, come = _exchanged(desk, point)
    if held_by_other(desk, now, point["field"], "\n".join(come), point["subject_ref"]):
        raise NotPossible(ANOTHERS)


def _exchanged(desk: Desk, point: Row) -> tuple[list[str], list[str]]:
    """Return the values that go and those that come, each by its form: other spellings of one value do neither."""
    old, new = (
        forms_of(desk.store, point["field"], value_of(desk.store, point, column)) for column in ("old_value", "new_value")
    )
    return [old[form] for form in old.keys() - new.keys()], [new[form] for form in new.keys() - old.keys()]


def _carry_suppressions(desk: Desk, now: Now, point: Row, subject: str) -> None:
    """Carry what stands on the values that go to those that come; on a further value what stands on the person."""
    field, (gone, come) = point["field"], _exchanged(desk, point)
    for new in come:
        suppressions.copy_to(desk, now, [(field, old) for old in gone], (field, new), subject)


def _flag_consents(desk: Desk, now: Now, at: Opened, point: Row, subject: str) -> None:
    """Flag each consent given on a day on which the new birth date puts the person across the age limit (Art. 8(1))."""
    here = establishment(desk.store)
    limit = profiles().pinned(f"{at.request.profile_id}@{at.request.profile_version}").age_limit
    old, new = (value_of(desk.store, point, column) for column in ("old_value", "new_value"))
    births = [read_date(each) if each else None for each in (old, new)]
    flagged = {row["consent_id"] for row in now.tx.rows("rectification.flags", subject=subject)}
    for consent in now.tx.rows("people.consents_of", subject=subject):
        day = here.local(consent["happened_at"]).date()
        if consent["given"] and consent["id"] not in flagged and crosses(births[0], births[1], day, limit):
            now.tx.run(
                "rectification.flag", id=new_id(desk.now), subject=subject, case_ref=at.case.case_ref,
                consent_id=consent["id"], age_limit=limit, now=desk.now,
            )
            now.detail["consents_flagged"] = int(str(now.detail.get("consents_flagged", 0))) + 1


def _search(desk: Desk, now: Now, connector: Connector, point: Row, subject: str) -> None:
    field, (gone, come) = point["field"], _exchanged(desk, point)

    def found_by(value: str) -> bool:
        return any(each.subject_ref == subject for each in connector.find(now.tx, Wanted(identifiers={field: value})).exact)

    if not all(found_by(new) for new in come):
        raise NotPossible(f"The person is not found under the new identifier. {NOTHING_DONE}")
    if any(found_by(old) for old in gone):
        raise NotPossible(f"The person is still found under the old identifier. {NOTHING_DONE}")


def _check_suppressions(desk: Desk, now: Now, point: Row) -> None:
    field, (gone, come), today = point["field"], _exchanged(desk, point), today_of(desk)
    stood = _scopes(standing(now.tx, (h for old in gone for h in tokens(desk.store, field, old)), today))
    for new in come:
        if not stood <= _scopes(standing(now.tx, tokens(desk.store, field, new), today)):
            raise NotPossible(f"An objection or a suppression did not come along to the new identifier. {NOTHING_DONE}")


def _scopes(rows: list[Row]) -> set[tuple[str, str, str]]:
    return {(row["state"], row["purpose"], row["channel"]) for row in rows}


def _tell_old_address(desk: Desk, now: Now, at: Opened, rows: list[Row]) -> None:
    here, name = establishment(desk.store), person_of(desk, at.case).get("name", "").strip()
    address_id, letter_id = _old_address(desk, now, at, rows), None
    if address_id is not None:
        words = words_of(language_of(desk, now, at.case, LetterKind.OLD_ADDRESS_NOTICE))
        drafted = drafting.write_with(at, LetterKind.OLD_ADDRESS_NOTICE, {
            "salutation": words.salutation(name),
            "received_on": here.local(at.request.received_at).date(), "changed_on": today_of(desk),
            "right": words.rights[at.request.kind], "contact_us": here.contact,
            "changed": list(dict.fromkeys(title_of(row["field"]) for row in rows if row["rekeys"])),
            "dpo_contact": here.dpo_contact,
        }, words.code)
        letter_id = drafting.keep(desk, now, at, LetterKind.OLD_ADDRESS_NOTICE, drafted, address_id)
    now.tx.run(
        "rectification.expect_notice", id=new_id(desk.now), request_id=at.request.id, case_ref=at.case.case_ref,
        letter_id=letter_id,
    )


def _old_address(desk: Desk, now: Now, at: Opened, rows: list[Row]) -> str | None:
    """Add the address held before the change to the case, and return its id: the e-mail address, else the post."""
    subject = at.case.subject_ref
    profile = (now.tx.rows("people.profiles_of", subjects=[subject]) or [{}])[0]
    mails = [row["value"] for row in now.tx.rows("people.identifiers_of", subjects=[subject]) if row["kind"] == "email"]
    held = {name: profile.get(name) or "" for name in ("address", "postcode", "city")} | {"email": "\n".join(mails)}
    held |= {row["field"]: value_of(desk.store, row, "old_value") for row in rows}
    kind, text = "email", next(iter(lines(held["email"])), "")
    if not text and held["address"]:
        place = " ".join(part for part in (held["postcode"], held["city"]) if part)
        kind, text = "post", "\n".join(part for part in (held["address"], place) if part)
    if not text:
        return None
    number, case_ref = new_id(desk.now), at.case.case_ref
    now.tx.run(
        "cases.add_address", id=number, case_ref=case_ref, kind=kind, standing="held",
        added_at=desk.now, added_by=desk.person.account_id,
        address=encrypt(desk.store, case_ref, text, Cell("reply_addresses", number, "address")),
    )
    return number


def _name(point: Row, at: Opened) -> str:
    """Return the field as the system knows it: a statement is an attribute that bears the case's reference."""
    if point["field"] != STATEMENT:
        return str(point["field"])
    return f"{ATTRIBUTE}{STATEMENT}_{at.case.reference}"


def _table(field: str) -> str:
    if field in IDENTIFIERS and field != "customer_id":
        return "identifier_values"
    return "attributes" if field.startswith(ATTRIBUTE) or field == STATEMENT else "profiles"


class RectificationRoom(PlanRoom):
    """Rectification (Art. 16): each point with what was found, corrected in every system that holds it."""

    own_endings = True

    def prepare(self, desk: Desk, now: Now, at: Opened) -> PlanBody:
        """Return the plan: each point with what is done and on what ground, bound to the new value by its keyed hash.

        Raises NotPossible while nothing is proposed, a value waits for a human decision, or a proof is missing.
        """
        rows = of_request(now, at)
        if not rows:
            raise NotPossible("Propose first what is to be corrected, or record why the data stay as they are.")
        if any(row["held_by_other"] == WAITS for row in rows):
            raise NotPossible(ANOTHERS)
        if missing := lacking({row["field"] for row in rows if row["rekeys"]}, proofs_of(now, at)):
            raise NotPossible(missing)
        for row in rows:
            _check_free(desk, now, row)
        inventory = take_inventory(desk.store, now.tx, now.permitted(at.data_subject), at.case.case_ref)
        items = tuple(
            Item(
                row["system"], _table(row["field"]), title_of(row["field"]), 1, "correct" if changes(row) else "leave",
                decide(Finding(row["finding"])).article, columns=(row["field"],),
            )
            for row in rows
        )
        terms = {"points": [
            [row["id"], row["finding"], row["held_by_other"],
             desk.store.keyed_hash("rectifications", value_of(desk.store, row, "new_value")).hex()] for row in rows
        ]}
        return body_of(inventory, items, terms)

    def require_ready(self, desk: Desk, now: Now, at: Opened, body: PlanBody) -> None:
        """Refuse an approver who proposed a point or recorded a proof: a changed identifier takes two people."""
        if at.request.state != State.AWAITING_APPROVAL:
            return
        mine = {row["proposed_by"] for row in of_request(now, at)}
        mine |= {row["recorded_by"] for row in now.tx.rows("rectification.proofs", request_id=at.request.id)}
        if desk.person.account_id in mine:
            raise NotAllowed("You proposed or proved a part of this correction: another person must decide.")

    def decide(self, desk: Desk, now: Now, at: Opened, body: PlanBody) -> list[tuple[Record, str]]:
        """Return the decision on each point that the person contests, for the table it lies in; no value of it."""
        return [
            (record_of(
                Finding(row["finding"]), under(at.request, f"{row['system']}.{_table(row['field'])}"),
                recognises_people=bool(row["rekeys"]), shared=row["held_by_other"] == SHARED,
            ), "")
            for row in of_request(now, at)
        ]

    def carry_out(self, desk: Desk, now: Now, connector: Connector, row: Row, body: PlanBody) -> Done:
        """Correct one system in this one transaction; what stops use of the data is carried to the new identifiers first."""
        at, subject = resolve(now.tx, things.request(row["request_id"])), row["subject_ref"]
        points = carried(now, at, row["system"])
        if not points:
            return Done(row["system"], subject, {})
        for point in points:
            _check_free(desk, now, point)
            if point["rekeys"] and point["field"] in IDENTIFIERS:
                _carry_suppressions(desk, now, point, subject)
        wanted = {_name(point, at): value_of(desk.store, point, "new_value") or None for point in points}
        done = connector.rectify(now.tx, now.permitted(subject), wanted, desk.now)
        for point in points:
            if point["field"] == "birth_date":
                _flag_consents(desk, now, at, point, subject)
            now.tx.run("rectification.carried", id=point["id"], now=desk.now)
        now.detail["fields"] = sorted({logged(point["field"]) for point in points})
        return done

    def verify(self, desk: Desk, now: Now, connector: Connector, row: Row, body: PlanBody, before: Exported) -> None:
        """Search again: the new value is held, the person is found under it and no more under the old; nothing was lost.

        Raises NotPossible where it is not so, or where a consent or a suppression did not come along; then nothing stands.
        """
        at, subject = resolve(now.tx, things.request(row["request_id"])), row["subject_ref"]
        after = connector.export(now.tx, now.permitted(subject))
        held = held_values(after)
        for point in carried(now, at, row["system"]):
            new = value_of(desk.store, point, "new_value")
            stands = forms_of(desk.store, point["field"], held.get(_name(point, at), ""))
            if stands.keys() != forms_of(desk.store, point["field"], new).keys():
                raise NotPossible(f"The new value is not what the system holds afterwards. {NOTHING_DONE}")
            if point["rekeys"] and point["field"] in IDENTIFIERS:
                _search(desk, now, connector, point, subject)
                _check_suppressions(desk, now, point)
        consents = [[each.rows for each in one.tables if each.table == "consents"] for one in (before, after)]
        if consents[0] != consents[1]:
            raise NotPossible(f"A consent of the person would be lost or changed. {NOTHING_DONE}")

    def finish(self, desk: Desk, now: Now, request: RequestRecord) -> None:
        """Propose the notices to recipients, and draft the notice to the address held before a changed identifier."""
        at = resolve(now.tx, things.request(request.id))
        rows = [row for row in of_request(now, at) if changes(row)]
        if rows:
            recipients.propose(desk, now, request, at.data_subject, Change.RECTIFICATION)
        if any(row["rekeys"] for row in rows) and now.tx.one("rectification.old_notice", request_id=request.id) is None:
            _tell_old_address(desk, now, at, rows)

    def require_ending(self, desk: Desk, now: Now, at: Opened, body: PlanBody, ending: Closing) -> None:
        """Refuse an ending that the findings do not bear, an answer not sent (REF-1), an untold old address."""
        right = correction_words.ending(of_request(now, at), body.systems)
        if ending is not right:
            raise NotPossible(f"By its findings this request ends as {right.replace('_', ' ')}.")
        letter = correction_words.LETTERS[right]
        if not now.tx.rows("rectification.letter_sent", request_id=at.request.id, kind=letter):
            raise NotPossible(
                f"Send the person the letter '{letter.replace('_', ' ')}' first, and mark it as sent on the Letters tab."
            )
        notice = now.tx.one("rectification.old_notice", request_id=at.request.id)
        if notice is not None and notice["sent_at"] is None and notice["reason"] is None:
            raise NotPossible("Send the notice to the old address first, or write down why that is not possible.")


RECTIFICATION = RectificationRoom()
