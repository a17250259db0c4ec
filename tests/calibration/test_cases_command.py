"""What `run.py cases` prints: nothing cut off, nothing missing, and filters that teach."""

import re
from pathlib import Path

import pytest
from rich.console import Console, RenderableType
from typer.testing import CliRunner

import run
from calibration.commands.cases import case_page, cases_table, find_case, select, write
from calibration.evidence.case_scenarios import derivation
from calibration.evidence.case_tables import DATA, Case, load_cases
from calibration.evidence.starting_conditions import load_starting_points
from model.scenario import load
from model.scenario.faults import InputError

ROWS = load_cases()
ROW = {case.case: case for case in ROWS}


def printed(what: RenderableType, width: int) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(what)
    return capture.get()


def names(cases: tuple[Case, ...]) -> list[str]:
    return [case.case for case in cases]


# the table


@pytest.mark.parametrize("width", [80, 91, 100, 152, 200])
def test_no_cell_is_cut_off(width: int):
    text = printed(cases_table(ROWS, width), width)
    assert "…" not in text
    assert all(len(line) <= width for line in text.splitlines())
    shown = re.findall(r"^([a-z_]+)  *\S", text, flags=re.MULTILINE)
    assert [name for name in shown if name in ROW] == list(ROW)


def row_of(name: str, width: int = 100) -> list[str]:
    lines = printed(cases_table(ROWS, width), width).splitlines()
    [line] = [line for line in lines if line.startswith(f"{name} ")]
    return line.split()[1:]


def test_a_row_shows_what_the_tables_of_the_paper_print():
    """GPR05 Tables 3 and 5: Sinos Valley."""
    row = row_of("sinos_valley_footwear")
    assert row == ["footwear", "Brazil", "high", "D+G", "·", "G", "·", "3", "3", "1.5", "0"]


def test_not_given_is_a_dash_and_never_a_zero():
    assert row_of("campina_grande_footwear")[3:7] == ["–"] * 4
    assert row_of("bucaramanga_apparel")[-2:] == ["–", "0"]
    assert row_of("joinville_software")[2:] == ["–", "D", "D", "·", "·", "–", "–", "–", "–"]


@pytest.mark.parametrize(("width", "head"), [(100, "q-h"), (200, "quasi-hierarchy")])
def test_heads_are_whole_words_where_there_is_room(width: int, head: str):
    assert head in printed(cases_table(ROWS, width), width).splitlines()[1].split()


def test_a_table_of_no_cluster_is_no_error():
    assert "0 clusters" in printed(cases_table(()), 100)


# choosing


def test_filters_narrow_together():
    chosen = select(ROWS, sector="natural_resource", country="Chile", governance="network")
    assert names(chosen) == ["region_austral_salmon"]
    assert select(ROWS) == ROWS


def test_governance_finds_domestic_and_global_chains_and_never_what_is_not_given():
    hierarchies = select(ROWS, governance="hierarchy")
    assert names(hierarchies) == [
        "sao_bento_furniture",
        "boaco_milk",
        "baja_california_audiovisual",
    ]
    assert "campina_grande_footwear" not in names(select(ROWS, governance="market"))


@pytest.mark.parametrize(
    ("plain", "fancy"),
    [
        ({"sector": "complex_products"}, {"sector": "Complex products"}),
        ({"country": "Costa Rica"}, {"country": "costa-rica"}),
        ({"governance": "quasi_hierarchy"}, {"governance": " Quasi-Hierarchy"}),
    ],
)
def test_ways_of_writing_a_name_make_no_difference(plain, fancy):
    assert select(ROWS, **plain) == select(ROWS, **fancy) != ()


def test_each_unknown_name_is_one_line_that_lists_the_known_ones():
    with pytest.raises(InputError) as caught:
        select(ROWS, sector="textile", country="Brasil", governance="captive")
    sector, country, governance = str(caught.value).splitlines()
    assert "textile" in sector
    assert all(group in sector for group in {case.sector_group for case in ROWS})
    assert "did you mean Brazil?" in country
    assert "Nicaragua" in country
    assert "quasi_hierarchy" in governance


def test_a_case_is_found_by_its_name():
    assert find_case(ROWS, "leon_footwear") is find_case(ROWS, "Leon-Footwear")


def test_an_unknown_case_is_one_line_with_the_nearest_name():
    with pytest.raises(InputError, match=r'"leon_footware": no such .* mean leon_footwear\?'):
        find_case(ROWS, "leon_footware")
    with pytest.raises(InputError, match=r"lists them$"):
        find_case(ROWS, "")


# one's own table


def own(folder: Path) -> Path:
    lines = (DATA / "cases.csv").read_text(encoding="utf-8").splitlines()
    file = folder / "mine.csv"
    rows = [f"{lines[0]},notes", f"my_{lines[1]},seen", f"my_{lines[2]},"]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def typed(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(run.app, ["cases", *words])
    return result.exit_code, result.output


def test_ones_own_table_is_listed_shown_and_written(tmp_path):
    table = own(tmp_path)
    code, text = typed("--cases", str(table))
    assert (code, text.count("my_")) == (0, 2)
    code, text = typed("my_medellin_textiles", "--cases", str(table))
    assert code == 0
    assert "GPR05 Tables" not in text
    code, text = typed("--cases", str(table), "--write", str(tmp_path / "worlds"))
    assert code == 0
    world = load(tmp_path / "worlds" / "my_medellin_textiles.toml")
    assert not world.institutions
    assert not world.timetable


def test_the_shipped_scenarios_can_be_written_elsewhere(tmp_path):
    assert typed("--country", "Chile", "--write", str(tmp_path))[0] == 0
    assert sorted(path.stem for path in tmp_path.glob("*.toml")) == [
        "colchagua_wine", "region_austral_salmon",
    ]  # fmt: skip


def test_ones_own_table_needs_a_folder_to_be_written_to(tmp_path):
    with pytest.raises(InputError, match=r"^cases: --write: a table of your own needs a folder"):
        write(ROWS[:1], tmp_path / "mine.csv", None)


# one case


@pytest.mark.parametrize("width", [80, 100, 200])
@pytest.mark.parametrize("name", ["baja_california_audiovisual", "petrolina_mango_grape"])
def test_a_page_shows_the_evidence_the_start_and_the_way_between(name: str, width: int):
    text = printed(case_page(ROW[name]), width)
    parts = ("What the paper says", "What the model starts from", "How the one was turned into")
    evidence, start, way = (text.index(part) for part in parts)
    assert evidence < start < way
    assert "…" not in text
    for step in derivation(ROW[name]):
        key = step.key.rpartition(".")[2]
        assert key in text[start:way] or step.key.startswith("sectors.")
        assert key in text[way:]
    assert f"[communities.{name}]" in text[start:way]
    for chain in {step.key.rpartition(".")[0] for step in derivation(ROW[name])}:
        assert f"[{chain}]" in text[start:way] or not chain.startswith("chains.")
    assert "No upgrading score is used" in text[way:]


def test_a_page_shows_components_before_and_after_of_a_scored_cluster_that_ships():
    text = printed(case_page(ROW["leon_footwear"]), 100)
    part = text[text.index("What its scores tell of its components") :]
    for key in load_starting_points().collective_efficiency:
        assert re.search(rf"{key} +\S+ \(\S+ to \S+\) +\S+ \(\S+ to \S+\) +−?[\d.]+%", part)
    unscored = printed(case_page(ROW["joinville_software"]), 100)
    assert "It has no score" in unscored
    own = printed(case_page(ROW["leon_footwear"], "mine.csv"), 100)
    assert "What its scores tell" not in own


def test_every_reason_is_on_the_page_whole():
    steps = derivation(ROW["boaco_milk"])
    lines = printed(case_page(ROW["boaco_milk"]), 200).splitlines()
    right = " ".join(" ".join(line[32:].split()) for line in lines)  # beside the keys
    assert [step.key for step in steps if step.why not in right] == []


def test_a_page_tells_where_each_number_stands_in_the_paper():
    text = printed(case_page(ROW["leon_footwear"]), 200)
    assert re.search(r"degree of collective efficiency +high +GPR05 Tables 5, 6, 7", text)
    assert re.search(r"quasi-hierarchical chains +2: global +GPR05 Table 3", text)
    assert re.search(r"product upgrading +2 +GPR05 Tables 5, 6, 7", text)


def test_a_page_of_your_own_cluster_names_your_source():
    text = printed(case_page(ROW["leon_footwear"], source="our survey"), 200)
    evidence = text[: text.index("What the model starts from")]
    assert "our survey" in evidence
    assert "GPR05" not in evidence


def test_a_page_says_what_was_assumed():
    text = printed(case_page(ROW["monterrey_software"]), 200)
    assert "collective efficiency: not given, taken as high: GPR05 Table 2" in text


def test_brackets_in_a_name_are_printed_as_they_are():
    case = ROW["leon_footwear"].model_copy(update={"country": "[red]Mexico", "industry": "[b]"})
    assert "[red]Mexico" in printed(cases_table([case]), 200)
    assert "[b]" in printed(case_page(case), 200)
