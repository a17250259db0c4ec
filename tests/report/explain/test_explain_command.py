"""The command explain: a life, two lives, and one clear line for a bad question."""

import json
import shutil

import pandas as pd
import pytest

from model.records.result_files import MANIFEST, write_parquet
from model.report.explain.life_tables import milestones
from run import door
from tests.report.explain.lives import (
    OPENS,
    at_the_end,
)


@pytest.fixture
def command(folder, tmp_path, capsys):
    def call(*words, result=folder):
        code = door(["explain", str(result), *words, "--out", str(tmp_path / "told"), "--quiet"])
        return code, capsys.readouterr()

    return call


def test_a_life_on_the_command_line(command, tmp_path, told):
    code, screen = command("--firm", "5", "--scenario", "opens", "--json")
    assert code == 0
    assert "Firm 5 of" in screen.out
    facts = json.loads(screen.out.splitlines()[-1])
    life = told("opens", 5)
    assert facts["scores"]["process"] == life.path["process"].iloc[-1]
    assert len(facts["events"]) == len(life.events)
    assert list(milestones(life))
    wanted = {"events.csv", "life.csv", "life.png", "life.svg", MANIFEST}
    assert {path.name for path in (tmp_path / "told").iterdir()} == wanted


def test_two_lives_on_the_command_line(command, folder, tmp_path):
    firms = at_the_end(folder, "opens")
    place = str(firms.loc[firms["born"] == 0, "firm"].iloc[0])
    code, screen = command(
        "--firm", place, "--scenario", "opens", "--twin-scenario", "never", "--json"
    )
    assert code == 0
    facts = json.loads(screen.out.splitlines()[-1])
    assert facts["twin"]["worlds_part"] == OPENS
    assert facts["twin"]["life"]["scenario"] == "never"
    other = shutil.copytree(folder, tmp_path / "copy")
    words = ("--firm", place, "--scenario", "opens", "--twin", str(other))
    code, again = command(*words, "--twin-scenario", "never", "--json")
    assert code == 0
    assert json.loads(again.out.splitlines()[-1])["twin"] == facts["twin"]


def one_line(screen):
    (line,) = screen.err.splitlines()
    return line


def test_bad_questions_get_one_clear_line(command, folder, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for words, result, said in (
        (["--firm", "5"], folder, "holds several scenarios"),
        (["--firm", "5", "--scenario", "openn"], folder, "did you mean opens?"),
        (["--firm", "24", "--scenario", "opens"], folder, "are 0 to 23"),
        (["--firm", "5", "--scenario", "opens", "--replicate", "2"], folder, "replicates 0 to 1"),
        (["--firm", "5", "--scenario", "opens", "--born", "5"], folder, "entered it in 0"),
        (["--firm", "5"], empty, "holds no results"),
        (["--firm", "5"], tmp_path / "none", "is no folder of results"),
    ):
        code, screen = command(*words, result=result)
        assert code == 2, words
        assert said in one_line(screen)


def test_a_vacant_place_says_who_was_there(command, folder):
    taken = set(at_the_end(folder, "hard_times")["firm"])
    vacant = next(place for place in range(24) if place not in taken)
    code, screen = command("--firm", str(vacant), "--scenario", "hard_times")
    assert code == 2
    assert "is vacant at the end of hard_times" in one_line(screen)
    code, screen = command("--firm", str(vacant), "--scenario", "hard_times", "--born", "0")
    assert code == 0
    assert "closed in quarter" in screen.out


def test_a_twin_who_never_was_is_said_so(command, folder, told):
    """The firm entered a place that its founder still holds in the other world."""
    firms, other = at_the_end(folder, "hard_times"), at_the_end(folder, "opens").set_index("firm")
    late = firms[(firms["born"] > 0)]
    place = next(p for p in late["firm"] if p in other.index and other.loc[p, "born"] == 0)
    words = ("--scenario", "hard_times", "--twin-scenario", "opens", "--json")
    code, screen = command("--firm", str(place), *words)
    assert code == 0
    assert "In opens this firm never was" in " ".join(screen.out.split())
    assert json.loads(screen.out.splitlines()[-1])["twin"]["life"] is None


@pytest.mark.parametrize("what", ["a row changed", "a row missing", "no ledger", "other sources"])
def test_a_result_that_the_replay_does_not_reach_is_refused(command, folder, tmp_path, what):
    spoilt = shutil.copytree(folder, tmp_path / "spoilt")
    ledger = pd.read_parquet(spoilt / "ledger.parquet")
    mine = ledger.index[(ledger["scenario"] == "opens") & (ledger["replicate"] == 0)]
    code, said = 1, "sources and versions are the same"
    if what == "a row missing":
        ledger = ledger.drop(index=mine[-1])
    else:
        ledger.loc[mine[40], "firm"] += 1
    write_parquet(ledger, spoilt, "ledger")
    if what == "no ledger":
        (spoilt / "ledger.parquet").unlink()
        code, said = 2, "is missing"
    if what == "other sources":
        manifest = json.loads((spoilt / MANIFEST).read_text()) | {"source": "0123456789ab"}
        (spoilt / MANIFEST).write_text(json.dumps(manifest))
        said = "made with sources 0123456789ab, now "
    found, screen = command("--firm", "5", "--scenario", "opens", result=spoilt)
    assert said in one_line(screen)
    assert found == code
