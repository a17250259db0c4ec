"""The main job on few clusters and draws, for tests of its files, its page and its brief."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from calibration.commands import main_job
from calibration.evidence.case_tables import Case, load_cases
from run import door

FEW = tuple({case.sector_group: case for case in load_cases()}.values())
"""A cluster of each sector."""


def run_small_main_job(out: Path, cases: Sequence[Case] = FEW, drawn: bool = True) -> Path:
    """Run it into a folder, with its figures or without; returns that folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main_job, "load_cases", lambda: cases)
        if not drawn:
            patch.setattr(main_job, "figures", lambda *_: {})
        patch.setattr(main_job, "DRAWS", (2, 3))
        patch.setattr(main_job, "IN_CLUSTERS", 2)
        assert door(["--quiet", "--json", "--out", str(out)]) == 0
    return out
