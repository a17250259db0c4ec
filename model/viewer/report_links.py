"""Addresses of reports that the page has had made: each has a name that can't be guessed.

A report is a page in which no script runs; what a file of the visitor's calls things stays text.
"""

from __future__ import annotations

import secrets
import shutil
from collections import OrderedDict
from pathlib import Path

from model.viewer.guard import App, Receive, Scope, Send

PREFIX = "/reports/"
KEPT = 30  # the last of them; older ones are removed
_FILES: OrderedDict[str, tuple[Path, str]] = OrderedDict()
_POLICY = b"default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def offer(folder: Path) -> tuple[str, str]:
    """Addresses of the report in a folder's ``result``, and of all that lies in the folder, as one file."""
    name = secrets.token_urlsafe(16)
    for store in folder.glob("*.sqlite*"):  # finished points, of no use without the program
        store.unlink()
    packed = shutil.make_archive(str(folder.with_name(name)), "zip", folder)
    page, files = f"{PREFIX}{name}/report.html", f"{PREFIX}{name}/comparison.zip"
    _FILES[page] = folder / "result" / "report.html", "text/html; charset=utf-8"
    _FILES[files] = Path(packed), "application/zip"
    while len(_FILES) > 2 * KEPT:
        old, _ = _FILES.popitem(last=False)[1]
        shutil.rmtree(old.parents[1], ignore_errors=True)
        _FILES.popitem(last=False)[1][0].unlink(missing_ok=True)
    return page, files


class Reports:
    """An ASGI application that answers to the addresses given out, and hands all else on."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        file, kind = _FILES.get(path, (Path(), ""))
        body = file.read_bytes() if kind else b"There is no such report; it may have been removed."
        head = [
            (b"content-type", (kind or "text/plain").encode()),
            (b"content-security-policy", _POLICY),
        ]
        status = 200 if kind else 404
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": body})
