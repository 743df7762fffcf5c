"""Who may come in: requests of this machine's own browser that bring the token; all others are refused.

The token is in the address that the command prints. The first request with it gets a cookie that no page can
read and no other site's request brings along, and is led to the same address without the token.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

REFUSED = b"This dashboard answers only to the address with its token, as the command printed it.\n"
# What a page may load and where it may talk to: this server. Solara's pages compile their own templates.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws://{host}; object-src 'none'; "
    "base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)


class Guard:
    """Let requests through to an application that bring the token, from a page of this server's own.

    Parameters
    ----------
    app
        The application behind.
    token
        The secret of the address.
    hosts
        Names and ports this server is reached by, such as ``127.0.0.1:8765``: a name that somebody else has
        made to point here is not among them.
    """

    def __init__(self, app: App, token: str, hosts: Iterable[str]) -> None:
        self.app, self.token, self.hosts = app, token, frozenset(hosts)
        port = next(iter(self.hosts)).rpartition(":")[2]
        self.cookie = f"omolab-{port}"  # cookies know no ports: two dashboards must not mix theirs up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        host = headers.get("host", "")
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        if host not in self.hosts or not self._own(headers, host):
            await _refuse(scope, receive, send)
        elif self._known(headers):
            await self.app(scope, receive, _with_headers(send, host))
        elif scope["type"] == "http" and self._same(asked.get("token", [""])[0]):
            del asked["token"]
            await self._welcome(scope["path"], asked, send)
        else:
            await _refuse(scope, receive, send)

    def _own(self, headers: dict[str, str], host: str) -> bool:
        """Tell whether a request that says which page it comes from comes from one of ours."""
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc == host

    def _known(self, headers: dict[str, str]) -> bool:
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return False
        return morsel is not None and self._same(morsel.value)

    def _same(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token.encode())

    async def _welcome(self, path: str, asked: dict[str, list[str]], send: Send) -> None:
        query = urlencode(asked, doseq=True)
        place = "/" + quote(path).lstrip("/") + (f"?{query}" if query else "")  # never another host's
        cookie = f"{self.cookie}={self.token}; HttpOnly; SameSite=Strict; Path=/"
        headers = [(b"location", place.encode()), (b"set-cookie", cookie.encode()), *_SAFE]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


_SAFE: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


def _with_headers(send: Send, host: str) -> Send:
    """Add to every answer what keeps its page to this server; an answer's own policy stands."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            names = {name.lower() for name, _ in headers}
            more = [*_SAFE[:2], (b"content-security-policy", POLICY.format(host=host).encode())]
            message = {**message, "headers": [*headers, *(one for one in more if one[0] not in names)]}
        await send(message)

    return sending


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_SAFE]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": REFUSED})
