"""A life and two lives in Spanish and Portuguese: figure and screen; tables and facts stay as they are."""

import json
import re

import pytest

from model.report.explain.events import KINDS, LEARNED, Event
from model.report.explain.life_tables import event_said
from model.report.style import language_of
from run import door
from tests.report.english_left import cells_of, english_among, left_in_english
from tests.report.explain.lives import ARMS
from tests.report.listening import untranslated

OTHERS = ("es", "pt")
DECIMAL_POINT = re.compile(r"\b\d+\.\d+\b(?!\.)")
KEY = re.compile(r"\b(?:parameters|timetable)\.[\w.]+")
PRACTICE = re.compile(r"\b[a-z]+ [1-3]\.\d\d\b")
WHICH = {
    "entered": ("founder", "spin-off", "newcomer"),
    "road": ("high", "low"),
    "tie": ("met through an institution",),
}


@pytest.fixture
def ask(folder, tmp_path, capsys, monkeypatch):
    """What is told of a firm: (screen, folder); nothing said may lack a translation."""
    monkeypatch.setenv("COLUMNS", "220")

    def call(language, *words):
        out = tmp_path / f"{language}_{len(list(tmp_path.iterdir()))}"
        with monkeypatch.context() as patch:
            missing = [] if language == "en" else untranslated(patch, language)
            command = ["explain", str(folder), *words, "--lang", language, "--out", str(out)]
            assert door([*command, "--quiet"]) == 0
        assert missing == []
        return capsys.readouterr().out.replace(str(out), "OUT"), out

    return call


def numbers_of_the_files(screen: str) -> str:
    """Values of keys, which stay as files have them, and numbers of practices, left out."""
    kept = "\n".join(line for line in screen.splitlines() if "parameters." not in line)
    return PRACTICE.sub("", kept)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("arm", sorted(ARMS))
def test_a_life(ask, language, arm):
    words = ("--firm", "17", "--scenario", arm, "--born", "0")
    screen, out = ask(language, *words)
    assert english_among(cells_of(screen), language) == []
    assert left_in_english(out / "life.svg", language) == []
    assert language_of(out / "life.svg") == language
    assert DECIMAL_POINT.findall(numbers_of_the_files(screen)) == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(("one", "other"), [("dearer", "hard_times"), ("opens", "never")])
def test_two_lives(ask, language, one, other):
    for firm in ("1", "5"):
        words = ("--firm", firm, "--scenario", one, "--twin-scenario", other, "--born", "0")
        screen, out = ask(language, *words)
        assert english_among(cells_of(KEY.sub("", screen)), language) == []
        assert left_in_english(out / "life.svg", language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_tables_and_facts_stay_in_english_to_the_byte(ask, language):
    words = ("--firm", "1", "--scenario", "opens", "--twin-scenario", "never", "--born", "0")
    (english, before), (screen, after) = ask("en", *words), ask(language, *words)
    assert english != screen
    for name in ("events.csv", "life.csv"):
        assert (before / name).read_bytes() == (after / name).read_bytes()
    facts = [json.loads((each / "manifest.json").read_text())["facts"] for each in (before, after)]
    assert facts[0] == facts[1]


def test_every_kind_of_event_has_words():
    for kind in KINDS:
        if kind not in LEARNED:
            for what in WHICH.get(kind, ("this",)):
                said = event_said(Event(0, kind, what))
                plain = said.removeprefix("in the ")  # what happens in the world
                assert plain in (f"{kind} {what}", kind)
