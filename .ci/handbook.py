"""Build the handbook: a site that is read and searched without a network.

    uv run --group docs .ci/handbook.py            # into build/handbook; open index.html there

Its pages are those of ``docs/``, in the order of ``docs/index.md`` (what that does not list comes last), what
it lists beside them, and some that the code writes (``reference_pages.py``). A warning, such as a link
that leads nowhere, is a fault.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Container, Iterator
from os.path import relpath
from pathlib import Path

ROOT = Path(__file__).parents[1]
INDEX = ROOT / "docs" / "index.md"
TARGET = ROOT / "build" / "handbook"
LINK = re.compile(r"(!?\[(?:[^\]\[]|\[[^\]]*\])*\])\(([^()\s]+)\)")
CONFIGURATION = {
    "project": "Highroad",
    "author": "The Highroad developers",
    "extensions": ["myst_parser", "sphinx.ext.autodoc"],
    "smartquotes": False,  # it makes a dash of the two hyphens of an option
    "html_theme": "furo",
    "html_show_copyright": False,
    "html_title": "Highroad",
    "html_copy_source": False,
    "html_show_sphinx": False,
    "html_show_search_summary": False,  # it is fetched, which a page opened from a disk may not
    "myst_heading_anchors": 4,
    "autodoc_typehints": "description",
    "autodoc_member_order": "bysource",
    "pygments_style": "default",
    "exclude_patterns": ["files"],
}


def sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """The headings of the index, each with the pages that it lists."""
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, rest = part.partition("\n")
        pages = [target for _, target in LINK.findall(rest) if target.endswith(".md")]
        yield heading.strip(), pages


def outside_code(text: str) -> Iterator[tuple[bool, str]]:
    """The lines of a page, each with whether it is prose."""
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = re.match(r" *(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and fence and line.strip() == fence:
            fence = ""
            yield False, line
            continue
        yield not fence, line


def places(written: tuple[str, ...]) -> dict[Path, str]:
    """Where each page of the repository stands in the site; ``written``: pages that the code writes."""
    found = {INDEX: "index.md"}
    for _, pages in sections(INDEX.read_text(encoding="utf-8")):
        for page in pages:
            path = (INDEX.parent / page).resolve()
            if not (path.is_file() or page in written):  # said where the index links it
                continue
            inside = path.is_relative_to(INDEX.parent)
            name = path.relative_to(INDEX.parent if inside else ROOT).as_posix()
            found[path] = name if inside else name.replace("/", "_").lower()
    for path in unlisted(found):
        found[path] = path.relative_to(INDEX.parent).as_posix()
    return found


def unlisted(known: Container[Path]) -> list[Path]:
    """Pages of ``docs/`` for which the index has no place."""
    return [path for path in sorted(INDEX.parent.rglob("*.md")) if path not in known]


def moved(text: str, source: Path, stands: dict[Path, str], work: Path, missing: list[str]) -> str:
    """The page with its links as they are in the site; files that it links are laid beside it.

    ``missing`` takes the links that lead nowhere.
    """

    def link(found: re.Match[str]) -> str:
        words, target = found.groups()
        name, hash_, anchor = target.partition("#")
        if not name or "://" in target:
            return found[0]
        path = (source.parent / name).resolve()
        here = Path(stands[source]).parent
        if path in stands:
            return f"{words}({relpath(stands[path], here)}{hash_}{anchor})"
        if path.is_dir():
            return words.strip("[]")
        if not path.is_file():
            missing.append(f"{source.relative_to(ROOT)}: {target} leads nowhere")
            return words.strip("[]")
        copy = work / "files" / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
        return f"{words}({relpath(copy.relative_to(work), here)})"

    return "".join(
        LINK.sub(link, line) if prose else line for prose, line in outside_code(text)
    )  # fmt: skip


def menu(text: str, stands: dict[Path, str]) -> str:
    """The menu of the site, a part for each heading of the index, and one for what it does not list."""
    parts = []
    listed = list(sections(text))
    known = {(INDEX.parent / page).resolve() for _, pages in listed for page in pages} | {INDEX}
    if rest := unlisted(known):
        listed.append(("More", [str(path.relative_to(INDEX.parent)) for path in rest]))
    for heading, pages in listed:
        paths = ((INDEX.parent / page).resolve() for page in pages)
        names = [stands[path] for path in paths if path in stands]
        lines = "\n".join(dict.fromkeys(names))
        parts.append(f"```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{lines}\n```")
    return "\n\n".join(parts)


def lay(work: Path) -> list[str]:
    """Lay all pages of the site below ``work``; returns links that lead nowhere."""
    from reference_pages import PAGES

    missing: list[str] = []
    stands = places(tuple(PAGES))
    for source, name in stands.items():
        if name in PAGES:
            continue
        text = source.read_text(encoding="utf-8")
        page = moved(text, source, stands, work, missing)
        if source == INDEX:
            page += f"\n{menu(text, stands)}\n"
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(page, encoding="utf-8")
    for name, write in PAGES.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(write(), encoding="utf-8")
    return missing


def build(target: Path = TARGET) -> int:
    """Build the site into ``target``; returns 0, or 1 if there was a warning."""
    from sphinx.application import Sphinx

    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "pages"
        work.mkdir()
        missing = lay(work)
        sys.stderr.write("".join(f"{line}\n" for line in missing))
        app = Sphinx(
            work, None, target, Path(folder) / "trees", "html", CONFIGURATION, status=None,
            warningiserror=True, keep_going=True,
        )  # fmt: skip
        app.build()
    return int(bool(missing) or app.statuscode)


if __name__ == "__main__":
    code = build()
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}/index.html\n")
    sys.exit(code)
