"""Forms sent to the pages without a script, read as far as a form of theirs can go."""

from urllib.parse import parse_qs

import anyio
from starlette.requests import ClientDisconnect, Request

WITHIN = 30.0  # seconds in which a form has arrived


async def read_form(request: Request, longest: int) -> dict[str, str] | None:
    """Return the fields, each once; None for a form above so many bytes, one that is none, and one that does not arrive."""
    read = bytearray()
    try:
        with anyio.fail_after(WITHIN):
            async for piece in request.stream():
                read += piece
                if len(read) > longest:
                    return None
        fields = parse_qs(read.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except (TimeoutError, ClientDisconnect, ValueError):
        return None
    return {name: values[0] for name, values in fields.items()}
