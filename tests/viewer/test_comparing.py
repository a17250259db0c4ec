"""What is compared at the page's wish is what was shown; it is bounded, and leads to nothing else."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.experiments.experiment import load_experiment
from model.viewer import comparing, report_links
from model.viewer.comparing import CompareNews, ComparisonJob
from model.viewer.design import DesignDraft, open_design
from model.viewer.library import path_of, ready_made
from model.viewer.report_links import Reports, offer
from model.viewer.twin_experiment import EXPERIMENT, beyond, experiment_files, shared

REGIONS = path_of("worlds/four_wine_regions")


def drafts() -> list[DesignDraft]:
    """Designs that change values, add tables, take them out and replace them."""
    filed = open_design(REGIONS)
    bridging = replace(filed, ready="institutions.bridging")
    event = {"title": "Opening", "tick": 3, "chains": {"supermarkets": {"orders": 0.2}}}
    return [
        filed,
        bridging,
        replace(filed, ready="institutions.agency"),
        bridging.move(("communities", "valley", "trust"), 0.9),
        bridging.move(("institutions", "bridge"), None),
        bridging.move(("institutions", "bridge", "reach"), ["valley"]),
        filed.move(("timetable", "opening"), event),
        filed.move(("chains", "supermarkets"), None),
    ]


@pytest.mark.parametrize("first", range(8))
def test_the_arms_are_the_two_worlds_that_were_shown(first: int, tmp_path: Path):
    one = drafts()[first]
    for other in drafts():
        for name, text in experiment_files(one, other).items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        arms = load_experiment(tmp_path / EXPERIMENT).scenarios
        assert list(arms) == ["a", "b"]
        assert arms["a"] == one.scenario
        assert arms["b"] == other.scenario


def test_outcomes_are_those_of_the_experiment_that_a_design_comes_from(tmp_path: Path):
    for designs in (drafts()[:2], drafts()[:1] * 2):
        for name, text in experiment_files(*designs).items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        spec = load_experiment(tmp_path / EXPERIMENT).spec
        assert spec.primary == ("process_breadth_2" if designs[1].ready else "")
        assert len(spec.outcomes) == (10 if designs[1].ready else 9)
    assert ready_made(REGIONS)["institutions.none"].baseline


def test_what_tables_share_and_what_lies_beyond_give_the_tables_back():
    one = {"a": {"x": 1, "y": [1, 2]}, "b": 2, "c": {"z": 1}}
    other = {"a": {"x": 2, "y": [1]}, "c": 5, "d": {}}
    base = shared(one, other)
    assert base == {"a": {"x": 1, "y": [1, 2]}, "c": {"z": 1}}
    assert beyond(base, one) == {"b": 2}
    assert beyond(base, other) == {"a": {"x": 2, "y": [1]}, "c": 5, "d": {}}


def last(job: ComparisonJob, said: list[CompareNews], *designs: DesignDraft) -> CompareNews:
    """What a comparison ends with; its thread is joined by taking the lock that it holds."""
    job.start(designs)
    assert comparing._ONE.acquire(timeout=60.0)
    comparing._ONE.release()
    return said[-1]


def test_what_is_too_much_is_refused_before_anything_runs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(comparing, "MOST", 1000)
    monkeypatch.setattr(comparing.subprocess, "Popen", None)
    said: list[CompareNews] = []
    news = last(ComparisonJob(said.append), said, *drafts()[:2])
    assert not news.running
    assert "too much for the page" in news.trouble


def test_a_world_is_not_compared_with_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(comparing.subprocess, "Popen", None)
    said: list[CompareNews] = []
    news = last(ComparisonJob(said.append), said, drafts()[0], drafts()[0])
    assert not news.running
    assert "A and B are the same" in news.trouble


def test_one_runs_at_a_time_on_a_server():
    said: list[CompareNews] = []
    with comparing._ONE:
        ComparisonJob(said.append).start(drafts()[:2])
    assert "Another comparison is running" in said[-1].trouble
    assert not said[-1].running


def test_faults_of_a_comparison_are_told_in_one_line(monkeypatch: pytest.MonkeyPatch):
    said: list[CompareNews] = []
    late = [draft.move(("run", "ticks"), 0) for draft in drafts()[:2]]
    news = last(ComparisonJob(said.append), said, *late)
    assert "run.ticks" in news.trouble
    assert "Traceback" not in news.trouble
    assert not comparing._ONE.locked()


def answer(path: str) -> tuple[int, bytes, bytes]:
    """Status, policy and body that an address gets."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def page(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the page"})

    answer = Reports(page)({"type": "http", "path": path}, None, send)  # type: ignore[arg-type]
    with ThreadPoolExecutor(1) as elsewhere:  # a loop of its own, whatever runs in this thread
        elsewhere.submit(asyncio.run, answer).result()
    policy = dict(sent[0]["headers"]).get(b"content-security-policy", b"")
    return sent[0]["status"], policy, sent[1]["body"]


def made(folder: Path) -> Path:
    (folder / "result").mkdir(parents=True)
    (folder / "result" / "report.html").write_text("a report", encoding="utf-8")
    (folder / "result.points.sqlite").touch()
    return folder


def test_a_report_is_served_under_its_own_name_and_nothing_else_is(tmp_path: Path):
    page, files = offer(made(tmp_path / "one"))
    assert answer(page)[2] == b"a report"
    assert b"default-src 'none'" in answer(page)[1]
    assert answer(files)[2][:2] == b"PK"
    assert answer("/")[2] == b"the page"
    outside = tmp_path / "secret.txt"
    outside.write_text("x", encoding="utf-8")
    folder = page.rpartition("/")[0]
    for path in ("/reports/", f"{folder}/", f"{folder}/../../secret.txt", f"/reports/{outside}",
                 page.replace("report.html", "manifest.json"), "/reports/x/report.html"):  # fmt: skip
        assert answer(path)[0] == 404


def test_old_reports_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report_links, "KEPT", 2)
    monkeypatch.setattr(report_links, "_FILES", type(report_links._FILES)())
    pages = [offer(made(tmp_path / str(n)))[0] for n in range(3)]
    assert [answer(page)[0] for page in pages] == [404, 200, 200]
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_dir()) == ["1", "2"]
    assert len(list(tmp_path.glob("*.zip"))) == 2
