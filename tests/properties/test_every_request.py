"""Whatever is sent to an address is answered, never a failure.

Strangers may register, clients may come with the address of their metadata, somebody is logged in and on the way to a
client, so that a request need not end at the gate.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from fakes.assertions import KEY_CLIENT, assertion_form, claims, jwk, signed
from fakes.bank import BANK
from fakes.clock import START
from fakes.document_clients import ADDRESS, CALLBACK
from fakes.generated import (
    CERTIFICATES,
    EXAMPLES,
    NAMES,
    REGISTRATION,
    SENT,
    TOKENS,
    changes,
    documents,
    words,
    written,
)
from fakes.open_gates import open_provider
from fakes.proofs import proof
from fakes.provider import ISSUER
from fakes.registrations import CLIENT, NATIVE_CLIENT, ODOO_CLIENT
from fakes.wire import basic, code_exchange, code_request
from hypothesis import example, given, settings
from hypothesis import strategies as st
from protocol.messages import ClientCertificate, Parameters, Request, Response
from protocol.request_checks import FORM

# Stands for the handle of the request that was begun.
RID = "rid"


def parameters() -> st.SearchStrategy[Parameters]:
    pair = st.sampled_from(NAMES).flatmap(
        lambda name: st.tuples(st.just(name), SENT.get(name, st.text(max_size=9)))
    )
    known = st.sampled_from(
        [
            tuple(code_request().items()),
            tuple(code_request(client_id=ADDRESS, redirect_uri=CALLBACK).items()),
            tuple(code_exchange("o2c_x").items()),
            tuple(assertion_form(signed(claims(jti="x"))).items()),
            (("rid", RID),),
            (("rid", RID), ("consent", "allow"), ("logout", "yes"), ("account", "same")),
            (),
        ]
    )
    return st.tuples(known, st.lists(pair, max_size=5).map(tuple)).map(
        lambda both: Parameters(tuple((dict(both[0]) | dict(both[1])).items()))
    )


HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "authorization": st.sampled_from([basic()["authorization"], "Bearer x", "DPoP x"])
        | st.binary(max_size=30).map(lambda value: "Basic " + b64encode(value).decode())
        | words("Basic", "Bearer", "DPoP", " ", "d2ViOng=", ":", ","),
        "dpop": TOKENS | st.just(proof("POST", f"{ISSUER}/oauth2/token", START, jti="x")),
        "accept": words("application/json", ",", "*/*", "application/token-introspection+jwt"),
        "if-none-match": words("W/", '"', "*", ","),
        "x-fapi-interaction-id": words("-", "c770aef3-6784-41f7-8e0e-ff5f97bddb3a"),
    },
)
SHOWN = st.none() | CERTIFICATES.map(lambda text: ClientCertificate(text, is_verified=True))
BODY = documents("redirect_uris", "client_id", "jwks", "client_name").map(str.encode) | changes(
    *REGISTRATION
).map(lambda changed: written(REGISTRATION, changed))


@settings(max_examples=EXAMPLES // 2)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    query=parameters(),
    form=parameters(),
    headers=HEADERS,
    body=BODY,
    certificate=SHOWN,
    place=st.none() | st.sampled_from(["web", "other-odoo", "\0"]) | st.text(max_size=9),
)
def refused_or_answered(
    endpoint: str,
    method: str,
    query: Parameters,
    form: Parameters,
    headers: dict[str, str],
    body: bytes,
    certificate: ClientCertificate | None,
    place: str | None,
) -> None:
    provider = open_provider(
        CLIENT, NATIVE_CLIENT, ODOO_CLIENT, replace(BANK, id=8, client_identifier="bank")
    )
    handle = provider.start(code_request())
    is_post = method == "POST"
    is_json = "registration" in endpoint or "configuration" in endpoint
    request = Request(
        method,
        path="/.well-known/openid-configuration" if endpoint == "discovery" else "",
        query=Parameters() if is_post else with_handle(query, handle),
        form=with_handle(form, handle) if is_post else Parameters(),
        headers={} if endpoint == "registration" else headers,
        cookies=provider.cookies,
        mimetype="application/json" if is_json else FORM if is_post else "",
        body=body if is_json else b"",
        client_certificate=certificate,
        path_client_identifier=place,
    )
    check(provider.server.handle(endpoint, request))


def with_handle(sent: Parameters, handle: str) -> Parameters:
    return Parameters(tuple((n, handle if (n, v) == ("rid", RID) else v) for n, v in sent.pairs))


def check(response: Response) -> None:
    assert response.status < 500
    json.dumps(response.json, allow_nan=False)
    assert [response.json, response.jwt, response.page, response.location] != [None] * 4 or (
        response.status in (200, 204, 304)
    )


@pytest.mark.parametrize("endpoint", open_provider().server.parts.endpoints)
def test_every_address_answers(endpoint: str) -> None:
    refused_or_answered(endpoint)


@given(documents("keys", "kty").map(lambda text: replace(KEY_CLIENT, jwks=text)), TOKENS)
@example(
    replace(KEY_CLIENT, jwks=json.dumps({"keys": [jwk("ES256") | {"x": 7}]})), signed(claims())
)
@settings(max_examples=EXAMPLES)
def test_keys_of_a_client_that_are_none(client: Any, token: str) -> None:
    """They are checked when they are registered; an administrator's own SQL may have changed them since."""
    provider = open_provider(client)
    response = provider.post_token(code_exchange("x") | assertion_form(token), {})
    assert response.status in (400, 401)
