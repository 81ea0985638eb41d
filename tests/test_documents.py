"""The documents name real files, and every link between them leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def standards_files():
    for row in (ROOT / "STANDARDS.md").read_text().splitlines():
        if row.startswith("| ") and "`" in row:
            cells = row.split("|")
            yield from re.findall(r"`([\w./]+(?:\.py|/|\.md))`", cells[2] + cells[-2])


@pytest.mark.parametrize("name", sorted(set(standards_files())))
def test_files_in_the_table_of_standards_exist(name):
    assert (ROOT / name).exists() or (ROOT / "oauth2_provider/protocol" / name).exists()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text())
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing
