"""`make fuzz`: many examples for each parser of the core, many sequences of requests; then Schemathesis plays
docs/openapi.yaml against a provider.

No answer may be a failure of the server, have a status or a type that is not described, or log an error.
"""

import os
import random
import subprocess
from collections.abc import Container
from pathlib import Path

from . import core_tests, fuzz_senders, openapi, two_odoos
from .console import say
from .fuzz_login import CALLBACK
from .fuzz_senders import A_CLIENT, A_NEWCOMER, Sender
from .log_check import problems
from .measured_page import PROOF, write_result
from .odoo_server import OdooServer
from .odoo_shell import OdooShell
from .python_environment import for_fuzzing
from .results import Results
from .settings import Settings
from .workbench import Workbench

MODULES = ("oauth2_provider", "oauth2_provider_api", "oauth2_provider_registration")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
# Odoo's own complaints about requests that are none: forms without its token, bodies that break off.
STOCK_LOGGERS = ("odoo.http", "odoo.addons.base.models.ir_http", "werkzeug")
# Nobody is kept outside, and nothing ends because there was so much of it.
OPEN = {
    "access": "open",
    "fapi2": "True",
    "documents": "True",
    **dict.fromkeys(("maximum_clients", "hourly_limit", "hourly_limit_per_address"), "1000000"),
}
# The files of tests/properties/.
PROPERTIES = (
    "test_every_parser or test_every_signed_claim or test_every_document or test_every_request"
    " or test_any_sequence"
)
# A request over HTTP takes as long as many examples for the core.
CORE_EXAMPLES = 20


def run_core(chosen: Settings, *, examples: int, seed: int) -> Results:
    """The tests of the parsers with as many examples each, and as many sequences of requests."""
    environment = {**os.environ, "OAUTH2_PROVIDER_EXAMPLES": str(examples)}
    options = ("--hypothesis-profile=fuzz", f"--hypothesis-seed={seed}")
    return core_tests.run(chosen, PROPERTIES, options=options, environment=environment)


def run_long(workbench: Workbench, *, examples: int, seed: int | None) -> Results:
    """Both, and docs/proof.md keeps what came of them.

    :param seed: of an earlier run, to draw the same once more
    """
    if seed is None:
        seed = random.SystemRandom().randrange(2**32)
    say(f"the same once more: make fuzz ARGS='--examples {examples} --seed {seed}'")
    in_core = CORE_EXAMPLES * examples
    results = run_core(workbench.settings, examples=in_core, seed=seed)
    results += run(workbench, examples=examples, seed=seed)
    text = (
        f"{results}, with {in_core:,} examples for each parser and claim and as many sequences of requests, "
        f"and {examples:,} requests to each operation by each sender; seed {seed}"
    )
    say(f"  in {write_result(PROOF, 'fuzz', f'{text}.')}")
    return results


def run_short(workbench: Workbench) -> Results:
    """A few requests to each operation: as a client, which gets furthest, and to the registration as a stranger."""
    return run(workbench, examples=3, seed=1, names=(A_CLIENT, A_NEWCOMER))


def run(workbench: Workbench, *, examples: int, seed: int, names: Container[str] = ()) -> Results:
    """
    :param examples: how many random requests to each operation, at most, beside those that try each border
    :param names: of the senders that take part; none for all
    """
    database = workbench.create_database("fuzz", MODULES)
    server = workbench.start_server(database)
    with workbench.shell(database) as shell:
        two_odoos.prepare_system(shell, server.url, "Fuzz")
        two_odoos.confirm_issuer(shell, server.url)
        credentials = _client(shell)
    passed = failed = 0
    for sender in fuzz_senders.senders(server, *credentials):
        if names and sender.name not in names:
            continue
        say(f"-- {sender.name}")
        good = _play(workbench, server, sender, examples, seed)
        passed, failed = passed + good, failed + (not good)
    for text in _complaints(server):
        say(text)
        failed += 1
    return Results(passed, failed)


def _play(
    workbench: Workbench, server: OdooServer, sender: Sender, examples: int, seed: int
) -> bool:
    """Whether every answer was one that is described."""
    program = for_fuzzing(workbench.settings).program("schemathesis")
    configuration = Path(workbench.logs) / f"{server.database}-schemathesis.toml"
    configuration.write_text(sender.configuration)
    headers = [f"{name}: {value}" for name, value in sender.headers.items()]
    command = [
        *(str(program), "--config-file", str(configuration)),
        *("run", str(openapi.DOCUMENT), "--url", server.url),
        *("--checks", ",".join(CHECKS), "--max-examples", str(examples), "--seed", str(seed)),
        *("--phases", "coverage,fuzzing", "--suppress-health-check", "all", "--no-color"),
        *("--max-redirects", "0", "--continue-on-failure"),
        *(("--include-path-regex", sender.paths) if sender.paths else ()),
        *(part for header in headers for part in ("--header", header)),
    ]
    done = subprocess.run(
        command,
        cwd=workbench.logs,
        env={**os.environ, **sender.environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return not done.returncode


def _client(shell: OdooShell) -> tuple[str, str]:
    """A client that people need not agree to and that may use every grant; returns its identifier and secret.
    Registration and documents of clients are open to everybody."""
    return tuple(
        shell.run(
            """
for name, value in policy.items():
    env["ir.config_parameter"].set_param(f"oauth2_provider_registration.{name}", value)
robot = env["res.users"].create({"name": "Robot", "login": "robot"})
client = env["oauth2.provider.client"].create({
    "name": "Fuzz", "security_profile": "oidc", "local_development": True, "is_trusted": True,
    "redirect_uri_ids": [(0, 0, {"uri": callback})],
    "use_client_credentials": True, "service_user_id": robot.id, "use_refresh_token": True, "use_device": True,
    "use_token_exchange": True, "use_jwt_bearer": True, "use_implicit": True, "use_hybrid": True,
})
result = [client.client_identifier, env["oauth2.provider.client.secret"]._generate(client)]
""",
            policy=OPEN,
            callback=CALLBACK,
        )
    )


def _complaints(server: OdooServer) -> list[str]:
    found = problems(server.log_text().splitlines())
    return [record.text for record in found if record.logger not in STOCK_LOGGERS]
