"""A letter that another person approves by itself: asked for and approved."""

from core.actions.answers import approvals
from core.actions.answers.letters.letter_approvals import LETTER
from core.actions.desk.desk import Desk
from core.store.engine import new_id


def approve_letter(asker: Desk, letter_id: str, *approvers: Desk) -> None:
    """Ask each of the people to approve the letter, and let them."""
    for each in approvers:
        number = approvals.ask(asker, LETTER, letter_id, approver_id=each.person.account_id, key=new_id())
        approvals.approve(each, LETTER, number, key=new_id())
