"""Other people's tables: what is taken is right, weighted, of enough firms, and holds no firm."""

import numpy as np
import pandas as pd
import pytest

import run
from calibration.command_line import mapping_kind
from calibration.commands.new import answers_from, write_own
from calibration.survey.firm_aggregates import FirmTable, of_firms, of_ties
from calibration.survey.microdata import read_microdata
from calibration.survey.starting_practices import expected_score, starting_practices
from model.experiments.question_files import KINDS
from model.scenario import load
from model.scenario.expected import known_keys
from model.scenario.faults import InputError
from model.world.build import build
from tests.calibration.surveys import MAPPING, firms_of_a_survey, write_stata

HEAD = 'smallest_cell = 5\n[answers]\ntitle = "A"\nsector = "traditional"\nfirms = 50\n'


def test_the_shipped_mapping_reads_a_stata_file_with_labels_weights_and_missing_codes(tmp_path):
    frame = firms_of_a_survey()
    answers = read_microdata(write_stata(tmp_path / "f.dta", frame), MAPPING)
    rows = frame[frame["region"] == 1]
    w = rows["w"]
    assert answers.value("firms") == w.sum()
    size = rows["size"].map({1.0: 4, 2.0: 12, 3.0: 50})
    assert answers.value("workers") == pytest.approx((w * size).sum() / w.sum())
    exports = (w * (rows["exports"] == 1)).sum() / w.sum()
    assert answers.value("exporters") == pytest.approx(exports)
    trust = (w * (rows["trust_1_5"] - 1) / 4).sum() / w.sum()
    assert answers.keys["trust"].value == pytest.approx(trust)
    there = rows[rows["member"] > 0]
    member = (there["w"] * (there["member"] == 1)).sum() / there["w"].sum()
    rating = np.interp(member, [0, 0.1, 0.3, 0.6], [0, 1, 2, 3])
    assert answers.value("multilateral") == pytest.approx(rating)
    assert answers.given["multilateral"].n == len(there) == 49


def test_no_row_of_a_firm_is_written(tmp_path):
    """Numbers of firms are made such that no mean can be one of them."""
    frame = firms_of_a_survey()
    rng = np.random.default_rng(1)
    frame["value_added"] = rng.integers(10_000_000, 99_999_999, len(frame)).astype(float)
    frame["firm"] = rng.integers(10_000_000, 99_999_999, len(frame)).astype(float)
    answers = answers_from(write_stata(tmp_path / "f.dta", frame), MAPPING)
    written = "".join(p.read_text(encoding="utf-8") for p in write_own(answers, tmp_path / "o")[:2])
    for value in (*frame["value_added"], *frame["firm"]):
        assert str(int(value)) not in written.replace(",", "")
    assert "n = 50" in written


def take(tmp_path, text: str, mapping: str):
    (tmp_path / "f.csv").write_bytes(text.encode("latin-1"))
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    return read_microdata(tmp_path / "f.csv", tmp_path / "m.toml")


def test_a_brazilian_csv_has_semicolons_decimal_commas_and_latin_1(tmp_path):
    rows = "".join(f"{n};São Bento;1.{n}00,5\n" for n in range(1, 7))
    head = 'encoding = "latin-1"\ndelimiter = ";"\ndecimal = ","\n'
    answers = take(
        tmp_path, f"empresa;município;salário\n{rows}",
        head + HEAD + '[[take]]\nkey = "wage"\ncolumn = "salário"\n',
    )  # fmt: skip
    assert answers.value("wage") == pytest.approx(1350.5)


@pytest.mark.parametrize(
    ("mapping", "parts"),
    [
        (HEAD + '[[take]]\nkey = "wage"\ncolumn = "pay"\n', ["f.csv", "pay", "no such column", "paid"]),
        (HEAD + '[[take]]\nkey = "wages"\ncolumn = "paid"\n', ["m.toml", "wages", "did you mean wage"]),
        (HEAD + '[[take]]\nkey = "wage"\ncolumn = "paid"\n', ["row 3", "paid", "refused", "missing"]),
        (HEAD + '[[take]]\nkey = "trust"\ncolumn = "paid"\nhow = "rating"\n', ["points", "needed"]),
        ('encoding = "latin1x"\n' + HEAD, ["encoding", "latin1x"]),
        ("smallest_cell = 1\n" + HEAD.partition("\n")[2], ["smallest_cell = 1", "at least 3"]),
        ('[only]\npaid = ["5"]\n' + HEAD.partition("\n")[2], ["no row"]),
    ],
)  # fmt: skip
def test_a_fault_says_file_cell_value_and_what_to_write(tmp_path, mapping, parts):
    with pytest.raises(InputError) as caught:
        take(tmp_path, "firm,paid\na,1\nb,refused\n", mapping)
    for part in parts:
        assert part in str(caught.value)


def test_too_few_firms_are_kept_back_and_it_is_told(tmp_path):
    rows = "".join(f"{n},{n},{int(n < 3)}\n" for n in range(20))
    answers = take(
        tmp_path, f"firm,wage,exports\n{rows}",
        HEAD + '[[take]]\nkey = "wage"\ncolumn = "wage"\n'
        '[[take]]\nkey = "exporters"\ncolumn = "exports"\nhow = "share"\nyes = [1]\n',
    )  # fmt: skip
    assert answers.value("wage") == pytest.approx(9.5)
    assert "exporters" not in answers.given  # three firms export
    assert any("exporters" in said and "fewer than 5" in said for said in answers.withheld)


def test_money_a_worker_is_of_all_workers_not_of_firms():
    table = FirmTable({"workers": [10.0, 90.0] * 5, "value_added": [100.0, 1800.0] * 5}, [1.0] * 10)
    value, n = of_firms(table).values["value_added"]
    assert (value, n) == (19.0, 10)


def test_the_fifth_that_can_do_least_needs_enough_firms_of_its_own():
    few = FirmTable({"workers": [1.0] * 20, "value_added": list(range(1, 21))}, [1.0] * 20)
    assert "lowest_value_added" not in of_firms(few).values
    more = FirmTable({"workers": [1.0] * 50, "value_added": list(range(1, 51))}, [1.0] * 50)
    assert of_firms(more).values["lowest_value_added"] == (5.5, 10)


def test_the_spread_of_a_uniform_quality_is_found_again():
    q = 1.0 + 0.4 * np.linspace(-1, 1, 2001)
    table = FirmTable({"process": (0.8 * q).tolist(), "product": (0.8 * q).tolist()}, [1.0] * 2001)
    assert of_firms(table).values["start_spread"][0] == pytest.approx(0.4, abs=0.001)


def test_ties_of_a_ring_have_no_shortcut_and_those_of_a_star_only_such():
    ring = [(str(i), str((i + step) % 20)) for i in range(20) for step in (1, 2, 3)]
    values = of_ties(ring).values
    assert values["ties"] == (6.0, 20)
    assert values["rewiring"][0] == pytest.approx(0.0)
    alone = of_ties([*ring, ("0", "0"), ("1", "0")], [str(i) for i in range(40)]).values
    assert alone["ties"] == (3.0, 40)
    tree = [
        (str(i), str(10 * i + j)) for i in range(1, 100) for j in range(10) if 10 * i + j < 1000
    ]
    assert "rewiring" not in of_ties(tree).values  # two ties a firm make no triangles to go by


@pytest.mark.parametrize("score", [0.2, 0.9, 1.5, 2.2])
def test_founders_have_the_scores_that_were_asked_for(tmp_path, score):
    """The rule of the theory, drawn in a built world, gives back the survey's scores."""
    found = starting_practices({"process": score, "product": 0.5 * score}, 0.2, 0.5, 0.5)
    assert found.scores["process"] == pytest.approx(score, abs=0.02)
    file = tmp_path / "s.csv"
    file.write_text(
        f"item,value\ntitle,A\nsector,traditional\nfirms,800\nprocess,{score}\nproduct,{0.5 * score}\n",
        encoding="utf-8",
    )
    scenario, _, _ = write_own(answers_from(file, None), tmp_path / "own")
    firms = build([load(scenario)], range(8)).firms
    mastered = np.array([[bin(int(m)).count("1") for m in row] for row in firms["mastered"]])
    process, product, functional, _ = mastered.mean(axis=0) / 16
    # which practices a place knows is drawn once for all its firms
    assert process == pytest.approx(score, rel=0.1)
    assert product == pytest.approx(0.5 * score, rel=0.15)
    assert functional == pytest.approx(expected_score(0.15, 0.2, 0.5, 0.5), rel=0.3)


def test_a_stata_file_without_a_mapping_is_told_what_it_needs(tmp_path):
    file = write_stata(tmp_path / "f.dta", firms_of_a_survey())
    with pytest.raises(InputError, match="--mapping FILE"):
        answers_from(file, None)


@pytest.mark.parametrize("name", ["broken.xlsx", "broken.dta"])
def test_a_broken_file_is_one_line(tmp_path, name):
    file = tmp_path / name
    file.write_bytes(b"no such thing")
    with pytest.raises(InputError) as caught:
        answers_from(file, MAPPING)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_pandas_reads_what_it_wrote(tmp_path):
    """The helper of these tests keeps labels: without them the tests above would test codes only."""
    file = write_stata(tmp_path / "f.dta", firms_of_a_survey())
    assert "Espírito Santo" in set(pd.read_stata(file)["region"])


def test_check_says_what_a_mapping_is(capsys):
    assert run.door(["check", str(MAPPING)]) == 0
    assert "a valid mapping of survey columns" in capsys.readouterr().out


def test_check_finds_what_is_wrong_in_a_mapping(tmp_path, capsys):
    file = tmp_path / "mapping.toml"
    text = MAPPING.read_text(encoding="utf-8")
    file.write_text(text.replace('how = "count"', 'how = "sum"', 1), encoding="utf-8")
    assert run.door(["check", str(file)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "mapping.toml" in line
    assert '"sum"' in line


def test_no_file_of_another_kind_is_taken_for_a_mapping():
    kinds = (*KINDS.values(),)
    assert all(not known_keys(kind).keys() & mapping_kind().tables for kind in kinds)
