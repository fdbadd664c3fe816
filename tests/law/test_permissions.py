"""The table of acts in words, and the documents that print it."""

from pathlib import Path

import pytest

from core.law.acts import ACTS, may_take
from core.law.permissions import COLUMNS, END, START, as_markdown, rows
from core.law.roles import Role

ROOT = Path(__file__).parents[2]


def test_every_act_is_a_row_and_an_empty_cell_is_a_no():
    listed = {row["Act"]: row for row in rows()}
    assert len(listed) == len(ACTS)
    for line in ACTS.values():
        row = listed[line.sentence]
        assert {role for role in COLUMNS if row[role.value]} == set(line.who)
        assert ("a step-up" in row["Needs"]) == line.step_up


def test_a_scope_is_printed_as_it_is_checked():
    row = next(row for row in rows() if row["Act"] == "opened the case file")
    assert (row[Role.DPO.value], row[Role.APPROVER.value], row[Role.MANAGER.value]) == ("yes", "in the case", "")


def test_a_request_is_taken_by_whoever_may_hand_its_answer_over():
    assert {role for role in Role if may_take({role})} == {Role.DPO, Role.STEWARD}


@pytest.mark.parametrize("document", ["docs/permissions.md", "README.md"])
def test_the_documents_print_the_table_that_is_checked(document):
    path = ROOT / document
    text = path.read_text("utf-8") if path.exists() else ""
    if START in text or document.startswith("docs"):
        assert text.split(START)[1].split(END)[0].strip() == as_markdown()
