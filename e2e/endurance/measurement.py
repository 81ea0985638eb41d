"""Has all of them work for a while, and writes down how long it took and how much memory the server held."""

import queue
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from e2e.harness.processes import family_of, resident_megabytes
from e2e.harness.systems import System

from .work import Worker


@dataclass(frozen=True)
class Plan:
    """So long, by so many threads, each of which waits so long between two things; memory is read so many times.

    The pause leaves the server time to spare, as it has in life: without it, what is measured is the queue before it.
    """

    seconds: float
    clients: int = 6
    pause: float = 0.3
    readings: int = 60


@dataclass
class Record:
    """What was seen. Times count from the start, in seconds; `durations`: (when, what, how long)."""

    seconds: float = 0
    durations: list[tuple[float, str, float]] = field(default_factory=list)
    memory: list[tuple[float, dict[int, float]]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How often each thing was done."""
        return Counter(action for _when, action, _duration in self.durations)

    def typical(self, action: str, begin: float, end: float) -> float | None:
        """The median duration of an action within a part of the time, 0 to 1, in milliseconds."""
        durations = self._durations(action, begin, end)
        return statistics.median(durations) * 1000 if durations else None

    def slow(self, action: str, begin: float, end: float) -> float | None:
        """What 95 of 100 stay below, likewise."""
        durations = self._durations(action, begin, end)
        return statistics.quantiles(durations, n=20)[-1] * 1000 if len(durations) > 1 else None

    def _durations(self, action: str, begin: float, end: float) -> list[float]:
        return [
            duration
            for when, what, duration in self.durations
            if what == action and begin * self.seconds <= when < end * self.seconds
        ]

    def slowing(self, action: str) -> float:
        """The last quarter by the second one: the first is for warming up."""
        return _growth(action, self.typical(action, 0.25, 0.5), self.typical(action, 0.75, 1))

    def slowing_of_slow(self, action: str) -> float:
        """Likewise of what 95 of 100 stay below."""
        return _growth(action, self.slow(action, 0.25, 0.5), self.slow(action, 0.75, 1))

    def held(self, begin: float, end: float) -> float:
        """The mean of what all processes held together within a part of the time, in megabytes."""
        return statistics.mean(
            sum(processes.values())
            for when, processes in self.memory
            if begin * self.seconds <= when <= end * self.seconds
        )

    @property
    def growth(self) -> float:
        """Megabytes that the server holds more in the last quarter than in the second one."""
        return self.held(0.75, 1) - self.held(0.25, 0.5)


def _growth(action: str, early: float | None, late: float | None) -> float:
    assert early, f"nothing to compare: {action}"
    assert late, f"nothing to compare: {action}"
    return late / early


def measure(system: System, people: list[Worker], plan: Plan) -> Record:
    """Let them work until the time is over."""
    record, idle = Record(plan.seconds), queue.SimpleQueue()
    for worker in people:
        idle.put(worker)
    started = time.monotonic()

    def elapsed() -> float:
        return time.monotonic() - started

    threads = [
        threading.Thread(target=_work, args=(idle, record, plan.pause, elapsed))
        for _number in range(plan.clients)
    ]
    for thread in threads:
        thread.start()
    while (now := elapsed()) < plan.seconds:
        record.memory.append((now, _memory(system.server.pid)))
        time.sleep(min(plan.seconds / plan.readings, max(0.0, plan.seconds - elapsed())))
    for thread in threads:
        thread.join()
    return record


def _work(
    idle: "queue.SimpleQueue[Worker]", record: Record, pause: float, elapsed: Callable[[], float]
) -> None:
    while (begin := elapsed()) < record.seconds:
        worker = idle.get()
        action = worker.choose()
        try:
            worker.do(action)
            record.durations.append((begin, action, elapsed() - begin))
        except Exception as error:  # noqa: BLE001 - a failure of whatever kind is what is looked for
            record.failures.append(f"{begin:.0f} s, {action}: {type(error).__name__} {error}"[:500])
            worker.forget()
        idle.put(worker)
        time.sleep(pause)


def _memory(root: int) -> dict[int, float]:
    return {pid: resident_megabytes(pid) for pid in family_of(root) if _is_there(pid)}


def _is_there(process: int) -> bool:
    return Path(f"/proc/{process}/statm").exists()
