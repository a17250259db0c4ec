"""What the ODD gives to compare with: 7.15 by the second program in plain Mesa, 7.16 by the engine."""

import re
from pathlib import Path

import pandas as pd
import pytest

from bench import plain_learning, plain_markets
from bench.plain_chains import LeadFirm
from bench.plain_firms import SME
from bench.plain_mesa import Country
from bench.worlds import country
from calibration.posterior.measurement_model import PARAMETERS
from model import load, simulate

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
(SECTION,) = re.findall(r"^### 7\.15 .*?(?=^### )", PAGE, re.M | re.S)
(LEVELS,) = re.findall(r"^### 7\.16 .*?(?=^## )", PAGE, re.M | re.S)
KINDS = ("process", "product", "functional", "intersectoral", "process_leading", "product_leading")


def table(name: str) -> list[list[str]]:
    """Rows of the table below the paragraph that begins with this name."""
    text = SECTION.split(f"*{name} (", 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", text, re.M)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def world() -> Country:
    return Country(country(80))


@pytest.fixture
def firm(world: Country) -> SME:
    sme = next(sme for sme in world.smes if sme.owner.kind == "local")
    sme.mastered, sme.aware = [0] * 4, [0] * 4
    sme.contracts, sme.order = [None] * 2, [0.0] * 2
    sme.draw = sme.place.draw(1)
    return sme


@pytest.fixture
def leader(world: Country) -> LeadFirm:
    return world.chains[0]


def first(n: int) -> int:
    return (1 << n) - 1


@pytest.mark.parametrize("row", table("Selection"), ids=lambda row: row[0])
def test_selection(row: list[str], firm: SME, leader: LeadFirm, monkeypatch: pytest.MonkeyPatch):
    counts, able, missed, felt, enters, behind = row
    of_standard, process, product = map(int, counts.split(","))
    monkeypatch.setattr(leader, "entry_standard", 0.28)
    monkeypatch.setattr(leader, "asks", [0.5, 0.0])
    monkeypatch.setattr(leader, "holds", [first(16), 0, 0, 0])
    firm.mastered = [first(of_standard) | first(process - of_standard) << 16, first(product), 0, 0]
    assert plain_learning.capability(firm.mastered) == pytest.approx(float(able), abs=5e-5)
    assert leader.missed(firm) == pytest.approx(float(missed))
    assert leader.felt_standard(firm) == pytest.approx(float(felt), abs=5e-5)
    monkeypatch.setattr(leader, "punishes", lambda sme: False)
    monkeypatch.setattr(leader, "contact", lambda sme: 1.1)
    monkeypatch.setattr(leader, "buys_in", lambda community: True)
    monkeypatch.setattr(leader, "first_order", 1.0)
    monkeypatch.setattr(leader, "amount", 1.0)
    monkeypatch.setattr(leader, "ordered", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(type(leader.model), "smes", [firm])
        leader.take_suppliers()
    assert (leader in firm.contracts) == (enters == "yes")
    firm.contracts, firm.order = [leader, None], [1.0, 0.0]
    leader.renew_contract(firm)
    assert (leader not in firm.contracts) == (behind == "yes")


@pytest.mark.parametrize("row", table("News"), ids=lambda row: row[0])
def test_news(row: list[str], firm: SME, leader: LeadFirm, monkeypatch: pytest.MonkeyPatch):
    u, knows, masters = row
    monkeypatch.setattr(leader, "governance", "market")
    monkeypatch.setattr(leader, "holds", [0b11 | first(8) << 8, 0, 0, 0])
    firm.aware, firm.contracts = [first(3), 0, 0, 0], [leader, None]
    firm.show()
    monkeypatch.setattr(plain_learning, "chance", lambda draw: float(u))
    firm.meet_buyers(firm.study(0))
    assert firm.aware[0].bit_count() == int(knows)
    assert firm.mastered[0].bit_count() == int(masters)


@pytest.mark.parametrize("row", table("Resources"), ids=lambda row: " ".join(row[:2]))
def test_resources(row: list[str], firm: SME, monkeypatch: pytest.MonkeyPatch):
    resources, u, margin, after, distress, effort = row
    monkeypatch.setattr(plain_markets, "chance", lambda draw: float(u))
    monkeypatch.setattr(firm, "made", lambda: 1.6)
    monkeypatch.setattr(firm, "mean_price", lambda: 1.0)
    firm.show()
    firm.memberships, firm.in_use = set(), 1.0
    firm.high_road, firm.pressed = True, 0.0
    firm.resources, firm.wage, firm.spending, firm.distress = float(resources), 0.8, 0.05, 3
    firm.earn()
    p = firm.model.parameters.resources
    luck = 1.0 + p.volatility * (2.0 * float(u) - 1.0)
    assert float(margin) == pytest.approx(1.6 * luck - 0.8 - p.overhead)
    assert firm.resources == pytest.approx(float(after))
    assert firm.distress == int(distress.partition(":")[0])
    assert (firm.distress >= p.patience) == ("closes" in distress)
    assert firm.effort() == pytest.approx(float(effort), abs=5e-5)


def test_sector_means_are_within_a_tenth_of_those_of_the_page():
    """The same 40 clusters with other luck and fewer runs: what is asked of a model that is built again."""
    text = re.search(r"(?:^\|.*\n)+", LEVELS, re.M)[0].splitlines()[2:]
    told = {
        row[0]: row[1:]
        for row in ([cell.strip() for cell in line.strip("|").split("|")] for line in text)
    }
    found: dict[str, list[pd.Series]] = {}
    for path in sorted((ROOT / "scenarios" / "cases").glob("*.toml")):
        world = load(path)
        end = simulate(world, replicates=20, seed=1).country
        (sector,) = world.sectors
        found.setdefault(sector, []).append(
            end[end["tick"] == end["tick"].max()][list(KINDS)].mean()
        )
    assert set(told) == set(found)
    for sector, (clusters, *means) in told.items():
        assert len(found[sector]) == int(clusters)
        seen = pd.concat(found[sector], axis="columns").mean(axis="columns")
        assert seen.tolist() == pytest.approx([float(mean) for mean in means], abs=0.1), sector


def test_ten_numbers_of_the_scoring_are_named_where_it_is_told():
    (section,) = re.findall(r"^### 7\.12 .*?<!-- made", PAGE, re.M | re.S)
    assert len(PARAMETERS) == 10
    assert "These ten numbers" in section
    names = {parameter.name.partition("shift_")[0] or "shift_d" for parameter in PARAMETERS}
    assert [name for name in names if name not in section] == []
