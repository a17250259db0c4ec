"""What ``calibrate`` and ``validate`` are asked alike, and the study that it means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from calibration.posterior.workflow import (
    QUICK_EFFORT,
    SHIPPED_EFFORT,
    CalibrationStudy,
    Meter,
    prepare,
)
from model.report.progress import progress

SEED = 1


@dataclass(frozen=True)
class StudyOptions:
    """Options of the command line."""

    target: Path
    """Folder for the results."""
    table: Path | None = None
    """A case table of one's own; default: the shipped one."""
    quick: bool = False
    keep: bool = False
    """Whether the results go into the repository."""
    seed: int | None = None
    workers: int = 1
    quiet: bool = False

    def study(self, beside: Path) -> CalibrationStudy:
        """The study that is asked for; its work is kept beside ``beside``."""
        effort = QUICK_EFFORT if self.quick else SHIPPED_EFFORT
        work = beside.absolute().with_name(f"{beside.name}-work")
        seed = SEED if self.seed is None else self.seed
        return prepare(self.table, effort, seed, work, self.workers, self._meter())

    def _meter(self) -> Meter:
        """Progress bars for the steps of a study."""

        @contextmanager
        def meter(title: str, total: int, unit: str) -> Iterator[Callable[[int], None]]:
            with progress(title, total, self.quiet, unit) as tell:
                yield tell

        return meter
