"""The attack cases of docs/threats.md, and which tests are theirs.

Tests carry the ids of their cases at the beginning of their name (`test_r02_dots…`) or of a parameter's id.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import http_tests
from .settings import ROOT, our_modules

DOCUMENT = ROOT / "docs/threats.md"
TEST_FOLDERS = ("tests", "e2e", *(f"{module}/tests" for module in our_modules()))
_ROW = re.compile(r"\| ([A-Z]\d{1,2}) \| (.+?) \| (.+?) \|")
_IDS = r"((?:[a-z]\d{1,2}_)+)"
_IN_SOURCE = re.compile(rf'def test_{_IDS}|f?"{_IDS}')
_FUNCTION = re.compile(rf"def (test_{_IDS}\w*)\(")
_IN_NAME = re.compile(rf"(?:\btest_|[\[-]){_IDS}")


@dataclass(frozen=True)
class Case:
    """A row of the document; `shown_by` names test files, or says why there are none."""

    id: str
    rule: str
    shown_by: str

    @property
    def files(self) -> list[str]:
        """The test files that the row names."""
        return re.findall(r"`([\w/]+\.py)`", self.shown_by)

    @property
    def why_not_over_http(self) -> str:
        """What the row says of the lack of a test over HTTP, if anything."""
        return self.shown_by.partition("not over HTTP: ")[2]


def cases() -> list[Case]:
    """All rows, in the order of the document."""
    found = map(_ROW.fullmatch, DOCUMENT.read_text().splitlines())
    return [Case(*row.groups()) for row in found if row]


def tests_by_case() -> dict[str, set[str]]:
    """Where the tests of each id are, found by reading them."""
    found = defaultdict(set)
    for file in _test_files():
        for case in _ids_in(file.read_text()):
            found[case].add(str(file.relative_to(ROOT)))
    return found


def named_tests() -> dict[str, set[tuple[str, str]]]:
    """The tests of each id by file and name, as far as the name of the function carries it."""
    found = defaultdict(set)
    for file in _test_files():
        for function, joined in _FUNCTION.findall(file.read_text()):
            for case in _split(joined):
                found[case].add((str(file.relative_to(ROOT)), function))
    return found


def cases_over_http() -> set[str]:
    """The ids that some test over HTTP carries."""
    return {
        case
        for file in _test_files()
        for text in http_tests.sources(file)
        for case in _ids_in(text)
    }


def _test_files() -> list[Path]:
    return [file for folder in TEST_FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]


def _ids_in(text: str) -> Iterator[str]:
    for match in _IN_SOURCE.finditer(text):
        yield from _split(match[1] or match[2])


def ids_of(test: str) -> set[str]:
    """The ids that the name of a test carries, as pytest and Odoo report it."""
    return {case for match in _IN_NAME.finditer(test) for case in _split(match[1])}


def _split(joined: str) -> Iterator[str]:
    return (part.upper() for part in joined.split("_") if part)
