"""The only code that opens a socket: to an address that was looked at, and is public."""

import asyncio
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpcore

from generator.addresses import is_loopback, is_public
from generator.errors import SourceFault

# asyncio's own pool has six threads on two cores: a hundred slow names would wait in line.
RESOLVERS = ThreadPoolExecutor(100, "resolve")


class PublicNetwork(httpcore.AnyIOBackend):
    """Resolves a name once, refuses unless every answer is public, connects to what it checked."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the host, or httpcore's error; SourceFault when it is not public."""
        loop = asyncio.get_running_loop()
        try:
            answers = await loop.run_in_executor(
                RESOLVERS, partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
            )
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"no address for {host}: {error}") from error
        addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
        for address in addresses:
            if not (is_public(address) or (self._allow_loopback and is_loopback(address))):
                raise SourceFault("refused", f"{host} is {address}, which is not public")
        failure: Exception = httpcore.ConnectError(f"no address for {host}")
        for address in addresses:
            try:
                return await super().connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except httpcore.ConnectError as error:
                failure = error
        raise failure

    async def connect_unix_socket(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        """Refused."""
        raise SourceFault("refused", "a socket on this machine")
