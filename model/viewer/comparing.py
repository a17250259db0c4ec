"""Two designs run many times over, at the visitor's wish: ``run.py compare`` in a process of its own.

Files are written into a temporary folder that goes when the server ends, and nowhere else. One comparison
runs at a time, however many visitors there are; its size and its time are bounded.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from model.experiments.arms import points_of
from model.experiments.experiment import load_experiment
from model.experiments.points.point import Point
from model.experiments.points.runner import store_path
from model.experiments.points.store import Store
from model.language import ENGLISH, say, signed_as_here, spoken
from model.provenance import DOOR, PACKAGE
from model.scenario.faults import InputError
from model.viewer.design import DesignDraft
from model.viewer.report_links import offer
from model.viewer.twin_experiment import EXPERIMENT, experiment_files

REPLICATES = 40
MOST = 60_000_000  # firm-quarters: a minute or two of one core
_LONGEST = 900.0  # seconds after which it is ended
_BETWEEN = 0.3  # seconds between two looks at how far it is
_GRACE = 10.0  # seconds to end by itself when asked to
_LOG = logging.getLogger(__name__)
_ONE = threading.Lock()
_LEAVING = threading.Event()
_RUNNING: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class CompareNews:
    """How a comparison stands."""

    title: str = ""
    running: bool = False
    done: int = 0  # runs
    total: int = 0
    trouble: str = ""
    report: str = ""  # addresses on this server, once it has ended well
    files: str = ""


class ComparisonJob:
    """The comparisons of one visitor, one after another; ``tell`` hears how they stand, from a thread."""

    def __init__(self, tell: Callable[[CompareNews], None], workers: int = 1) -> None:
        self._tell, self._workers = tell, workers
        self._news = CompareNews()
        self._stop = threading.Event()
        self._closed = False

    def start(self, designs: Sequence[DesignDraft]) -> None:
        """Begin, unless one is running already, here or for another visitor."""
        if self._news.running:
            return
        if not _ONE.acquire(blocking=False):
            self._say(
                CompareNews(
                    trouble=say("Another comparison is running on this server; try again later.")
                )
            )
            return
        self._stop.clear()
        one, other = designs
        self._say(
            CompareNews(say("A: {one}, B: {other}", one=one.title, other=other.title), running=True)
        )
        threading.Thread(target=self._work, args=(one, other), daemon=True).start()

    def cancel(self) -> None:
        """End it; nothing is kept."""
        self._stop.set()

    def close(self) -> None:
        """The visitor has gone."""
        self._closed = True
        self._stop.set()

    def _work(self, one: DesignDraft, other: DesignDraft) -> None:
        folder = Path(tempfile.mkdtemp(dir=_room()))
        try:
            self._say(self._compare(folder, one, other))
        except InputError as error:
            self._say(replace(self._news, running=False, trouble=str(error)))
        except Exception:  # noqa: BLE001  the page must outlive whatever goes wrong here
            if _LEAVING.is_set():  # and its files have gone
                return
            _LOG.exception("a comparison could not be made")
            trouble = say("The comparison could not be made; the terminal says why.")
            self._say(replace(self._news, running=False, trouble=trouble))
        finally:
            _ONE.release()
            if not self._news.report:
                shutil.rmtree(folder, ignore_errors=True)

    def _compare(self, folder: Path, one: DesignDraft, other: DesignDraft) -> CompareNews:
        if one.scenario == other.scenario:
            trouble = say("A and B are the same. Change one of them, then compare.")
            return replace(self._news, running=False, trouble=trouble)
        for name, text in experiment_files(one, other).items():
            (folder / name).write_text(text, encoding="utf-8")
        points = points_of(load_experiment(folder / EXPERIMENT), REPLICATES)
        total = sum(point.count for point in points)
        if (work := sum(point.work for point in points)) > MOST:
            trouble = say(
                "This is too much for the page: {work} million firm-quarters, and {most} million are the "
                "most. Save both worlds, and use {door} compare.",
                work=signed_as_here(f"{work / 1e6:,.0f}"),
                most=signed_as_here(f"{MOST / 1e6:,.0f}"),
                door=DOOR,
            )
            return replace(self._news, running=False, trouble=trouble)
        self._say(replace(self._news, total=total))
        code, said = self._run(folder, points)
        if self._stop.is_set():
            return replace(self._news, running=False, trouble=say("Cancelled."))
        if code:
            return replace(self._news, running=False, trouble=said)
        if spoken() != ENGLISH:
            self._translate(folder)
        report, files = offer(folder)
        return replace(self._news, running=False, done=total, report=report, files=files)

    def _run(self, folder: Path, points: Sequence[Point]) -> tuple[int, str]:
        """The exit code of ``compare``, and the last it said."""
        result = folder / "result"
        log = folder / "log"
        command = [
            *_door(), "compare", EXPERIMENT, "--replicates", str(REPLICATES), "--out", result.name,
            "--workers", str(self._workers), "--quiet",
        ]  # fmt: skip
        with log.open("w", encoding="utf-8") as said:
            process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=said)
        _RUNNING.append(process)
        until = time.monotonic() + _LONGEST
        while process.poll() is None:
            if self._stop.wait(_BETWEEN) or _LEAVING.is_set() or time.monotonic() > until:
                _end(process)
                break
            if store_path(result).exists():
                with Store(store_path(result)) as store:
                    known = store.known()
                self._say(replace(self._news, done=sum(p.count for p in points if p.key in known)))
        _RUNNING.remove(process)
        lines = log.read_text(encoding="utf-8").strip().splitlines()
        log.unlink()
        late = say(
            "It took longer than {minutes} minutes and was ended.", minutes=f"{_LONGEST / 60:.0f}"
        )
        return process.wait(), late if time.monotonic() > until else lines[-1] if lines else ""

    def _translate(self, folder: Path) -> None:
        """The report, and its figures, in the language of the page."""
        command = [*_door(), "report", "result", "--lang", spoken()]
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
        _RUNNING.append(process)
        code = process.wait(_LONGEST)
        _RUNNING.remove(process)
        if code:
            raise RuntimeError(f"report ended with {code}")

    def _say(self, news: CompareNews) -> None:
        if news != self._news:
            self._news = news
            if not self._closed:
                self._tell(news)


def _door() -> list[str]:
    """The command line of this program, wherever it is called."""
    if PACKAGE:
        return [sys.executable, "-m", PACKAGE]
    return [sys.executable, str(Path(__file__).parents[2] / "run.py")]


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()


@lru_cache(maxsize=1)
def _room() -> Path:
    """Where the files of comparisons lie until the server ends."""
    folder = Path(tempfile.mkdtemp(prefix="highroad-view-"))
    atexit.register(_leave, folder)
    return folder


def _leave(folder: Path) -> None:
    """The server ends: with it what runs for it, and what it wrote."""
    _LEAVING.set()
    for process in list(_RUNNING):
        _end(process)
    shutil.rmtree(folder, ignore_errors=True)


def workers_for(local: bool) -> int:
    """Threads or processes of a comparison: all but one core for one visitor, one where others look, too."""
    return max(1, (os.cpu_count() or 2) - 1) if local else 1
