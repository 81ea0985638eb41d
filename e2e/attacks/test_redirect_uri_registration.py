"""Redirect addresses that nobody may register (attack cases R02 to R28)."""

import pytest

from e2e.harness.relying_party import REDIRECT_URI, register
from e2e.harness.rpc import Call, refused
from e2e.harness.systems import System

LOOPBACK = "http://127.0.0.1/callback"
CLIENT = "oauth2.provider.client"
INVALID = {"ValidationError"}


@pytest.fixture(autouse=True)
def refusals_are_logged(allowed_loggers: list[str]) -> None:
    allowed_loggers.append("odoo.http")


@pytest.mark.parametrize(
    ("uri", "application_type"),
    [
        pytest.param(LOOPBACK, "web", id="r12_loopback_web"),
        pytest.param("http://client.example/callback", "web", id="r26_http"),
        pytest.param("http://client.example/callback", "native", id="r26_http_native"),
        pytest.param(REDIRECT_URI + "#x", "web", id="r07_fragment"),
        pytest.param(REDIRECT_URI + "#", "web", id="r07_empty_fragment"),
        pytest.param("https://*.example/callback", "web", id="r14_wildcard"),
        pytest.param("https://client.example/../callback", "web", id="r02_dots"),
        pytest.param("https://[not-an-ip]/callback", "web", id="r24_bad_ipv6"),
        pytest.param("https://cl\u0456ent.example/callback", "web", id="r28_homograph"),
        pytest.param("https://user@client.example/callback", "web", id="r11_user"),
        *(
            pytest.param(f"{scheme}:x.y", kind, id=f"r13_{scheme}_{kind}")
            for scheme in ("javascript", "data", "vbscript", "blob", "file", "about")
            for kind in ("web", "native")
        ),
    ],
)
def test_dangerous_redirect_uri_cannot_be_registered(
    call_as_admin: Call, uri: str, application_type: str
) -> None:
    values = {
        "name": "Dangerous",
        "application_type": application_type,
        "redirect_uri_ids": [[0, 0, {"uri": uri}]],
    }
    refused(INVALID, call_as_admin, CLIENT, "create", [values])


def test_r12_switching_local_development_off_is_refused_while_an_address_needs_it(
    provider: System, call_as_admin: Call
) -> None:
    party = register(provider, LOOPBACK, local_development=True)
    off = ([party.application.id], {"local_development": False})
    refused(INVALID, call_as_admin, CLIENT, "write", *off)
