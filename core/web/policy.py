"""What a page of the desk may load and run, as a Content-Security-Policy."""

import base64
import hashlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@cache
def page_policy() -> str:
    """Return the policy of the pages: everything from the desk itself, and only the inline scripts of Streamlit's page.

    Styles stay open to inline ones, which the widgets write; nothing else does.
    """
    scripts = "".join(f" 'sha256-{each}'" for each in _hashes())
    return (
        f"default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-src 'none'; frame-ancestors 'none'"
    )


def _hashes() -> list[str]:
    package = find_spec("streamlit")
    if package is None or package.origin is None:
        return []
    page = (Path(package.origin).parent / "static" / "index.html").read_bytes()
    return [base64.b64encode(hashlib.sha256(each).digest()).decode() for each in _INLINE.findall(page)]
