"""Which addresses may be read: pages on the public internet, and nothing else."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from generator.errors import SourceFault

# A translator on the local network would turn these into any IPv4 address.
TRANSLATED = ip_network("64:ff9b::/96")
PORTS = {"http": (None, 80), "https": (None, 443)}


def is_public(text: str) -> bool:
    """Whether an IP address, and every address embedded in it, is on the public internet."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        embedded = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in TRANSLATED:
            embedded.append(IPv4Address(int(address) & 0xFFFFFFFF))
        if any(inner is not None and not _is_global(inner) for inner in embedded):
            return False
        if address.ipv4_mapped:
            return _is_global(address.ipv4_mapped)
    return _is_global(address)


def is_loopback(text: str) -> bool:
    """Whether an IP address is this machine."""
    return ip_address(text.partition("%")[0]).is_loopback


def check(url: str, *, allow_loopback: bool, allow_http: bool) -> None:
    """SourceFault unless the address is one that a status page can have.

    What its host resolves to is checked later, where the connection is made.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SourceFault("refused", f"{url!r} is not an address: {error}") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise SourceFault("refused", f"{url} is not an http(s) address")
    if parts.username is not None or parts.password is not None:
        raise SourceFault("refused", f"{url} carries a user name or password")
    if allow_loopback:
        return
    if parts.scheme == "http" and not allow_http:
        raise SourceFault("refused", f"{url} is http, and the vendor file does not say http")
    if port not in PORTS[parts.scheme]:
        raise SourceFault("refused", f"{url} names a port other than 80 or 443")


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved
