"""`make mutants`: mutmut changes the core in small ways; a change that no test notices is a gap, or explained.

mutmut names a change by the path of its file, and the core is imported as `protocol`; so it works on a copy in which
both are the same.
"""

import re
import shutil
import subprocess
from pathlib import Path

from .console import say
from .python_environment import for_mutants
from .results import Results
from .settings import ADDON, ROOT, Settings

DOCUMENT = ROOT / "docs/mutants.md"
FOLDER = ROOT / "build/mutants"
TARGETS = (
    "protocol/pkce.py",
    "protocol/redirect_uri_matching.py",
    "protocol/client_authentication/*",
    "protocol/grants/*",
)
_EXPLAINED = re.compile(r"\| `(protocol\.[\w.ǁ]+)` \| .+ \|")
_RESULT = re.compile(r"^\s*(protocol\.[\w.ǁ]+): ([\w ]+)$", re.M)
_SENTENCE = re.compile(r'f?"[^"]* [^"]*"|\bNone\b')
# One test reads the files of the core, which are not as they were.
_CONFIGURATION = """
[tool.pytest.ini_options]
pythonpath = [".", "tests"]
addopts = ["--import-mode=importlib", "-p", "no:cacheprovider"]
markers = ["no_cover"]

[tool.mutmut]
source_paths = ["protocol"]
only_mutate = {targets}
also_copy = ["tests"]
pytest_add_cli_args_test_selection = [
    "tests/protocol", "-m", "not no_cover",
    "--deselect", "tests/protocol/test_subject.py::test_only_one_file_reads_the_public_subject",
]
"""


def run(chosen: Settings, only: str = "") -> Results:
    """Each mutant counts as a test. `only`: what the files to be changed must have in their path."""
    targets = [target for target in TARGETS if only in target]
    _copy(targets)
    mutmut = str(for_mutants(chosen).program("mutmut"))
    subprocess.run([mutmut, "run", "--max-children", "2"], cwd=FOLDER, check=False)
    listed = subprocess.run(
        [mutmut, "results", "--all", "true"], cwd=FOLDER, capture_output=True, text=True, check=True
    ).stdout
    states = dict(_RESULT.findall(listed))
    alive = {name for name, state in states.items() if state not in ("killed", "timeout")}
    changes = {name: _change(mutmut, name) for name in alive}
    worded = {name for name in alive if _is_wording(changes[name])}
    alive -= worded
    explained = set(_EXPLAINED.findall(DOCUMENT.read_text())) & states.keys()
    for name in sorted(alive - explained):
        say(f"  {states[name]}: {name}")
        say("\n".join(changes[name]))
    for name in sorted(explained - alive):
        say(f"  explained in {DOCUMENT.name}, but noticed: {name}")
    say(
        f"  {len(states)} mutants, {len(states) - len(alive | worded)} noticed, {len(worded)} in words only"
    )
    failed = len(alive ^ explained)
    return Results(passed=len(states) - len(alive - explained), failed=failed)


def _change(mutmut: str, name: str) -> list[str]:
    """The lines that go and those that come."""
    shown = subprocess.run(
        [mutmut, "show", name], cwd=FOLDER, capture_output=True, text=True, check=False
    ).stdout
    return [line for line in shown.splitlines() if re.match(r"[+-](?![+-])", line)]


def _is_wording(change: list[str]) -> bool:
    """Whether nothing but a sentence is different: how a refusal is explained is left to whoever writes it."""
    before, after = (
        [_SENTENCE.sub("...", line[1:]) for line in change if line[0] == sign] for sign in "-+"
    )
    return before == after


def _copy(targets: list[str]) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__")
    for source, name in (
        (ROOT / ADDON / "protocol", "protocol"),
        (ROOT / "tests/fakes", "tests/fakes"),
    ):
        shutil.copytree(source, FOLDER / name, ignore=ignore)
    shutil.copytree(ROOT / "tests/protocol", FOLDER / "tests/protocol", ignore=ignore)
    shutil.copy(ROOT / "tests/conftest.py", FOLDER / "tests/conftest.py")
    quoted = str(targets).replace("'", '"')
    Path(FOLDER / "pyproject.toml").write_text(_CONFIGURATION.format(targets=quoted))
