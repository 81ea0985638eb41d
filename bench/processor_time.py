"""Processor time of a process with everything that descends from it, dead children included; Linux only."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(root: int) -> float:
    """User and system time so far of a process, its descendants, and those of them that ended and were waited for."""
    processes = dict(_processes())
    family, waiting = [], [root]
    while waiting:
        parent = waiting.pop()
        family.append(parent)
        waiting += [pid for pid, (its_parent, _ticks) in processes.items() if its_parent == parent]
    return sum(processes[pid][1] for pid in family) / TICKS


def parent_of(pid: int) -> int:
    """The process that started another one."""
    return _read(pid)[0]


def _processes():
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                yield int(folder.name), _read(int(folder.name))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended meanwhile; its time is now its parent's


def _read(pid: int) -> tuple[int, int]:
    # proc(5): the name, in parentheses, may hold anything; utime, stime, cutime, cstime are fields 14 to 17
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[1]), sum(map(int, fields[11:15]))
