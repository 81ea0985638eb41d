"""`make fuzz`: many examples for each parser of the core, many sequences of requests; then Schemathesis plays
docs/openapi.yaml against a provider.

No answer may be a failure of the server, have a status or a type that is not described, or log an error.
"""

import base64
import http.client
import json
import os
import subprocess
from collections.abc import Container, Iterator

from . import core_tests, openapi, two_odoos
from .console import say
from .log_check import problems
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
NOBODY = "nobody"
A_CLIENT = "a client"
A_HOLDER = "the holder of a token"
SENDERS = (NOBODY, A_CLIENT, A_HOLDER)


def run_core(chosen: Settings, *, examples: int) -> Results:
    """The tests of the parsers with as many examples each, and ten times as many sequences of requests."""
    environment = {**os.environ, "OAUTH2_PROVIDER_EXAMPLES": str(examples)}
    return core_tests.run(
        chosen,
        "test_every_parser or test_every_signed or test_every_document or test_every_request"
        " or test_any_sequence",
        environment=environment,
    )


def run_short(workbench: Workbench) -> Results:
    """A few requests to each operation, as a client alone, which gets furthest."""
    return run(workbench, examples=3, senders=(A_CLIENT,))


def run(workbench: Workbench, *, examples: int, senders: Container[str] = SENDERS) -> Results:
    """`examples`: how many random requests to each operation, at most, beside those that try each border."""
    database = workbench.create_database("fuzz", MODULES)
    server = workbench.start_server(database)
    with workbench.shell(database) as shell:
        two_odoos.prepare_system(shell, server.url, "Fuzz")
        two_odoos.confirm_issuer(shell, server.url)
        credentials = _client(shell)
    program = for_fuzzing(workbench.settings).program("schemathesis")
    passed = failed = 0
    for who, headers in _senders(server, *credentials):
        if who not in senders:
            continue
        command = [
            *(str(program), "run", str(openapi.DOCUMENT), "--url", server.url),
            *("--checks", ",".join(CHECKS), "--max-examples", str(examples), "--seed", "1"),
            *("--phases", "coverage,fuzzing", "--suppress-health-check", "all", "--no-color"),
            *("--max-redirects", "0", "--warnings", "off", "--continue-on-failure"),
            *(part for header in headers for part in ("--header", header)),
        ]
        say(f"-- {who}")
        done = subprocess.run(command, cwd=workbench.logs, stdin=subprocess.DEVNULL, check=False)
        passed, failed = passed + (not done.returncode), failed + bool(done.returncode)
    for text in _complaints(server):
        say(text)
        failed += 1
    return Results(passed, failed)


def _senders(
    server: OdooServer, identifier: str, secret: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    basic = "Basic " + base64.b64encode(f"{identifier}:{secret}".encode()).decode()
    yield NOBODY, ()
    yield A_CLIENT, (f"Authorization: {basic}",)
    yield A_HOLDER, (f"Authorization: Bearer {_token(server.port, basic)}",)


def _token(port: int, basic: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": basic, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(
        "POST", "/oauth2/token", "grant_type=client_credentials&scope=profile", headers
    )
    with connection.getresponse() as answer:
        return str(json.load(answer)["access_token"])


def _client(shell: OdooShell) -> tuple[str, str]:
    """A client that may use every grant; returns its identifier and secret."""
    return tuple(
        shell.run(
            """
robot = env["res.users"].create({"name": "Robot", "login": "robot"})
client = env["oauth2.provider.client"].create({
    "name": "Fuzz", "security_profile": "oidc", "local_development": True,
    "redirect_uri_ids": [(0, 0, {"uri": "http://127.0.0.1/cb"})],
    "use_client_credentials": True, "service_user_id": robot.id, "use_refresh_token": True, "use_device": True,
    "use_token_exchange": True, "use_jwt_bearer": True, "use_implicit": True, "use_hybrid": True,
})
result = [client.client_identifier, env["oauth2.provider.client.secret"]._generate(client)]
"""
        )
    )


def _complaints(server: OdooServer) -> list[str]:
    found = problems(server.log_text().splitlines())
    return [record.text for record in found if record.logger not in STOCK_LOGGERS]
