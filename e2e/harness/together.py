"""Doing the same thing many times at the same moment."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")


def at_once(task: Callable[[], Result], number: int) -> list[Result]:
    """Run `task` in so many threads that all start at the same moment; returns what each returned."""
    barrier = threading.Barrier(number)

    def run() -> Result:
        barrier.wait(timeout=30)
        return task()

    with ThreadPoolExecutor(number) as pool:
        return [future.result() for future in [pool.submit(run) for _number in range(number)]]


def in_parallel(
    task: Callable[[Given], Result], given: Sequence[Given], threads: int = 8
) -> list[Result]:
    """Run `task` for each of `given`, some at a time; returns the results in their order."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(task, given))


def wait_until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Ask again until the answer is true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
