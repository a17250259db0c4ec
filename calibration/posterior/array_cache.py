"""Arrays that take long to compute, kept in a store of points under a key of all that decides them.

The key holds the sources of the model and of calibration, the libraries that fit, and what was asked: a
changed file computes anew what it may change, and nothing stale is ever read.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from model.experiments.points.store import Result, Store
from model.provenance import points_digest

_PART = "arrays"


def key_of(*asked: str | np.ndarray) -> str:
    """The key of what was asked, told in texts and arrays."""
    digest = hashlib.sha256(points_digest().encode())
    for each in asked:
        array = np.ascontiguousarray(each)
        digest.update(f"\0{array.dtype} {array.shape} ".encode())
        digest.update(each.encode() if isinstance(each, str) else array.tobytes())
    return digest.hexdigest()


def load_arrays(store: Store, key: str) -> dict[str, np.ndarray] | None:
    """The arrays under a key, by name; None if they are not there."""
    if not store.has(key):
        return None
    with np.load(io.BytesIO(store.part(key, _PART))) as file:
        return dict(file)


def save_arrays(store: Store, key: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Put arrays under a key; they are on disk when it returns."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **dict[str, Any](arrays))
    store.put([Result(key, {_PART: buffer.getvalue()})])
