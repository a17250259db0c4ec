"""What is told of visitors: how many, and what each takes beside the first."""

import pytest

from model.viewer import visitors
from model.viewer.visitors import Visitors


def test_memory_is_told_at_each_new_most(monkeypatch: pytest.MonkeyPatch):
    used = iter([500.0, 510.0, 530.0])
    monkeypatch.setattr(visitors, "memory", lambda: next(used))
    said: list[str] = []
    seen = Visitors(said.append)
    seen.came()
    seen.came()
    seen.left()
    seen.came()  # no more than before
    seen.came()
    assert said == [
        "1 page open, 500 MB in all.",
        "2 pages open, 510 MB in all, about 10 MB for each after the first.",
        "3 pages open, 530 MB in all, about 15 MB for each after the first.",
    ]


def test_memory_is_that_of_the_process():
    before = visitors.memory()
    held = bytearray(60_000_000)
    held[::1024] = bytes(len(held[::1024]))
    assert visitors.memory() - before > 30
