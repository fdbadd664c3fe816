"""A letter that another person approves by itself: asked for and approved."""

from core.actions.answers.letters import letter_approvals
from core.actions.desk.desk import Desk
from core.store.engine import new_id


def approve_letter(asker: Desk, letter_id: str, *approvers: Desk) -> None:
    """Ask each of the people to approve the letter, and let them."""
    for each in approvers:
        number = letter_approvals.ask(asker, letter_id, approver_id=each.person.account_id, key=new_id())
        letter_approvals.approve(each, number, key=new_id())
