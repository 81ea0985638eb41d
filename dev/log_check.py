"""Reads Odoo's log: a warning or an error that is not on the allow-list fails a run."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .settings import ADDON, DevError

ALLOWLIST = Path(__file__).with_name("log_allowlist.txt")
HEADER = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ ([A-Z]+) (\S+) (\S+): (.*)")
PROBLEM_LEVELS = {"WARNING", "ERROR", "CRITICAL"}
# a failed test is reported as such, not once more as a log line
TEST_REPORT = re.compile(
    r"(FAIL|ERROR): .*|.*\d+ failures?, \d+ errors? of .*|\d+ failed, \d+ error\(s\) of .*"
)


@dataclass(frozen=True)
class Record:
    """One entry of Odoo's log; `text` holds all its lines, `message` those without the header."""

    level: str
    logger: str
    message: str
    text: str


def records(lines: Iterable[str]) -> Iterator[Record]:
    """Put the lines of a log together to entries; a traceback belongs to the entry before it."""
    pending: list[str] = []
    for line in lines:
        line = line.rstrip("\n")
        if HEADER.match(line) and pending:
            yield _record(pending)
            pending = []
        pending.append(line)
    if pending:
        yield _record(pending)


def _record(lines: list[str]) -> Record:
    found = HEADER.match(lines[0])
    if not found:
        return Record("", "", lines[0], "\n".join(lines))
    level, _database, logger, message = found.groups()
    return Record(level, logger, "\n".join([message, *lines[1:]]), "\n".join(lines))


class AllowList:
    """Warnings that are known, each with its cause: lines of `logger | expression | cause`."""

    def __init__(self, path: Path = ALLOWLIST) -> None:
        self._entries: list[tuple[str, re.Pattern[str]]] = []
        for line in path.read_text().splitlines():
            if not line or line.startswith("#"):
                continue
            parts = [part.strip() for part in line.split(" | ")]
            if len(parts) != 3 or not all(parts):
                raise DevError(f"{path.name}: not `logger | expression | cause`: {line}")
            if ADDON in parts[0]:
                raise DevError(f"{path.name}: our own loggers are never allowed to warn: {line}")
            self._entries.append((parts[0], re.compile(parts[1])))

    def problem(self, record: Record) -> bool:
        """Whether an entry of the log must fail the run."""
        first_line = record.message.partition("\n")[0]
        if record.level not in PROBLEM_LEVELS or TEST_REPORT.fullmatch(first_line):
            return False
        return not any(
            record.logger == logger and expression.match(record.message)
            for logger, expression in self._entries
        )


def problems(lines: Iterable[str]) -> list[Record]:
    """The entries of a log that must fail a run."""
    allowed = AllowList()
    return [record for record in records(lines) if allowed.problem(record)]
