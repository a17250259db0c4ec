"""The tables that a comparison left in its folder, as pages read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.records.result_files import read_table
from model.report.frames import in_order
from model.report.made_titles import in_words
from model.scenario.faults import FEW
from model.wording.numbers import titled
from model.wording.sentences import verdict

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Tables:
    """The tables of a comparison; empty ones where they were not asked for."""

    effects: pd.DataFrame
    ranking: pd.DataFrame
    gains: pd.DataFrame
    factors: pd.DataFrame
    regret: pd.DataFrame
    pair: str
    """What is paired, in words."""
    primary: str = ""
    """The outcome that the file says the answer is about; none where it says none."""

    @classmethod
    def read(cls, folder: Path, manifest: Mapping[str, Any]) -> Tables:
        """From the files of a folder; FileNotFoundError where there are no effects."""
        names = ("effects", "ranking", "gains", "factors", "regret")
        frames = {name: table(folder, name, name == "effects", manifest=manifest) for name in names}
        drawn = manifest.get("compared", {}).get("draws", 0)
        outcomes = frames["effects"]["outcome"].unique()
        primary = manifest.get("experiment", {}).get("primary", "")
        if not primary and len(outcomes) == 1:
            primary = str(outcomes[0])
        return cls(**frames, pair="paired draw" if drawn else "paired replicate", primary=primary)

    @property
    def drawn(self) -> bool:
        """Whether parameters are drawn, and draws are what is paired."""
        return "draw" in self.pair

    @property
    def outcomes(self) -> dict[str, str]:
        """Outcomes with their titles, in the order of the file."""
        return in_order(self.effects, "outcome", "outcome_title")

    @property
    def first(self) -> str:
        """The outcome that tables of one outcome show: the primary one, or the first of the file."""
        return self.primary or next(iter(self.outcomes))

    @property
    def long(self) -> bool:
        """Whether there are so many alternatives that each can't be told on its own."""
        return self.effects["arm"].nunique() > FEW

    def chances(self, outcome: str) -> dict[str, float] | None:
        """Of each alternative's mean to be best; None where not known."""
        if self.ranking.empty:
            return None
        part = self.ranking[self.ranking["outcome"] == outcome]
        return dict(zip(part["arm"], part["best_mean"], strict=True))

    def verdict(self, outcome: str, money: str = "") -> str:
        """What an outcome says of all alternatives."""
        return verdict(self.effects, outcome, money, self.chances(outcome), self.pair)


def table(
    folder: Path,
    name: str,
    needed: bool = False,
    text: Iterable[str] = (),
    manifest: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """A table of a folder of results with titles that begin with a capital; empty if it isn't there.

    ``manifest``: from which titles that the program makes are said in the language spoken.
    ``text``: columns of names, as ``read_table``.
    """
    import pandas as pd

    if not (folder / f"{name}.csv").exists() and not needed:
        return pd.DataFrame()
    frame = in_words(read_table(folder, name, text), manifest or {})
    if "outcome_title" in frame:
        frame["outcome_title"] = frame["outcome_title"].map(titled)
    return frame
