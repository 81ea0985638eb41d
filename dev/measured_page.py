"""The measured parts of a page in docs/; the text around them is written by people."""

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from .settings import ROOT

PERFORMANCE = ROOT / "docs/performance.md"
PROOF = ROOT / "docs/proof.md"


def read_part(page: Path, name: str) -> str:
    """What stands between the two marks of a part."""
    return _split(page, name)[1]


def write_part(page: Path, name: str, text: str) -> str:
    """Replace the part of the page between its two marks; returns the page's name."""
    before, _old, after = _split(page, name)
    page.write_text(f"{before}\n{text}\n{after}")
    return str(page.relative_to(ROOT))


def write_result(page: Path, name: str, text: str) -> str:
    """The same, with when and with which sources it was played."""
    return write_part(page, name, f"{text}\n\nPlayed: {when_played()}.")


def write_row(
    page: Path, part: str, header: str, unplayed: Mapping[str, str], title: str, cells: str
) -> str:
    """Renew one row of a table, which its title names; the others keep their last result. Returns the row.

    :param unplayed: the cells of each row, in order, where it was not played yet
    """
    rows = dict(unplayed)
    for line in read_part(page, part).splitlines():
        known, _separator, rest = line.removeprefix("| ").removesuffix(" |").partition(" | ")
        if known in rows:
            rows[known] = rest
    rows[title] = cells
    lines = {known: f"| {known} | {cells} |" for known, cells in rows.items()}
    write_part(page, part, "\n".join([header, *lines.values()]))
    return lines[title]


def when_played() -> str:
    """The day, in UTC, and the commit that is checked out; a + tells that files outside of docs/ differ from it."""
    commit = _git("rev-parse", "--short=7", "HEAD") or "no commit"
    changes = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
    day = time.strftime("%Y-%m-%d", time.gmtime())
    return f"{day}, {commit}{'+' if changes else ''}"


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    return done.stdout.strip()


def _split(page: Path, name: str) -> tuple[str, str, str]:
    """The page before the part, with its mark; the part; the rest."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found, rest = page.read_text().partition(begin)
    part, closed, after = rest.partition(end)
    assert found and closed, f"{page.name} has no part {name}"
    return before + found, part, closed + after
