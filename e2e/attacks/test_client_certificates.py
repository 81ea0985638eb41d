"""Client certificates through a real proxy, and around it (RFC 8705; FAPI 2.0 with mutual TLS)."""

from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from dev.workbench import Workbench
from e2e.harness.bank import Bank, new_key, register_bank
from e2e.harness.client_certificates import SUBJECT, header_of, write_certificate
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser, expect_json_error
from e2e.harness.systems import System

PROXY = "127.0.0.1"
# Another address of this machine, for whoever is not the proxy.
STRANGER = "127.0.0.3"
AUTHENTICATIONS = {
    "assertion": {"token_endpoint_auth_method": "private_key_jwt"},
    "authority": {
        "token_endpoint_auth_method": "tls_client_auth",
        "certificate_name_kind": "subject_dn",
        "certificate_name": SUBJECT,
    },
    "own": {"token_endpoint_auth_method": "self_signed_tls_client_auth"},
}


@pytest.fixture(scope="module")
def provider(tls_provider: System) -> System:
    """One that believes the proxy in front of it."""
    return tls_provider


@pytest.fixture(scope="module")
def person(provider: System) -> Person:
    return create_person(provider)


@pytest.fixture
def browser(provider: System, person: Person) -> HttpBrowser:
    made = HttpBrowser(provider)
    made.log_in(person)
    return made


def make_bank(
    provider: System, workbench: Workbench, folder: Path, authentication: str, binding: str
) -> Bank:
    bank = register_bank(provider, token_binding=binding, **AUTHENTICATIONS[authentication])
    authority = workbench.authority if authentication == "authority" else None
    bank.certificate = write_certificate(folder / "client.pem", bank.key, authority)
    bank.signs = authentication == "assertion"
    bank.proves_key = binding == "dpop"
    return bank


@pytest.mark.parametrize("binding", ["dpop", "mtls"])
@pytest.mark.parametrize("authentication", AUTHENTICATIONS)
def test_whole_login(
    provider: System,
    workbench: Workbench,
    browser: HttpBrowser,
    tmp_path: Path,
    authentication: str,
    binding: str,
) -> None:
    bank = make_bank(provider, workbench, tmp_path, authentication, binding)
    assert bank.endpoint("token_endpoint").startswith(provider.mtls_url)
    tokens = bank.tokens(browser)
    assert tokens["token_type"] == ("DPoP" if binding == "dpop" else "Bearer")
    assert bank.userinfo(tokens["access_token"]).status_code == 200
    renewed = bank.refresh(tokens["refresh_token"])
    assert renewed.status_code == 200, renewed.text
    assert bank.userinfo(renewed.json()["access_token"]).status_code == 200


def test_x12_a_stolen_token_of_a_certificate(
    provider: System, workbench: Workbench, browser: HttpBrowser, tmp_path: Path
) -> None:
    bank = make_bank(provider, workbench, tmp_path, "authority", "mtls")
    tokens = bank.tokens(browser)
    thief = write_certificate(tmp_path / "thief.pem", new_key(), workbench.authority)
    for stolen in (str(thief), None):
        response = bank.userinfo(tokens["access_token"], cert=stolen)
        expect_json_error(response, 401, "invalid_token")
    expect_json_error(bank.refresh(tokens["refresh_token"], cert=None), 401, "invalid_client")


def test_whose_certificate_it_is(provider: System, workbench: Workbench, tmp_path: Path) -> None:
    bank = make_bank(provider, workbench, tmp_path, "authority", "mtls")
    redemption = bank.redemption("unknown")
    expect_json_error(bank.request_tokens(redemption), 400, "invalid_grant")
    named = write_certificate(tmp_path / "named.pem", new_key())
    other = write_certificate(
        tmp_path / "other.pem", new_key(), workbench.authority, common_name="other"
    )
    for wrong in (named, other):
        response = bank.request_tokens(redemption, cert=str(wrong))
        expect_json_error(response, 401, "invalid_client")
    own = make_bank(provider, workbench, tmp_path, "own", "mtls")
    expect_json_error(own.request_tokens(redemption), 400, "invalid_grant")
    expect_json_error(own.request_tokens(redemption, cert=str(named)), 401, "invalid_client")


def forged(bank: Bank) -> dict[str, str]:
    """What our own proxy would write, and a way that claims to have come over it."""
    assert bank.certificate is not None
    return {
        "X-SSL-Client-Cert": header_of(bank.certificate),
        "X-SSL-Client-Verify": "SUCCESS",
        "X-Forwarded-For": PROXY,
        "X-Forwarded-Host": "localhost",
        "X-Forwarded-Proto": "https",
    }


def status_directly(bank: Bank, source: str) -> int:
    """A token request past the proxy, from an address of this machine."""
    server = bank.provider.server
    connection = HTTPConnection("127.0.0.1", server.port, source_address=(source, 0), timeout=60)
    form = urlencode(bank.redemption("unknown") | bank.credentials())
    headers = forged(bank) | {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/oauth2/token", form, headers)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("authentication", ["authority", "own"])
def test_a18_a_forged_header(
    provider: System, workbench: Workbench, tmp_path: Path, authentication: str
) -> None:
    """Somebody who knows the certificate, which is no secret, but does not hold its key."""
    bank = make_bank(provider, workbench, tmp_path, authentication, "mtls")
    # Through the proxy, where it asks for a certificate and where it does not.
    response = bank.request_tokens(bank.redemption("unknown"), forged(bank), cert=None)
    expect_json_error(response, 401, "invalid_client")
    bank.metadata.pop("mtls_endpoint_aliases")
    response = bank.request_tokens(bank.redemption("unknown"), forged(bank), cert=None)
    expect_json_error(response, 401, "invalid_client")
    # Past it: what decides is who connects.
    assert status_directly(bank, STRANGER) == 401
    assert status_directly(bank, PROXY) == 400, "the proxy itself is believed"
