"""To which sign-in a page belongs: the gate says it with each request, and Streamlit keeps it with the page."""

from collections.abc import Iterable, MutableMapping
from typing import Any

from core.actions.desk.desk import Person

HEADER = "x-desk-sign-in"  # named in .streamlit/config.toml: Streamlit hands a page on only where it is the same
PERSON = "desk_person"  # where the layers behind the gate find who asks


def marked(scope: MutableMapping[str, Any], person: Person) -> MutableMapping[str, Any]:
    """Return the request as of this person; what it said itself about its sign-in is dropped."""
    name = HEADER.encode()
    kept = [pair for pair in scope["headers"] if pair[0].lower() != name]
    return {**scope, PERSON: person, "headers": [*kept, (name, (person.sign_in_ref or "").encode())]}


def sign_in_of(headers: Iterable[tuple[str, str]]) -> str:
    """Return the sign-in that the gate put on a request, empty where it put none."""
    return next((value for name, value in headers if name.lower() == HEADER), "")
