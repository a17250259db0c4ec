"""Brings the catalogues of translations up to date with the messages in code and templates.

    uv run .ci/catalogues.py

New messages are added without a translation, and those that nobody says are removed. A test finds what is
not translated, and gaps that a translation lost.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from model.language import CATALOGUES, ENGLISH, LANGUAGES
from model.viewer.levers import messages as of_levers

ROOT = Path(__file__).parents[1]
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext.babel_extract")]
KEYWORDS = {"say": None, "noted": None, "say_many": (1, 2), "noted_many": (1, 2)}


def messages() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Every message with the file that says it."""
    for room in ("model", "calibration"):
        with warnings.catch_warnings(action="ignore"):  # a gap may be filled by an f-string
            found = list(extract_from_dir(ROOT / room, METHODS, keywords=KEYWORDS))
        for name, _, message, _, _ in found:
            file = ROOT / room / name
            if file.suffix != ".py" or "from model.language import" in file.read_text("utf-8"):
                yield file.relative_to(ROOT).as_posix(), message
    for message in of_levers():  # made from the schema
        yield "model/viewer/levers.py", message


def template() -> Catalog:
    """A catalogue of all messages, none translated."""
    made = Catalog(fuzzy=False)
    for file, message in sorted(messages(), key=lambda said: said[0]):
        made.add(message, locations=[(file, 0)])
    return made


def updated(language: str) -> Catalog:
    """The catalogue of a language with the messages that there are, and no others."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        there = read_po(file, locale=language)
    there.update(template(), no_fuzzy_matching=True)
    there.obsolete.clear()
    return there


def main() -> None:
    """Write the catalogue of each language anew."""
    for language in LANGUAGES:
        if language != ENGLISH:
            there = updated(language)
            with (CATALOGUES / f"{language}.po").open("wb") as file:
                write_po(
                    file,
                    there,
                    width=100,
                    omit_header=False,
                    sort_by_file=True,
                    include_lineno=False,
                )


if __name__ == "__main__":
    main()
