"""The way from a filled sheet to two printed pages, timed step by step, as a new user goes it.

    uv run bench/brief.py [--json]
    uv run --with pypdfium2 bench/brief.py --keep    # and the pictures of docs/own_cluster.md

Takes the sheet that ships (``scenarios/survey/furniture.xlsx``), compares its three ways to spend two million
dollars a year at 40 replicates, and prints the brief in Spanish from headless Chromium. The compiled model is
looked for in a folder of its own, so that compiling is in the time, as on a new machine.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHEET = "scenarios/survey/furniture.xlsx"
AUTHOR = "Ministerio de Producción"
PICTURES = ROOT / "docs" / "images"
_SCALE = 0.9  # of a point in a picture; the page is 595 points wide
_COLOURS = 64


def steps(folder: Path) -> dict[str, list[str]]:
    """Command of each step by what it does."""
    mine = str(folder / "mine")
    return {
        "sheet to scenario and experiment": ["new", "--from", SHEET, "--lang", "es", "--out", mine],
        "compare, 4 alternatives, 40 replicates": [
            "compare", f"{mine}/experiment.toml", "--out", f"{mine}/result",
        ],
        "brief in Spanish": [
            "report", f"{mine}/result", "--brief", "--lang", "es", "--author", AUTHOR,
        ],
    }  # fmt: skip


def measure(folder: Path) -> tuple[dict[str, float], Path]:
    """Seconds of each step, and the printed pages."""
    seconds = {}
    environment = os.environ | {"HIGHROAD_CACHE": str(folder / "cache")}
    for name, arguments in steps(folder).items():
        begun = time.monotonic()
        subprocess.run(
            [sys.executable, "run.py", *arguments], cwd=ROOT, env=environment, check=True,
            stdout=sys.stderr,
        )  # fmt: skip
        seconds[name] = time.monotonic() - begun
    begun = time.monotonic()
    paper = printed(folder / "mine" / "result" / "brief.html")
    seconds["print to PDF"] = time.monotonic() - begun
    return seconds, paper


def printed(page: Path) -> Path:
    """The page as a browser prints it."""
    from playwright.sync_api import sync_playwright

    from tests.browser.visit import FLAGS, chromium

    paper = page.with_suffix(".pdf")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        sheet = browser.new_page()
        sheet.goto(page.absolute().as_uri())
        sheet.pdf(path=str(paper), prefer_css_page_size=True, print_background=True)
        browser.close()
    return paper


def keep(paper: Path) -> None:
    """The two pages as pictures for the docs."""
    import pypdfium2

    for number, page in enumerate(pypdfium2.PdfDocument(paper), 1):
        picture = page.render(scale=2 * _SCALE).to_pil().quantize(_COLOURS)
        picture.save(PICTURES / f"brief_es_{number}.png", optimize=True)


def main() -> int:
    """Measure, print a table, keep the pictures if asked; 1 unless it is two pages."""
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        seconds, paper = measure(Path(folder))
        pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", paper.read_bytes()))
        if "--keep" in sys.argv:
            keep(paper)
    if "--json" in sys.argv:
        print(
            json.dumps({name: round(took, 1) for name, took in seconds.items()} | {"pages": pages})
        )
    else:
        for name, took in {**seconds, "all": sum(seconds.values())}.items():
            print(f"| {name} | {took:.0f} s |")
    return int(pages != 2)


if __name__ == "__main__":
    raise SystemExit(main())
