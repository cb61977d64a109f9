"""Status pages on loopback for the benchmark of reading: HTTPS, a port each, as slow as the net.

usage: python -m bench.pages PAGES SECONDS CERTIFICATE
Prints the ports, then answers. A line on its standard input: every page has one incident more.
"""

import asyncio
import gzip
import ssl
import sys

import msgspec

from bench.corpus import lines

LISTED = 50
# Statuspage has no such word.
KNOWN = {"update": "identified"}
PATHS = {
    b"/api/v2/incidents.json": "incidents",
    b"/api/v2/scheduled-maintenances.json": "scheduled_maintenances",
}
HEAD = (
    "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nETag: {etag}\r\n"
    "Content-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n"
)


class Pages:
    """What all pages say: the same, under a name for each round."""

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self._round = 0
        self._answers: dict[bytes, tuple[bytes, bytes, bytes]] = {}
        self.turn()

    def turn(self) -> None:
        """One more incident, and its answers made ready."""
        self._round += 1
        for path, name in PATHS.items():
            body = gzip.compress(_document(name, self._round))
            etag = f'"{name}-{self._round}"'
            full = HEAD.format(status="200 OK", etag=etag, length=len(body)).encode() + body
            same = HEAD.format(status="304 Not Modified", etag=etag, length=0).encode()
            self._answers[path] = (etag.encode(), full, same)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests."""
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(self.latency)
                etag, full, same = self._answers[request.split(b" ", 2)[1]]
                writer.write(same if etag in request else full)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()


def _document(name: str, round_: int) -> bytes:
    """A list of Statuspage's, some 60 KB long."""
    planned = name != "incidents"
    told = (msgspec.json.decode(line) for line in lines(LISTED * 3, 1, seed=2 if planned else 1))
    rows = [_row(row, planned=planned) for row in list(told)[round_ : round_ + LISTED]]
    page = {"id": "bench", "name": "Bench", "url": "https://status.example", "updated_at": None}
    return msgspec.json.encode({"page": page, name: rows[::-1]})


def _row(line: dict[str, object], *, planned: bool) -> dict[str, object]:
    updates = msgspec.convert(line["updates"], list[dict[str, str]])
    states = ("scheduled", "in_progress", "completed") if planned else ()
    return {
        "id": f"{'m' if planned else 'i'}{line['key']}",
        "name": line["title"],
        "status": "completed" if planned else "resolved",
        "impact": "maintenance" if planned else "minor",
        "created_at": line["started_at"],
        "started_at": line["started_at"],
        "resolved_at": line["ended_at"],
        "scheduled_for": line["started_at"] if planned else None,
        "scheduled_until": line["ended_at"] if planned else None,
        "shortlink": line["url"],
        "components": [{"id": name, "name": name} for name in line["components"] or ()],  # type: ignore[attr-defined]
        "incident_updates": [
            {
                "id": f"{'m' if planned else 'i'}{update['key']}",
                "status": states[min(place, 2)]
                if planned
                else KNOWN.get(update["phase"], update["phase"]),
                "body": update["body"],
                "created_at": update["at"],
                "display_at": update["at"],
                "updated_at": update["at"],
            }
            for place, update in reversed(list(enumerate(updates)))
        ],
    }


async def serve(count: int, latency: float, certificate: str) -> None:
    """Serve so many pages until the input ends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    pages = Pages(latency)
    servers = [
        await asyncio.start_server(pages.talk, "127.0.0.1", 0, ssl=context, backlog=128)
        for _ in range(count)
    ]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    sys.stdout.write(" ".join(map(str, ports)) + "\n")
    sys.stdout.flush()
    while await asyncio.to_thread(sys.stdin.readline):
        pages.turn()
        sys.stdout.write("turned\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]))
