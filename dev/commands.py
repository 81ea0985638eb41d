"""The commands of `python3 dev`, their options, and what `make help` says about them."""

import argparse
import os
import signal
import subprocess

from . import (
    all_tests,
    cache,
    case_runs,
    core_tests,
    demo,
    dist,
    dist_tests,
    end_to_end_tests,
    faults,
    fuzz,
    lint,
    mutants,
    odoo_tests,
    openapi,
    python_environment,
    sabotage,
    sabotage_rows,
    settings,
    translations,
)
from .console import say
from .results import Results
from .settings import VARIABLES, DevError
from .workbench import opened

HELP = (
    (
        "demo [ARGS='--check --tls']",
        "start two Odoos, one logging in at the other; --check plays the login in a browser, --tls is https",
    ),
    (
        "test",
        "run everything: Odoo tests, core tests, fuzzing, packages, lint and types, end-to-end tests",
    ),
    (
        "test-core [K=…]",
        "tests of the protocol core, without Odoo: seconds; without K every branch must be gone through",
    ),
    (
        "test-odoo MODULE=… [TAGS=:Class.test] [WITH=website] [KEEP=name [UPDATE=no]]",
        "tests of one module in a fresh database; KEEP keeps the database for a loop of seconds",
    ),
    ("test-e2e [K=…]", "real servers, a real browser"),
    (
        "faults",
        "kill workers and PostgreSQL between any two steps, take the database away, put the clock back, restore a "
        "backup: nothing is lost or used twice; result in docs/proof.md",
    ),
    ("cases", "play every attack case of docs/threats.md and list its result: minutes"),
    (
        "fuzz [ARGS='--examples 200 --seed 1'|--short]",
        "many examples for each parser, many sequences of requests, then Schemathesis on a running provider by "
        "docs/openapi.yaml: minutes; result in docs/proof.md",
    ),
    ("openapi", "renew docs/openapi.yaml"),
    (
        "mutants [ARGS='--only pkce']",
        "change grants, PKCE, redirect matching, client authentication a little: some test must notice; minutes",
    ),
    (
        "sabotage [ARGS='[--cases] --only token']",
        "take each step and each check of the core out, one at a time: some test must notice; minutes; --cases: "
        "what docs/sabotage.md names for each attack case, out of running servers too",
    ),
    ("test-dist", "install the packages of every add-on into a stock Odoo"),
    ("lint", "ruff, mypy (--strict for the core), pylint-odoo"),
    ("dist", "build the zip and the wheel of each add-on into dist/"),
    ("translations", "renew the texts in i18n/ of each add-on; translations are kept"),
    (
        "bench [ARGS=--quick|--scale|--cleanup|--profile|--peers|'--peers --quick']",
        "measure the endpoints against an empty JSON route; --scale: with ten million tokens; --cleanup: while a "
        "million expired rows are deleted; --profile: where the time goes; --peers: beside django-oauth-toolkit and "
        "node-oidc-provider; results go to docs/performance.md",
    ),
    (
        "races [ARGS='--secrets 1000 --only proofs']",
        "use codes, tokens, proofs, pushed requests and new clients many times at once on two workers; result in "
        "docs/proof.md",
    ),
    (
        "endurance [ARGS='--minutes 60']",
        "200 people at work with 20 applications: no failure, flat memory, no slowing; result in docs/performance.md",
    ),
    (
        "matrix [ARGS='--only website --short']",
        "the add-on's tests beside each add-on of Odoo's, and each kind of server; result in docs/compatibility.md",
    ),
    ("shell [MODULE=oauth2_provider]", "a Python prompt inside a fresh Odoo database"),
    ("clean", "remove the cache with everything fetched"),
)


def main() -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # as Ctrl-C: stop what was started
    try:
        return int(options.run(options) or 0)
    except DevError as error:
        say(f"error: {error}")
        return 2
    except KeyboardInterrupt:
        say("stopped")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 dev", description="Developer commands; `make help` lists them."
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: object) -> argparse.ArgumentParser:
        added = commands.add_parser(name)
        added.set_defaults(run=run)
        return added

    command("help", _help)
    core = command(
        "test-core", lambda options: _closing(core_tests.run(settings.load(), options.k))
    )
    core.add_argument("-k", default="")
    odoo = command("test-odoo", _test_odoo)
    odoo.add_argument("module")
    odoo.add_argument("--tags", default="")
    odoo.add_argument("--with", dest="beside", default="")
    odoo.add_argument("--keep", default="")
    odoo.add_argument("--update", choices=("yes", "no"), default="yes")
    e2e = command(
        "test-e2e", lambda options: _closing(end_to_end_tests.run(settings.load(), options.k))
    )
    e2e.add_argument("-k", default="")
    command("faults", lambda options: _closing(faults.run(settings.load())))
    command("cases", lambda options: _closing(case_runs.run(settings.load())))
    command("test", lambda options: _closing(all_tests.run(settings.load())))
    demo_command = command("demo", _demo)
    demo_command.add_argument("--check", action="store_true")
    demo_command.add_argument("--tls", action="store_true")
    command("dist", _dist)
    command("test-dist", lambda options: _closing(dist_tests.run(settings.load())))
    command("lint", lambda options: _closing(lint.run(settings.load()), empty_is_good=True))
    shell = command("shell", _shell)
    shell.add_argument("module", nargs="?", default=settings.ADDON)
    bench = command("bench", lambda options: _with_tools("bench", options))
    for kind in ("--quick", "--scale", "--cleanup", "--profile", "--peers"):
        bench.add_argument(kind, action="store_true")
    races = command("races", lambda options: _with_tools("e2e.races", options))
    races.add_argument("--secrets", type=int, default=1000)
    races.add_argument("--only", default="")
    endurance = command("endurance", lambda options: _with_tools("e2e.endurance", options))
    endurance.add_argument("--minutes", type=float, default=60)
    matrix = command("matrix", lambda options: _with_tools("e2e.matrix", options))
    matrix.add_argument("--only", default="")
    matrix.add_argument("--short", action="store_true")
    matrix.add_argument("--tags", default="")
    command("translations", _translations)
    fuzz_command = command("fuzz", _fuzz)
    fuzz_command.add_argument("--examples", type=int, default=100)
    fuzz_command.add_argument("--seed", type=int)
    fuzz_command.add_argument("--short", action="store_true")
    mutants_command = command(
        "mutants", lambda options: _closing(mutants.run(settings.load(), options.only))
    )
    mutants_command.add_argument("--only", default="")
    sabotage_command = command("sabotage", _sabotage)
    sabotage_command.add_argument("--only", default="")
    sabotage_command.add_argument("--cases", action="store_true")
    sabotage_command.add_argument("--part", action="append", choices=sabotage_rows.PARTS)
    command("openapi", lambda options: openapi.write())
    command("clean", _clean)
    return parser


def _help(options: argparse.Namespace) -> None:
    say("make <target>, or python3 dev <target>:\n")
    for name, sentence in HELP:
        say(f"  {name}\n      {sentence}")
    say("\nVariables:\n")
    for name, sentence in VARIABLES:
        say(f"  {name}\n      {sentence}")


def _closing(results: Results, *, empty_is_good: bool = False) -> int:
    say(str(results))
    return 0 if results.good or (empty_is_good and not results.failed) else 1


def _test_odoo(options: argparse.Namespace) -> int:
    what = odoo_tests.OdooTests(
        module=options.module,
        tags=options.tags,
        beside=frozenset(filter(None, options.beside.split(","))),
        keep=options.keep,
        update=options.update == "yes",
    )
    with opened() as workbench:
        return _closing(odoo_tests.run(workbench, what))


def _demo(options: argparse.Namespace) -> int:
    with opened() as workbench:
        results = demo.run(workbench, check=options.check, tls=options.tls)
    return _closing(results) if options.check else 1


def _dist(options: argparse.Namespace) -> None:
    for package in dist.build(settings.load()):
        for file in (package.zipped, package.wheel):
            say(f"  {file.relative_to(settings.ROOT)}")


def _shell(options: argparse.Namespace) -> int:
    with opened() as workbench:
        database = workbench.create_database("shell", [options.module])
        odoo = workbench.odoo
        command = odoo.command("shell", *odoo.arguments(database), "--no-http", "--log-level=warn")
        return subprocess.run(command, env=odoo.environment(), check=False).returncode


def _translations(options: argparse.Namespace) -> None:
    with opened() as workbench:
        translations.renew(workbench)


def _with_tools(module: str, options: argparse.Namespace) -> int:
    """Run a package of the repository in the tools' Python, with our own options."""
    switches = [
        part
        for name, value in vars(options).items()
        if name != "run" and value
        for part in ([f"--{name}"] if value is True else [f"--{name}", str(value)])
    ]
    return subprocess.run(
        [str(python_environment.for_tools(settings.load()).python), "-m", module, *switches],
        cwd=settings.ROOT,
        env={**os.environ, "PYTHONPATH": str(settings.ROOT)},
        check=False,
    ).returncode


def _fuzz(options: argparse.Namespace) -> int:
    with opened() as workbench:
        if options.short:
            return _closing(fuzz.run_short(workbench))
        return _closing(fuzz.run_long(workbench, examples=options.examples, seed=options.seed))


def _sabotage(options: argparse.Namespace) -> int:
    if not options.cases:
        return _closing(sabotage.run(settings.load(), options.only))
    parts = tuple(options.part or ())
    return _closing(sabotage_rows.run(settings.load(), options.only, parts))


def _clean(options: argparse.Namespace) -> None:
    folder = settings.load().cache
    cache.remove(folder)
    say(f"removed {folder}")
