"""Mutants of the shipped files: none crashes a check, takes long or is answered at length."""

import pytest

from model.experiments.question_files import check_file
from model.scenario.faults import MOST, InputError
from tests.scenario.mutants import SCENARIOS, sources, trouble


@pytest.mark.parametrize("part", range(4))
def test_no_mutant_is_in_trouble(part):
    files = sources()
    tried = ((files[seed % len(files)], seed) for seed in range(part, 600, 4))
    found = {f"{file.name} {seed}": said for file, seed in tried if (said := trouble(file, seed))}
    assert not found


def refused(tmp_path, text: str) -> list[str]:
    file = tmp_path / "x.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        check_file(file)
    return str(error.value).splitlines()


def test_a_key_of_a_hundred_thousand_dots_is_one_line(tmp_path):
    assert len(refused(tmp_path, "a." * 100_000 + "a = 1")) == 1


def test_thousands_of_faults_are_twenty_and_the_number_of_the_rest(tmp_path):
    lines = refused(tmp_path, "".join(f"[communities.c{i}]\nfirmss = 1\n" for i in range(500)))
    assert len(lines) == MOST + 1
    assert lines[-1].startswith("and ")


def test_files_that_fan_out_are_refused_before_they_fill_the_memory(tmp_path):
    wide = "".join(f'[a{i}]\nextends = "w0.toml"\n' for i in range(40))
    (tmp_path / "w0.toml").write_text("".join(f"k{i} = 1\n" for i in range(50)))
    for depth in range(1, 8):
        said = wide.replace("w0.toml", f"w{depth - 1}.toml")
        (tmp_path / f"w{depth}.toml").write_text(said)
    (line,) = refused(tmp_path, 'extends = "w7.toml"')
    assert "brings in more than" in line


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("institutions", "institution"), ("instruments", "instrument"), ("sectors", "sector")],
)
def test_a_fragment_is_known_and_its_unknown_keys_are_refused(tmp_path, folder, kind):
    for file in (SCENARIOS / folder).glob("*.toml"):
        assert check_file(file) == kind
        text = file.read_text(encoding="utf-8")
        if "extends" in text:  # names files beside it
            continue
        (line,) = refused(tmp_path, f"unheard = 1\n{text}")
        assert "unheard = 1: is not a known key" in line
