"""What the metadata promises to clients of FAPI 2.0, and the TLS that all of it rests on."""

import json
import socket
import ssl
import warnings
from urllib.parse import urlsplit

import pytest
import requests

from dev.workbench import Workbench
from e2e.fapi.client import ALLOWED_ALGORITHMS, SCOPE, FapiClient
from e2e.harness.plain_http import TIMEOUT
from e2e.harness.systems import System

# RFC 9325 §4.2, as FAPI 2.0 §5.2.2 wants them; those of TLS 1.3 are all allowed.
CIPHERS = {
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
}
WEAK_CIPHERS = "AES128-SHA:AES256-SHA:AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA"
BOUND_TO_ENDPOINTS = (
    "token_endpoint",
    "pushed_authorization_request_endpoint",
    "userinfo_endpoint",
    "revocation_endpoint",
    "introspection_endpoint",
)


def members(client: FapiClient, name: str) -> set[str]:
    value = client.metadata[name]
    assert isinstance(value, list)
    return set(value)


@pytest.mark.kinds(signed=False, jarm=False)
def test_discovery_document(client: FapiClient) -> None:
    metadata = client.metadata
    assert metadata["issuer"] == client.provider.url
    assert members(client, "response_types_supported") >= {"code"}
    assert members(client, "grant_types_supported") >= {"authorization_code", "refresh_token"}
    assert members(client, "code_challenge_methods_supported") == {"S256"}
    assert members(client, "scopes_supported") >= set(SCOPE.split())
    assert metadata["authorization_response_iss_parameter_supported"] is True
    assert isinstance(metadata["require_pushed_authorization_requests"], bool)
    assert metadata["pushed_authorization_request_endpoint"].startswith("https://")
    methods = members(client, "token_endpoint_auth_methods_supported")
    assert methods >= {"private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"}
    assert None not in metadata.values()


@pytest.mark.parametrize(
    "member",
    [
        "id_token_signing_alg_values_supported",
        "userinfo_signing_alg_values_supported",
        "request_object_signing_alg_values_supported",
        "token_endpoint_auth_signing_alg_values_supported",
        "authorization_signing_alg_values_supported",
    ],
)
def test_signing_algorithms(tls_provider: System, member: str) -> None:
    """RS256 is there for OpenID Connect alone, and for whom it is not refused elsewhere in this folder."""
    address = f"{tls_provider.url}/.well-known/openid-configuration"
    offered = set(requests.get(address, timeout=TIMEOUT).json()[member])
    assert offered >= set(ALLOWED_ALGORITHMS)
    assert not offered & {"none", "HS256", "HS384", "HS512"}


def test_both_documents_say_the_same(tls_provider: System) -> None:
    documents = [
        requests.get(f"{tls_provider.url}/.well-known/{name}", timeout=TIMEOUT)
        for name in ("openid-configuration", "oauth-authorization-server")
    ]
    for document in documents:
        assert document.headers["Content-Type"].split(";")[0] == "application/json"
    assert documents[0].json() == documents[1].json()


@pytest.mark.kinds(binding="dpop", signed=False, jarm=False)
def test_proofs_of_possession(client: FapiClient) -> None:
    assert members(client, "dpop_signing_alg_values_supported") == set(ALLOWED_ALGORITHMS)


@pytest.mark.kinds(binding="mtls", signed=False, jarm=False)
def test_certificates(client: FapiClient) -> None:
    assert client.metadata["tls_client_certificate_bound_access_tokens"] is True
    aliases = client.metadata["mtls_endpoint_aliases"]
    assert set(aliases) >= set(BOUND_TO_ENDPOINTS)
    assert not set(aliases) & {"authorization_endpoint", "jwks_uri"}
    assert all(
        urlsplit(address).netloc != urlsplit(client.issuer).netloc for address in aliases.values()
    )


@pytest.mark.kinds(jarm=True, signed=False, binding="dpop")
def test_signed_answers(client: FapiClient) -> None:
    assert members(client, "response_modes_supported") >= {"jwt", "query.jwt"}


def test_keys_have_no_private_part(tls_provider: System) -> None:
    address = f"{tls_provider.url}/.well-known/openid-configuration"
    keys_address = requests.get(address, timeout=TIMEOUT).json()["jwks_uri"]
    keys = requests.get(keys_address, timeout=TIMEOUT).json()["keys"]
    assert len({key["kid"] for key in keys}) == len(keys)
    assert {key["use"] for key in keys} == {"sig"}
    assert not set(json.dumps(keys).split('"')) & {"d", "p", "q", "k"}


def handshake(workbench: Workbench, port: int, version: ssl.TLSVersion, ciphers: str = "") -> str:
    """Talk one version and, of TLS 1.2, some ciphers only; the name of the one that was chosen."""
    context = ssl.create_default_context(cafile=str(workbench.authority.certificate))
    with warnings.catch_warnings():
        # That the old versions are deprecated is why they are tried.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    if ciphers:
        context.set_ciphers(ciphers)
    with (
        socket.create_connection(("localhost", port), TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        chosen = secure.cipher()
        assert chosen is not None
        return chosen[0]


@pytest.mark.parametrize("door", ["port", "mtls_port"])
def test_tls(workbench: Workbench, tls_provider: System, door: str) -> None:
    """The proxy that the development environment puts in front; in earnest it is the administrator's."""
    port = getattr(tls_provider.proxy, door)
    assert handshake(workbench, port, ssl.TLSVersion.TLSv1_3).startswith("TLS_")
    assert handshake(workbench, port, ssl.TLSVersion.TLSv1_2) in CIPHERS
    with pytest.raises(ssl.SSLError):
        handshake(workbench, port, ssl.TLSVersion.TLSv1_2, f"{WEAK_CIPHERS}:@SECLEVEL=0")
    for old in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.raises(ssl.SSLError):
            handshake(workbench, port, old, "ALL:@SECLEVEL=0")
