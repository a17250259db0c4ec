"""An automatic check of accessibility (axe) of all that the page shows; it sees a third of what matters."""

from typing import Any

import pytest

from tests.browser.visit import Visitor

axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="no axe: uv run --group dev pytest"
)

# What Vuetify 2 writes itself, and no property of its parts changes: rule -> where it writes it. The panels
# of levers say twice whether they are open (their buttons say it rightly); a list to choose from
# is a button with a field for typing inside.
VUETIFY = {
    "aria-allowed-attr": 'class="v-expansion-panel',
    "nested-interactive": 'class="v-input__slot"',
}
SECTIONS = (
    "Institution and policy", "Collective efficiency", "Chains and", "Institutions", "Policy instruments",
    "Shocks", "Random numbers", "Anything else", "What differs",
)  # fmt: skip


def faults(visitor: Visitor) -> list[str]:
    """What axe complains of, but for what is Vuetify's own; asked when no work goes on.

    While it does, Solara shows a bar above its page, which has no name and can be given none.
    """
    visitor.page.wait_for_function(
        """() => {
          const bars = [...document.querySelectorAll('.v-progress-linear--absolute')];
          return bars.length && bars.every(bar => getComputedStyle(bar).visibility == 'hidden');
        }"""
    )
    found: list[str] = []
    for rule in axe.Axe().run(visitor.page).response["violations"]:
        for node in rule["nodes"]:
            own = VUETIFY.get(rule["id"])
            if not own or own not in node["html"]:
                found.append(f"{rule['id']}: {node['html'][:160]}")
    return found


def test_nothing_of_ours_is_found_at_fault(visitor: Visitor):
    assert faults(visitor) == []  # with the tour
    visitor.press("Close the tour")
    visitor.press("Clusters")
    visitor.page.wait_for_selector(".hr-atlas svg")
    assert faults(visitor) == []
    visitor.press("Clusters")
    number = visitor.page.locator(".firm-number input")
    number.fill("3")
    number.press("Enter")
    visitor.page.wait_for_selector(".hr-firm")
    visitor.press("Step")
    visitor.wait_for_quarter(1)
    assert faults(visitor) == []


def test_nor_in_any_section_of_levers(visitor: Visitor):
    for section in SECTIONS[1:]:
        visitor.section(section)
        visitor.page.wait_for_timeout(400)  # the panel slides open
        assert faults(visitor) == [], section


def test_nor_in_the_twin_view_and_on_a_phone(visitor: Visitor):
    visitor.page.locator(".twin").click()
    visitor.page.wait_for_selector(".hr-headline")
    assert faults(visitor) == []
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.page.wait_for_timeout(400)
    assert faults(visitor) == []


@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        ("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", "image-alt"),
        ("<p style='color:#bbb;background:#fff'>faint</p>", "color-contrast"),
        ("<div role='button' aria-checked='true' tabindex='0'>x</div>", "aria-allowed-attr"),
    ],
)
def test_a_planted_fault_is_found(visitor: Visitor, planted: str, rule: str):
    put: Any = "html => document.querySelector('.hr-page').insertAdjacentHTML('afterbegin', html)"
    visitor.page.evaluate(put, planted)
    assert any(fault.startswith(rule) for fault in faults(visitor))
