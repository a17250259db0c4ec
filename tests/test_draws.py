"""Counter-based draws: the published numbers, even, independent, the same for ever."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import draws
from model.draws import chance, generator, key, mix, one_of

U = np.uint64
words = st.integers(0, 2**64 - 1)


def bits(x) -> int:
    return int(x) & (2**64 - 1)


def under(parent: np.uint64, *path: int) -> np.uint64:
    """The key at the end of a path; compiled code returns it to Python as a plain int."""
    for child in path:
        parent = U(key(parent, child))
    return parent


# The first outputs of splitmix64 for two seeds, as its authors' reference code prints them: the key
# of child n under a parent is the output n + 1 of the generator seeded with the parent.
SPLITMIX64 = {
    0: (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC),
    1234567: (
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
        16408922859458223821,
    ),
}  # fmt: skip


@pytest.mark.parametrize("seed", SPLITMIX64)
def test_keys_are_the_published_numbers_of_splitmix64(seed):
    found = [bits(key(U(seed), n)) for n in range(len(SPLITMIX64[seed]))]
    assert found == list(SPLITMIX64[seed])


FROZEN = [0x52514D3DC6AECEAC, 0xEB84AA95E05BB0E5]  # worked out with Python's own integers


def test_frozen_draws():
    """These numbers are part of every result: a change here changes all of them."""
    run = under(U(0), 1, 0)  # seed 1, replicate 0
    firm = under(run, draws.TICK, 7, 3)
    assert [int(firm), int(under(firm, draws.LUCK))] == FROZEN
    assert chance(firm) == (FROZEN[0] >> 32) / 2**32
    assert one_of(1000, firm) == (FROZEN[0] & (2**30 - 1)) * 1000 >> 30


def unmixed(z: int) -> int:
    """Splitmix64's mixing, step by step backwards."""
    for shift, factor in ((31, 0x94D049BB133111EB), (27, 0xBF58476D1CE4E5B9), (30, 1)):
        z ^= z >> shift ^ z >> 2 * shift
        z = z * pow(factor, -1, 2**64) % 2**64
    return z


@given(words)
def test_mixing_can_be_undone_so_that_no_two_words_collide(word):
    assert unmixed(bits(mix(U(word)))) == word


@given(words)
def test_a_chance_lies_in_0_to_1_and_comes_from_the_high_half(word):
    assert 0 <= chance(U(word)) < 1
    assert chance(U(word)) == (word >> 32) / 2**32
    assert chance(U(word)) == chance(U(word ^ 0xFFFFFFFF))


@given(words, st.integers(1, 2**30 - 1))
def test_one_of_n_lies_below_n_and_comes_from_the_low_half(word, n):
    assert 0 <= one_of(n, U(word)) < n
    assert one_of(n, U(word)) == one_of(n, U(word ^ 0xFFFFFFFF << 32))


@cache
def keys() -> np.ndarray:
    """Keys of 20 quarters, 20 firms and 20 purposes."""
    found = np.empty((20, 20, 20), U)
    for path in np.ndindex(found.shape):
        found[path] = under(U(99), *path)
    return found


def chi_square_per_degree(counts) -> float:
    """How many standard deviations chi-square lies above its mean."""
    degrees, expected = len(counts) - 1, counts.sum() / len(counts)
    return (((counts - expected) ** 2 / expected).sum() - degrees) / np.sqrt(2 * degrees)


def test_chances_are_uniform():
    chances = (keys() >> U(32)).astype(float).ravel() / 2**32
    assert abs(chi_square_per_degree(np.bincount((chances * 64).astype(int), minlength=64))) < 5
    assert chances.mean() == pytest.approx(0.5, abs=4 / np.sqrt(12 * chances.size))


@pytest.mark.parametrize("n", [2, 3, 7, 48])
def test_one_of_n_is_uniform(n):
    chosen = [one_of(n, word) for word in keys().ravel()]
    assert abs(chi_square_per_degree(np.bincount(chosen, minlength=n))) < 5


def test_every_bit_of_a_key_is_even():
    share = ((keys().ravel()[:, None] >> np.arange(64, dtype=U)) & U(1)).mean(axis=0)
    assert np.abs(share - 0.5).max() < 5 * 0.5 / np.sqrt(keys().size)


def correlation(one, other) -> float:
    """Of the high halves, in standard deviations."""
    x, y = ((words >> U(32)).astype(float).ravel() for words in (one, other))
    return abs(np.corrcoef(x, y)[0, 1]) * np.sqrt(x.size)


@pytest.mark.parametrize("axis", range(3), ids=["ticks", "firms", "purposes"])
@pytest.mark.parametrize("lag", [1, 2])
def test_neighbours_draw_apart(axis, lag):
    """One quarter and the next, one firm and its neighbour, one purpose and the next."""
    one = np.take(keys(), range(20 - lag), axis)
    other = np.take(keys(), range(lag, 20), axis)
    assert correlation(one, other) < 4.5


def test_exchanged_numbers_draw_apart():
    """Firm 3 of community 5 and firm 5 of community 3."""
    assert correlation(keys(), keys().transpose(1, 0, 2)[:, ::-1]) < 4.5
    assert under(U(1), 3, 5) != under(U(1), 5, 3)


def test_both_halves_of_a_draw_are_independent():
    low = (keys() & U(0xFFFFFFFF)) << U(32)
    assert correlation(keys(), low) < 4.5


def test_parents_and_children_draw_apart():
    children = np.array([under(word, 0) for word in keys()[0].ravel()])
    assert correlation(keys()[0], children) < 4.5


def test_no_two_keys_of_a_world_are_the_same():
    assert len(np.unique(keys())) == keys().size


def test_purposes_under_one_parent_have_different_numbers():
    """A firm's purposes, with and without a partner; its meetings with sources come after them."""
    firm = [draws.ATTENTION, draws.FAIR, draws.FORGET, draws.LUCK, draws.ENTRY, draws.SPIN_OFF,
            draws.PARENT, draws.BIRTH, draws.SIZE, draws.CONTACT, draws.PUNISH, draws.JOIN,
            draws.HEAR, draws.PEER, draws.LABOUR, draws.ASSOCIATE]  # fmt: skip
    assert len(set(firm)) == len(firm)
    assert max(firm) < draws.SOURCE
    meeting = [draws.SCREEN, draws.NOTE, draws.EMBODIED, draws.HOW, draws.DIAGNOSE, draws.VOICE]
    visit = [draws.FIRM, draws.SECOND, draws.GATHER, draws.FORUM, *meeting]
    assert len(set(visit)) == len(visit)
    world = [draws.FIRM, draws.COMMUNITY, draws.CHAIN, draws.INSTITUTION, draws.SECTOR, draws.TIES]
    assert len(set(world)) == len(world)
    assert draws.QUALITY < draws.FOUND


def test_a_generator_is_the_same_for_a_path_and_another_for_another():
    one, other = (generator(1, 2, 3).random(5) for _ in range(2))
    assert (one == other).all()
    for path in ((1, 2), (1, 2, 4), (3, 2, 1), (1, 2, 3, 0)):
        assert (generator(*path).random(5) != one).all()


def test_a_generator_touches_no_global_state():
    np.random.seed(5)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    generator(1).random(10)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
