"""The documents name real files, and every link between them leads somewhere."""

import re
from pathlib import Path

import pytest
from protocol.errors import ERRORS

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


def first_column(document):
    return re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / document).read_text(), re.M)


def event_types():
    """Those of all add-ons."""
    files = sorted(ROOT.glob("*/models/oauth2_provider_event.py"))
    source = "".join(file.read_text() for file in files)
    return re.findall(r'^            \("(\w+)", "[\w ]+"\),$', source, re.M)


def test_docs_errors_explains_every_code():
    assert sorted(first_column("errors.md")) == sorted(ERRORS)


def test_docs_events_explains_every_type():
    assert event_types()
    assert sorted(first_column("events.md")) == sorted(event_types())


@pytest.mark.parametrize("event_type", event_types())
def test_every_type_of_event_is_recorded_somewhere(event_type):
    sources = [
        file.read_text()
        for folder in ("protocol", "models")
        for file in (ROOT / "oauth2_provider" / folder).rglob("*.py")
    ]
    written = re.compile(
        rf"""(?:record\(\s*|\.event\(\s*|refusal_event=|SELECT %\(now\)s, )["']{event_type}["']"""
    )
    assert any(written.search(source) for source in sources)


def test_docs_conformance_names_real_tests():
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", (ROOT / "docs/conformance.md").read_text())
    assert named
    missing = [
        (file, name)
        for file, name in set(named)
        if not re.search(rf"^ *def {name}\(", (ROOT / file).read_text(), re.M)
    ]
    assert not missing
