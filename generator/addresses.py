"""Which addresses may be read: pages on the public internet, and nothing else."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from generator.errors import SourceFault
from generator.reading import Get

# A translator on the local network would turn these into any IPv4 address.
TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
# Nobody's page, though not every Python says so: what IANA keeps for special use, and old relays.
SPECIAL = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7",
        "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
PORTS = {"http": (None, 80), "https": (None, 443)}
# What every resolver takes for a number: 2130706433, 127.1 and 0x7f.1 are this machine.
NUMBER = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)\.?")
# Names of this machine, whoever is asked (RFC 6761).
LOCAL = re.compile(r"(.*\.)?localhost\.?")


def is_public(text: str) -> bool:
    """Whether an IP address, and every address embedded in it, is on the public internet."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        embedded = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(address in network for network in TRANSLATED):
            embedded.append(IPv4Address(int(address) & 0xFFFFFFFF))
        if any(inner is not None and not _is_global(inner) for inner in embedded):
            return False
        if address.ipv4_mapped:
            return _is_global(address.ipv4_mapped)
    return _is_global(address)


def is_loopback(text: str) -> bool:
    """Whether an IP address is this machine."""
    return ip_address(text.partition("%")[0]).is_loopback


def address_of(get: Get, page: str, *, allow_loopback: bool) -> str:
    """The address that a request of a vendor's page goes to; SourceFault unless it may be read."""
    try:
        url = get.url(page)
    except ValueError as error:
        raise SourceFault("refused", f"{page!r}: {error}") from None
    check(url, allow_loopback=allow_loopback, allow_http=page.startswith("http:"))
    return url


def check(url: str, *, allow_loopback: bool, allow_http: bool) -> None:
    """SourceFault unless the address is one that a status page can have.

    What the name of its host resolves to is checked later, where the connection is made.
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
    _check_host(url, parts.hostname, allow_loopback=allow_loopback)
    if allow_loopback:
        return
    if parts.scheme == "http" and not allow_http:
        raise SourceFault("refused", f"{url} is http, and the vendor file does not say http")
    if port not in PORTS[parts.scheme]:
        raise SourceFault("refused", f"{url} names a port other than 80 or 443")


def _check_host(url: str, host: str, *, allow_loopback: bool) -> None:
    """SourceFault for a host that nobody has to be asked about."""
    if LOCAL.fullmatch(host):
        host = "127.0.0.1"
    try:
        may_be_read = is_public(host) or (allow_loopback and is_loopback(host))
    except ValueError:
        if NUMBER.fullmatch(host):
            raise SourceFault("refused", f"{url} has a number for a host, and no name") from None
        return
    if not may_be_read:
        raise SourceFault("refused", f"{url} is on {host}, which is not public")


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in SPECIAL)
    )
