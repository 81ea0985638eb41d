"""File locks, so that several runs can share one cache."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


def open_lock(path: Path) -> int:
    """Open (creating it) the file that stands for a lock; the lock dies with the process that holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock alone, waiting for it."""
    with _held(path, fcntl.LOCK_EX):
        yield


@contextlib.contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold a lock together with other readers, waiting for a writer to end."""
    with _held(path, fcntl.LOCK_SH):
        yield


@contextlib.contextmanager
def _held(path: Path, kind: int) -> Iterator[None]:
    handle = open_lock(path)
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


def try_exclusive(handle: int) -> bool:
    """Turn an open lock into an exclusive one if nobody else holds it; says whether that worked."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
