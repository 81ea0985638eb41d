"""docs/openapi.yaml describes the addresses that there are, with the methods that they take."""

import ast
from pathlib import Path

import pytest
from fakes.registrations_store import OpenProvider
from protocol.client_registration.members import MEMBERS
from protocol.endpoints.client_configuration import CLIENT_CONFIGURATION
from protocol.endpoints.protected_resource_metadata import PROTECTED_RESOURCE_METADATA
from protocol.endpoints.registration import REGISTRATION
from protocol.messages import Request
from protocol.session_management import CHECK_SESSION_PATH
from protocol.standard_parts import STANDARD_PARTS

from dev import openapi

ROOT = Path(__file__).parent.parent
ISSUER = "https://id.example.com"
ROUTES = ("api_route", "page_route", "route")
PATHS = openapi.document()["paths"]
ENDPOINTS = {
    **STANDARD_PARTS.endpoints,
    "registration": REGISTRATION,
    "client_configuration": CLIENT_CONFIGURATION,
    "protected_resource_metadata": PROTECTED_RESOURCE_METADATA,
}


def name_of(call):
    return getattr(call.func, "attr", None) or getattr(call.func, "id", None)


def routes():
    """Each path of our controllers, with the endpoint that answers there, if one does."""
    for module in ("oauth2_provider", "oauth2_provider_api", "oauth2_provider_registration"):
        for file in sorted((ROOT / module / "controllers").glob("*.py")):
            for function in ast.walk(ast.parse(file.read_text())):
                if isinstance(function, ast.FunctionDef) and function.decorator_list:
                    yield from routes_of(function)


def routes_of(function):
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    answering = [call for call in calls if name_of(call) in ("handle", "answer_json")]
    endpoint = answering[0].args[0].value if answering else None
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and name_of(decorator) in ROUTES and decorator.args:
            source = ast.unparse(decorator.args[0])
            paths = eval(source, {"CHECK_SESSION_PATH": CHECK_SESSION_PATH})
            for path in [paths] if isinstance(paths, str) else paths:
                yield described(path), endpoint


def described(path):
    """As OpenAPI writes what stands for a value."""
    parts = path.split("/")
    return "/".join(
        f"{{{part.strip('<>').rpartition(':')[2]}}}" if part.startswith("<") else part
        for part in parts
    )


def methods_of(endpoint):
    (step,) = [step for step in ENDPOINTS[endpoint].steps if step.__name__ == "check_method"]
    (cell,) = step.__closure__
    return {method.lower() for method in cell.cell_contents} - {"head"}


def test_the_document_is_the_one_that_is_checked_here():
    assert openapi.DOCUMENT.read_text() == openapi.render(openapi.document())


def test_every_route_is_described_and_nothing_else():
    assert {path for path, _endpoint in routes()} == PATHS.keys()


@pytest.mark.parametrize(
    ("path", "endpoint"), [route for route in routes() if route[1]], ids=lambda value: value
)
def test_methods_are_those_that_the_endpoint_takes(path, endpoint):
    assert PATHS[path].keys() - {"parameters"} == methods_of(endpoint)


def test_every_endpoint_has_an_address():
    assert {endpoint for _path, endpoint in routes()} - {None} == ENDPOINTS.keys()


def test_every_address_in_the_metadata_is_described():
    request = Request("GET", path="/.well-known/openid-configuration")
    metadata = OpenProvider().server.handle("discovery", request).json
    addresses = {
        value.removeprefix(ISSUER)
        for name, value in metadata.items()
        if isinstance(value, str) and value.startswith(ISSUER) and name != "issuer"
    }
    assert len(addresses) > 9
    assert addresses <= PATHS.keys()


def test_every_member_of_client_metadata_is_described():
    described = openapi.document()["components"]["schemas"]["ClientMetadata"]["properties"]
    own = {"redirect_uris", "client_id", "client_secret"}
    assert described.keys() == MEMBERS.keys() | own
