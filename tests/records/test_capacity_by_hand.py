"""What runs are counted to take, against bytes counted by hand; what is free; what is said of it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from model.measures import MEASURES
from model.records import capacity
from model.records.capacity import (
    bytes_of_frames,
    bytes_of_run,
    bytes_on_disk,
    check_disk,
    check_memory,
    free_disk,
    free_memory,
    size,
)
from model.records.records import simulate
from model.scenario.faults import InputError
from model.world.tables import FIRM, LEDGER, SERIES, TIE
from tests.worlds import CENTRE, ONE, TWO, scenario, seats

TICKS = 10
RUN = {"run": {"ticks": TICKS}}
SMALL = scenario(ONE, TWO, RUN)  # 12 firms of 4 ties and 8 of 3
FRAMES = 8 * len(MEASURES) * TICKS * 2
TIES = 12 * 4 // 2 + 8 * 3 // 2


def test_a_run_by_hand():
    """20 firms twice, 36 ties with two places in lists, a quarter row a firm and quarter, 2 x 10 rows."""
    assert bytes_of_run(SMALL, TICKS) == {
        "firms": 2 * 20 * FIRM.itemsize,
        "ties": TIES * (TIE.itemsize + 16),
        "ledger": 5 * TICKS * LEDGER.itemsize,
        "series": 2 * TICKS * SERIES.itemsize,
    }
    assert bytes_of_frames(SMALL) == FRAMES
    assert bytes_on_disk(SMALL) == FRAMES // 4 + 5 * TICKS
    assert bytes_on_disk(SMALL, ledger=False) == FRAMES // 4


def test_of_a_ledger_that_is_not_kept_one_quarter_is_there():
    assert bytes_of_run(SMALL, TICKS, ledger=False)["ledger"] == 5 * LEDGER.itemsize
    assert bytes_of_run(SMALL, 0, ledger=False)["ledger"] == 0
    assert bytes_of_run(SMALL, 3)["ledger"] == 15 * LEDGER.itemsize


@pytest.mark.parametrize(
    ("community", "ties"),
    [
        ({"firms": 12, "ties": 4}, 24),
        ({"firms": 5, "ties": 4}, 10),  # all pairs, and no more
        ({"firms": 5, "ties": 12}, 10),
        ({"firms": 2, "ties": 4}, 1),
        ({"firms": 1, "ties": 4}, 0),
        ({"firms": 9, "ties": 4, "topology": "star"}, 8),
        ({"firms": 9, "ties": 4, "topology": "none"}, 0),
    ],
)
def test_ties_by_hand(community: dict, ties: int):
    world = scenario(ONE, {"communities": {"here": community}})
    assert bytes_of_run(world, 1)["ties"] == ties * (TIE.itemsize + 16)


def test_ties_across_and_room_for_those_of_forums():
    """One tie across a firm has two ends; forums may bring six more ties a firm."""
    across = scenario(ONE, TWO, {"across": {"ties": 1.0}})
    assert bytes_of_run(across, 1)["ties"] == (TIES + 10) * (TIE.itemsize + 16)
    house = CENTRE | {"board": seats("government")}
    met = scenario(ONE, TWO, {"institutions": {"house": house}})
    assert bytes_of_run(met, 1)["ties"] == (TIES + 6 * 20) * (TIE.itemsize + 16)
    none = {"services": house["services"] | {"meeting": 0.0}}
    unmet = scenario(ONE, TWO, {"institutions": {"house": house | none}})
    assert bytes_of_run(unmet, 1)["ties"] == TIES * (TIE.itemsize + 16)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with 5,000 bytes free; the folder in which its limits would stand."""
    there = SimpleNamespace(available=5000, total=9000, free=10)
    monkeypatch.setattr(capacity.psutil, "virtual_memory", lambda: there)
    monkeypatch.setattr(capacity, "_LIMIT", tmp_path / "limit")
    monkeypatch.setattr(capacity, "_USED", tmp_path / "used")
    return tmp_path


@pytest.mark.parametrize(
    ("limit", "used", "free"),
    [
        (None, None, 5000),
        ("3000\n", "1000\n", 2000),
        ("max\n", "1000\n", 5000),
        ("9000\n", "1000\n", 5000),  # the machine has less than the job may take
        ("3000\n", "many\n", 5000),
        ("3000\n", None, 5000),
    ],
)
def test_free_memory_is_that_of_the_machine_or_of_the_job(machine: Path, limit, used, free):
    for name, content in (("limit", limit), ("used", used)):
        if content is not None:
            (machine / name).write_text(content)
    assert free_memory() == free


def test_free_disk_is_that_of_the_place_or_of_where_it_will_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked = []

    def usage(place: Path) -> SimpleNamespace:
        asked.append(place)
        return SimpleNamespace(total=100, used=23, free=77)

    monkeypatch.setattr(capacity.shutil, "disk_usage", usage)
    assert free_disk(tmp_path) == 77
    assert free_disk(tmp_path / "not" / "there") == 77
    assert asked == [tmp_path, tmp_path]


def test_a_disk_holds_what_just_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(capacity, "free_disk", lambda place: 1000 + (place != tmp_path))
    check_disk(1000, tmp_path, "results")
    with pytest.raises(InputError) as refused:
        check_disk(1001, tmp_path, "results")
    assert str(refused.value).endswith(
        "results take at least 1 kB of disk, and 1 kB are free there; free some, choose another "
        "--out, or ask for fewer replicates or quarters"
    )
    assert tmp_path.name in str(refused.value)


ALONE = sum(bytes_of_run(SMALL, TICKS).values()) + FRAMES


def refused(monkeypatch: pytest.MonkeyPatch, free: int, *given: object) -> str:
    """What is said of runs that do not fit into so many bytes; nothing of those that do."""
    monkeypatch.setattr(capacity, "free_memory", lambda: free)
    try:
        check_memory(*given)
    except InputError as error:
        return str(error)
    return ""


def test_what_just_fits_is_run(monkeypatch: pytest.MonkeyPatch):
    assert refused(monkeypatch, 3 * ALONE, (SMALL,), 3) == ""
    assert refused(monkeypatch, 4 * ALONE, (SMALL, SMALL), 2) == ""
    assert refused(monkeypatch, 4 * ALONE - 1, (SMALL, SMALL), 2) != ""
    without = ALONE - 5 * (TICKS - 1) * LEDGER.itemsize
    assert refused(monkeypatch, without, (SMALL,), 1, False) == ""
    assert refused(monkeypatch, without - 1, (SMALL,), 1, False) != ""


def test_runs_that_do_not_fit_are_told_with_how_many_would(monkeypatch: pytest.MonkeyPatch):
    said = refused(monkeypatch, 3 * ALONE - 1, (SMALL,), 3)
    assert said == (
        f"run.replicates = 3: 3 runs of 20 firms over 10 quarters take at least {size(3 * ALONE)} "
        f"of memory, and {size(3 * ALONE - 1)} are free; at most 2 fit at a time"
    )
    assert refused(monkeypatch, ALONE, (SMALL,), 2).endswith("at most 1 fit at a time")
    longer = scenario(ONE, {"run": {"ticks": 11}})
    said = refused(monkeypatch, 10 * ALONE, (SMALL, longer), 1234)
    assert "run.replicates = 1234: 1,234 runs of 32 firms over 11 quarters" in said


def test_a_run_that_does_not_fit_is_told_how_long_it_may_be(monkeypatch: pytest.MonkeyPatch):
    """Firms and ties are there whatever the horizon; a quarter takes a tenth of the rest."""
    tables = bytes_of_run(SMALL, TICKS)
    ever = tables["firms"] + tables["ties"]
    quarter = (ALONE - ever) / TICKS
    said = refused(monkeypatch, int(ever + 4.5 * quarter), (SMALL,), 1)
    assert said.startswith("run.ticks = 10: 1 run of 20 firms over 10 quarters take")
    assert said.endswith("write run.ticks = 4 or less, or fewer firms")
    said = refused(monkeypatch, int(ever + 1.5 * quarter), (SMALL,), 1)
    assert said.endswith("write run.ticks = 1 or less, or fewer firms")
    said = refused(monkeypatch, int(2 * ever + 7.5 * quarter), (SMALL, SMALL), 1)
    assert said.endswith("write run.ticks = 3 or less, or fewer firms")


def test_without_its_ledger_a_run_may_be_longer(monkeypatch: pytest.MonkeyPatch):
    """Refused with a ledger and run without; where neither fits, the ledger counts in what is told."""
    tables = bytes_of_run(SMALL, TICKS, ledger=False)
    ever = tables["firms"] + tables["ties"]
    lean = sum(tables.values()) + FRAMES
    monkeypatch.setattr(capacity, "free_memory", lambda: lean)
    check_memory((SMALL,), 1, ledger=False)
    simulate(SMALL, 1, ledger=False)
    with pytest.raises(InputError):
        check_memory((SMALL,), 1)
    monkeypatch.setattr(capacity, "free_memory", lambda: int(ever + 0.402 * (lean - ever)))
    with pytest.raises(InputError, match=r"write run\.ticks = 4 or less"):
        check_memory((SMALL,), 1, ledger=False)


def test_a_world_that_does_not_fit_is_told_how_small_it_must_be(monkeypatch: pytest.MonkeyPatch):
    """Where not even one quarter fits: 2.5 times too large means one firm in three."""
    tables = bytes_of_run(SMALL, TICKS)
    ever = tables["firms"] + tables["ties"]
    quarter = (ALONE - ever) / TICKS
    for free in (int(ever + 0.5 * quarter), ever, ALONE * 2 // 5):
        said = refused(monkeypatch, free, (SMALL,), 1)
        wanted = f"write fewer firms, about one in {-(-ALONE // free)}"
        assert said.endswith(wanted) or free > ever + quarter
    assert refused(monkeypatch, 0, (SMALL,), 1).endswith(f"about one in {ALONE}")


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (1234567, "1.23 MB"),
        (999_600, "1 MB"), (999_400, "999 kB"), (5e9, "5 GB"), (2e12, "2 TB"), (1.5e12, "1.5 TB"),
        (999.6e12, "1,000 TB"), (5.4e15, "5,400 TB"),
    ],
)  # fmt: skip
def test_bytes_as_a_reader_counts_them(number: float, told: str):
    assert size(number) == told
