"""Where a request comes from, as the brakes count it."""

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import Request


def place_of(request: Request) -> str:
    """Return the address of whoever asks; of an IPv6 address the network of 64 bits, which one household or office has.

    It is the other end of the connection, or what a proxy says that the operator has named (see `settings`).
    """
    host = request.client.host if request.client else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((int(address), 64), strict=False))
