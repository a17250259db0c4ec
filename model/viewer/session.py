"""One visitor's view: the designs chosen, the worlds in motion, and how they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import solara

from model.scenario.faults import InputError, Key, show_path
from model.scenario.toml import Table
from model.viewer.canvas import scene
from model.viewer.chart_tabs import ALL
from model.viewer.comparing import CompareNews, ComparisonJob, workers_for
from model.viewer.design import DesignDraft, in_step, open_design
from model.viewer.levers import moved
from model.viewer.library import AS_FILED, is_experiment, key_of, take_in
from model.viewer.map import Places, lay_out
from model.viewer.player import Player, Status
from model.viewer.snapshot import Frame, Snapshot
from model.viewer.view_request import (
    SERVER,
    ViewRequest,
    as_request,
    designs_of,
    file_of,
    may_open,
    twins,
)

SHOWN = {
    "local": True, "across": True, "forum": True, "contract": True, "member": False, "reach": True,
}  # fmt: skip
"""Kinds of lines on the map, and whether they are drawn at first."""


class Session:
    """State of one page. Reading a reactive's value in a component redraws it when that changes."""

    def __init__(self, wanted: Callable[[], ViewRequest]) -> None:
        self.scenario = solara.reactive("")  # key of the scenario that is picked
        self.designs: solara.Reactive[tuple[DesignDraft, ...]] = solara.reactive(())
        self.hand = solara.reactive(0)  # which design the levers move
        self.frame: solara.Reactive[Frame | None] = solara.reactive(None)
        self.status = solara.reactive(Status())
        self.fault = solara.reactive("")  # what is wrong with what was last asked for
        self.colour = solara.reactive("product")
        self.show: solara.Reactive[Mapping[str, bool]] = solara.reactive(dict(SHOWN))
        self.community = solara.reactive(ALL)
        self._opened: dict[str, Path] = {}  # files opened by hand, by what they are called
        self._acks: dict[int, int] = {}
        self.compared = solara.reactive(CompareNews())
        self.job = ComparisonJob(self.compared.set, workers_for(SERVER.local))
        self.runner = Player(self.frame.set, self.status.set)
        try:
            self._begin(wanted())
        except InputError as error:
            self.fault.value = str(error)

    def close(self) -> None:
        """End the threads, let the worlds go."""
        self.runner.close()
        self.job.close()
        if self._acks:
            SERVER.visitors.left()

    @property
    def design(self) -> DesignDraft:
        """The one that the levers move."""
        return self.designs.value[min(self.hand.value, len(self.designs.value) - 1)]

    @property
    def twin(self) -> bool:
        """Whether two worlds run side by side."""
        return len(self.designs.value) == 2

    def files(self) -> tuple[str, ...]:
        """Scenarios opened by hand, to be picked again."""
        return tuple(self._opened)

    def address(self) -> str:
        """The query of this view's address."""
        return as_request(self.scenario.value, self.designs.value).query()

    def pick(self, key: str | None) -> None:
        """Show another scenario as its file says it; a twin view gets a twin of it."""
        if not key:  # the box was emptied
            return
        path = self._opened.get(key)

        def fresh() -> tuple[DesignDraft, ...]:
            design = open_design(path or file_of(key))
            return twins(design) if self.twin else (design,)

        if self._try(fresh):
            self.scenario.value = key
            self.community.value = ALL

    def open_file(self, text: str) -> None:
        """Show a scenario file by its path; of an experiment its world, with its arms as designs."""
        if not text.strip():
            return
        world = Path(text.strip()).expanduser()

        def fresh() -> tuple[DesignDraft, ...]:
            nonlocal world
            given, ready = may_open(world), AS_FILED
            if is_experiment(given):
                world, ready = take_in(given)
            design = open_design(world, ready)
            return twins(design) if ready and self.twin else (design,)

        if self._try(fresh):
            name = key_of(world) or show_path(world)
            if not key_of(world):
                self._opened[name] = world
            self.hand.value = len(self.designs.value) - 1
            self.scenario.value = name
            self.community.value = ALL

    def set_twin(self, wanted: bool) -> None:
        """One world, or two."""
        first = self.designs.value[-1]  # of twins the design stays, not what there is
        self.hand.value = int(wanted)
        self._try(lambda: twins(first) if wanted else (first,))

    def ready(self, key: str) -> None:
        """Another ready-made design."""
        self._change(lambda design: design.with_ready(key))

    def move(self, key: Key, value: Any) -> None:
        """A lever is moved. What belongs to the run (seed, horizon) is the same for twins."""
        if key[0] == "run":
            self._try(lambda: tuple(moved(design, key, value) for design in self.designs.value))
        else:
            self._change(lambda design: moved(design, key, value))

    def write(self, setting: str) -> bool:
        """Any key at all, as ``--set`` takes it; whether that was possible."""
        if setting.strip().startswith("run."):
            return self._try(lambda: tuple(design.write(setting) for design in self.designs.value))
        return self._change(lambda design: design.write(setting))

    def add(self, table: str, name: str, content: Table) -> None:
        """An institution or instrument more."""
        self._change(lambda design: design.move((table, name), content))

    def shock(self, name: str, change: Table) -> None:
        """Something happens: both worlds live up to this quarter again, and then through it."""
        tick = self.frame.value.worlds[0].tick if self.frame.value else 0
        self._change(lambda design: design.move(("timetable", name), change), until=tick)

    def take_out(self, key: Key) -> None:
        """An institution, instrument or event less."""
        self._change(lambda design: design.move(key, None))

    def restore(self) -> None:
        """The design in hand as its file says it."""
        self._change(lambda design: replace(design, ready=AS_FILED, moved={}))

    def reset(self) -> None:
        """The same world again, from the start."""
        self.runner.load(self._scenarios())

    def acknowledge(self, world: int, number: int) -> None:
        """One of the canvases has drawn a frame; the play goes on when all have."""
        if not self._acks:
            SERVER.visitors.came()
        self._acks[world] = number
        worlds = len(self.designs.value)
        self.runner.drawn(min(self._acks.get(each, 0) for each in range(worlds)))

    def _begin(self, wanted: ViewRequest) -> None:
        self.scenario.value = wanted.scenario
        if self._try(lambda: designs_of(wanted)):
            self.hand.value = len(self.designs.value) - 1  # of twins the design, not what there is

    def _change(self, how: Callable[[DesignDraft], DesignDraft], until: int = 0) -> bool:
        """Change the design in hand."""
        at = min(self.hand.value, len(self.designs.value) - 1)

        def changed() -> tuple[DesignDraft, ...]:
            return tuple(how(d) if i == at else d for i, d in enumerate(self.designs.value))

        return self._try(changed, until)

    def _try(self, make: Callable[[], tuple[DesignDraft, ...]], until: int = 0) -> bool:
        """Show what ``make`` gives, or say why it can't be; what is shown stays then."""
        try:
            designs = in_step(make())
            for design in designs:
                design.scenario  # noqa: B018  found wrong here
        except InputError as error:
            self.fault.value = str(error)
            return False
        self.fault.value = ""
        self.designs.value = designs
        self.runner.load(self._scenarios(), until)
        return True

    def _scenarios(self) -> tuple[Any, ...]:
        return tuple(design.scenario for design in self.designs.value)


def stands(world: Snapshot) -> tuple[Places, dict[str, Any]]:
    """Where everything stands in a world, and the scene; made once a scenario."""
    found = lay_out(world)
    return found, scene(world, found)
