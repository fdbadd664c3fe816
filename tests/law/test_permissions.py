"""The table of acts in words, and the document that prints it."""

from core.law.acts import ACTS, may_take
from core.law.permissions import COLUMNS, as_markdown, rows
from core.law.roles import Role
from tests.law.permissions_page import PAGE, renewed


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


def test_the_document_prints_the_table_that_is_checked():
    text = PAGE.read_text("utf-8")
    assert renewed(text) == text, "run `make permissions`"


def test_the_table_is_printed_nowhere_else():
    root = PAGE.parents[1]
    others = [path for path in (*root.glob("*.md"), *root.glob("docs/**/*.md")) if path != PAGE]
    assert len(others) > 5
    assert [path.name for path in others if as_markdown().splitlines()[0] in path.read_text("utf-8")] == []
