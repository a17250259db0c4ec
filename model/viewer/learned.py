"""Who learned from whom, beside the sources of learning: the measures of the network of lessons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import numpy as np

from model.language import say
from model.measures import OF_LESSONS
from model.measures.learning_network import Lessons, lessons_of_run
from model.measures.measure_names import headed
from model.viewer.snapshot import Snapshot
from model.wording.numbers import fixed
from model.wording.units import measured_in

_PLACES = 3  # densities are small


def who_learned(worlds: Sequence[Snapshot], community: str) -> str:
    """A table, a row a measure and a column a world; empty where no lessons are on record."""
    if not all(world.bookings for world in worlds):
        return ""
    networks = [_lessons(world, community) for world in worlds]
    rows = []
    for name, measure in OF_LESSONS.items():
        found = [measure.compute(lessons) for lessons in networks]
        cells = "".join(f'<td class="num">{fixed(value, _PLACES)}</td>' for value in found)
        rows.append(
            f'<tr><th scope="row">{escape(headed(name))}</th>'
            f"<td>{escape(measured_in(measure.unit))}</td>{cells}</tr>"
        )
    letters = "AB"[: len(worlds)] if len(worlds) > 1 else ""
    heads = "".join(f'<th scope="col" class="num">{letter}</th>' for letter in letters)
    first = f"<tr><td></td><td></td>{heads}</tr>" if heads else ""
    return (
        f'<div class="hr-learned"><h3>{escape(say("Who learned from whom"))}</h3>'
        f"<table>{first}{''.join(rows)}</table></div>"
    )


def _lessons(world: Snapshot, community: str) -> Lessons:
    """The lessons of a world so far, of one community or of all."""
    firms = np.asarray(world.firms)
    lessons = lessons_of_run(np.concatenate(world.bookings), firms, world.tick)
    names = world.names.communities
    if community not in names:
        return lessons
    return replace(lessons, here=firms["community"] == names.index(community))
