"""Before anything is served, what can't be is said; then a free port of this machine is taken."""

import socket
from pathlib import Path

import pytest

from model.scenario.faults import InputError
from model.viewer import launch
from model.viewer.library import path_of

WORLD = path_of("worlds/four_wine_regions")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """What would have been served on, also where the packages of the page are not installed."""
    caught: list[socket.socket] = []
    monkeypatch.setattr(launch, "missing", list)
    monkeypatch.setattr(launch, "_serve", lambda listening, *_: caught.append(listening))
    return caught


def test_a_loopback_port_by_default(served: list[socket.socket]):
    launch.view(WORLD, port=0, browser=False)
    assert served[0].getsockname()[0] == "127.0.0.1"
    assert launch.SERVER.local
    served[0].close()


def test_a_taken_port_is_said_and_another_used(served: list[socket.socket]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        launch.view(WORLD, port=port, browser=False)
    address, *more = launch.greeting(served[0], port)
    assert address == f"http://127.0.0.1:{served[0].getsockname()[1]}/"
    assert f"Port {port} is taken, so it is another." in more
    served[0].close()


def test_a_page_for_others_opens_no_files_of_this_machine(served: list[socket.socket]):
    launch.view(WORLD, host="0.0.0.0", port=0, browser=False)
    assert not launch.SERVER.local
    assert "no password" in " ".join(launch.greeting(served[0], 0))
    served[0].close()
    assert [launch.is_local(h) for h in ("127.0.0.1", "::1", "localhost", "192.0.2.1", "x")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"given": Path("nowhere.toml")}, "nowhere.toml"),
        ({"given": Path(__file__).parent}, "holds no scenario file and no experiment file"),
        ({"given": WORLD, "settings": ["communities.valley.trust=7"]}, "from 0 to 1"),
        ({"given": WORLD, "design": "nothing"}, "is no design for this world"),
        ({"given": WORLD, "host": "no.such.host.invalid"}, "is no address of this machine"),
        ({"given": WORLD, "host": "192.0.2.1"}, "can't be served on"),
    ],
)
def test_bad_input_is_told_and_nothing_served(served: list[socket.socket], arguments, said: str):
    with pytest.raises(InputError, match=said):
        launch.view(**arguments, port=0, browser=False)
    assert served == []


def test_missing_packages_are_told_with_what_to_write(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(launch, "_installed", lambda package: package != "solara-assets")
    with pytest.raises(InputError, match=r"needs solara-assets.*uv run --group viewer"):
        launch.view(WORLD)


def test_designs_go_by_the_name_of_their_arm(served: list[socket.socket]):
    launch.view(WORLD, design="fee_association", port=0, twin=True, seed=4)
    wanted = launch.SERVER.start
    assert wanted.designs == ("institutions.none", "institutions.fee_association")
    assert [d.scenario.run.seed for d in launch.designs_of(wanted)] == [4, 4]
    served[0].close()
