"""Mutants of tables that users bring are taken or answered in a few lines, never by a crash."""

import random

import pytest

from model.scenario.faults import InputError
from tests.calibration import table_mutants
from tests.calibration.table_mutants import KINDS, trouble


@pytest.mark.parametrize("part", range(4))
def test_no_mutant_is_in_trouble(part: int):
    assert [said for seed in range(12 * part, 12 * part + 12) if (said := trouble(seed))] == []


@pytest.mark.parametrize("take", KINDS, ids=lambda take: take.__name__)
def test_some_mutants_are_taken_and_some_refused(take, tmp_path):
    """Were all refused at once, nothing behind the first check would be tried."""
    taken = []
    for seed in range(40):
        (folder := tmp_path / str(seed)).mkdir()
        try:
            take(folder, random.Random(seed))
        except InputError:
            taken.append(False)
        else:
            taken.append(True)
        if len(set(taken)) == 2:
            return
    raise AssertionError(f"all {'taken' if taken[0] else 'refused'}")


def test_trouble_is_found(monkeypatch):
    def crash(folder, chance):
        raise KeyError("x")

    def babble(folder, chance):
        raise InputError(untold=0)

    monkeypatch.setattr(table_mutants, "KINDS", (crash, babble))
    assert trouble(0).startswith("crashes: KeyError")
    assert trouble(1).startswith("says 0 lines")
