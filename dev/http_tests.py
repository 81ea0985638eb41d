"""Which tests send their requests to a server over HTTP: those of e2e/, and of Odoo's those in an HttpCase."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .settings import ROOT, our_modules

Bases = dict[str, list[str]]


def is_over_http(test: str) -> bool:
    """Whether a test is one, by the name that pytest or Odoo reports."""
    if "::" in test:
        return test.startswith("e2e/")
    *module, name, _function = test.removeprefix("odoo.addons.").split(".")
    return name in _http_classes(ROOT.joinpath(*module).with_suffix(".py"))


def sources(file: Path) -> Iterator[str]:
    """The text of a file's tests over HTTP: all of it, or some of its classes."""
    text = file.read_text()
    if file.is_relative_to(ROOT / "e2e"):
        yield text
    elif file.parent.name == "tests" and file.parent != ROOT / "tests":
        wanted = _http_classes(file)
        yield from (
            ast.get_source_segment(text, node) or ""
            for node in ast.parse(text).body
            if isinstance(node, ast.ClassDef) and node.name in wanted
        )


@cache
def _http_classes(file: Path) -> set[str]:
    own = _bases_in(file)
    known = _shared_classes() | own
    return {name for name in own if _is_http_case(name, known)}


def _is_http_case(name: str, known: Bases) -> bool:
    return name == "HttpCase" or any(_is_http_case(base, known) for base in known.get(name, ()))


@cache
def _shared_classes() -> Bases:
    """Those that tests of other files may inherit from; their names are unique, those of the tests are not."""
    files = [file for module in our_modules() for file in (ROOT / module / "tests").glob("*.py")]
    return {
        name: bases
        for file in files
        for name, bases in _bases_in(file).items()
        if not name.startswith("Test")
    }


def _bases_in(file: Path) -> Bases:
    return {
        node.name: [ast.unparse(base).rpartition(".")[2] for base in node.bases]
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ClassDef)
    }
