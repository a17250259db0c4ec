"""Whether points fit: what running and keeping them takes at least, against what there is.

Runs of a point go one after another where they are large, so a long list of replicates needs no memory;
but each worker holds one run of each point that it is at, and what is kept of all points has to find room
on the disk of the store, and in memory when tables are made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from model.experiments.points.point import Point
from model.records.capacity import bytes_of_run, check_disk, free_memory, size
from model.scenario.faults import Fault, InputError

_NUMBER = 8  # bytes


def check_room(points: Sequence[Point], store: Path, workers: int, here: bool) -> None:
    """InputError where points can't fit; ``here``: they run on this machine, not on a cluster."""
    kept = sum(map(bytes_kept, points))
    check_disk(kept, store, f"numbers of {len(points):,} points")
    if here:
        _check_memory(points, kept, workers)


def bytes_kept(point: Point) -> int:
    """What the quantities of a point take, in the store and in the table made of it."""
    places = 1 + len(point.scenario.communities) * point.keep.communities
    return _NUMBER * point.count * places * len(point.keep.quantities)


def _check_memory(points: Sequence[Point], kept: int, workers: int) -> None:
    free = free_memory()
    if kept > free:
        allowed = f"the table of {len(points):,} points takes at least {size(kept)} of memory"
        hint = "ask for fewer points, replicates or outcomes, or run shards and read their stores"
        raise InputError(Fault("", "", "", f"{allowed}, and {size(free)} are free", hint))
    known: dict[tuple[int, int, bool], int] = {}  # by the scenario, of which many points are made
    needs = []
    for point in points:
        key = id(point.scenario), point.horizon, point.keep.records
        if key not in known:
            known[key] = sum(
                bytes_of_run(point.scenario, point.horizon, point.keep.records).values()
            )
        needs.append(known[key])
    largest = max(needs)
    together = sum(sorted(needs)[:workers])  # whatever the order, so much is there at a time
    if largest > free:
        allowed = f"one run takes at least {size(largest)} of memory, and {size(free)} are free"
        hint = "ask for fewer firms or quarters"
        raise InputError(Fault("", "", "", allowed, hint))
    if together > free:
        fitting = sum(need <= free for need in accumulate(sorted(needs)[:workers]))
        allowed = f"runs side by side take at least {size(together)} of memory"
        allowed = f"{allowed}, and {size(free)} are free"
        raise InputError(Fault("", "--workers", str(workers), allowed, f"write {fitting} or less"))
