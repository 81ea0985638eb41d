"""Takes one piece of the provider out of a process that runs, and puts it back: the rows of docs/sabotage.md by case.

It changes the code of functions, so what holds them (routes, tuples of steps, registries of models) need not be known.
Runs in Odoo's process as well as in that of the tool; imports nothing of either.
"""

import contextlib
import gc
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

_ROW = re.compile(r"\| ([A-Z]\d{1,2}(?: [A-Z]\d{1,2})*) \| (?:`([\w/]+\.py)`: )?(`.+) \|")
# Module, class if any, function.
_NAME = re.compile(r"([a-z_0-9.]+)\.(?:([A-Z]\w+)\.)?(\w+)")
_PIECE = re.compile(r"(?<!`)(`+)(?!`) ?(.+?) ?(?<!`)\1(?!`)")


@dataclass(frozen=True)
class Act:
    """A row: whose tests must notice; the file; what stands there and what instead, or a verb and a function."""

    cases: tuple[str, ...]
    file: str
    pieces: tuple[str, ...]

    @property
    def name(self) -> str:
        """What is shown of it, and what `--only` matches."""
        return f"{' '.join(self.cases)}: {self.file} {' -> '.join(self.pieces)}"

    @contextlib.contextmanager
    def taken_out(self) -> Iterator[None]:
        """Without that piece, as long as the block lasts."""
        changes = self._changes()
        before = [(function, function.__code__) for function, _ in changes]
        try:
            for function, code in changes:
                function.__code__ = code
            yield
        finally:
            for function, code in before:
                function.__code__ = code

    def _changes(self) -> list[tuple[FunctionType, CodeType]]:
        if not self.file:
            verb, _, name = self.pieces[0].rpartition(" ")
            return [(_function(name), VERBS[verb].__code__)]
        codes = self._codes()
        functions = [
            thing
            for thing in gc.get_objects()
            if type(thing) is FunctionType and thing.__code__ in codes
        ]
        if not functions:
            raise LookupError(f"no function of this process has it: {self.name}")
        return [(function, codes[function.__code__]) for function in functions]

    def replaced(self, source: str) -> str:
        """The text of the file without the pieces."""
        for old, new in zip(self.pieces[::2], self.pieces[1::2], strict=True):
            if source.count(old) != 1:
                raise LookupError(f"{source.count(old)} times in {self.file}: {old}")
            source = source.replace(old, new)
        return source

    def _codes(self) -> dict[CodeType, CodeType]:
        """The code of each function of the file that the change changes, and what it becomes."""
        path = Path(_module(self.file))
        source = path.read_text()
        texts = (source, self.replaced(source))
        before, after = (
            dict(nested(compile(text, str(path), "exec", dont_inherit=True))) for text in texts
        )
        return {code: after[name] for name, code in before.items() if code != after.get(name, code)}


def address_of(parent: int, pid: int) -> Path:
    """Where an Odoo listens that the process `parent` has started by sabotage_launcher.py."""
    return Path(tempfile.gettempdir()) / f"oauth2-provider-sabotage-{parent}-{pid}"


def addresses_of(parent: int) -> list[Path]:
    """Those of all that are running."""
    pattern = address_of(parent, 0).name.removesuffix("0") + "*"
    return list(Path(tempfile.gettempdir()).glob(pattern))


def acts(document: Path) -> list[Act]:
    """All rows of a document."""
    rows = filter(None, map(_ROW.fullmatch, document.read_text().splitlines()))
    return [_act(*row.groups()) for row in rows]


def _act(cases: str, file: str | None, rest: str) -> Act:
    pieces = tuple(match[2].replace(r"\|", "|") for match in _PIECE.finditer(rest))
    return Act(tuple(cases.split()), file or "", pieces)


def _module(file: str) -> str:
    """How the running process calls a file of the repository."""
    return str(
        _loaded(file.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")).__file__
    )


def _loaded(name: str) -> ModuleType:
    """A module of Odoo or of ours that the process has loaded; the core is called otherwise in its own tests."""
    for candidate in (name, f"odoo.addons.{name}", name.removeprefix("oauth2_provider.")):
        if candidate in sys.modules:
            return sys.modules[candidate]
    raise LookupError(f"not loaded: {name}")


def _function(name: str) -> FunctionType:
    """`pkce.verifies`, `outbound_policy.OutboundPolicy.permits` and so on, of the core."""
    module, owner, function = _NAME.fullmatch(name).groups()
    found: Any = vars(_loaded(f"oauth2_provider.protocol.{module}"))
    found = vars(found[owner])[function] if owner else found[function]
    return getattr(found, "fget", None) or getattr(found, "__func__", found)


def nested(
    code: CodeType, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], CodeType]]:
    """All code within, by where it stands; of several of one name there, by which it is."""
    yield path, code
    seen: dict[str, int] = {}
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            seen[inner.co_name] = number = seen.get(inner.co_name, 0) + 1
            yield from nested(inner, (*path, f"{inner.co_name} {number}"))


def _yes(*_arguments: object, **_named: object) -> bool:
    return True


def _no(*_arguments: object, **_named: object) -> bool:
    return False


def _nothing(*_arguments: object, **_named: object) -> None:
    return None


VERBS = {"always yes": _yes, "always no": _no, "never refuses": _nothing}
