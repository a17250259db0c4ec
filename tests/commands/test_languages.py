"""Every command that tells a result to people does so in three languages, or is said to be English only."""

import inspect
import re
from pathlib import Path

import run
from model.report.webpage import report_file

ROOT = Path(__file__).parents[2]
TOLD_BY_REPORT = {"run", "compare", "sweep", "sensitivity", "patterns", "merge"}
"""Commands that leave a folder from which ``report --lang`` makes the page and draws the figures."""
NOTHING_TO_TELL = {"check", "schema", "theory", "cases", "archive", "network", "mechanism"}
"""Commands that write no page and no figure."""
PLACES = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S)
TAGS = re.compile(r"<[^>]*>")
READ_ALOUD = re.compile(r'(?:alt|title|aria-label|placeholder)="([^"]*)"')


def test_every_command_speaks_three_languages_or_says_that_it_does_not():
    text = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    said = text.partition("So are the page of")[2].partition(", and the pages that `--keep`")[0]
    english = set(re.findall(r"`(\w+)`", said))
    for command in run.COMMANDS:
        name = command.__name__
        if "lang" in inspect.signature(command).parameters:
            assert name not in english | TOLD_BY_REPORT | NOTHING_TO_TELL
        elif name in english:
            assert "in English" in (command.__doc__ or ""), (
                f"{name} --help says nothing of languages"
            )
        else:
            assert name in TOLD_BY_REPORT | NOTHING_TO_TELL, name


def test_each_kind_of_page_is_told_of_by_a_command_of_which_the_language_is_known():
    kinds = {"experiment": "compare", "designs": "main", "replicates": "run"}
    commands = {kinds.get(kind, kind) for kind in report_file._PAGES}
    assert commands == (TOLD_BY_REPORT - {"merge"}) | {"search", "main"}


def test_templates_hold_no_words_of_their_own():
    templates = sorted((ROOT / "model").rglob("*.j2"))
    assert templates
    for template in templates:
        markup = PLACES.sub("", template.read_text(encoding="utf-8"))
        words = [*READ_ALOUD.findall(markup), *TAGS.sub("", markup).split()]
        assert not [word for word in words if re.search("[A-Za-z]{2}", word)], template
