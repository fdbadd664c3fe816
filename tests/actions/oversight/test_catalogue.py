"""The catalogue as the page shows it."""

import pytest

from core.actions.oversight.catalogue import list_fields
from core.law.errors import NotAllowed
from core.law.roles import Role
from tests.conftest import desk_of


def test_every_column_says_why_it_is_there(store):
    rows = list_fields(desk_of(store, Role.SETUP))
    assert len(rows) > 50
    assert all(row["Purposes"] and row["Legal basis"] and row["Retention"] and row["Origin"] for row in rows)


def test_who_does_not_need_it_does_not_see_it(store):
    with pytest.raises(NotAllowed):
        list_fields(desk_of(store, Role.MARKETER))
