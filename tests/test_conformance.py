"""docs/conformance.md and e2e/conformance/ name the same modules of the OpenID Foundation's suite."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROW = re.compile(
    r"^\| `(oidcc-[\w-]+)` \| [\w ]+ \| `(test_\w+\.py)` \| (?:passes|skipped)\b", re.M
)
ROWS = ROW.findall((ROOT / "docs/conformance.md").read_text())


def modules_tested():
    for file in sorted((ROOT / "e2e/conformance").glob("test_*.py")):
        for name in re.findall(r"^def (test_oidcc_\w+)\(", file.read_text(), re.M):
            yield name, file.name


def test_every_module_has_one_row():
    assert ROWS
    assert len({module for module, _file in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("module", "file"), ROWS)
def test_row_names_a_test(module, file):
    assert (f"test_{module.lower().replace('-', '_')}", file) in set(modules_tested())


def test_every_test_has_a_row():
    named = {f"test_{module.lower().replace('-', '_')}" for module, _file in ROWS}
    assert {name for name, _file in modules_tested()} == named
