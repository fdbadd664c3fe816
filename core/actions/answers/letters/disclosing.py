"""A disclosure to a public authority enters the log of disclosures in the moment its answer is marked as sent (Art. 15(1)(c))."""

from core.actions.answers.need_records import recorded
from core.actions.cases.letter_source import person_of
from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.opening import Opened
from core.connectors.disclosures import append_disclosure
from core.law.acts import Act
from core.law.kinds import Need
from core.law.needs import ARTICLES
from core.law.ways import Kind


def enter_disclosure(desk: Desk, now: Now, at: Opened) -> None:
    """Enter, inside the act that marks the answer as sent, what went to the authority of the person; once a request.

    Nothing is entered for other kinds, and where nobody here is the person. While a law demands silence, the entry is
    kept out of every copy and list for the person.
    """
    subject = at.case.subject_ref
    if at.request.kind != Kind.DISCLOSURE or subject is None:
        return
    held, person = recorded(desk, now, at.request), person_of(desk, at.case)
    basis = held[Need.LEGAL_BASIS].answer
    identifier = append_disclosure(
        now.tx, subject, recipient=person.get("name") or person.get("email") or "A public authority",
        categories=held[Need.DISCLOSURE_LOG].answer.texts["categories"].split(","),
        basis=f"{ARTICLES[basis.picks['basis']]}: {basis.texts['law']}", act=Act.ANSWER_SENT.value, source="desk", now=desk.now,
    )
    now.tx.run("needs.name_disclosure", request_id=at.request.id, disclosure_id=identifier)
    now.detail["disclosed"] = 1
