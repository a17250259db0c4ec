"""Whether runs fit: the bytes that they take at least, against what the machine has free.

What is counted is certain or nearly so: rows of the tables by their record types, the series, the frames
that are made of them. What takes more than there is can't end well, and is refused before it starts; what
takes less may still be too much, since the ledger grows with what firms learn, of which only ``BOOKED`` is
counted.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from pathlib import Path

import psutil

from model.measures import MEASURES
from model.scenario.community_keys import Community
from model.scenario.faults import Fault, InputError, show_path
from model.scenario.schema import Scenario
from model.world import tables as t
from model.world.build import ties_to_come

BOOKED = 0.25
"""Rows of the ledger a firm-quarter at least: shipped worlds have 0.8 to 1.4."""
PACKED = 0.25
"""What a table takes on disk at least, as a share of its bytes in memory: shipped worlds 0.39 to 0.58."""
_NUMBER = 8  # bytes
_LISTED = 16  # bytes a tie: its place in the lists of its two firms
_LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a job of a batch system, or a container
_USED = _LIMIT.with_name("memory.current")


def bytes_of_run(scenario: Scenario, ticks: int, ledger: bool = True) -> dict[str, int]:
    """What one run of so many quarters holds in memory at least, by table.

    ``ledger``: whether its ledger is kept; else one quarter of it is there at a time.
    """
    places = sum(community.places for community in scenario.communities.values())
    ties = sum(_local_ties(community) for community in scenario.communities.values())
    ties += places * scenario.across.ties / 2
    room = ties + ties_to_come(scenario)
    return {
        "firms": 2 * t.FIRM.itemsize * places,  # as they are and as they were
        "ties": int(room * (t.TIE.itemsize + _LISTED)),
        "ledger": int(t.LEDGER.itemsize * BOOKED * places * (ticks if ledger else min(1, ticks))),
        "series": t.SERIES.itemsize * ticks * len(scenario.communities),
    }


def _local_ties(community: Community) -> float:
    places, ties = community.places, community.ties
    if community.topology == "none" or places < 2:
        return 0.0
    return (
        places - 1.0
        if community.topology == "star"
        else min(places * ties, places * (places - 1)) / 2
    )


def bytes_of_frames(scenario: Scenario) -> int:
    """What the series of one run takes as a frame, a column a measure."""
    return _NUMBER * len(MEASURES) * scenario.run.ticks * len(scenario.communities)


def bytes_on_disk(scenario: Scenario, ledger: bool = True) -> int:
    """What the tables of one run take on disk at least, with its ledger or without."""
    held = bytes_of_run(scenario, scenario.run.ticks)["ledger"] if ledger else 0
    booked = held / t.LEDGER.itemsize  # a byte a row
    return int(PACKED * bytes_of_frames(scenario) + booked)


def free_memory() -> int:
    """Bytes of memory that this process may still take."""
    free = psutil.virtual_memory().available
    try:
        limit, used = _LIMIT.read_text().strip(), int(_USED.read_text())
    except (OSError, ValueError):
        return free
    return min(free, int(limit) - used) if limit.isdigit() else free


def free_disk(place: Path) -> int:
    """Bytes free where ``place`` is, or will be."""
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def check_memory(scenarios: Sequence[Scenario], replicates: int, ledger: bool = True) -> None:
    """InputError where the runs of one simulation can't fit into memory together."""
    needs = [
        sum(bytes_of_run(each, each.run.ticks, ledger).values()) + bytes_of_frames(each)
        for each in scenarios
    ]
    free, one = free_memory(), sum(needs)
    if one * replicates <= free:
        return
    firms = sum(c.places for each in scenarios for c in each.communities.values())
    ticks = max(each.run.ticks for each in scenarios)
    runs = "1 run" if replicates == 1 else f"{replicates:,} runs"
    allowed = (
        f"{runs} of {firms:,} firms over {ticks:,} quarters take at least {size(one * replicates)} "
        f"of memory, and {size(free)} are free"
    )
    if free >= one:
        hint = f"at most {free // one:,} fit at a time"
        raise InputError(Fault("", "run.replicates", str(replicates), allowed, hint))
    hint = _smaller(scenarios, free, ledger)
    raise InputError(Fault("", "run.ticks", str(ticks), allowed, hint))


def _smaller(scenarios: Sequence[Scenario], free: int, ledger: bool) -> str:
    """How far a world must shrink whose single run does not fit."""
    tables = [bytes_of_run(each, each.run.ticks, ledger) for each in scenarios]
    by_time = sum(each["series"] + each["ledger"] for each in tables)
    by_time += sum(bytes_of_frames(each) for each in scenarios)
    ever = sum(each["firms"] + each["ties"] for each in tables)
    ticks = max(each.run.ticks for each in scenarios)
    if free > ever and (quarters := math.floor(ticks * (free - ever) / by_time)) > 0:
        return f"write run.ticks = {quarters} or less, or fewer firms"
    return f"write fewer firms, about one in {math.ceil((ever + by_time) / max(1, free))}"


def check_disk(need: int, place: Path, what: str) -> None:
    """InputError where ``need`` bytes of ``what`` can't fit on the disk of a place."""
    free = free_disk(place)
    if need > free:
        allowed = f"{what} take at least {size(need)} of disk, and {size(free)} are free there"
        hint = "free some, choose another --out, or ask for fewer replicates or quarters"
        raise InputError(Fault(show_path(place), "", "", allowed, hint))


def size(number: float) -> str:
    """Bytes as a reader counts them."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 999.5:  # what is written 1,000 is one of the next unit
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:,.0f} TB" if number >= 999.5 else f"{number:.3g} TB"
