"""Whose requests are answered: those of pages that this server gave out, by an address that it has.

A page from elsewhere that is open in the same browser can send requests to this machine. Two things
give it away. A request that it makes carries its own ``Origin``. And where its maker lets the name of
his server point to this machine (DNS rebinding), so that all seems to be one origin, the name in
``Host`` is still his. So ``Host`` has to be an address or a name of this machine, and ``Origin``, where
there is one, has to be that same host. No other page may show this one in a frame.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_FORBIDDEN = 403
_REFUSED = b"This page answers only to its own address. See docs/viewer.md, Who can look."
_POLICY_VIOLATION = 1008  # of the WebSocket protocol
_HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class OwnPagesOnly:
    """An ASGI application in front of another; ``names``: what the machine is called, in small letters.

    ``local``: only this machine can reach the server. Else any literal address is taken for ``Host``, as
    a machine has several and a name is needed to point elsewhere.
    """

    def __init__(self, app: App, names: Iterable[str], local: bool) -> None:
        self._app, self._names, self._local = app, frozenset(names), local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):  # the server's own start and end
            await self._app(scope, receive, send)
        elif self.allows(scope["headers"]):
            await self._app(
                scope, receive, _with_headers(send) if scope["type"] == "http" else send
            )
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            head = [(b"content-type", b"text/plain"), *_HEADERS]
            await send({"type": "http.response.start", "status": _FORBIDDEN, "headers": head})
            await send({"type": "http.response.body", "body": _REFUSED})

    def allows(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Whether a request with these headers comes from a page of this server, or from no page."""
        hosts = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
        origins = [value.decode("latin-1").lower() for name, value in headers if name == b"origin"]
        if len(hosts) != 1 or len(origins) > 1 or not self._is_ours(hosts[0]):
            return False
        return not origins or origins[0] in (f"http://{hosts[0]}", f"https://{hosts[0]}")

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        try:
            address = ip_address(name)
        except ValueError:
            return name in self._names
        return address.is_loopback or not self._local


def names_of(host: str) -> frozenset[str]:
    """What a server on the host may be called by: as it was asked for, and by the machine's own name."""
    own = (socket.gethostname(), socket.getfqdn())
    more = [name for full in own for name in (full, f"{full.partition('.')[0]}.local")]
    return frozenset(name.lower() for name in ("localhost", host, *more) if name)


def _with_headers(send: Send) -> Send:
    async def send_more(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
        await send(message)

    return send_more
