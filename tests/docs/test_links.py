"""Outer links are well formed and were looked up; a link to a paper stands beside its authors and year.

Nothing is fetched. ``PAPERS`` and ``PLACES`` hold what was looked up in public copies in November 2026; a new
link is looked up before it gets a line here. Two kinds were not: MP17 was found in no copy, its DOI is as the
paper is cited; and addresses in the evidence of the clusters (``calibration/data``) are what a page was found
under once, so that only their form is asked for.
"""

import csv
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from model.experiments.trials.trial_file import load_trial
from model.report.trial_page import linked

ROOT = Path(__file__).parents[2]
PAPERS = {
    "10.1016/j.worlddev.2005.01.002": ("Giuliani", 2005),
    "10.1108/S1571-502720170000030013": ("McDermott", 2017),
    "10.18564/jasss.4259": ("Grimm", 2020),
    "10.1016/j.ecolmodel.2014.01.018": ("Grimm", 2014),
    "10.1126/science.1116681": ("Grimm", 2005),
    "10.1257/app.20180369": ("Bloom", 2020),
    "10.1093/qje/qjs044": ("Bloom", 2013),
    "10.1093/qje/qjx049": ("Cai", 2018),
    "10.1093/qje/qjx002": ("Atkin", 2017),
    "10.1086/696154": ("Bruhn", 2018),
    "10.1093/restud/rdab005": ("Iacovone", 2022),
    "10.2307/2393553": ("Cohen", 1990),
    "10.1287/mnsc.47.1.117.10671": ("Fleming", 2001),
    "10.1038/30918": ("Watts", 1998),
}
PLACES = {
    "https://www.comses.net/reviews/": "criteria of the peer review of models",
    "https://www.jasss.org/admin/submit.html": "what the journal asks of authors",
    "https://www.contributor-covenant.org": "the code of conduct that ours goes by",
    "https://gephi.org": "a program for networks",
    "https://optuna.org": "a library for search",
    "https://mybinder.org": "notebooks in the browser",
}
NAMES_ONLY = {"https://json-schema.org/draft/2020-12/schema", "http://www.w3.org/2000/svg"}
"""Names of formats, which nobody follows."""
HERE = re.compile(r"http://(?:localhost|127\.0\.0\.1|192\.168\.\d+\.\d+)(?::\d+)?")
PAGES = [
    ROOT / "README.md",
    ROOT / "CITATION.cff",
    ROOT / "bench" / "README.md",
    ROOT / "calibration" / "data" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "docs").rglob("*.ipynb")),
]
CODE = [
    path
    for folder in ("model", "calibration", "bench", "scenarios", ".ci", ".binder")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".toml", "") and path.is_file() and path.parent.name != "cases"
]  # fmt: skip
ADDRESS = re.compile(r"https?://[^\s)\]>\"'`]+")
DOI = re.compile(r"\b10\.\d{4,9}/[^\s)\]>\"'`;,]+")
CITED = re.compile(r"\b([A-Z][a-z]\w+)(?:(?:, | and )(?:[A-Z]\w+|others))* \(?((?:19|20)\d\d)\b")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def outer(text: str) -> list[str]:
    """Addresses of other hosts that stand in a text, but for those that are put together when it runs."""
    found = (address.rstrip(".,;:") for address in ADDRESS.findall(text))
    return [each for each in found if not HERE.match(each) and not {"{", "\\"} & set(each)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_outer_links_of_a_page_were_looked_up(path: Path):
    known = {*PLACES, *(f"https://doi.org/{doi}" for doi in PAPERS)}
    assert set(outer(text_of(path))) - known == set()


def test_outer_links_of_the_code_were_looked_up():
    known = {*PLACES, *NAMES_ONLY, *(f"https://doi.org/{doi}" for doi in PAPERS)}
    for path in CODE:
        assert set(outer(text_of(path))) - known == set(), path


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_doi_stands_beside_its_paper_and_leads_to_it(path: Path):
    text = text_of(path)
    for words, address in re.findall(r"\[([^\]]*)\]\(https://doi\.org/([^)\s]+)\)", text):
        assert words == f"doi:{address}" or not DOI.search(words), words
    for found in DOI.finditer(text):
        author, year = PAPERS[found[0].rstrip(".")]
        around = text[max(0, found.start() - 400) : found.end() + 20]
        assert author in around, found[0]
        assert path.parent.name == "policy" or str(year) in around, found[0]


def test_papers_and_places_are_all_linked():
    told = "\n".join(map(text_of, PAGES))
    assert [each for each in (*PAPERS, *PLACES) if each not in told] == []


def test_what_is_to_be_cited_is_what_the_notes_on_the_evidence_cite():
    notes = re.sub(r"\s+", " ", text_of(ROOT / "calibration" / "data" / "README.md"))
    for paper in yaml.safe_load(text_of(ROOT / "CITATION.cff"))["references"]:
        assert (
            next(author["family-names"] for author in paper["authors"]) == PAPERS[paper["doi"]][0]
        )
        assert paper["year"] == PAPERS[paper["doi"]][1]
        for said in (paper["title"], f"*{paper['journal']}* {paper['volume']}", paper["end"]):
            assert said.lower() in notes.lower()
        assert f"[doi:{paper['doi']}]" in notes


def test_each_work_that_the_odd_cites_is_in_its_list_and_each_listed_is_cited():
    page, _, listed = text_of(ROOT / "docs" / "odd.md").partition("\n## References\n")
    works = [CITED.search(line).groups() for line in listed.splitlines() if line.startswith("- ")]
    assert set(CITED.findall(page)) - set(works) == set()
    for author, year in works:
        assert re.search(rf"{author}\b[^.;|]*{year}", page), (author, year)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scenarios" / "trials").glob("*.toml")), ids=lambda p: p.stem
)
def test_the_page_of_trials_links_what_their_files_name(path: Path):
    assert f"`scenarios/trials/{path.name}`. {linked(load_trial(path).source)}." in text_of(
        ROOT / "docs" / "trials.md"
    )


def test_addresses_of_the_evidence_are_whole():
    seen = 0
    for path in sorted((ROOT / "calibration" / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for address in (cell for cell in row.values() if "://" in (cell or "")):
                    parts = urlsplit(address)
                    assert parts.scheme in ("http", "https"), address
                    assert re.fullmatch(r"[\w.-]+\.\w+\.?", parts.netloc), address
                    assert not re.search(r"\s|[<>{}|\"]", address), address
                    seen += 1
    assert seen > 100
    for path in sorted((ROOT / "scenarios" / "cases").glob("*.toml")):
        assert not re.search(r"https?://\S*-$", text_of(path), re.M), f"{path.name}: cut in two"


def slugs(text: str) -> set[str]:
    """Names by which headings are linked, as code hosts and the handbook make them."""
    plain = re.sub(r"^(`{3,}).*?^\1", "", text, flags=re.M | re.S)
    heads = re.findall(r"^#+ (.+?)\s*$", plain, re.M)
    words = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", head).lower() for head in heads)
    return {re.sub(r"[^\w\- ]", "", head).replace(" ", "-") for head in words}


@pytest.mark.parametrize(
    "path",
    [p for p in PAGES if p.suffix == ".md"],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_a_link_to_a_heading_finds_it(path: Path):
    for name, anchor in re.findall(r"\]\(([^)\s#]*)#([^)\s]+)\)", text_of(path)):
        if "://" in name or name.startswith("reference/"):
            continue
        target = path.parent / name if name else path
        assert anchor in slugs(text_of(target)), f"{name}#{anchor}"


def test_each_picture_stands_on_a_page():
    shown = "\n".join(text_of(path) for path in PAGES if path.suffix == ".md")
    for path in (ROOT / "docs" / "images").iterdir():
        assert f"images/{path.name})" in shown, path.name
