"""Mutants of the shipped files: none crashes a check, takes long or is answered at length."""

import pytest

from tests.scenario.mutants import SCENARIOS, copied, sources, trouble, unknown_keys


@pytest.mark.parametrize("part", range(4))
def test_no_mutant_is_in_trouble(part):
    files = sources()
    tried = ((files[seed % len(files)], seed) for seed in range(part, 600, 4))
    with copied() as folder:
        found = {
            f"{file.name} {seed}": said
            for file, seed in tried
            if (said := trouble(file, seed, folder))
        }
    assert not found


def test_mutants_are_written_to_a_temporary_folder():
    before = sorted(SCENARIOS.rglob("*"))
    with copied() as folder:
        trouble(sources()[0], 1, folder)
        assert not folder.is_relative_to(SCENARIOS)
    assert sorted(SCENARIOS.rglob("*")) == before


def test_the_fuzzer_would_see_an_unknown_key_that_passes():
    arms = {"x": {"overlay": {"communities": {"a": {"firmss": 1}}}}}
    assert list(unknown_keys({"arms": arms, "outcomess": []}, "experiment")) == [
        "arms.x.overlay.communities.a.firmss",
        "outcomess",
    ]
    assert list(
        unknown_keys({"communities": {"a": {"firms": 1, "large": {"firmss": 1}}}}, "scenario")
    ) == ["communities.a.large.firmss"]
