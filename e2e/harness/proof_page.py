"""The measured parts of docs/proof.md; the text around them is written by people."""

from dev.settings import ROOT

PAGE = ROOT / "docs/proof.md"


def write_part(name: str, text: str) -> str:
    """Replace one part; returns the page's name."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found, rest = PAGE.read_text().partition(begin)
    _old, closed, after = rest.partition(end)
    assert found and closed, f"{PAGE.name} has no part {name}"
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{after}")
    return str(PAGE.relative_to(ROOT))
