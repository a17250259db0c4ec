"""Progress of runs: counts, rate, time left, failures; a line now and then where there is no terminal."""

import pytest

from model import compiler
from model.report import progress
from model.report.progress import counted_runs
from model.report.progress import progress as quarters_done


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """The time, in a list so that a test can move it."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(compiler, "cold", lambda: False)  # nor a line about compiling
    return now


def test_what_is_counted(clock: list[float], capsys):
    with counted_runs("A sweep", 1200) as tell:
        tell(200, 1, True)
        clock[0] += 50.0
        tell(100, 0, False)
        clock[0] += 11.0
        tell(100, 2, False)
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "A sweep: 1,200 runs ...",
        "A sweep: 200 of 1,200 runs, 200 of them there already, 1 point failed",
        "A sweep: 400 of 1,200 runs, 200 of them there already, 9.09 a second, 88 s left, "
        "3 points failed",
    ]


def test_a_plain_line_a_minute_and_no_more(clock: list[float], capsys):
    with counted_runs("A sweep", 1000) as tell:
        for _ in range(100):
            clock[0] += 3.0
            tell(10, 0, False)
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 + 4
    assert said[1].endswith("210 of 1,000 runs, 3.33 a second, 4 min left, none failed")


def test_what_does_more_than_it_was_asked_for_has_no_time_left(clock: list[float], capsys):
    """A search finishes the round that it has begun."""
    with counted_runs("Search", 100) as tell:
        for _ in range(11):
            clock[0] += 61.0
            tell(10, 0, False)
    said = capsys.readouterr().err.splitlines()
    assert said[-2].endswith("100 of 100 runs, 0.164 a second, none failed")
    assert said[-1].endswith("110 of 110 runs, 0.164 a second, none failed")


def test_quiet_is_quiet(capsys):
    with counted_runs("A sweep", 10, quiet=True) as tell:
        tell(10, 0, False)
    assert capsys.readouterr().err == ""


def test_what_happens_once_does_not_count_as_pace(clock: list[float], capsys):
    """A minute of compiling before the first piece; then a piece every ten seconds."""
    with quarters_done("A run", 1000) as tell:
        clock[0] += 70.0
        tell(100)
        for _ in range(7):
            clock[0] += 10.0
            tell(100)
    said = capsys.readouterr().err.splitlines()
    assert said[1:] == [
        "A run: 100 of 1,000 run-quarters",
        "A run: 700 of 1,000 run-quarters, 30 s left",
    ]
