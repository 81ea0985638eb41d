"""Imports modules of the core with the changes of mutmut in them, all of them asleep.

mutmut puts beside each function its changed versions, and in its place a switch that takes the one that is under test.
Nothing is written to the disk: the modules are changed while they are imported.
"""

import difflib
import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from mutmut.mutation.file_mutation import MutatedFile, mutate_file_contents

_OWN_SWITCH = "from mutmut.mutation.trampoline import wrap_in_trampoline as _mutmut_mutated"
_SWITCH = f"from {__name__} import switch as _mutmut_mutated"
_ORIGINAL = "_mutmut_orig"


class _Now:
    """The mutant that is awake, if one is, and the functions that were entered, by the name of their original."""

    module = ""
    name = _ORIGINAL
    entered: set[str] = set()


def wake(mutant: "Mutant") -> None:
    """From now on its function is changed."""
    _Now.module, _, _Now.name = mutant.name.rpartition(".")


def entered() -> set[str]:
    """The mutated functions that were called since this was asked last."""
    found, _Now.entered = _Now.entered, set()
    return found


def switch(versions: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    """What stands in the place of a function, instead of the switch of mutmut, which is slower."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        module = function.__module__

        @functools.wraps(function)
        def chosen(*arguments: Any, **named: Any) -> Any:
            original = versions[_ORIGINAL]
            _Now.entered.add(f"{module}.{original.__name__}")
            version = versions.get(_Now.name, original) if _Now.module == module else original
            return version(*arguments, **named)

        return chosen

    return decorate


@dataclass(frozen=True)
class Mutant:
    """One change.

    ``name``: as mutmut calls it.
    ``function``: of which it is a version.
    ``change``: the lines that go and those that come.
    """

    name: str
    function: str
    change: list[str] = field(compare=False)


class MutatingFinder:
    """A finder for sys.meta_path: the modules in `wanted`, a path below the core each, are mutated."""

    def __init__(self, core: Path, wanted: tuple[str, ...]) -> None:
        self._files = {file for pattern in wanted for file in core.glob(pattern)}
        self.mutants: list[Mutant] = []

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Let the usual way find it, and load it otherwise."""
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin is None or Path(spec.origin) not in self._files:
            return None
        spec.loader = _MutatingLoader(name, spec.origin, self.mutants)
        return spec


class _MutatingLoader(SourceFileLoader):
    def __init__(self, name: str, path: str, mutants: list[Mutant]) -> None:
        super().__init__(name, path)
        self._mutants = mutants

    def get_code(self, fullname: str) -> CodeType:
        """Without the cache of compiled files, which must not see this."""
        mutated = mutate_file_contents(self.path, Path(self.path).read_text())
        self._mutants += [_mutant(fullname, mutated, name) for name in mutated.mutant_names]
        code = mutated.code.replace(_OWN_SWITCH, _SWITCH).replace(", MutantDict\n", "\n")
        return compile(code, self.path, "exec", dont_inherit=True)


def _mutant(module: str, mutated: MutatedFile, name: str) -> Mutant:
    original = name.rpartition("_")[0] + "_orig"
    before, after = (_lines(mutated, function) for function in (original, name))
    difference = difflib.ndiff(before, after)
    change = [line for line in difference if line[0] in "+-"]
    return Mutant(f"{module}.{name}", f"{module}.{original}", change)


def _lines(mutated: MutatedFile, function: str) -> list[str]:
    """Its body: the name in the first line is always another."""
    span = mutated.line_span_by_function_name[function]
    text = "\n".join(mutated.code.splitlines()[span.start - 1 : span.end])
    return text.replace(function, "").splitlines()


def install(core: Path, wanted: tuple[str, ...]) -> MutatingFinder:
    """Before anything of the core is imported."""
    finder = MutatingFinder(core, wanted)
    sys.meta_path.insert(0, finder)
    return finder
