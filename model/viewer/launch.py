"""Serve the page on this machine, and open it in the browser."""

from __future__ import annotations

import os
import socket
import threading
import warnings
import webbrowser
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from pathlib import Path

from model.scenario import load_document
from model.scenario.faults import Fault, InputError, show_path
from model.viewer.guard import OwnPagesOnly, names_of
from model.viewer.library import is_experiment, key_of, ready_made, take_in
from model.viewer.report_links import Reports
from model.viewer.view_request import SERVER, ViewRequest, as_request, designs_of, twins
from model.viewer.visitors import Visitors

_NEEDED = ("solara-ui", "solara-server", "solara-assets", "anywidget", "ipyvuetify", "uvicorn")
_SETTINGS = {
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",  # nobody is told who looks at what
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",  # what is not installed is fetched from nowhere
    "SOLARA_THEME_TITLE": "Highroad",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",  # a page that was closed without a word
}


def view(
    given: Path,
    design: str = "",
    settings: Sequence[str] = (),
    seed: int | None = None,
    twin: bool = False,
    host: str = "127.0.0.1",
    port: int = 8765,
    browser: bool = True,
    plain: bool = False,
    say: Callable[[str], None] = print,
) -> None:
    """Serve until interrupted, which is the way to end it. ``say`` gets the address.

    ``given``: a scenario, an experiment, whose arms are designs of its world, or a folder of both.
    InputError for a file, design or setting that can't be used, and where the packages of the
    page are missing.
    """
    check_installed()
    SERVER.local = is_local(host)
    SERVER.visitors = Visitors(None if SERVER.local else say)
    SERVER.start = _view_request(given, design, settings, seed, twin)
    designs_of(SERVER.start)  # what is wrong is said here, before anything is served
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ["SOLARA_APP"] = f"{__package__}.mesa_page" if plain else f"{__package__}.page"
    warnings.filterwarnings("ignore", message=".*rules-of-hooks.*")
    warnings.filterwarnings("ignore", message="Cookies with samesite.*")
    _serve(_bound(host, port), host, port, browser, say)


def missing() -> list[str]:
    """Packages of the page that are not installed."""
    return [name for name in _NEEDED if not _installed(name)]


def check_installed() -> None:
    """InputError that says what to write, where the packages of the page are not installed."""
    if absent := missing():
        allowed = f"needs {', '.join(absent)}, which are not installed"
        hint = "write uv run --group viewer run.py view, or pip install 'highroad[viewer]'"
        raise InputError(Fault("view", "", "", allowed, hint))


def _installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def is_local(host: str) -> bool:
    """Whether only this machine can reach a server on the host."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _view_request(
    given: Path, design: str, settings: Sequence[str], seed: int | None, twin: bool
) -> ViewRequest:
    """What the command line asks for; a file that does not ship is served by its path."""
    worlds, experiments = given_files(given)
    own = [take_in(file) for file in experiments]
    worlds += [base for base, _ in own if not key_of(base) and base not in worlds]
    SERVER.files = {show_path(world): world for world in worlds if not key_of(world)}
    if given.is_dir():
        SERVER.folder = given.resolve()
    else:
        SERVER.folder = Path.cwd() if key_of(given) else given.resolve().parent
    scenario = own[0][0] if own else worlds[0]
    arms = [key for key in ready_made(scenario) if design in (key, key.partition(".")[2])]
    if design:
        design = arms[0] if arms else design
    elif own:
        design = own[0][1]
    key = key_of(scenario) or show_path(scenario)
    first = ViewRequest(key, seed, (design,), (tuple(settings),))
    if not twin:
        return first
    (one,) = designs_of(first)
    return as_request(key, twins(one))


def given_files(given: Path) -> tuple[list[Path], list[Path]]:
    """Worlds and experiments of a file, or of the files that lie in a folder.

    InputError for a file that can't be read, and for a folder that holds neither.
    """
    if not given.is_dir():
        return ([], [given]) if is_experiment(given) else ([given], [])
    worlds, experiments = [], []
    for file in sorted(given.glob("*.toml")):
        if is_experiment(file):
            experiments.append(file.resolve())
        elif "communities" in load_document(file).data:  # what has none is laid over others
            worlds.append(file.resolve())
    if not worlds and not experiments:
        allowed = "holds no scenario file and no experiment file"
        raise InputError(Fault(show_path(given), "", "", allowed, "give a folder of .toml files"))
    return worlds, experiments


def _bound(host: str, port: int) -> socket.socket:
    """A listening socket on the port, or on a free one if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        address = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)[0][4]
    except OSError as error:
        raise InputError(
            Fault("view", "--host", host, f"is no address of this machine ({error.strerror})")
        ) from None
    listening = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere it would let two servers share a port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
    except OSError as error:
        if port == 0 or not _taken(error):
            allowed = f"can't be served on: {error.strerror}"
            raise InputError(Fault("view", "--host", f"{host}, port {port}", allowed)) from None
        listening.bind((address[0], 0, *address[2:]))
    return listening


def _taken(error: OSError) -> bool:
    import errno

    return error.errno in (errno.EADDRINUSE, errno.EACCES)


def _serve(
    listening: socket.socket, host: str, wanted: int, browser: bool, say: Callable[[str], None]
) -> None:
    import uvicorn
    from solara.server.starlette import app

    address, *more = greeting(listening, wanted)
    config = uvicorn.Config(
        OwnPagesOnly(Reports(app), names_of(host), is_local(host)), log_level="warning", access_log=False,
        loop="asyncio", ws_ping_interval=None, timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = uvicorn.Server(config)

    def announce() -> None:
        while not server.started:
            if server.should_exit:
                return
            threading.Event().wait(0.02)
        say("\n".join((address, *more)))
        if browser:
            webbrowser.open(address)

    threading.Thread(target=announce, daemon=True).start()
    threading.Thread(target=_make_ready, daemon=True).start()
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:  # the way to end it
        say("Closed.")


def greeting(listening: socket.socket, wanted: int) -> tuple[str, ...]:
    """The address, and what else there is to say of it."""
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    lines = [f"http://{shown}:{port}/", "The page is there as long as this runs; Ctrl+C ends it."]
    if wanted not in (0, port):
        lines.append(f"Port {wanted} is taken, so it is another.")
    if not is_local(host):
        lines.append(
            "Whoever can reach this address can look, and have two designs compared on this machine; there "
            "is no password. Files of this machine can't be opened, but for those given."
        )
    return tuple(lines)


def _make_ready() -> None:
    """Load and compile while the browser opens, so that the first picture is sooner there."""
    from model.viewer.player import make_ready

    make_ready()
