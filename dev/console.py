"""What the developer sees: steps with their time, and programs run quietly with their output kept in a log file."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .settings import DevError

TICK_TERMINAL = 1.0
TICK_LOG = 20.0


def say(text: str = "") -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a long step, show that it lives, and say how long it took."""
    started = time.monotonic()
    finished = threading.Event()
    terminal = sys.stdout.isatty()

    def tick() -> None:
        while not finished.wait(TICK_TERMINAL if terminal else TICK_LOG):
            elapsed = time.monotonic() - started
            line = f"  .. {title} ({elapsed:.0f} s)"
            print(f"\r{line}" if terminal else line, end="" if terminal else "\n", flush=True)

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    outcome = "failed"
    try:
        yield
        outcome = "ok"
    finally:
        finished.set()
        ticker.join()
        elapsed = time.monotonic() - started
        say(f"{chr(13) if terminal else ''}  {outcome} {title} ({elapsed:.1f} s)")


def run(
    command: Sequence[str | Path],
    log: Path,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    user: str | None = None,
) -> None:
    """Run a program to its end with its output in `log`; raises DevError with the last lines if it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        identity = {"user": user, "group": user_group(user), "extra_groups": []} if user else {}
        code = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **identity,
        ).returncode
    if code:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
        raise DevError(f"{Path(str(command[0])).name} failed with code {code}; see {log}\n{tail}")


def user_group(user: str) -> int:
    """The number of a user's own group."""
    import pwd

    return pwd.getpwnam(user).pw_gid
