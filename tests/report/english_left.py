"""Finds what is left in English on a page or a figure in another language, by the catalogues."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from babel.messages.pofile import read_po

from model.language import CATALOGUES

_WIDE = re.compile(r"\s{2,}|[\u2500-\u257f]+")
_GAP = re.compile(r"\{\w*\}")
_COMMON = re.compile(
    r"\b(?:the|of|and|or|with|by|from|is|are|was|to|than|less|which|other|quarters?|years?|effect|firms|point)\b"
)
"""Words that neither Spanish nor Portuguese has, whatever the catalogues know."""
_LONG = 4  # words of a message that say nothing in another language by chance
_SHOWN_AS_THEY_ARE = ("pre", "code", "script", "style", "svg")
_OF_MADE_TITLES = ("model/experiments/", "model/measures/")


class Told(HTMLParser):
    """Texts of a page, but for files and commands in full, and figures, which are looked at themselves."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._inside += tag in _SHOWN_AS_THEY_ARE

    def handle_endtag(self, tag):
        self._inside -= tag in _SHOWN_AS_THEY_ARE

    def handle_data(self, data):
        if not self._inside and data.strip():
            self.texts.append(data)


def texts_of(file: Path) -> list[str]:
    """All texts of a page or of a figure (SVG), in their order."""
    if file.suffix == ".html":
        found = Told(file.read_text(encoding="utf-8")).texts
    else:
        found = [
            "".join(each.itertext())
            for each in ElementTree.parse(file).iter()
            if each.tag.endswith(("}text", "}title"))
        ]
    return [" ".join(text.split()) for text in found if text.strip()]


def cells_of(screen: str) -> list[str]:
    """Texts of a screen: what stands in a line with wide gaps on both sides, such as the cells of tables."""
    return [cell for line in screen.splitlines() for cell in _WIDE.split(line.strip()) if cell]


def left_in_english(file: Path, language: str) -> list[str]:
    """What of a page or a figure is left in English: see ``english_among``."""
    texts = texts_of(file)
    assert texts, file
    return english_among(texts, language)


def english_among(texts: Sequence[str], language: str) -> list[str]:
    """Messages in English that are a text, or of which a text holds a piece, and texts with English words."""
    texts = [text.lower() for text in texts]
    words, pieces = _english(language)
    whole = " ".join(texts)  # lines of a figure are texts of their own
    held = (piece for piece in pieces if piece in whole)
    return [
        *(text for text in texts if text in words or _COMMON.search(text)),
        *(piece for piece in held if re.search(rf"\b{re.escape(piece)}\b", whole)),
    ]


@cache
def _english(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Messages as whole texts, and pieces that no text may hold: long ones, and those of made titles."""
    words, pieces = set(), set()
    for message, said, made in _messages(language):
        if said.lower() == message.lower():
            continue
        words.add(message.lower())
        for piece in _GAP.split(message.lower()):
            if len(re.findall(r"[a-z]{3,}", piece)) >= (1 if made else _LONG):
                pieces.add(piece.strip(" ,:;.()"))
    return frozenset(words), frozenset(pieces)


def _messages(language: str) -> Iterator[tuple[str, str, bool]]:
    """Every form of a message, how it is said, and whether titles are made with it."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        for message in read_po(file):
            if message.id:
                made = any(place.startswith(_OF_MADE_TITLES) for place, _ in message.locations)
                forms, said = (
                    (text,) if isinstance(text, str) else text
                    for text in (message.id, message.string)
                )
                for one, other in zip(forms, said, strict=True):
                    yield one, other, made
