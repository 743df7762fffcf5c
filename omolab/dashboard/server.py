"""Listening: a socket of this machine, the guard before Solara, and the reports of stored runs."""

from __future__ import annotations

import os
import re
import secrets
import socket
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from omolab.dashboard.guard import App, Guard, Receive, Scope, Send
from results.problems import BadInput, Problem

if TYPE_CHECKING:
    from omolab.dashboard.room import Room

LANGUAGES = {"zh": "zh-CN"}
# A report is a page without scripts: nothing in it runs, whatever its data says.
REPORT_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
_REPORT = re.compile(r"/runs/(?P<name>[^/]+)/report\.html")


def serve(room: Room, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Show a room in the browser until interrupted.

    Parameters
    ----------
    room
        What is shown.
    host, port
        Where to listen; port 0 takes a free one.
    ready
        Called with the address, token included, once the socket listens.

    Raises
    ------
    BadInput
        If nothing can listen there.
    """
    import uvicorn

    from omolab.dashboard.room import enter

    listening = listen(host, port)
    port = listening.getsockname()[1]
    token = secrets.token_urlsafe(24)
    names = {host, "127.0.0.1", "localhost"} if host in ("127.0.0.1", "localhost") else {host}
    enter(room)
    room.warm()  # its workers start while Solara is imported
    app = Guard(Pages(solara_app(), room), token, {f"{name}:{port}" for name in names})
    config = uvicorn.Config(app, log_level="error", access_log=False, ws="auto", lifespan="on")
    try:
        ready(f"http://{host}:{port}/?token={token}")
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # the usual way to end it
    finally:
        listening.close()
        room.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address.

    Raises
    ------
    BadInput
        If the port is taken, or this machine has no such address.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two programs share the port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(64)
    except (OSError, OverflowError) as error:
        made.close()
        said = f"cannot be listened on: {getattr(error, 'strerror', None) or error}"
        expected = "a free port of this machine, e.g. --port 0"
        raise BadInput(Problem("--port", None, "", f"{host}:{port}", expected, said)) from None
    return made


def solara_app() -> App:
    """Return Solara's application with our page; it reports nothing, fetches nothing and keeps nothing."""
    os.environ |= {
        "SOLARA_APP": "omolab.dashboard.page",
        "SOLARA_HOME": str(Path(os.devnull) / "solara"),  # no folder in the user's home
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",  # what solara-assets lacks is not fetched
        "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
        "SOLARA_THEME_LOADER": "plain",
        "SOLARA_THEME_SHOW_BANNER": "false",
        "SOLARA_SESSION_HTTP_ONLY": "true",
    }
    import warnings

    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # ours is same-site
    from solara.server.starlette import app

    made: App = app
    return made


class Pages:
    """Solara's page with its language told, and stored runs' reports.

    Parameters
    ----------
    app
        Solara's application.
    room
        What is shown.
    """

    def __init__(self, app: App, room: Room) -> None:
        self.app, self.room = app, room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path = scope.get("path", "")
        report = _REPORT.fullmatch(path)
        if scope["type"] == "http" and report:
            await self._report(unquote(report["name"]), send)
        elif scope["type"] == "http" and path == "/":
            plain = [(key, value) for key, value in scope["headers"] if key.lower() != b"accept-encoding"]
            await self.app({**scope, "headers": plain}, receive, _told(send, self.room.lang))
        else:
            await self.app(scope, receive, send)

    async def _report(self, name: str, send: Send) -> None:
        """Send the report of a run of the results folder."""
        stored = {run.name: run for run in self.room.stored()}
        page = stored[name].path / "report.html" if name in stored else None
        found = page is not None and page.is_file()
        body = page.read_bytes() if page is not None and found else b"There is no such report.\n"
        kind = b"text/html; charset=utf-8" if found else b"text/plain; charset=utf-8"
        headers = [(b"content-type", kind), (b"content-security-policy", REPORT_POLICY)]
        await send({"type": "http.response.start", "status": 200 if found else 404, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _told(send: Send, lang: str) -> Send:
    """Tell the page's language to screen readers, and let readers zoom, which Solara's page forbids."""
    start: list[MutableMapping[str, Any]] = []
    body = bytearray()

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.append(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        page = bytes(body).replace(b"<html>", f'<html lang="{LANGUAGES.get(lang, "en")}">'.encode(), 1)
        page = page.replace(b", maximum-scale=1, user-scalable=no, minimal-ui", b"", 1)
        headers = [one for one in start[0]["headers"] if one[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(page)).encode()))
        await send({**start[0], "headers": headers})
        await send({"type": "http.response.body", "body": page})

    return sending
