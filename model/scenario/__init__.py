"""Scenarios: files and their overlays (``files``), what a valid one holds (``schema``)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from model.scenario.files import load_document, parse_document, set_values
from model.scenario.schema import Scenario

__all__ = ["Scenario", "load", "load_document", "parse_document", "set_values"]


def load(path: Path | str, settings: Iterable[str] = ()) -> Scenario:
    """A scenario file, with all that it extends and ``key=value`` settings laid over it.

    Raises ``model.scenario.faults.InputError`` with one line for every fault.
    """
    return parse_document(set_values(load_document(path), settings), Scenario)
