"""Files far too large are answered in two seconds, in lines that fit, twenty of them at most."""

import time
from pathlib import Path

import pytest

from model.experiments.question_files import check_file
from model.scenario.faults import MOST, WIDEST, InputError
from tests.scenario.mutants import SCENARIOS, SECONDS
from tests.scenario.said import faults_of

WORLD = SCENARIOS / "worlds" / "four_wine_regions.toml"
ASKED = f'title = "Limits"\nbase = "{WORLD}"\n[[outcomes]]\nmeasure = "product"\n'
VARY = """
[vary.ties]
key = "across.ties"
low = 0.0
high = 1.0
[vary.trust]
key = "across.trust"
low = 0.0
high = 1.0
"""


@pytest.fixture
def check(write):
    """The kind of a file with this text, within the time that a file may take."""

    def check_text(text: str) -> str:
        start = time.process_time()
        try:
            return check_file(write("x.toml", text)).kind
        finally:
            assert time.process_time() - start < SECONDS

    return check_text


def lines_of(check, text: str) -> list[str]:
    with pytest.raises(InputError) as refused:
        check(text)
    lines = str(refused.value).splitlines()
    assert all(len(line) <= WIDEST for line in lines)
    assert len(lines) <= MOST + 1
    return lines


@pytest.mark.parametrize(
    "text",
    [
        "a." * 100_000 + "a = 1",
        "[" + "a." * 100_000 + "a]",
        "x = {" + "a." * 100_000 + "a = 1}",
        "x = {y = 1, " + '"a" . ' * 100_000 + "a = 1}",
    ],
    ids=["key", "table", "inline table", "second key of an inline table"],
)
def test_a_key_of_a_hundred_thousand_dots_is_one_line(check, text):
    (line,) = lines_of(check, text)
    assert "has more than 16 tables or lists in each other" in line


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"[communities.c{i}]\nfirmss = 1\n" for i in range(5000)),
        "".join(f"unheard_{i} = 1\n" for i in range(5000)),
        "".join(f"l{i} = {list(range(500))}\n" for i in range(400)),
        f'extends = "{WORLD}"\nneutral = {[f"redundanc{i}" for i in range(3000)]}',
        'baseline = "none"\n' + ASKED + "[[outcomes]]\nmeasure = 'product'\n" * 5000,
    ],
    ids=["tables", "keys", "lists", "names", "outcomes"],
)
def test_thousands_of_faults_are_twenty_and_the_number_of_the_rest(check, text):
    lines = lines_of(check, text)
    assert len(lines) == MOST + 1
    assert lines[-1].startswith("and ")
    assert lines[-1].endswith(" more")


def test_the_number_of_the_rest_is_right(check):
    unknown = "".join(f"unheard_{i} = 1\n" for i in range(3000))
    lines = lines_of(check, f'{unknown}extends = "{WORLD}"')
    assert lines[-1] == "and 2,980 more"


@pytest.mark.parametrize(("wide", "keys"), [(40, 50), (8, 1)])
def test_files_that_fan_out_are_refused_before_they_fill_the_memory(check, write, wide, keys):
    write("w0.toml", "".join(f"k{i} = 1\n" for i in range(keys)))
    for depth in range(1, 9):
        write(
            f"w{depth}.toml",
            "".join(f'[a{i}]\nextends = "w{depth - 1}.toml"\n' for i in range(wide)),
        )
    (line,) = lines_of(check, 'extends = "w8.toml"')
    assert "brings in more than" in line


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ('[design]\nkind = "latin_hypercube"\npoints = 16384', "sweep"),
        ('[design]\nkind = "sobol"\npoints = 65536', "sweep"),
        ("[sobol]\nsamples = 65536", "sensitivity file"),
        ('[discovery]\noutcome = "product"\nthreshold = 1.0\npoints = 65536', "sensitivity file"),
    ],
)
def test_a_design_is_not_built_to_be_checked(check, asked, kind):
    assert check(ASKED + VARY + asked) == kind


def test_each_of_hundreds_of_levels_is_checked(check):
    levels = "".join(
        f"[vary.level.levels.a{i}.overlay.across]\n{'tiess' if i == 250 else 'ties'} = 0.1\n"
        for i in range(300)
    )
    (line,) = lines_of(check, ASKED + VARY + levels)
    assert "vary.level.levels.a250.overlay.across.tiess = 0.1: is not a known key" in line


def test_more_arms_than_a_thousand_are_refused(check):
    arms = "".join(f"[arms.a{i}]\n" for i in range(3000))
    (line,) = lines_of(check, f'baseline = "a0"\n{ASKED}{arms}')
    assert "arms: number of entries must be at most 1000, is 3000" in line


def test_a_case_table_of_thousands_of_faulty_rows_is_answered_in_time(tmp_path):
    from calibration.evidence.case_tables import DATA, load_cases

    header, first, *_ = (DATA / "cases.csv").read_text(encoding="utf-8").splitlines()
    file = Path(tmp_path, "cases.csv")
    rows = "\n".join(first.replace(",", f",{i},", 1) for i in range(3000))
    file.write_text(f"{header}\n{rows}\n", encoding="utf-8")
    start = time.process_time()
    faults = faults_of(load_cases, file)
    assert time.process_time() - start < SECONDS
    assert len(faults) >= 3000
