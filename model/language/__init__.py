"""What people read, in their language: English as it stands in the code, others from catalogues.

    say("{thing} costs {money}", thing=…, money=…)   a whole message; gaps have names, so that a
                                                     translation may put them in another order
    say_many("{n} pair", "{n} pairs", n)             the same of a number of things
    noted("Unit of account")                         a message that is said later, by ``say``
    with speaking("es"): …                           the language of all that is said inside
    with spoken_by_all("es"): …                      the same in every thread, for a server

Catalogues are the ``.po`` files of this folder. ``uv run .ci/catalogues.py`` brings them up to date with
the code; a test finds what has no translation. Data stay as they are: titles are those of their files,
and tables for programs are English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, get_args

ENGLISH = "en"
Language = Literal["en", "es", "pt"]
LANGUAGES: tuple[str, ...] = get_args(Language)
CATALOGUES = Path(__file__).parent
_PLACES = {ENGLISH: "en_GB", "es": "es", "pt": "pt_BR"}
"""Whose numbers and dates are written: both others have the decimal comma."""
_spoken: ContextVar[str | None] = ContextVar("language", default=None)
_OF_ALL = [ENGLISH]
"""The language of threads that speak none of their own; the last counts."""


def spoken() -> str:
    """The language of what is said now."""
    return _spoken.get() or _OF_ALL[-1]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """All that is said inside is said in a language of ``LANGUAGES``."""
    before = _spoken.set(_known(language))
    try:
        yield
    finally:
        _spoken.reset(before)


@contextmanager
def spoken_by_all(language: str) -> Iterator[None]:
    """Until its end every thread speaks a language of ``LANGUAGES``, but inside ``speaking``.

    Threads don't inherit what ``speaking`` sets, and a server draws its pages in threads.
    """
    _OF_ALL.append(_known(language))
    try:
        yield
    finally:
        _OF_ALL.pop()


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"no language {language!r}; there are {', '.join(LANGUAGES)}")
    return language


def noted(message: str) -> str:
    """A message for the catalogues that is said elsewhere."""
    return message


def noted_many(one: str, many: str) -> tuple[str, str]:
    """Two forms of a message for the catalogues that are said elsewhere."""
    return one, many


def say(message: str, /, **parts: Any) -> str:
    """A message in the language spoken, its gaps filled."""
    return catalogue(spoken()).gettext(message).format(**parts)


def say_many(one: str, many: str, n: int, /, **parts: Any) -> str:
    """A message about ``n`` things, in the form that the language has for so many."""
    return catalogue(spoken()).ngettext(one, many, n).format(**parts)


def say_name(name: str) -> str:
    """A name that may be one of those noted, such as a unit; any other as it is."""
    return catalogue(spoken()).gettext(name) if name else ""


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations of a language; of English none."""
    if language == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (CATALOGUES / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return GNUTranslations(compiled)


def signed_as_here(number: str) -> str:
    """A number as English writes it, with the decimal sign and the thousands of the language spoken."""
    return number if spoken() == ENGLISH else number.translate(_signs(spoken()))


@cache
def _signs(language: str) -> dict[int, str]:
    from babel import Locale

    known = Locale.parse(_PLACES[language]).number_symbols["latn"]
    return {ord("."): known["decimal"], ord(","): known["group"]}


def decimal_sign() -> str:
    """What stands before the decimals of a number in the language spoken."""
    return signed_as_here(".")


def day(when: date) -> str:
    """A date in words: 28 November 2026."""
    from babel.dates import format_date

    return str(format_date(when, "long", _PLACES[spoken()]))
