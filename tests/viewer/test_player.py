"""The runner: what is asked for is done in order, and never faster than the page draws."""

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from model.engine.ensemble import Ensemble
from model.viewer import player as module
from model.viewer.chart_tabs import headline
from model.viewer.firm_html import firm_html
from model.viewer.player import Player, Status
from model.viewer.snapshot import Frame, snapshot
from model.world.build import build
from tests.worlds import ACROSS, EVERYTHING, ONE, TWO, scenario

HORIZON = 12
LIVE = scenario(*EVERYTHING, {"run": {"ticks": HORIZON}})
PATIENCE = 60.0


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two tables hold the same; what lies between their columns means nothing."""
    return all(one[name].tobytes() == other[name].tobytes() for name in one.dtype.names)


class Page:
    """Keeps the frames it is handed, and draws them if it is told to."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.said: list[Status] = []
        self.draws = True
        self.news = threading.Condition()
        self.runner = Player(self.show, self.tell)
        self.runner.pause = 0.0

    def show(self, frame: Frame) -> None:
        with self.news:
            self.frames.append(frame)
            self.news.notify_all()
        if self.draws:
            self.runner.drawn(frame.number)

    def tell(self, status: Status) -> None:
        with self.news:
            self.said.append(status)
            self.news.notify_all()

    def wait(self, until: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(until, PATIENCE)

    def at(self, tick: int) -> Frame:
        """The last frame, once it is of a quarter."""
        self.wait(lambda: bool(self.frames) and self.frames[-1].worlds[0].tick == tick)
        return self.frames[-1]


@pytest.fixture
def page() -> Iterator[Page]:
    shown = Page()
    yield shown
    shown.runner.close()


def test_it_shows_what_the_engine_does(page: Page):
    page.runner.load((LIVE,))
    page.at(0)
    page.runner.step()
    page.runner.step()
    shown = page.at(2).worlds[0]
    alone = Ensemble(build((LIVE,), (0,)), HORIZON)
    alone.advance(2)
    assert alike(shown.firms, snapshot(alone).firms)
    assert alike(shown.series, snapshot(alone).series)


def test_a_new_load_is_the_same_world_again(page: Page):
    page.runner.load((LIVE,))
    page.runner.to_end()
    first = page.at(HORIZON).worlds[0].firms
    page.runner.load((LIVE,))
    page.at(0)
    page.runner.to_end()
    assert alike(page.at(HORIZON).worlds[0].firms, first)
    other = LIVE.model_copy(update={"run": LIVE.run.model_copy(update={"seed": 9})})
    page.runner.load((other,), HORIZON)
    page.wait(lambda: page.frames[-1].worlds[0].scenario is other)
    assert not alike(page.frames[-1].worlds[0].firms, first)


def test_an_earlier_quarter_is_lived_through_again_as_it_was(page: Page):
    page.runner.load((LIVE,))
    page.runner.step()
    page.runner.step()
    page.runner.step()
    third, first = page.at(3).worlds[0], page.frames[1].worlds[0]
    page.runner.go_to(1)
    again = page.at(1).worlds[0]
    assert alike(again.firms, first.firms)
    page.runner.go_to(3)
    assert alike(page.at(3).worlds[0].firms, third.firms)
    page.runner.go_to(HORIZON + 9)
    page.at(HORIZON)


def test_how_a_firm_grew_is_told_against_a_year_ago(page: Page):
    page.runner.load((LIVE,))
    page.runner.to_end()
    now = page.at(HORIZON).worlds[0]
    page.runner.go_to(HORIZON - 4)
    then = page.at(HORIZON - 4).worlds[0]
    stayed = (now.firms["born"] == then.firms["born"]) & (then.firms["active"] == 1)
    assert stayed.any()
    assert np.array_equal(now.before[stayed], then.firms["workers"][stayed])
    assert np.isnan(now.before[~stayed]).all()


def test_a_play_waits_for_the_page_to_draw(page: Page):
    page.runner.load((LIVE,))
    page.at(0)
    page.draws = False
    page.runner.play()
    page.at(1)
    time.sleep(0.3)
    assert page.frames[-1].worlds[0].tick == 1
    page.runner.drawn(page.frames[-1].number)
    page.at(2)


def test_a_play_ends_when_nobody_looks(page: Page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_PATIENCE", 0.2)
    page.runner.load((LIVE,))
    page.at(0)
    page.draws = False
    page.runner.play()
    page.wait(lambda: any(status.playing for status in page.said))
    page.wait(lambda: not page.said[-1].playing)
    assert page.frames[-1].worlds[0].tick == 1
    page.draws = True  # somebody looks again
    page.runner.play()
    page.at(HORIZON)


def test_a_play_goes_to_the_end_and_can_be_halted(page: Page):
    page.runner.load((LIVE,))
    page.runner.play()
    page.at(HORIZON)
    page.wait(lambda: not page.said[-1].playing)
    ticks = [frame.worlds[0].tick for frame in page.frames]
    assert ticks == list(range(HORIZON + 1))  # every quarter was drawn
    page.runner.load((LIVE,))
    page.runner.pause = 0.2
    page.runner.play()
    page.at(1)
    page.runner.halt()
    page.wait(lambda: not page.said[-1].playing)
    halted = page.frames[-1].worlds[0].tick
    page.runner.step()
    page.at(halted + 1)


def test_of_many_changes_in_a_row_the_last_is_shown(page: Page):
    for ticks in range(2, HORIZON):
        page.runner.load((scenario(*EVERYTHING, {"run": {"ticks": ticks}}),))
    page.wait(lambda: page.frames and page.frames[-1].worlds[0].scenario.run.ticks == HORIZON - 1)
    assert len(page.frames) < HORIZON


def test_alike_twins_never_part_and_others_do(page: Page):
    page.runner.load((LIVE, LIVE))
    page.runner.to_end()
    same = page.at(HORIZON)
    assert (same.parted < 0).all()
    richer = scenario(
        *EVERYTHING,
        {"run": {"ticks": HORIZON}, "institutions": {"everybody": {"budget": 40.0}}},
    )
    page.runner.load((LIVE, richer), HORIZON)
    page.wait(lambda: page.frames[-1].worlds[1].scenario is richer)
    assert 0 < page.frames[-1].parted.max() <= HORIZON


def test_twins_of_other_places_are_shown_without_marks(page: Page):
    page.runner.load((scenario(ONE, TWO, ACROSS), scenario(ONE)), 3)
    shown = page.at(3)
    assert (shown.parted < 0).all()
    assert "no lives are compared" in headline(*shown.worlds, shown.parted)
    page.runner.look_at(len(shown.worlds[1].firms))  # there in one of them only
    page.runner.look_at(2)
    page.wait(lambda: len(page.frames[-1].cards) == 2)
    assert not page.said or page.said[-1].trouble == ""


def test_a_firm_is_read_about_and_its_lessons_are_those_of_the_ledger(page: Page):
    page.runner.load((LIVE,))
    page.runner.to_end()
    page.at(HORIZON)
    page.runner.look_at(0)
    page.wait(lambda: bool(page.frames[-1].cards))
    (card,) = page.frames[-1].cards
    alone = Ensemble(build((LIVE,), (0,)), HORIZON)
    alone.advance(HORIZON)
    own = (alone.ledger["firm"] == 0) & (alone.ledger["born"] == card.firm.born)
    assert sum(lesson.practices for lesson in card.lessons) == np.count_nonzero(own)
    assert "What it could learn now" in firm_html(card, LIVE)
    page.runner.look_at(-1)
    page.wait(lambda: not page.frames[-1].cards)


def test_it_outlives_what_goes_wrong(page: Page, monkeypatch: pytest.MonkeyPatch):
    page.runner.load((LIVE,))
    page.at(0)
    with monkeypatch.context() as broken:
        broken.setattr(Ensemble, "advance", lambda *_: 1 / 0)
        page.runner.step()
        page.wait(lambda: bool(page.said) and page.said[-1].trouble != "")
    assert "Traceback" not in page.said[-1].trouble
    page.runner.step()
    page.at(1)
