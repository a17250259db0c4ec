"""The page in Spanish and Portuguese: nothing that it says is left in English, in what people do first."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara", reason="no viewer: uv run --group dev pytest")

from model.language import LANGUAGES, noted, say, say_name, speaking
from model.scenario import load, load_document
from model.viewer.chart_tabs import DIFFERENCE, TABS
from model.viewer.library import ready_made, shelf_of, shipped
from model.viewer.tour import STEPS
from tests.browser.test_viewer import CUT
from tests.browser.visit import PATIENCE, ROOT, Server, Visitor
from tests.report.english_left import english_among

OTHERS = [name for name in LANGUAGES if name != "en"]


def only(*names: str) -> pytest.MarkDecorator:
    """A long walk in one language: that the others lack no message is for ``tests/language`` to find."""
    return pytest.mark.parametrize("spoken", names, indirect=True, scope="module")


WORLD = ROOT / "scenarios" / "worlds" / "four_wine_regions.toml"
QUERY = "?scenario=worlds/four_wine_regions&design_a=institutions.bridging&set_a=run.ticks%3D8"
TWINS = "&design_b=institutions.none&set_b=run.ticks%3D8"
NAMES_OF_OTHERS = ("GPR05", "GeoNames", "Highroad")
COMMAND = re.compile(
    r"uv run run\.py \S+|\S+\.toml|scenarios/\w+|--set|\w+(?:\.\w+)+ = .*|self_selected|highroad_\S+"
)
"""Commands, paths and keys are the same in any language."""
SAID = """() => {
  const own = ['aria-label', 'title', 'placeholder', 'alt', 'aria-roledescription', 'label'];
  const texts = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, inside = text.parentElement;
    if (!inside.closest('script, style, noscript, code, .v-icon, [aria-hidden=true]')) texts.push(text.data);
  }
  for (const each of document.querySelectorAll('body *'))
    for (const name of own) if (each.getAttribute(name)) texts.push(each.getAttribute(name));
  return texts.filter(text => text.trim());
}"""


@pytest.fixture(scope="module", params=OTHERS)
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    with speaking(request.param):
        yield request.param


@pytest.fixture(scope="module")
def served(spoken: str, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp(spoken) / "log", str(WORLD), "--lang", spoken)
    yield running
    assert "Traceback" not in running.end()


@pytest.fixture
def guest(browser: Any, served: Server) -> Iterator[Visitor]:
    one = Visitor(browser, served)
    one.open(QUERY)
    yield one
    one.context.close()
    assert one.trouble == []


def titles(table: Any) -> Iterator[str]:
    """Whatever a file calls things, and its description."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from titles(value)
        elif key in ("title", "description") and isinstance(value, str):
            yield value


def of_files() -> list[str]:
    """Titles that files give, the longest first; they stay as they are."""
    found = {*shipped().values(), *titles(load_document(WORLD).data)}
    found |= {design.title for design in ready_made(WORLD).values()}
    found |= {
        title for kind in ("institutions", "instruments") for title, _ in shelf_of(kind).values()
    }
    cases = (title for key, title in shipped().items() if key.startswith("cases/"))
    found |= {title.rpartition(",")[0] for title in cases}  # the country is ours
    scenario = load(WORLD)
    for table in (scenario.communities, scenario.chains, scenario.institutions):
        found |= {thing.title for thing in table.values()}
    found |= {
        path.stem.replace("_", " ").capitalize()
        for path in (ROOT / "scenarios/experiments").glob("*.toml")
    }
    return sorted(filter(None, found), key=len, reverse=True)


def english(visitor: Visitor, spoken: str) -> list[str]:
    """What of the page is left in English, but for titles of files, commands and keys."""
    seen = set(visitor.page.evaluate(SAID))
    left = []
    for text in seen:
        text = " ".join(text.split())
        for name in (*of_files(), *NAMES_OF_OTHERS):
            text = re.sub(rf"\b{re.escape(name)}(?!\w)", "", text, flags=re.IGNORECASE)
        text = COMMAND.sub("", text).strip()
        if text:
            left.append(text)
    return sorted(set(english_among(left, spoken, keys=False)))


def test_english_that_is_left_would_be_found(guest: Visitor, spoken: str):
    for planted in ("Save this picture", "How the chain is governed", "Orders of the year"):
        put = "text => document.querySelector('.hr-page').append(text)"
        guest.page.evaluate(put, planted)
        assert any(planted.lower() in found for found in english(guest, spoken)), planted
        guest.page.evaluate("document.querySelector('.hr-page').lastChild.remove()")
    assert english(guest, spoken) == []


def test_the_page_says_its_language(guest: Visitor, spoken: str):
    assert guest.page.evaluate("document.documentElement.lang") == spoken


def test_the_tour_and_the_first_picture(browser: Any, served: Server, spoken: str):
    one = Visitor(browser, served)
    one.open()
    for title, text in STEPS:
        told = one.page.locator(".hr-tour")
        told.get_by_text(say(text)).wait_for()
        assert say(title) in told.inner_text()
        assert english(one, spoken) == []
        if (title, text) != STEPS[-1]:
            one.press(say("Next"))
    one.press(say("Close the tour"))
    one.page.wait_for_selector(".hr-tour", state="detached")
    one.context.close()
    assert one.trouble == []


@only("es")
def test_playing_every_chart_and_the_life_of_a_firm(guest: Visitor, spoken: str):
    guest.press(say("Step"))
    guest.page.wait_for_selector('canvas[data-quarter="1"]')
    guest.press(say("To the end"))
    guest.page.wait_for_selector('canvas[data-quarter="8"]')
    for tab in TABS:
        guest.page.get_by_role("tab", name=say_name(tab.title), exact=True).click()
        guest.page.get_by_text(say_name(tab.why)).wait_for()
        assert english(guest, spoken) == [], tab.title
        assert guest.page.evaluate(CUT) == [], tab.title
    number = guest.page.locator(".firm-number input")
    number.fill("3")
    number.press("Enter")
    guest.page.wait_for_selector(".hr-firm table")
    assert english(guest, spoken) == []
    guest.page.locator("canvas").focus()
    guest.page.keyboard.press("ArrowRight")  # the tip of the next firm
    tip = guest.page.locator("canvas + [role=status]")
    assert say_name(noted("Click, or press Enter, to read its life")) in tip.inner_text()
    assert re.search(r"\d,\d\d\b", tip.inner_text())
    assert english(guest, spoken) == []
    assert re.search(r"\d,\d\d\b", guest.page.locator(".hr-firm").inner_text())


def test_colours_and_their_keys(guest: Visitor, spoken: str):
    for name in (
        "road: high or low",
        "governance of its chain",
        "where it sells",
        "jobs in a year",
    ):
        guest.page.locator(".colour-by").click()
        guest.page.get_by_role("option", name=say_name(name), exact=True).click()
        guest.page.locator(".colour-by .v-select__selection", has_text=say_name(name)).wait_for()
        assert english(guest, spoken) == [], name


SECTIONS = (
    "Institution and policy design", "Collective efficiency at the start", "Chains and governance",
    "Institutions", "Policy instruments", "Shocks", "Random numbers and horizon", "Anything else",
    "What differs, and save",
)  # fmt: skip


@only("pt")
def test_all_levers_and_a_shock(guest: Visitor, spoken: str):
    for number, section in enumerate(SECTIONS):
        head = guest.page.locator(".v-expansion-panel-header").nth(number)
        assert head.inner_text().strip() == say_name(section)
        if number:
            head.click()
            guest.page.wait_for_timeout(400)  # the panel slides open
        if section == "Shocks":
            asked = guest.page.locator(".shock-what input").first
            asked.click()
            wanted = f"{say('The whole country')}: {say_name('Exchange rate').lower()}"
            asked.fill(wanted)
            guest.page.get_by_role("option", name=wanted).click()
            guest.page.locator(".shock-to input").fill("1.5")
            guest.press(say("Add the shock"))
            told = say("{whose}: {what} becomes {value}", whose=say("The whole country"),
                       what=say_name("Exchange rate").lower(), value="1,5")  # fmt: skip
            guest.page.get_by_text(told).wait_for()
        assert english(guest, spoken) == [], section


def test_the_map_of_clusters(guest: Visitor, spoken: str):
    guest.press(say("Clusters"))
    guest.page.wait_for_selector(".hr-atlas svg")
    assert say_name("Brazil") in guest.page.locator(".hr-atlas h3").all_inner_texts()
    assert english(guest, spoken) == []


@only("es")
def test_twins_and_the_report_of_their_comparison(guest: Visitor, spoken: str, tmp_path: Path):
    guest.open(QUERY + TWINS)
    guest.page.wait_for_selector(".hr-headline")
    assert english(guest, spoken) == []
    guest.press(say("To the end"))
    guest.page.wait_for_function(
        "[...document.querySelectorAll('canvas')].every(x => x.dataset.quarter == 8)"
    )
    guest.page.get_by_role("tab", name=say_name(DIFFERENCE.title), exact=True).click()
    assert english(guest, spoken) == []
    guest.press(say("Compare these with {n} replicates", n=40))
    link = guest.page.get_by_role("link", name=say("read the report"))
    link.wait_for(timeout=4 * PATIENCE)
    assert english(guest, spoken) == []
    with guest.context.expect_page() as opened:
        link.click()
    report = opened.value
    assert report.evaluate("document.documentElement.lang") == spoken
    report.close()


OVER = """[...document.querySelectorAll('.v-btn')].filter(button => {
  const pane = button.closest('.hr-pane, .hr-tour, .hr-side, .hr-page'), box = button.getBoundingClientRect();
  return box.width && pane && box.right > pane.getBoundingClientRect().right + 1;
}).map(button => button.textContent)"""


def test_longer_words_have_room_on_any_screen(guest: Visitor, spoken: str):
    guest.open(QUERY + TWINS)
    guest.page.wait_for_selector(".hr-headline")
    for wide, high in ((1500, 1300), (1280, 800), (900, 1180), (390, 844)):
        guest.page.set_viewport_size({"width": wide, "height": high})
        guest.page.wait_for_timeout(300)
        assert guest.page.evaluate("document.documentElement.scrollWidth") <= wide
        assert guest.page.evaluate(CUT) == [], wide
        assert guest.page.evaluate(OVER) == [], wide


def test_what_can_not_be_shown_is_told(browser: Any, served: Server, spoken: str):
    lost = Visitor(browser, served)
    lost.page.goto(served.url + "?scenario=worlds/four_wine_region")
    told = lost.page.locator(".hr-fault")
    told.wait_for()
    assert say("What was asked for can not be shown.") in told.inner_text()
    assert say("does not ship") in told.inner_text()
    lost.context.close()
