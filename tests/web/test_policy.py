"""The Content-Security-Policy of the pages."""

import re

from core.web.policy import page_policy


def test_no_script_runs_but_the_desk_s_own_and_no_one_frames_it():
    rules = dict(each.strip().partition(" ")[::2] for each in page_policy().split(";"))
    assert "unsafe" not in rules["script-src"]
    assert "sha256-" in rules["script-src"]
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert not re.search(r"http|\*", page_policy())
