"""An object store of the S3 kind: the only code that speaks to one. Credentials: the environment's.

By obstore: it signs, retries and sends large files in parts, and brings no SDK along.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.errors import InputError, StoreError
from generator.mediatypes import type_of
from generator.publish.listing import cached

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

# One of these says who we are. Where none is, obstore would ask the machine's own network.
CREDENTIALS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
REGION = "us-east-1"


class Bucket:
    """A bucket, or a folder of one: `s3://bucket/folder`. `endpoint`: of a store that is not AWS.

    InputError for another address, or where the environment has no credentials.
    """

    def __init__(self, address: str, endpoint: str | None, environment: Mapping[str, str]) -> None:
        parts = urlsplit(address)
        if parts.scheme != "s3" or not parts.netloc:
            raise InputError(
                f"{address!r} is no bucket; expected s3://bucket or s3://bucket/folder."
            )
        if not any(environment.get(name) for name in CREDENTIALS):
            raise InputError(
                "The environment has no credentials for the object store. "
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            )
        self.address = address.rstrip("/")
        self._store = _opened(self.address, endpoint, environment)

    async def read(self, path: str) -> bytes | None:
        """An object; None where there is none."""
        return await asyncio.to_thread(self._read, path)

    async def send(self, path: str, content: Path | bytes) -> None:
        """Put an object there, and say what it is and how long a reader may keep it."""
        await asyncio.to_thread(self._send, path, content)

    async def remove(self, path: str) -> None:
        """Remove an object; one that is not there is removed already."""
        await asyncio.to_thread(self._remove, path)

    # In threads of Python, which are over when we are. Those by which obstore awaits may come back
    # with an answer while the process ends, and abort it: one in fifty did, its work well done.

    def _read(self, path: str) -> bytes | None:
        import obstore

        try:
            with self._explained():
                return bytes(obstore.get(self._store, path).bytes())
        except FileNotFoundError:
            return None

    def _send(self, path: str, content: Path | bytes) -> None:
        import obstore

        about = {"Content-Type": type_of(path), "Cache-Control": cached(path)}
        with self._explained():
            obstore.put(self._store, path, content, attributes=about)

    def _remove(self, path: str) -> None:
        import obstore

        try:
            with self._explained():
                obstore.delete(self._store, path)
        except FileNotFoundError:
            return

    @contextmanager
    def _explained(self) -> Iterator[None]:
        from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

        try:
            yield
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise StoreError(
                f"{self.address} refuses us: {_first_line(error)}. "
                "Do the credentials belong to it, and may they write?"
            ) from None
        except FileNotFoundError:
            raise
        except (BaseError, OSError) as error:
            raise StoreError(
                f"{self.address}: {_first_line(error)}. Nothing is lost: publish again."
            ) from None


def _opened(address: str, endpoint: str | None, environment: Mapping[str, str]) -> "S3Store":
    try:
        from obstore.store import S3Store
    except ImportError:
        raise InputError(
            "Publishing needs obstore, which is not installed: "
            "pip install --require-hashes --requirement .ci/requirements-publish.txt"
        ) from None
    named = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    endpoint = endpoint or next((environment[name] for name in named if name in environment), None)
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or REGION
    # Few are removed, and not every store knows how to remove many at once.
    config: S3Config = {"region": region, "disable_bulk_delete": True}
    if endpoint:
        config["endpoint"] = endpoint
    plain = bool(endpoint and endpoint.startswith("http://"))
    return S3Store.from_url(address, config=config, client_options={"allow_http": plain})


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]
