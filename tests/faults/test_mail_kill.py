"""A desk killed between the mail server's taking a link and its own recording sends that link again, and no other."""

import signal
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from core.actions.answers.packages import links, ways_out
from core.law.roles import Role
from core.store.engine import Store
from core.work.tasks import LEASE
from core.work.worker import run_due
from tests.actions.answers.packages.test_link_mail import asked, box, token_in  # noqa: F401 - a fixture
from tests.actions.conftest import Walk, empty_walk, import_people, take_in  # noqa: F401 - fixtures
from tests.actions.released import try_link
from tests.conftest import NOW, desk_of
from tests.forked import talking


@pytest.mark.parametrize("read", [True, False], ids=["after it was read", "before"])
def test_a_kill_while_mailing_leaves_one_link_that_is_good_and_recorded(empty_walk, box, read):
    walk = take_in(empty_walk, import_people(empty_walk.store, 3)[1], 1)
    walk.released()
    way_id = asked(walk)
    path = Path(walk.store.path)
    walk.store.close()
    with talking("tests.faults.mailing", path) as (child, printed):

        def kill() -> None:
            child.kill()
            wait([child.sentinel])

        if read:
            box.then = kill
        else:
            box.before = kill
        said = printed.read()
        child.join()
        code = child.exitcode
    box.then = box.before = None
    assert (code, said) == (-signal.SIGKILL, "")
    assert len(box.envelopes) == int(read)
    store = Store.open(path, NOW)
    try:
        steward = desk_of(store, Role.STEWARD, name="steward")
        assert ways_out.list_ways_out(steward, walk.request_id)[0].mail == "waiting"
        run_due(store, NOW + LEASE)
        assert ways_out.list_ways_out(steward, walk.request_id)[0].mail == "sent"
        assert len({token_in(each) for each in box.messages}) == 1
        code = links.show_code(steward, way_id, key=walk.key())
        assert try_link(Walk(store, steward, steward, steward), token_in(box.messages[-1]), code).content
    finally:
        store.close()
