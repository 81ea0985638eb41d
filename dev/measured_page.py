"""The measured parts of a page in docs/; the text around them is written by people."""

from pathlib import Path

from .settings import ROOT

PERFORMANCE = ROOT / "docs/performance.md"
PROOF = ROOT / "docs/proof.md"


def write_part(page: Path, name: str, text: str) -> str:
    """Replace the part of the page between its two marks; returns the page's name."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found, rest = page.read_text().partition(begin)
    _old, closed, after = rest.partition(end)
    assert found and closed, f"{page.name} has no part {name}"
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}")
    return str(page.relative_to(ROOT))
