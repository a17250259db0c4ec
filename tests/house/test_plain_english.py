"""No phrase that a reader with English as a second language, or a translator, can't parse.

Each line is a phrase that stood here once, or its like, and what to write instead. Docs, help, errors and
reports are held to it; so are docstrings and comments of the code.
"""

import re
from pathlib import Path

import pytest

from tests.house.committed import ROOT, committed_files

READ = {".md", ".py", ".toml", ".j2"}
ODD = {
    r"\bastride\b": "say which part lies inside and which outside",
    r"\bas near as chance\b": "say whether the difference may be chance",
    r"\bis seen to(?=[.,;:])": "say who checks what",
    r"\bare none of another\b": "say that each has its own",
    r"\bcould as well have had\b": "say what would be equally likely",
    r"\b[Aa]ny \w+ may say it\b": "say where it may stand",
    r"\b[Cc]lusters beside their scores\b": "say that they are compared with their scores",
    r"\b(?:where|there|here)(?:of|from|upon|withal)\b": "write of which, from there, of this",
    r"\b[Ll]est\b": "write so that ... not",
    r"\b(?:[Ww]ere|[Hh]ad) (?:the|a|an|it|there) [^.,;:]{1,40}, (?:each|it|the|no|all)\b": "write if",
    r"\bnothing (?:\w+ )?is the \w+er for it\b": "say what is not worse",
    r"\bhas it that\b": "write says that",
}


def odd(text: str) -> list[str]:
    flat = re.sub(r"\s*\n\s*(?:#\s*)?", " ", text)
    return [
        f"{flat[max(0, found.start() - 40) : found.end() + 40]!r}: {instead}"
        for phrase, instead in ODD.items()
        for found in re.finditer(phrase, flat)
    ]


def files() -> list[Path]:
    own = Path(__file__)
    return [path for path in committed_files() if path.suffix in READ and path != own]


def test_no_phrase_that_can_not_be_parsed():
    found = [
        f"{path.relative_to(ROOT)}: {said}"
        for path in files()
        for said in odd(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "phrase",
    [
        "no other point comes as near as chance, replicate by replicate",
        "so that a box that fits nothing but chance is seen to.",
        "were the policy without effect, each difference could as well have\nhad the other sign",
        "the practices of one are none of another",
        "it lies astride",
        "Any table may say it",
        "Clusters beside their scores",
    ],
)
def test_the_check_finds_what_was_found(phrase):
    assert odd(phrase)


def test_plain_sentences_pass():
    assert odd("If the policy had no effect, both signs would be equally likely.") == []
