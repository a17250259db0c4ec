"""``view`` fetches what the page is made of when it is first called, and only where uv runs the clone."""

import os
import sys
from pathlib import Path

import pytest

from model.commands.options import ROOT
from model.commands.view import view
from model.scenario.faults import InputError
from model.viewer import launch


class BegunError(Exception):
    """In place of the process that would take over."""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A clone without the packages of the page; what is begun in its place."""
    begun: list[list[str]] = []

    def begin(program: str, words: list[str]) -> None:
        begun.append(words)
        raise BegunError

    monkeypatch.setattr(launch, "_installed", lambda package: package != "solara-ui")
    monkeypatch.setattr(os, "execv", begin)
    monkeypatch.setenv("HIGHROAD_VIEW_SENT", "")
    monkeypatch.delenv("HIGHROAD_VIEW_SENT")
    return begun


def test_the_same_words_once_more_with_the_packages(bare, monkeypatch, capsys):
    monkeypatch.setenv("UV", "/somewhere/uv")
    monkeypatch.setattr(sys, "argv", ["run.py", "view", "mine.toml", "--seed", "3"])
    with pytest.raises(BegunError):
        view(Path("mine.toml"), seed=3)
    (words,) = bare
    assert words[:4] == ["/somewhere/uv", "run", "--project", str(ROOT)]
    assert words[4:] == [
        "--group",
        "viewer",
        "python",
        "run.py",
        "view",
        "mine.toml",
        "--seed",
        "3",
    ]
    assert "uv installs them" in capsys.readouterr().out
    with pytest.raises(InputError, match="needs solara-ui"):  # it is told, not tried for ever
        view(Path("mine.toml"), seed=3)


@pytest.mark.parametrize(("uv", "program"), [("", "run.py"), ("/somewhere/uv", "highroad")])
def test_elsewhere_what_to_write_is_told(bare, monkeypatch, uv: str, program: str):
    monkeypatch.setenv("UV", uv)
    monkeypatch.setattr(sys, "argv", [program, "view"])
    with pytest.raises(InputError, match=r"uv run --group viewer run\.py view"):
        view()
    assert bare == []


def test_with_the_packages_nothing_is_begun(bare, monkeypatch):
    monkeypatch.setenv("UV", "/somewhere/uv")
    monkeypatch.setattr(sys, "argv", ["run.py", "view", "nowhere.toml"])
    monkeypatch.setattr(launch, "_installed", lambda package: True)
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        view(Path("nowhere.toml"))
    assert bare == []
