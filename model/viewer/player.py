"""Steps one or two worlds in a thread of a session's own.

The page gives orders and is handed frames; it never touches a world in motion. The next quarter of
a play begins when the page has drawn the last frame, so that a slow page slows the play down
and is never flooded. Orders wait for the quarter that is running and for nothing else.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from model.engine.ensemble import Ensemble
from model.language import noted, say
from model.scenario.schema import Scenario
from model.viewer.design import open_design
from model.viewer.firm import Card, card
from model.viewer.library import path_of, shipped
from model.viewer.snapshot import Frame, Snapshot, comparable, lives_apart, never_parted, snapshot
from model.world.build import build

_LOG = logging.getLogger(__name__)
_PATIENCE = 20.0  # seconds without an answer after which nobody looks any more
_YEAR = 4  # quarters
_NEWS = 0.2  # seconds between two words about a run that is not drawn
_WAIT = noted("Making the model ready; the first time on a machine this takes about a minute.")
_READY, _MAKING = threading.Event(), threading.Lock()


@dataclass(frozen=True)
class Status:
    """What a session is doing."""

    playing: bool = False
    busy: str = ""  # what takes longer than a blink, in words
    trouble: str = ""  # why the last order was not carried out


def make_ready() -> None:
    """Load the engine, and compile it where that was not done yet; at once if it is ready."""
    with _MAKING:
        if _READY.is_set():
            return
        some = open_design(path_of(next(iter(shipped())))).scenario
        ensemble = Ensemble(build((some,), (0,)), 1)
        ensemble.advance(1)
        card(ensemble, 0)
        _READY.set()


class Player:
    """The worlds of one session in motion.

    ``show`` is handed every new frame and ``tell`` every change of status, both from the runner's
    thread; they must return soon. ``pause``: seconds between frames of a play.
    """

    def __init__(self, show: Callable[[Frame], None], tell: Callable[[Status], None]) -> None:
        self.pause = 1 / 8
        self._show, self._tell = show, tell
        self._status = Status()
        self._worlds: tuple[Ensemble, ...] = ()
        self._scenarios: tuple[Scenario, ...] = ()
        self._years: tuple[deque[np.ndarray], ...] = ()  # of each world, its firms in the last year
        self._parted = never_parted(0)
        self._chosen = -1
        self._number = 0
        self._drawn = 0
        self._shown_at = 0.0
        self._orders: deque[tuple[str, Callable[[], None]]] = deque()
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="highroad-runner", daemon=True)
        self._thread.start()

    def load(self, scenarios: tuple[Scenario, ...], until: int = 0) -> None:
        """Build new worlds, which share the first one's seed, and advance to a quarter."""
        self._order("load", lambda: self._load(scenarios, until))

    def step(self) -> None:
        """One quarter forward; ends a play."""
        self._order("step", self._step_once)

    def play(self) -> None:
        """Go on, frame by frame, until told otherwise or to the end."""
        self._order("play", self._play)

    def halt(self) -> None:
        """End a play or a run to the end after the quarter that is running."""
        self._order("halt", lambda: self._say(playing=False, busy=""))

    def to_end(self) -> None:
        """Run to the horizon and draw only the last quarter."""
        self._order("to_end", self._to_end)

    def go_to(self, tick: int) -> None:
        """Show a quarter; an earlier one is lived through again on the same random numbers."""
        self._order("go", lambda: self._go_to(tick))

    def look_at(self, row: int) -> None:
        """Choose the firm of a row to read about; -1 for none."""
        self._order("look", lambda: self._look_at(row))

    def drawn(self, number: int) -> None:
        """The page has drawn a frame."""
        with self._wake:
            self._drawn = max(self._drawn, number)
            self._wake.notify_all()

    def close(self) -> None:
        """End the thread; the worlds are let go."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def _order(self, what: str, carry_out: Callable[[], None]) -> None:
        with self._wake:
            if what == "load":  # of several new worlds asked for in a row only the last is wanted
                self._orders = deque(order for order in self._orders if order[0] == "look")
            self._orders.append((what, carry_out))
            self._wake.notify_all()

    def _work(self) -> None:
        while True:
            with self._wake:
                while not (self._closed or self._orders or self._may_go_on()):
                    self._wake.wait(self._until_due())
                if self._closed:
                    break
                order = self._orders.popleft()[1] if self._orders else self._next_frame
            try:
                order()
            except Exception:  # noqa: BLE001  a session must outlive whatever goes wrong in a world
                _LOG.exception("the viewer could not carry out an order")
                self._say(playing=False, busy="", trouble=say("Something went wrong in the model; "
                          "the terminal says what. Reset starts anew."))  # fmt: skip
        self._worlds = ()

    def _may_go_on(self) -> bool:
        """Whether a play is on and its next frame due."""
        if not self._status.playing:
            return False
        since = time.monotonic() - self._shown_at
        if self._drawn >= self._number:
            return since >= self.pause
        return since >= _PATIENCE

    def _until_due(self) -> float | None:
        if not self._status.playing:
            return None
        wanted = self.pause if self._drawn >= self._number else _PATIENCE
        return max(0.001, wanted - (time.monotonic() - self._shown_at))

    def _play(self) -> None:
        if self._worlds and self._drawn < self._number:
            self._publish()  # the last frame may have been lost: ask again whether somebody looks
        self._say(playing=not self._ended(), trouble="")

    def _next_frame(self) -> None:
        if self._drawn < self._number:
            self._say(playing=False)  # nobody has looked for a while
            return
        self._advance(1)
        self._publish()
        if self._ended():
            self._say(playing=False)

    def _step_once(self) -> None:
        if self._status.playing:
            self._say(playing=False)
        if not self._ended():
            self._advance(1)
            self._publish()

    def _to_end(self) -> None:
        self._say(playing=False, trouble="")
        told = time.monotonic()
        while not (self._ended() or self._interrupted()):
            self._advance(1)
            if time.monotonic() - told > _NEWS:
                told = time.monotonic()
                self._say(
                    busy=say(
                        "Running to the end: quarter {quarter} of {quarters}",
                        quarter=self._tick(), quarters=self._horizon(),
                    )
                )  # fmt: skip
        self._say(busy="")
        self._publish()

    def _load(self, scenarios: tuple[Scenario, ...], until: int) -> None:
        self._say(playing=False, busy=say(_WAIT) if not _READY.is_set() else "", trouble="")
        make_ready()
        self._scenarios = scenarios
        self._begin()
        self._advance(min(until, self._horizon()))
        self._say(busy="")
        self._publish()

    def _go_to(self, tick: int) -> None:
        self._say(playing=False, trouble="")
        if not self._worlds:
            return
        if tick < self._tick():
            self._begin()
        self._advance(max(0, tick - self._tick()))
        self._publish()

    def _begin(self) -> None:
        """The worlds at their start."""
        scenarios, seed = self._scenarios, self._scenarios[0].run.seed
        self._worlds = tuple(Ensemble(build((s,), (0,), seed), s.run.ticks) for s in scenarios)
        self._parted = never_parted(len(self._worlds[0].world.firms))
        if self._chosen >= self._places():
            self._chosen = -1
        self._years = tuple(deque([self._firms(e)], _YEAR + 1) for e in self._worlds)

    def _look_at(self, row: int) -> None:
        self._chosen = row if 0 <= row < self._places() else -1
        if self._worlds:
            self._publish()

    def _advance(self, quarters: int) -> None:
        """All worlds, quarter by quarter, so that lives that part for a while are seen to."""
        for _ in range(min(quarters, self._horizon() - self._tick())):
            for ensemble, year in zip(self._worlds, self._years, strict=True):
                ensemble.advance(min(self._tick_of(ensemble) + 1, ensemble.horizon))
                year.append(self._firms(ensemble))
            if len(self._worlds) == 2:
                self._compare(*(snapshot(ensemble) for ensemble in self._worlds))

    def _compare(self, one: Snapshot, other: Snapshot) -> None:
        if comparable(one, other):
            self._parted[(self._parted < 0) & lives_apart(one, other)] = one.tick

    def _publish(self) -> None:
        self._number += 1
        cards: tuple[Card, ...] = ()
        if self._chosen >= 0:
            cards = tuple(card(ensemble, self._chosen) for ensemble in self._worlds)
        worlds = tuple(
            snapshot(ensemble, year[0])
            for ensemble, year in zip(self._worlds, self._years, strict=True)
        )
        frame = Frame(self._number, worlds, self._parted.copy(), self._chosen, cards)
        self._shown_at = time.monotonic()
        if not self._closed:
            self._show(frame)

    def _say(self, **news: bool | str) -> None:
        status = replace(self._status, **news)  # type: ignore[arg-type]
        if status != self._status and not self._closed:
            self._status = status
            self._tell(status)

    def _interrupted(self) -> bool:
        with self._wake:
            return self._closed or any(what != "look" for what, _ in self._orders)

    def _places(self) -> int:
        """Places for firms that all worlds have."""
        return min((len(ensemble.world.firms) for ensemble in self._worlds), default=0)

    @staticmethod
    def _firms(ensemble: Ensemble) -> np.ndarray:
        """What tells how a firm grew: its workers, and whether it is still the same firm."""
        return np.array(ensemble.world.firms[["born", "active", "workers"]])

    @staticmethod
    def _tick_of(ensemble: Ensemble) -> int:
        return int(ensemble.world.runs[0].tick)

    def _tick(self) -> int:
        return self._tick_of(self._worlds[0])

    def _horizon(self) -> int:
        return max(ensemble.horizon for ensemble in self._worlds)

    def _ended(self) -> bool:
        return not self._worlds or self._tick() >= self._horizon()
