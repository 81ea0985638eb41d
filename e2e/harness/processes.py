"""The processes of a server on this machine: found by their parent, killed as a crash kills them."""

import os
import signal
from pathlib import Path

from .together import wait_until


def family_of(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (status := _status(folder)):
            parents[int(folder.name)] = int(status[1])
    family = [root]
    for member in family:
        family += [pid for pid, parent in parents.items() if parent == member]
    return family


def kill_at_once(processes: list[int]) -> None:
    """End them by SIGKILL, and wait until none of them runs any longer."""
    for process in processes:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it ended with its parent
    wait_until(lambda: not any(map(_runs, processes)))


def resident_megabytes(process: int) -> float:
    """The memory that a process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def parent_of(process: int) -> int:
    """Who started it."""
    status = _status(Path(f"/proc/{process}"))
    assert status, f"no process {process}"
    return int(status[1])


def _runs(process: int) -> bool:
    status = _status(Path(f"/proc/{process}"))
    return status is not None and status[0] != "Z"


def _status(folder: Path) -> list[str] | None:
    # proc(5): the name, in parentheses, may hold anything; state and parent follow
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
