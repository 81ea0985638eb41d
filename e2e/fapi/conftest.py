"""Two clients of each kind at a provider over TLS, and a person who is logged in there."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from dev.workbench import Workbench
from e2e.fapi.client import FapiClient, Key, Variant, public_jwks
from e2e.harness.applications import create_application
from e2e.harness.client_certificates import SUBJECT, write_certificate
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser
from e2e.harness.systems import System

VARIANTS = [
    Variant(*values)
    for values in product(
        ("private_key_jwt", "mtls"), ("dpop", "mtls"), (False, True), (False, True)
    )
]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "kinds(**members): the kinds of clients that the test is about"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test runs for every kind of client that it concerns; what does not concern it is no test, so none is
    skipped."""
    if "variant" not in metafunc.fixturenames:
        return
    wanted: dict[str, object] = {}
    for mark in metafunc.definition.iter_markers("kinds"):
        wanted |= mark.kwargs
    fitting = [
        variant
        for variant in VARIANTS
        if all(getattr(variant, name) == value for name, value in wanted.items())
    ]
    metafunc.parametrize("variant", fitting, ids=str, scope="session")


@pytest.fixture(scope="session")
def person(tls_provider: System) -> Person:
    return create_person(tls_provider)


@pytest.fixture(scope="session")
def logged_in(tls_provider: System, person: Person) -> HttpBrowser:
    made = HttpBrowser(tls_provider)
    made.log_in(person)
    return made


@pytest.fixture
def browser(logged_in: HttpBrowser) -> Iterator[HttpBrowser]:
    """The person's browser, without traces of other tests."""
    made = logged_in.copy()
    yield made
    made.session.close()


@pytest.fixture(scope="session")
def keys() -> list[Key]:
    """Of the first and the second client, one of each type that FAPI 2.0 §5.4 names."""
    return [
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ec.generate_private_key(ec.SECP256R1()),
    ]


@pytest.fixture(scope="session")
def registered(
    tls_provider: System,
    workbench: Workbench,
    tmp_path_factory: pytest.TempPathFactory,
    variant: Variant,
    keys: list[Key],
) -> list[FapiClient]:
    folder = tmp_path_factory.mktemp("certificates")
    return [
        register(tls_provider, workbench, folder, variant, number, key)
        for number, key in enumerate(keys, 1)
    ]


@pytest.fixture
def client(registered: list[FapiClient]) -> FapiClient:
    return registered[0]


@pytest.fixture
def other(registered: list[FapiClient]) -> FapiClient:
    """A second client of the same kind, with keys and a certificate of its own."""
    return registered[1]


def register(
    provider: System,
    workbench: Workbench,
    folder: Path,
    variant: Variant,
    number: int,
    key: Key,
) -> FapiClient:
    """Enter an application as an administrator does."""
    values = {
        "security_profile": "fapi2",
        "local_development": False,
        "use_refresh_token": True,
        "token_binding": variant.binding,
        "require_signed_request_object": variant.signed,
        "jwks": public_jwks(key),
        "token_endpoint_auth_method": "private_key_jwt",
    }
    name = f"client{number}"
    if variant.authentication == "mtls":
        values |= {
            "token_endpoint_auth_method": "tls_client_auth",
            "certificate_name_kind": "subject_dn",
            "certificate_name": SUBJECT.replace("CN=client", f"CN={name}"),
        }
    certificate = None
    if "mtls" in (variant.authentication, variant.binding):
        path = folder / f"{name}.pem"
        certificate = write_certificate(path, key, workbench.authority, common_name=name)
    redirect_uri = f"https://{name}.example/callback"
    made = create_application(provider, redirect_uri, **values)
    return FapiClient(provider, variant, made.identifier, made.id, redirect_uri, key, certificate)
