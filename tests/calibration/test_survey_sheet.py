"""A filled sheet: what ships is what the items make, and every wrong cell is one line that says where."""

from pathlib import Path

import openpyxl
import pytest

from calibration.commands.new import write_own
from calibration.evidence.case_tables import Degree
from calibration.evidence.starting_conditions import load_starting_points
from calibration.survey import example_sheet
from calibration.survey.concordance import UnknownIndustryError, concordance, sector_of
from calibration.survey.interview import interview
from calibration.survey.own_scenario import at_rating, left_at_default, own_world, slug
from calibration.survey.sheet_items import CLUSTER, DESIGNS, SECTORS
from calibration.survey.survey_answers import read_sheet
from calibration.survey.template_sheet import workbook
from model.experiments.experiment import load_experiment
from model.scenario import load
from model.scenario.faults import InputError
from tests.calibration.surveys import ANSWERS, write_sheet

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = SCENARIOS / "survey" / "sheet.xlsx"


def cells(book: openpyxl.Workbook) -> dict[str, list[tuple[object, ...]]]:
    return {page.title: list(page.iter_rows(values_only=True)) for page in book.worksheets}


def test_the_sheet_that_ships_asks_for_what_the_items_are():
    """After a change of the items: run.py new --template scenarios/survey/sheet.xlsx, the old one removed."""
    assert cells(openpyxl.load_workbook(SHIPPED)) == cells(workbook())


def test_the_filled_sheet_that_ships_is_the_sheet_with_the_answers_of_the_example(tmp_path):
    """After a change of the items: uv run python -m calibration.survey.example_sheet."""
    shipped = cells(openpyxl.load_workbook(example_sheet.SHIPPED))
    assert shipped == cells(example_sheet.example())
    answers = read_sheet(example_sheet.SHIPPED)
    assert answers.value("budget") == 2_000_000
    _, experiment, told = write_own(answers, tmp_path / "mine")
    arms = load_experiment(experiment).scenarios
    assert list(arms) == ["none", "bridging", "matching_grants", "export_promotion"]
    assert all("title" not in line for line in told)


def test_sectors_and_designs_are_files_of_the_library():
    assert {p.stem for p in (SCENARIOS / "sectors").glob("*.toml")} == set(SECTORS)
    assert {f"{name}.toml" for name in DESIGNS} <= {
        p.name for p in (SCENARIOS / "institutions").iterdir()
    }


def said(file: Path, **changed: object) -> str:
    with pytest.raises(InputError) as caught:
        read_sheet(write_sheet(file, ANSWERS | changed))
    return str(caught.value)


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        ({"multilateral": 4}, ["sheet cluster", "multilateral = 4", "from 0 to 3"]),
        ({"exporters": 35}, ["exporters = 35", "from 0 to 1", "share, not a percentage"]),
        ({"workers": "12,345"}, ["12,345", "two ways", "12345 or 12.345"]),
        ({"firms": 10.5}, ["firms = 10.5", "whole number"]),
        ({"firms": None}, ["firms", "is needed"]),
        ({"sector": "tradicional"}, ["tradicional", "did you mean traditional?"]),
        ({"sector": None, "industry": "ISIC4 2100"}, ["ISIC4 2100", "none of the four"]),
        ({"sector": None}, ["sector", "is needed", "ISIC4 3100"]),
        ({"workers": "many"}, ["workers", "many", "must be a number"]),
    ],
)
def test_a_wrong_cell_is_one_line_that_says_file_sheet_cell_value_and_allowed(
    tmp_path, changed, parts
):
    line = said(tmp_path / "wrong.xlsx", **changed)
    assert "\n" not in line
    assert "wrong.xlsx" in line
    for part in parts:
        assert part in line


def test_all_faults_are_told_at_once(tmp_path):
    assert len(said(tmp_path / "s.xlsx", multilateral=4, workers=-1).splitlines()) == 2


def test_numbers_are_read_as_people_write_them(tmp_path):
    file = write_sheet(tmp_path / "s.xlsx", ANSWERS | {"workers": "14,5", "exporters": "35 %"})
    answers = read_sheet(file)
    assert answers.value("workers") == 14.5
    assert answers.value("exporters") == pytest.approx(0.35)


def test_a_csv_file_stands_for_the_first_sheet(tmp_path):
    file = tmp_path / "s.csv"
    rows = "".join(f"{key},{value}\n" for key, value in ANSWERS.items())
    file.write_text(f"item,value\n{rows}", encoding="utf-8")
    answers = read_sheet(file)
    assert {key: answers.value(key) for key in ANSWERS} == ANSWERS


def test_ratings_are_the_degrees_of_the_evidence_and_0_lies_below_low():
    for key, entry in load_starting_points().collective_efficiency.items():
        for rating, degree in enumerate(Degree, start=1):
            assert at_rating(entry, rating) == entry.at(degree), key
        assert 0 <= at_rating(entry, 0) < entry.low
        assert at_rating(entry, 1.5) == pytest.approx((entry.low + entry.medium) / 2)


def test_a_scenario_and_three_ways_come_out_with_where_each_number_is_from(tmp_path):
    file = write_sheet(
        tmp_path / "s.xlsx", ANSWERS, chains=[("Shops", "market", "domestic", 0.4)],
        institutions=[("Centro de Design", "local_centre", 500_000)],
    )  # fmt: skip
    scenario, experiment, _ = write_own(read_sheet(file), tmp_path / "own")
    world = load(scenario)
    place = world.communities["moveis_de_uba"]
    assert (place.firms, place.workers, place.associated) == (200, 14.5, 0.6)
    assert place.ties == pytest.approx(7)
    assert world.chains["shops"].orders == 0.4
    # half a million a year at 2,000 a unit is 62.5 a quarter
    assert world.institutions["centro_de_design"].budget == pytest.approx(62.5)
    text = scenario.read_text(encoding="utf-8")
    assert "workers = 14.5  # s.xlsx, sheet cluster, row" in text
    assert f"communities.moveis_de_uba.trust = {place.trust}" not in text
    assert "communities.moveis_de_uba.backward = 0.3" in text.partition("Stayed at its default")[2]

    arms = load_experiment(experiment)
    assert list(arms.scenarios) == ["none", "bridging", "matching_grants", "profo"]
    spent = [
        sum(i.budget for i in (*arm.institutions.values(), *arm.instruments.values())) - 62.5
        for arm in arms.scenarios.values()
    ]
    assert spent == pytest.approx([0, 250, 250, 250])
    assert all(outcome.matters for outcome in arms.spec.outcomes)
    assert arms.spec.primary == arms.spec.outcomes[0].name


def test_money_is_written_as_money_where_currency_wages_and_year_are_given(tmp_path):
    given = ANSWERS | {"currency": "usd", "year": 2024}
    file = write_sheet(tmp_path / "s.xlsx", given,
                       institutions=[("Centre", "local_centre", 500_000)])  # fmt: skip
    scenario, experiment, _ = write_own(read_sheet(file), tmp_path / "own")
    world = load(scenario)
    assert world.money is not None
    assert (world.money.name, world.money.per_unit) == ("USD of 2024", 2000)
    assert 'budget = "500000 USD a year"' in scenario.read_text(encoding="utf-8")
    assert world.institutions["centre"].budget == pytest.approx(62.5)
    assert experiment.read_text(encoding="utf-8").count('budget = "2000000 USD a year"') == 3
    arms = load_experiment(experiment).scenarios
    assert arms["bridging"].institutions["institution"].budget == pytest.approx(250)
    assert arms["matching_grants"].instruments["policy"].budget == pytest.approx(250)


@pytest.mark.parametrize("changed", [{"year": None}, {"year": 2024, "currency": "reais"}])
def test_money_stays_in_units_where_the_sheet_can_not_say_it_and_the_file_says_why(
    tmp_path, changed
):
    file = write_sheet(tmp_path / "s.xlsx", ANSWERS | changed)
    scenario, experiment, _ = write_own(read_sheet(file), tmp_path / "own")
    assert load(scenario).money is None
    said = " ".join(scenario.read_text(encoding="utf-8").replace("\n# ", " ").split())
    assert "the survey needs a currency in three letters, such as USD, and a year" in said
    assert load_experiment(experiment).scenarios["bridging"].institutions[
        "institution"
    ].budget == pytest.approx(250)


def test_nothing_that_is_there_is_written_over(tmp_path):
    answers = read_sheet(write_sheet(tmp_path / "s.xlsx", ANSWERS))
    write_own(answers, tmp_path / "own")
    with pytest.raises(InputError, match=r"is there already"):
        write_own(answers, tmp_path / "own")


def test_the_third_way_has_somebody_to_serve(tmp_path):
    for chain, arm in (
        (("Brand", "quasi_hierarchy", "global", 0.2), "export_promotion"),
        (("Maker", "quasi_hierarchy", "domestic", 0.2), "supplier_development"),
        (("Shops", "market", "domestic", 0.2), "profo"),
    ):
        file = write_sheet(tmp_path / f"{arm}.xlsx", ANSWERS, chains=[chain])
        _, experiment, _ = write_own(read_sheet(file), tmp_path / arm)
        assert arm in load_experiment(experiment).scenarios


def test_answers_on_the_terminal_are_those_of_the_sheet(tmp_path):
    sheet = read_sheet(write_sheet(tmp_path / "s.xlsx", ANSWERS))
    told: list[str] = []
    tries = iter(["ninety"])

    def ask(question: str) -> str:
        key = question.partition(":")[0]
        if key == "year":
            return next(tries, "")
        return str(ANSWERS.get(key, "")) if told and "chains" not in told[-1] else ""

    asked = interview(ask, told.append)
    assert {k: a.value for k, a in asked.given.items()} == {
        k: a.value for k, a in sheet.given.items()
    }
    assert any("year" in line and "ninety" in line for line in told)


def test_every_default_that_is_listed_is_one(tmp_path):
    answers = read_sheet(write_sheet(tmp_path / "s.xlsx", ANSWERS))
    scenario, _, _ = write_own(answers, tmp_path / "own")
    place = load(scenario).communities["moveis_de_uba"]
    listed = left_at_default(own_world(answers, tmp_path / "own"))
    assert {"trust", "ties", "associated", "workers", "firms", "title", "sector"}.isdisjoint(listed)
    assert all(getattr(place, key) == value for key, value in listed.items())


def test_names_are_keys_whatever_the_title():
    assert slug("Móveis de Ubá, Minas Gerais") == "moveis_de_uba_minas_gerais"
    assert slug("2020 – Ñandú") == "own_2020_nandu"


def test_items_are_asked_once():
    keys = [item.key for item in CLUSTER]
    assert len(keys) == len(set(keys))


# Concordance


def test_every_line_of_the_concordance_has_a_reason_and_a_sector_or_none():
    lines = concordance()
    assert all(line.reason.strip() and line.industry.strip() for line in lines)
    assert {line.sector for line in lines} == {"", *SECTORS}
    codes = [(line.classification, line.code) for line in lines]
    assert len(codes) == len(set(codes))
    assert {line.classification for line in lines} == {"ISIC4", "CNAE", "NAICS", "SCIAN"}


@pytest.mark.parametrize(
    ("industry", "sector"),
    [
        ("ISIC4 3100", "traditional"),
        ("ISIC Rev. 4 1512", "traditional"),
        ("ISIC Rev.4 1102", "natural_resource"),
        ("ISIC4 2396", "natural_resource"),
        ("ISIC4 2392", "traditional"),
        ("CNAE 31.01-2", "traditional"),
        ("CNAE 2391-5/03", "natural_resource"),
        ("NAICS 3371", "traditional"),
        ("NAICS 336411", "complex_products"),
        ("SCIAN 541510", "specialised_suppliers"),
    ],
)
def test_codes_lead_to_the_sector_of_the_longest_line(industry, sector):
    assert sector_of(industry).sector == sector


@pytest.mark.parametrize(
    ("industry", "why"),
    [
        ("3100", "a classification and a code"),
        ("NACE 31", "is no classification"),
        ("ISIC4 9999", "no line"),
        ("NAICS 3272", "none of the four"),
        ("CNAE 5821", "none of the four"),
    ],
)
def test_codes_that_lead_nowhere_say_why(industry, why):
    with pytest.raises(UnknownIndustryError, match=why):
        sector_of(industry)
