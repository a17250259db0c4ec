"""What people do with the page, in a real browser."""

import re
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from model.scenario import load
from model.scenario.faults import InputError
from model.viewer.map import HEIGHT, WIDTH, lay_out
from model.viewer.snapshot import snapshot
from tests.browser.visit import PATIENCE, ROOT, Server, Visitor

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="no Playwright: uv run --group dev pytest"
)
expect = sync_api.expect
OWN = """
title = "Mine"
base = "small.toml"
baseline = "now"
outcomes = [{ measure = "product" }]
arms.now.title = "What there is"
[arms.trust]
title = "Trust everywhere"
overlay.across.trust = 0.9
overlay.communities.valley.trust = 0.9
"""
RESETS = 20
GROWTH = 30.0  # MB that resets may leave behind before it counts as growing


def steps(visitor: Visitor, quarters: int) -> None:
    for _ in range(quarters):
        now = visitor.quarter()
        visitor.press("Step")
        visitor.wait_for_quarter(now + 1)


def test_steps_and_reset_gives_the_same_world_again(visitor: Visitor):
    assert visitor.quarter() == 0
    steps(visitor, 3)
    first = visitor.charts()
    assert all("quarter 3" in chart for chart in first)
    visitor.press("Reset")
    visitor.wait_for_quarter(0)
    steps(visitor, 3)
    assert visitor.charts() == first


def test_plays_answers_meanwhile_and_halts(visitor: Visitor):
    visitor.press("Play")
    visitor.page.wait_for_function("+document.querySelector('canvas').dataset.quarter >= 4")
    visitor.page.get_by_role("tab", name="Chains").click()
    expect(visitor.page.locator(".hr-charts svg").first).to_have_attribute(
        "aria-label", re.compile("Governance of the chains")
    )
    visitor.press("Pause")
    expect(visitor.button("Play")).to_be_visible()
    halted = visitor.quarter()
    steps(visitor, 1)
    assert visitor.quarter() == halted + 1 < 24


def test_runs_to_the_end_and_no_further(visitor: Visitor):
    visitor.press("To the end")
    visitor.wait_for_quarter(24)
    for name in ("Play", "Step", "To the end"):
        expect(visitor.button(name)).to_be_disabled()


def test_a_lever_changes_the_world_and_it_is_saved_as_a_scenario(visitor: Visitor, tmp_path: Path):
    steps(visitor, 1)
    visitor.section("Collective efficiency")
    slider = visitor.page.locator(".lever", has_text="Labour mobility").get_by_role("slider")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    visitor.wait_for_quarter(0)  # a changed world begins anew
    visitor.section("What differs")
    said = visitor.page.locator(".hr-side li")
    expect(said).to_have_count(4)
    expect(said.first).to_have_text(
        re.compile(r"communities\.valley\.labour_mobility = 0\.3\d, was 0\.3")
    )
    with visitor.page.expect_download() as download:
        visitor.page.get_by_text("Save as a scenario file").click()
    saved = tmp_path / "saved.toml"
    download.value.save_as(saved)
    mobility = {c.labour_mobility for c in load(saved).communities.values()}
    assert len(mobility) == 1
    assert mobility.pop() > 0.3


def test_another_scenario_is_picked(visitor: Visitor):
    box = visitor.page.locator(".scenario input").first
    box.click()
    box.fill("design centre")
    visitor.page.get_by_role("option", name=re.compile("design centre")).click()
    expect(visitor.page.locator(".hr-about b")).to_have_text(re.compile("design centre"))
    visitor.wait_for_quarter(0)
    steps(visitor, 1)


def test_a_cluster_is_opened_from_the_map_and_from_the_list(visitor: Visitor):
    visitor.press("Clusters")
    mark = visitor.page.get_by_role("link", name="Wine in Colchagua, Chile")
    mark.focus()
    mark.press("Enter")
    expect(visitor.page.locator(".hr-about b")).to_have_text("Wine in Colchagua, Chile")
    visitor.press("Clusters")
    listed = visitor.page.locator(".hr-atlas li a", has_text="Footwear in León")
    listed.click()
    expect(visitor.page.locator(".hr-about b")).to_have_text("Footwear in León, Mexico")


def test_a_bad_file_is_told_as_on_the_command_line(visitor: Visitor, small: Path, tmp_path: Path):
    bad = small.with_name("bad.toml")
    bad.write_text('title = "x"\n[run]\nticks = -3\n')
    box = visitor.page.locator(".open-file input").first
    box.fill(str(bad))
    box.press("Enter")
    fault = visitor.page.locator(".hr-fault")
    with pytest.raises(InputError) as told:
        load(bad)
    expect(fault).to_have_text(str(told.value))
    steps(visitor, 1)  # the world that was there still is
    elsewhere = tmp_path / "elsewhere.toml"  # outside the folder that the viewer was started on
    elsewhere.write_text(bad.read_text())
    box.fill(str(elsewhere))
    box.press("Enter")
    expect(fault).to_contain_text("lies outside")
    box.fill(str(ROOT / "scenarios" / "base.toml"))
    box.press("Enter")
    expect(visitor.page.locator(".hr-about b")).to_have_text("Every key at its default")
    expect(fault).to_have_count(0)


def test_an_address_that_asks_for_what_is_not_there(
    browser: Any, server: Server, visitors: list[Visitor]
):
    lost = Visitor(browser, server)
    visitors.append(lost)
    lost.page.goto(server.url + "?scenario=worlds/four_wine_region")
    expect(lost.page.locator(".hr-fault")).to_have_text(
        re.compile("did you mean worlds/four_wine_regions")
    )
    said = lost.page.inner_text("body")
    assert "Traceback" not in said
    assert str(ROOT) not in said


def test_twins_start_alike_part_and_say_so(visitor: Visitor):
    visitor.page.locator(".twin").click()
    expect(visitor.page.locator("canvas")).to_have_count(2)
    expect(visitor.page.locator(".hand")).to_contain_text("B: As in the file")
    visitor.section("Collective efficiency")
    slider = visitor.page.locator(".lever", has_text="Market access").get_by_role("slider")
    slider.focus()
    for _ in range(25):
        slider.press("ArrowRight")
    visitor.wait_for_quarter(0)
    expect(visitor.page.locator(".hr-headline")).to_contain_text("start from the same firms")
    visitor.press("To the end")
    visitor.wait_for_quarter(24)
    line = visitor.page.locator(".hr-headline")
    expect(line).to_contain_text(re.compile(r"lives of [1-9]\d* of 80 firms have parted"))
    assert visitor.charts()[0].startswith("Upgrading scores, B minus A")
    number = visitor.page.locator(".firm-number input")
    number.fill("3")
    number.press("Enter")
    lives = visitor.page.locator(".hr-card h2")
    expect(lives).to_have_text(["A: firm 3, Valley", "B: firm 3, Valley"])
    visitor.press("Reset")
    visitor.wait_for_quarter(0)


def box_of(thing: Any) -> tuple[float, float, float, float]:
    """Left, top, right and bottom on the page."""
    box = thing.bounding_box()
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two boxes have nothing in common."""
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


CUT = """[...document.querySelectorAll('.hr-charts text')].filter(text => {
  const chart = text.closest('svg').getBoundingClientRect(), box = text.getBoundingClientRect();
  return box.right > chart.right + 1 || box.left < chart.left - 1;
}).map(text => text.textContent)"""


def test_twins_stand_whole_on_a_tablet_and_a_phone(visitor: Visitor):
    visitor.page.set_viewport_size({"width": 900, "height": 1180})
    visitor.open("?design_b=&set_b=communities.valley.trust%3D0.9")
    visitor.press("To the end")
    visitor.wait_for_quarter(24)
    visitor.page.get_by_role("tab", name="Upgrading").click()
    expect(visitor.page.locator(".hr-charts svg.half")).to_have_count(4)
    for wide, high in ((900, 1180), (768, 1024), (390, 844)):
        visitor.page.set_viewport_size({"width": wide, "height": high})
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= wide
        assert visitor.page.evaluate(CUT) == [], wide
        maps, tools = visitor.page.locator("canvas").all(), visitor.page.locator(".hr-tools").all()
        first, second = map(box_of, maps)
        assert apart(first, second)
        assert (first[1] == second[1]) == (wide > 560), "side by side where there is room"
        for left, top, right, bottom in (first, second):
            assert 0 <= left < right <= wide
            assert min(right - left, bottom - top) >= 250, "large enough to read"
        assert all(apart(box_of(tool), box) for tool in tools for box in (first, second)), wide


@pytest.fixture(scope="module")
def firm_on_canvas(small: Path) -> Callable[[int], tuple[float, float]]:
    """Where a firm of the small world stands, as shares of a canvas's width and height."""
    from model.engine.ensemble import Ensemble
    from model.world.build import build

    places = lay_out(snapshot(Ensemble(build((load(small),), (0,)), 1))).firms
    return lambda row: (places[row, 0] / WIDTH, places[row, 1] / HEIGHT)


def test_a_click_on_a_firm_tells_its_life(visitor: Visitor, firm_on_canvas):
    visitor.press("To the end")
    visitor.wait_for_quarter(24)
    box = visitor.page.locator("canvas").bounding_box()
    across, down = firm_on_canvas(7)
    at = box["x"] + across * box["width"], box["y"] + down * box["height"]
    visitor.page.mouse.move(*at)
    expect(visitor.page.get_by_text(re.compile("Firm 7, Valley"))).to_be_visible()
    visitor.page.mouse.click(*at)
    card = visitor.page.locator(".hr-card")
    expect(card).to_contain_text("Firm 7, Valley")
    expect(card).to_contain_text(re.compile("What it learnt: [1-9]"))
    expect(card).to_contain_text("What it could learn now")


SIZES = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}


@pytest.mark.parametrize("size", SIZES)
def test_a_life_is_read_without_scrolling(visitor: Visitor, size: str):
    wide, high = SIZES[size]
    visitor.page.set_viewport_size({"width": wide, "height": high})
    visitor.open()
    drawer = visitor.page.locator(".v-navigation-drawer--open")
    expect(drawer).to_have_count(1 if size == "desk" else 0)
    number = visitor.page.locator(".firm-number input")
    number.fill("3")
    number.press("Enter")
    card = visitor.page.locator(".hr-firm")
    expect(card).to_contain_text("Firm 3, Valley")
    visitor.page.evaluate("window.scrollTo(0, 0)")
    box = card.bounding_box()
    assert 0 <= box["y"] < high - 150
    assert 0 <= box["x"] < wide - 150
    if size != "phone":
        canvas = visitor.page.locator("canvas").bounding_box()
        assert box["x"] >= canvas["x"] + canvas["width"]  # beside the map
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= wide


def test_the_map_is_used_with_the_keyboard(visitor: Visitor):
    canvas = visitor.page.locator("canvas")
    canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        canvas.press(key)
    card = visitor.page.locator(".hr-firm")
    expect(card).to_contain_text("What it could learn now")
    canvas.press("Escape")
    expect(card).to_have_count(0)


def test_earlier_quarters_come_back_as_they_were(visitor: Visitor):
    steps(visitor, 2)
    second = visitor.charts()
    steps(visitor, 1)
    slider = visitor.page.get_by_role("slider", name="Go to a quarter")
    slider.focus()
    slider.press("ArrowLeft")
    visitor.wait_for_quarter(2)
    assert visitor.charts() == second


def test_twins_are_compared_many_times_over_and_the_report_is_read(
    visitor: Visitor, tmp_path: Path
):
    visitor.page.locator(".twin").click()
    visitor.press("Compare these with 40 replicates")
    told = visitor.page.locator(".hr-compared")
    expect(told).to_contain_text("A and B are the same")
    visitor.open("?design_b=&set_b=communities.valley.trust%3D0.9")
    visitor.press("Compare these with 40 replicates")
    visitor.press("Cancel")
    expect(told).to_contain_text("Cancelled")
    visitor.press("Compare these with 40 replicates")
    link = visitor.page.get_by_role("link", name="read the report")
    expect(link).to_be_visible(timeout=4 * PATIENCE)
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="save report").click()
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert {"experiment.toml", "world.toml", "result/manifest.json"} <= set(packed.namelist())
        assert {name for name in packed.namelist() if name.endswith("sqlite")} == set()
    with visitor.context.expect_page() as opened:
        link.click()
    report = opened.value
    expect(report.locator("body")).to_contain_text("40")
    expect(report.locator("h1")).to_contain_text("beside")
    for width, height in ((820, 1180), (390, 844)):
        report.set_viewport_size({"width": width, "height": height})
        over = report.evaluate(
            "[...document.querySelectorAll('html, .wide:has(table)')].filter(x => x.scrollWidth > "
            "x.clientWidth).map(x => x.outerHTML.slice(0, 200))"
        )
        assert over == [], width  # no table is cut, nor has to be pushed aside
    report.close()


def test_an_experiment_of_ones_own_is_opened_and_its_arms_are_twins(visitor: Visitor, small: Path):
    own = small.with_name("mine.toml")
    own.write_text(OWN)
    box = visitor.page.locator(".open-file input").first
    box.fill(str(own))
    box.press("Enter")
    expect(visitor.page.locator(".hr-about")).to_contain_text("Design: What there is.")
    visitor.page.locator(".twin").click()
    titles = visitor.page.locator(".hr-maps h2")
    expect(titles).to_have_text(["A: What there is", "B: Trust everywhere"])
    visitor.press("To the end")
    visitor.wait_for_quarter(24)
    expect(visitor.page.locator(".hr-headline")).to_contain_text(
        re.compile(r"lives of [1-9]\d* of 80")
    )


def test_titles_of_files_are_text_and_never_markup(visitor: Visitor, small: Path):
    evil = "<img src=x onerror='window.taken=1'><script>window.taken=1</script>"
    path = small.with_name("evil.toml")
    text = small.read_text().replace("A small world", evil)
    path.write_text(f'{text}\ncommunities.valley.title = "{evil}"\n')
    box = visitor.page.locator(".open-file input").first
    box.fill(str(path))
    box.press("Enter")
    expect(visitor.page.locator(".hr-about b")).to_have_text(evil)
    visitor.section("Collective efficiency")
    number = visitor.page.locator(".firm-number input")
    number.fill("3")
    number.press("Enter")
    expect(visitor.page.locator(".hr-firm")).to_contain_text(evil)
    assert visitor.page.evaluate("window.taken") is None
    assert visitor.page.locator("img[src=x]").count() == 0


def test_a_foreign_page_is_answered_neither_page_nor_file(server: Server):
    for path in ("", "static/public/..%2f..%2frun.py", "jupyter/nbextensions/..%2fx"):
        asked = urllib.request.Request(server.url + path)
        asked.add_header("Origin", "http://evil.example")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(asked, timeout=30)
    port = urlsplit(server.url).port
    asked = urllib.request.Request(server.url, headers={"Host": f"evil.example:{port}"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(asked, timeout=30)


def test_two_visitors_have_worlds_of_their_own(browser: Any, server: Server, visitor: Visitor,
                                               visitors: list[Visitor]):  # fmt: skip
    other = Visitor(browser, server)
    visitors.append(other)
    other.open("?scenario=worlds/four_wine_regions&seed=5")
    visitor.press("Play")
    steps(other, 2)
    visitor.page.wait_for_function("+document.querySelector('canvas').dataset.quarter >= 5")
    visitor.press("Pause")
    assert other.quarter() == 2
    expect(other.page.locator(".hr-about b")).to_have_text(re.compile("Four wine regions"))
    expect(visitor.page.locator(".hr-about b")).to_have_text("A small world")


def test_resets_leave_nothing_behind(visitor: Visitor, server: Server):
    psutil = pytest.importorskip("psutil")
    process = psutil.Process(server.process.pid)

    def resets(n: int) -> float:
        for _ in range(n):
            visitor.press("To the end")
            visitor.wait_for_quarter(24)
            visitor.press("Reset")
            visitor.wait_for_quarter(0)
        return process.memory_info().rss / 1e6

    before = resets(4)  # what is loaded or kept once
    after = resets(RESETS)
    assert after - before < GROWTH, f"{before:.0f} MB before, {after:.0f} MB after {RESETS} resets"


def add_shock(visitor: Visitor, find: str, what: str, to: str) -> None:
    visitor.section("Shocks")
    asked = visitor.page.locator(".shock-what input").first
    asked.click()
    asked.fill(find)
    visitor.page.get_by_role("option", name=what).click()
    visitor.page.locator(".shock-to input").fill(to)
    visitor.press("Add the shock")
    expect(visitor.page.get_by_text(f"{what} becomes {to}")).to_be_visible()


def test_a_shock_is_lived_through_from_now_on(visitor: Visitor):
    steps(visitor, 2)
    add_shock(visitor, "supermarkets: orders", "Foreign supermarkets: orders", "0.9")
    visitor.wait_for_quarter(2)  # the same quarter again, before the shock
    steps(visitor, 1)


def test_money_from_abroad_becomes_dearer(visitor: Visitor):
    steps(visitor, 1)
    add_shock(visitor, "exchange", "The whole country: exchange rate", "1.5")
    visitor.wait_for_quarter(1)
    steps(visitor, 1)


def test_the_watch_sees_planted_trouble(visitor: Visitor):
    visitor.page.evaluate("console.error('planted'); new Image().src = 'http://192.0.2.1/x.png'")
    visitor.page.wait_for_timeout(300)
    seen = " ".join(visitor.trouble)
    visitor.trouble.clear()
    assert "console: planted" in seen
    assert "leaves the machine: http://192.0.2.1/x.png" in seen
