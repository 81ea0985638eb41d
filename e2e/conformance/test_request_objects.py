"""Modules about request objects. Unsigned ones are not offered, so that the suite skips what sends them."""

import jwt
import pytest

from .client import Client
from .conditions import check_error
from .plans import BASIC, DYNAMIC, HYBRID, IMPLICIT, Variant, run_with
from .suite import Suite


def unsigned(client: Client, request: dict[str, str]) -> str:
    claims = request | {"iss": client.identifier, "aud": client.metadata["issuer"]}
    return jwt.encode(claims, None, algorithm="none")


def signed(client: Client, request: dict[str, str]) -> str:
    claims = request | {"iss": client.identifier, "aud": client.metadata["issuer"]}
    return client.keys.sign(claims)


def outside(parameters: dict[str, str], **changes: str) -> dict[str, str]:
    """What OpenID Connect Core §6 wants beside the object."""
    names = ("client_id", "response_type", "scope")
    return {name: parameters[name] for name in names} | changes


def publish(suite: Suite, path: str, request_object: str) -> None:
    suite.site.files[path] = ("application/jose", request_object.encode())


@run_with([*BASIC, *IMPLICIT, *HYBRID])
def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(
    suite: Suite, variant: Variant
) -> None:
    assert "none" not in suite.metadata["request_object_signing_alg_values_supported"]
    client = suite.register(variant)
    request = suite.request(client, scope="openid email")
    sent = request | {"request": unsigned(client, request)}
    answer = suite.callback(client, sent, suite.go(suite.person_browser(), sent))
    check_error(answer, "request_not_supported")


@run_with([*BASIC, *IMPLICIT, *HYBRID])
def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(
    suite: Suite, variant: Variant
) -> None:
    check_unsigned_by_reference(suite, variant)


@run_with(DYNAMIC)
def test_oidcc_request_uri_unsigned(suite: Suite, variant: Variant) -> None:
    check_unsigned_by_reference(suite, variant)


def check_unsigned_by_reference(suite: Suite, variant: Variant) -> None:
    path = "/unsigned-request"
    client = suite.register(variant, request_uris=[suite.address(path)])
    request = suite.request(client)
    publish(suite, path, unsigned(client, request))
    sent = request | {"request_uri": suite.address(path)}
    answer = suite.callback(client, sent, suite.go(suite.person_browser(), sent))
    check_error(answer, "request_uri_not_supported")


@run_with([*BASIC, *IMPLICIT, *HYBRID, *DYNAMIC])
def test_oidcc_ensure_request_object_with_redirect_uri(suite: Suite, variant: Variant) -> None:
    """The suite sends the object unsigned and skips this; here it is signed. The address outside must not count."""
    client = suite.register(variant)
    request = suite.request(client)
    sent = outside(
        request,
        redirect_uri=f"{client.redirect_uri}_invalid",
        request=signed(client, request),
    )
    suite.succeed(client, sent=sent, state=request["state"], nonce=request["nonce"])


@run_with(DYNAMIC)
@pytest.mark.parametrize("fragment", ["", "#version-1"], ids=["plain", "fragment"])
def test_oidcc_request_uri_signed_rs256(suite: Suite, variant: Variant, fragment: str) -> None:
    path = "/signed-request"
    address = suite.address(path) + fragment
    client = suite.register(variant, request_uris=[address], request_object_signing_alg="RS256")
    request = suite.request(client)
    publish(suite, path, signed(client, request))
    suite.succeed(
        client,
        sent=outside(request, request_uri=address),
        state=request["state"],
        nonce=request["nonce"],
    )
