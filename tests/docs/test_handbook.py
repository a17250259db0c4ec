"""The handbook: every link leads somewhere, every page has a place, and nothing is fetched from elsewhere."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def handbook() -> ModuleType:
    sys.path.insert(0, str(ROOT / ".ci"))
    spec = importlib.util.spec_from_file_location("handbook", ROOT / ".ci" / "handbook.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(ROOT / ".ci"))


@pytest.fixture(scope="module")
def laid(handbook: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as the generator gets them."""
    work = tmp_path_factory.mktemp("pages")
    assert handbook.lay(work) == []
    return work


def test_every_page_of_docs_is_there(laid: Path):
    for path in (ROOT / "docs").rglob("*.md"):
        assert (laid / path.relative_to(ROOT / "docs")).is_file()


TUTORIALS = (
    "First run", "Read a report", "Write an institution", "Cross several factors",
    "Find what drives a result", "Cluster of your own", "Replay a trial", "Search for a design",
    "Why this firm", "Mesa", "Network for Gephi",
)  # fmt: skip


def test_every_page_has_a_place_in_the_index_and_every_tutorial_is_there(handbook: ModuleType):
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    listed = {
        (ROOT / "docs" / page).resolve() for _, pages in handbook.sections(index) for page in pages
    }
    assert set(handbook.unlisted(listed)) == {ROOT / "docs" / "index.md"}
    begin = index.partition("## Start")[2].partition("## How to")[0].lower()
    assert [name for name in TUTORIALS if name.lower() not in begin] == []


def test_every_link_leads_to_a_page_or_a_file(handbook: ModuleType, laid: Path):
    for path in laid.rglob("*.md"):
        for prose, line in handbook.outside_code(path.read_text(encoding="utf-8")):
            for _, target in handbook.LINK.findall(line) if prose else ():
                name = target.partition("#")[0]
                if name and "://" not in target:
                    assert (path.parent / name).is_file(), f"{path.name}: {target}"


def test_the_readme_and_the_pages_beside_docs_lead_somewhere(handbook: ModuleType):
    """On a code host, too, where the reference that is made with the site is not there."""
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for _, target in handbook.LINK.findall(path.read_text(encoding="utf-8")):
            name = target.partition("#")[0]
            if name and "://" not in target and "reference/" not in name:
                assert (path.parent / name).exists(), f"{path.name}: {target}"


def test_a_link_that_leads_nowhere_is_seen(handbook: ModuleType, tmp_path: Path):
    missing: list[str] = []
    page = ROOT / "docs" / "model.md"
    text = handbook.moved(
        "[a](nowhere.md)\n```\n[b](no.md)\n```\n", page, {page: "model.md"}, tmp_path, missing
    )
    assert missing == ["docs/model.md: nowhere.md leads nowhere"]
    assert text == "a\n```\n[b](no.md)\n```\n"


def test_the_reference_is_the_program(laid: Path):
    commands = (laid / "reference" / "command_line.md").read_text(encoding="utf-8")
    assert "## archive" in commands
    assert "`--without-code`" in commands
    keys = (laid / "reference" / "scenario_keys.md").read_text(encoding="utf-8")
    assert "`communities.NAME.firms`" in keys
    assert "must be from 0 to 1" in (laid / "reference" / "messages.md").read_text(encoding="utf-8")


def test_the_site_is_built_without_a_warning_and_asks_for_nothing(
    handbook: ModuleType, tmp_path: Path
):
    pytest.importorskip("furo", reason="no furo: uv run --group docs pytest")
    assert handbook.build(tmp_path / "site") == 0
    for path in (tmp_path / "site").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        fetched = re.findall(r"<(?:script|img|iframe)[^>]+src=\"(https?:)?//", text)
        fetched += re.findall(
            r"<link[^>]+rel=\"(?:stylesheet|preload|preconnect)\"[^>]+href=\"https?:", text
        )
        assert fetched == [], path.name
    for path in (tmp_path / "site").rglob("*.css"):
        assert not re.search(r"(?:url\(|@import )['\"]?https?:", path.read_text(encoding="utf-8"))
    assert "upgrading" in (tmp_path / "site" / "searchindex.js").read_text(encoding="utf-8")
