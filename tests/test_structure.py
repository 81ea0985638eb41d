"""The files of the core import each other one way only, imports for types included."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

CORE = Path(__file__).parent.parent / "oauth2_provider/protocol"


def modules():
    for file in sorted(CORE.rglob("*.py")):
        parts = file.relative_to(CORE.parent).with_suffix("").parts
        package = parts[:-1]
        yield ".".join(package if file.stem == "__init__" else parts), package, file


FILES = {name: (package, file) for name, package, file in modules()}


def imported_by(name):
    package, file = FILES[name]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) + 1 - node.level]
            module = ".".join([*base, *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in FILES else module


def test_imports_form_no_circle():
    imports = {name: set(imported_by(name)) - {name} for name in FILES}
    assert set().union(*imports.values()) <= set(FILES)
    order = list(TopologicalSorter(imports).static_order())  # raises where there is a circle
    assert order[-1].startswith("protocol.")
    assert len(order) == len(FILES)
