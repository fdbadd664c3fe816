"""What the tests of the ways out share: a link made and handed out, and the person who opens it."""

from core.actions.answers.packages import links, public_link
from tests.conftest import NOW

PLACE = "192.0.2.1"


def made(walk, **changes):
    asked = {"channel": "email", "code_channel": "phone", "key": walk.key()} | changes
    return links.make(walk.steward, walk.package_id, **asked)


def handed_out(walk, way_id=None):
    """Return the id, the token and the code of a link that was shown."""
    way_id = way_id or made(walk)
    link = links.show_link(walk.steward, way_id, key=walk.key())
    code = links.show_code(walk.steward, way_id, key=walk.key())
    return way_id, link.rpartition("/")[2], code


def try_link(walk, token, code, *, now=NOW, place=PLACE):
    return public_link.fetch(walk.store, now, token, code, place)


def wrong(code):
    """Return another code: its last digit is one further."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)
