"""The measured parts of a page in docs/; the text around them is written by people."""

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


def _split(page: Path, name: str) -> tuple[str, str, str]:
    """The page before the part, with its mark; the part; the rest."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found, rest = page.read_text().partition(begin)
    part, closed, after = rest.partition(end)
    assert found and closed, f"{page.name} has no part {name}"
    return before + found, part, closed + after
