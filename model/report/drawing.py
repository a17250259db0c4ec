"""Figures of a folder of results: tables are there before, and a figure that fails costs only itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from model.language import spoken
from model.report.style import save
from model.report.webpage.report_file import report

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console


class Drawing:
    """Draws into a folder and keeps what could not be drawn, in ``failed``: name -> error."""

    def __init__(self, folder: Path, console: Console) -> None:
        self.folder = folder
        self.console = console
        self.failed: dict[str, str] = {}

    def figure(self, name: str, make: Callable[[], Figure]) -> None:
        """Make a figure and save it; OSError (no room) is passed on, as tables would be lost too."""
        self._try(name, lambda: save(make(), self.folder, name))

    def page(self) -> None:
        """Make the page of the folder, the manifest of which is written."""
        self._try("report.html", lambda: report(self.folder, spoken()))

    def _try(self, name: str, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - hours of computation are worth more than a figure
            said = " ".join(str(error).split())[:200]
            self.failed[name] = f"{type(error).__name__}: {said}"
            self.console.print(
                f"{name} could not be drawn ({self.failed[name]}); the tables are whole.",
                markup=False,
            )
