"""Who may come in: the token's holder, from this machine's own pages, and nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from omolab.dashboard.guard import Guard

HOST, TOKEN = "127.0.0.1:8765", "s3cret"


async def behind(scope: Any, receive: Any, send: Any) -> None:
    """Stand for what is guarded."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


def ask(path: str = "/", query: str = "", kind: str = "http", **headers: str) -> list[Mapping[str, Any]]:
    """Return what the guard answers to a request."""
    given = {"host": HOST, **headers}
    scope = {
        "type": kind,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    said: list[Mapping[str, Any]] = []

    async def send(message: Mapping[str, Any]) -> None:
        said.append(message)

    async def receive() -> Mapping[str, Any]:
        return {"type": f"{kind}.connect"}

    asyncio.run(Guard(behind, TOKEN, [HOST, "localhost:8765"])(scope, receive, send))
    return said


COOKIE = f"omolab-8765={TOKEN}"


def test_the_token_is_traded_for_a_cookie_that_no_script_reads() -> None:
    start = ask(query=f"token={TOKEN}&a=b")[0]
    headers = dict(start["headers"])
    assert start["status"] == 303
    assert headers[b"location"] == b"/?a=b"
    assert headers[b"set-cookie"] == f"{COOKIE}; HttpOnly; SameSite=Strict; Path=/".encode()


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "///evil.example"])
def test_nobody_is_led_elsewhere(path: str) -> None:
    place = dict(ask(path, f"token={TOKEN}")[0]["headers"])[b"location"].decode()
    assert place.startswith("/") and not place.startswith(("//", "/\\"))


def test_the_cookie_lets_in_and_the_page_may_load_from_here_alone() -> None:
    start, body = ask(cookie=COOKIE)
    assert (start["status"], body["body"]) == (200, b"inside")
    policy = dict(start["headers"])[b"content-security-policy"].decode()
    assert "default-src 'self'" in policy and "http:" not in policy.replace(f"ws://{HOST}", "")


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"query": "token=wrong"},
        {"query": "token="},
        {"cookie": "omolab-8765=wrong"},
        {"cookie": f"omolab-1={TOKEN}"},
        {"cookie": f"{COOKIE}x"},
        {"cookie": COOKIE, "host": "evil.example:8765"},  # a name that points here
        {"cookie": COOKIE, "origin": "http://evil.example"},
        {"cookie": COOKIE, "origin": "null"},
        {"query": f"token={TOKEN}", "host": "evil.example:8765"},
        {"cookie": "omolab-8765=\u00e9"},
    ],
)
def test_all_others_are_refused(request_: dict[str, str]) -> None:
    start, body = ask(**request_)
    assert start["status"] == 403
    assert b"inside" not in body["body"] and TOKEN.encode() not in body["body"]


@pytest.mark.parametrize(
    ("headers", "let_in"),
    [
        ({"cookie": COOKIE, "origin": f"http://{HOST}"}, True),
        ({"origin": f"http://{HOST}"}, False),
        ({"cookie": COOKIE, "origin": "http://evil.example"}, False),
    ],
)
def test_websockets_are_guarded_too(headers: dict[str, str], let_in: bool) -> None:
    kind = ask(kind="websocket", **headers)[0]["type"]
    assert kind == ("websocket.accept" if let_in else "websocket.close")
