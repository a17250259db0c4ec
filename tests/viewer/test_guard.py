"""A foreign page that is open in the same browser can't drive a page of this machine."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from model.scenario.faults import InputError
from model.viewer.guard import OwnPagesOnly, names_of
from model.viewer.library import path_of
from model.viewer.view_request import SERVER, may_open

HOST = b"127.0.0.1:8765"


async def _open(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers everybody."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def asked(kind: str, *headers: tuple[bytes, bytes], local: bool = True) -> list[Any]:
    """What is sent back to a request."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    guard = OwnPagesOnly(_open, names_of("127.0.0.1"), local)
    asked = guard({"type": kind, "headers": list(headers)}, None, send)  # type: ignore[arg-type]
    with ThreadPoolExecutor(1) as elsewhere:  # where a browser was driven before, a loop runs here
        elsewhere.submit(asyncio.run, asked).result()
    return sent


@pytest.mark.parametrize(
    ("headers", "let_in"),
    [
        ([(b"host", HOST)], True),  # typed into the bar of addresses
        ([(b"host", HOST), (b"origin", b"http://127.0.0.1:8765")], True),
        ([(b"host", b"localhost:8765"), (b"origin", b"http://localhost:8765")], True),
        ([(b"host", b"[::1]:8765")], True),
        ([(b"host", HOST), (b"origin", b"http://evil.example")], False),
        ([(b"host", HOST), (b"origin", b"http://127.0.0.1:9999")], False),  # another local server
        ([(b"host", HOST), (b"origin", b"null")], False),  # a file, or a frame without an origin
        # the name of somebody else's server that now points to this machine
        ([(b"host", b"evil.example:8765"), (b"origin", b"http://evil.example:8765")], False),
        ([(b"host", b"evil.example:8765")], False),
        ([(b"host", b"127.0.0.1.evil.example")], False),
        ([(b"host", b"192.0.2.1:8765")], False),
        ([(b"host", b"[broken")], False),
        ([(b"host", HOST), (b"host", b"evil.example")], False),
        ([], False),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_only_own_pages_are_answered(kind: str, headers: list[tuple[bytes, bytes]], let_in: bool):
    first = asked(kind, *headers)[0]
    if kind == "http":
        assert first["status"] == (200 if let_in else 403)
    else:
        assert first["type"] == ("websocket.accept" if let_in else "websocket.close")


def test_a_page_for_a_class_answers_to_addresses_and_to_no_foreign_name():
    assert asked("http", (b"host", b"192.0.2.1:8765"), local=False)[0]["status"] == 200
    assert asked("http", (b"host", b"evil.example:8765"), local=False)[0]["status"] == 403


def test_no_other_page_may_frame_it():
    head = dict(asked("http", (b"host", HOST))[0]["headers"])
    assert head[b"x-frame-options"] == b"DENY"
    assert head[b"content-security-policy"] == b"frame-ancestors 'none'"


def test_files_are_opened_below_the_folder_given_and_in_the_library_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    given = tmp_path / "given"
    given.mkdir()
    monkeypatch.setattr(SERVER, "folder", given)
    monkeypatch.setattr(SERVER, "local", True)
    inside, outside = given / "mine.toml", tmp_path / "other.toml"
    for path in (inside, outside):
        path.write_text('title = "x"\n', encoding="utf-8")
    library = path_of("worlds/four_wine_regions")
    assert [may_open(path) for path in (inside, library)] == [inside, library]
    (given / "link.toml").symlink_to(outside)
    for path in (outside, given / ".." / "other.toml", given / "link.toml", Path("/etc/passwd")):
        with pytest.raises(InputError, match="lies outside"):
            may_open(path)
    monkeypatch.setattr(SERVER, "local", False)
    with pytest.raises(InputError, match="for other machines"):
        may_open(inside)
