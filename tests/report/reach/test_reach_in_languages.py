"""What would have helped, in Spanish and Portuguese; what was tried, and tables of it, are the same."""

import re

import pytest

from model.report.style import language_of
from run import door
from tests.report.english_left import cells_of, english_among, left_in_english
from tests.report.listening import untranslated
from tests.report.reach.test_reach import (
    ABOVE_ALL,
    ONLY_VISITS_TEACH,
    WHOLE,
    firms_of,
    mastered,
)
from tests.report.reach.worlds_of_reach import FIRM, write_world_of_reach

OTHERS = ("es", "pt")
ALONE = ("--firm", str(FIRM))
TOGETHER = ("--community", "east", "--firms", "2")
SAID = {
    (
        "es",
        "nothing",
    ): "No necesita nada: alcanzó el estándar de Abroad en el trimestre 0 sin ayuda.",
    ("pt", "nothing"): "Não precisa de nada: alcançou o padrão de Abroad no trimestre 0 sem ajuda.",
    ("es", "visits"): "Con esta ayuda, por encima del estándar: desde el trimestre",
    ("pt", "visits"): "Com esta ajuda, acima do padrão: a partir do trimestre",
    ("es", "too high"): "Sin ayuda nunca alcanzó el estándar de Abroad.",
    ("pt", "too high"): "Sem ajuda nunca alcançou o padrão de Abroad.",
}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reached")
    found = {"nothing": write_world_of_reach(folder, "nothing")[0]}
    standard = (mastered(firms_of(found["nothing"])[FIRM]) + 1) / WHOLE  # one practice short
    asked = {
        "visits": (f"chains.abroad.entry_standard = {standard}", *ONLY_VISITS_TEACH),
        "too high": ABOVE_ALL,
    }
    for name, settings in asked.items():
        found[name], _ = write_world_of_reach(folder, name.replace(" ", "_"), *settings)
    return found


@pytest.fixture
def ask(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "220")

    def call(result, language, *words):
        out = tmp_path / f"{language}_{len(list(tmp_path.iterdir()))}"
        with monkeypatch.context() as patch:
            missing = [] if language == "en" else untranslated(patch, language)
            command = ["explain", str(result), "--reach", *words, "--lang", language]
            assert door([*command, "--out", str(out), "--quiet"]) == 0
        assert missing == []
        return capsys.readouterr().out.replace(str(out), "OUT"), out

    return call


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("whom", [ALONE, TOGETHER], ids=["firm", "community"])
@pytest.mark.parametrize("name", ["nothing", "visits", "too high"])
def test_help_is_told(ask, worlds, language, whom, name):
    screen, out = ask(worlds[name], language, *whom)
    assert english_among(cells_of(screen), language) == []
    assert left_in_english(out / "reach.svg", language) == []
    assert language_of(out / "reach.svg") == language
    assert re.findall(r"\b\d+\.\d{1,2}\b", screen) == []
    if whom is ALONE:
        assert SAID[language, name] in " ".join(screen.split())


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_tried_does_not_hang_on_the_language(ask, worlds, language):
    for whom in (ALONE, TOGETHER):
        (_, before), (_, after) = (
            ask(worlds["visits"], spoken, *whom, "--goal", "contract")
            for spoken in ("en", language)
        )
        for name in ("gap.csv", "helps.csv"):
            assert (before / name).read_bytes() == (after / name).read_bytes()
