"""The rows of docs/sabotage.md name cases that there are, and pieces that stand in the sources once."""

import ast
import builtins
import dis

import pytest

from dev import cases
from dev.sabotage_acts import VERBS, acts, nested
from dev.sabotage_rows import DOCUMENT
from dev.settings import ADDON, ROOT

ROWS = acts(DOCUMENT)
CASES = {case.id for case in cases.cases() if case.files}


def test_there_are_rows():
    assert ROWS
    assert len({(row.cases, row.name) for row in ROWS}) == len(ROWS)


def unknown_names(source):
    """What its functions look for in the module and nobody has put there."""
    module = compile(source, "", "exec")
    known = {*dir(builtins), *module.co_names}
    return {name for _place, code in nested(module) for name in globals_of(code)} - known


def globals_of(code):
    return {each.argval for each in dis.get_instructions(code) if each.opname == "LOAD_GLOBAL"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row_can_be_played(row):
    assert set(row.cases) <= CASES
    if row.file.startswith("odoo/"):
        assert len(row.pieces) % 2 == 0
    elif row.file:
        before = (ROOT / row.file).read_text()
        after = row.replaced(before)
        assert ast.dump(ast.parse(after)) != ast.dump(ast.parse(before))
        # A piece that breaks down would be noticed by whatever passes there.
        assert unknown_names(after) <= unknown_names(before)
    else:
        verb, _, name = row.pieces[0].rpartition(" ")
        assert verb in VERBS
        folder = ROOT / ADDON / "protocol"
        parts = name.split(".")
        texts = [
            (folder.joinpath(*parts[:length]).with_suffix(".py")) for length in range(1, len(parts))
        ]
        packages = [
            folder.joinpath(*parts[:length], "__init__.py") for length in range(1, len(parts))
        ]
        found = [file for file in (*texts, *packages) if file.exists()]
        assert any(f"def {parts[-1]}(" in file.read_text() for file in found)
