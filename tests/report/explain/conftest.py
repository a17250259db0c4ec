"""Results that all tests of lives share, written once."""

from functools import cache

import pytest

from model.report.explain.life import live
from model.report.explain.result import read_result
from model.report.explain.trace import Trace
from model.report.explain.twins import run_together, twin_place
from tests.report.explain.lives import ARMS, write_results


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return write_results(tmp_path_factory.mktemp("results") / "all", ARMS)


@pytest.fixture(scope="session")
def result(folder):
    return read_result(folder)


@pytest.fixture(scope="session")
def told(result):
    """The life of a firm, by default of the founder at a place; made once."""

    @cache
    def one(label, place, born=0):
        return live(Trace(result, label, 0, place).run(), born)

    return one


@pytest.fixture(scope="session")
def twins(result):
    def two(first, second, place, replicate=0):
        one = Trace(result, first, replicate, place)
        other = Trace(result, second, replicate, twin_place(one, result.scenario(second)))
        return run_together(one, other)

    return two
