"""Hears what is said for which a catalogue has no translation."""

from typing import Any

from model.language import catalogue

ALIKE = ("{n} {currency}",)
"""Said alike in every language."""


def untranslated(monkeypatch: Any, language: str) -> list[str]:
    """A list that fills with messages as they are said in English where ``language`` is spoken."""
    missing: list[str] = []
    heard = catalogue(language)

    class Listening:
        def gettext(self, message: str) -> str:
            if heard.gettext(message) is message and message.lower() not in ALIKE:
                missing.append(message)
            return heard.gettext(message)

        def ngettext(self, one: str, many: str, n: int) -> str:
            said = heard.ngettext(one, many, n)
            if said is one or said is many:
                missing.append(one)
            return said

    def listened(spoken: str) -> Any:
        return Listening() if spoken == language else catalogue(spoken)

    monkeypatch.setattr("model.language.catalogue", listened)
    return missing
