"""Playing tests, once collected, in forks of the process: each finds the world as it was, and pays for itself alone."""

import json
import os
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import is_hypothesis_test


def is_of_core(item: pytest.Item) -> bool:
    """Whether it is a test of the core with examples of its own: what generated ones find is chance."""
    is_generated = is_hypothesis_test(getattr(item, "obj", None)) or "properties" in item.path.parts
    return not is_generated and item.path.parent.name == "protocol"


def play(item: pytest.Item) -> None:
    """Run one test, with its fixtures."""
    item.ihook.pytest_runtest_protocol(item=item, nextitem=None)


def in_fork(work: Callable[[], Any]) -> Any:
    """What `work` returns in a process of its own; None if that has ended without a word."""
    return next(at_once([lambda: iter([work()])]), None)


def at_once(works: list[Callable[[], Iterator[Any]]]) -> Iterator[Any]:
    """What all of them yield, a process each. Lines are short, so that they do not mix in the one pipe."""
    reading, writing = os.pipe()
    pids = [_forked(work, writing) for work in works]
    os.close(writing)
    with os.fdopen(reading) as lines:
        yield from (json.loads(line) for line in lines)
    for pid in pids:
        os.waitpid(pid, 0)


def _forked(work: Callable[[], Iterator[Any]], writing: int) -> int:
    """Start a process that writes what `work` yields, a line of JSON each."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        with os.fdopen(writing, "w") as lines:
            for answer in work():
                lines.write(json.dumps(answer) + "\n")
                lines.flush()
        code = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)
