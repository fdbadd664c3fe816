"""The right person signs in while twenty guesses a second are made at their name, from where they sit themselves.

Guessers send from one form, or open a new one for every guess. The person comes in a browser in which they signed in before,
or in a new one, in which the form stood open while they typed.
"""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from core.web.signing import LANE
from tests.serving import demo_store, serving
from tests.web.visitor import Visitor

A_SECOND = 20
NAME = "dpo"


class Guessers:
    """Makes twenty guesses a second, answered or not, until it is told to stop."""

    def __init__(self, address, *, anew):
        self.address, self.anew = address, anew
        self.stop = threading.Event()
        self.answers = []
        self.form = Visitor(address)
        self.form.get("/auth/sign-in")

    def guess(self):
        visitor = Visitor(self.address) if self.anew else self.form
        self.answers.append(visitor.sign_in(NAME, "not the password of anybody").status)

    def run(self):
        with ThreadPoolExecutor(600) as pool:
            while not self.stop.wait(1 / A_SECOND):
                pool.submit(self.guess)


def seconds_to_sign_in(visitor, form):
    """Send the right password from a form that stands open, again after ten seconds where it was not looked at."""
    began = time.monotonic()
    while True:
        got = visitor.ask("POST", "/auth/sign-in", urlencode(form).encode(), content_type="application/x-www-form-urlencoded")
        if got.status == 303:
            return time.monotonic() - began
        assert got.status == 429, f"a right password was answered with {got.status}"
        time.sleep(10)


def open_form(visitor):
    stamp = re.search(r'name="stamp" value="([^"]+)"', visitor.get("/auth/sign-in").text)[1]
    return {"stamp": stamp, "name": NAME, "password": "rightsdesk demo only"}


@pytest.mark.prove
@pytest.mark.timeout(400)
@pytest.mark.parametrize("anew", [False, True], ids=["from one form", "from a new form each"])
def test_the_right_person_gets_in_beside_twenty_guesses_a_second(tmp_path, capsys, anew):
    with serving(demo_store(tmp_path / "desk.duckdb")) as address:
        known = Visitor(address)
        assert known.sign_in(NAME).status == 303
        known.send("/auth/sign-out", {})
        guessers = Guessers(address, anew=anew)
        thread = threading.Thread(target=guessers.run)
        thread.start()
        try:
            time.sleep(20)
            familiar, strange = [], []
            for _ in range(4):
                familiar.append(seconds_to_sign_in(known, open_form(known)))
                known.send("/auth/sign-out", {})
                stranger = Visitor(address)
                form = open_form(stranger)
                time.sleep(LANE)
                strange.append(seconds_to_sign_in(stranger, form))
                stranger.send("/auth/sign-out", {})
                time.sleep(10)
        finally:
            guessers.stop.set()
            thread.join()
    looked_at = guessers.answers.count(401)
    with capsys.disabled():
        print(f"\nbeside {len(guessers.answers)} guesses, {looked_at} of them looked at: in a known browser at most "
              f"{max(familiar):.1f} s, in a new one {', '.join(f'{each:.1f}' for each in strange)} s")
    assert set(guessers.answers) <= {401, 429, 400}
    assert looked_at < len(guessers.answers) / 4
    assert max(familiar) < 5
    assert max(strange) < 30
