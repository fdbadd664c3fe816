"""Where a person goes after the sign-in: a page of this desk with codes and ids in its address, and nowhere else."""

import re

# One page of the desk and up to six filters. Codes and ids alone: no name fits, no other site, no control character.
_ONWARD = re.compile(r"/[a-z][a-z-]{0,40}(?:\?[a-z_]{1,20}=[A-Za-z0-9_-]{1,64}(?:&[a-z_]{1,20}=[A-Za-z0-9_-]{1,64}){0,5})?")


def local(target: str) -> str:
    """Return a target on this desk, or an empty text for anything else.

    >>> local("/request?id=0f3a"), local("//evil.example"), local("/request?id=https://evil.example")
    ('/request?id=0f3a', '', '')
    """
    return target if _ONWARD.fullmatch(target) else ""


def asked(path: str, query: str) -> str:
    """Return where a page that was asked for leads: without its query where that holds anything but codes and ids."""
    return local(f"{path}?{query}") or local(path)
