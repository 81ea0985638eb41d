"""What only a mistake of our own could lead to stops at once instead of answering something."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.provider import ISSUER, Provider
from fakes.registrations import CLIENT
from protocol.authorization_request import AuthorizationContext, respond_to_client
from protocol.device_code import APPROVED, DeviceCode
from protocol.endpoints.json_error import json_error
from protocol.frontchannel_logout import frontchannel_logout_address
from protocol.grants import TokenContext
from protocol.grants.device_code import load_device_authorization
from protocol.grants.token_exchange import ExchangeContext, name_token_type
from protocol.messages import Request
from protocol.parts import Endpoint
from protocol.server import Context
from protocol.settings import Settings


def test_an_endpoint_whose_steps_never_answer(provider: Provider) -> None:
    silent = Endpoint(context=Context, steps=(lambda context: None,), error_response=json_error)
    parts = replace(provider.server.parts, endpoints={"silent": silent})
    with pytest.raises(AssertionError, match="silent"):
        replace(provider.server, parts=parts).handle("silent", Request("GET"))


def test_an_answer_before_its_address_is_proven(provider: Provider) -> None:
    context = AuthorizationContext(request=Request("GET"), server=provider.server, now=0)
    with pytest.raises(AssertionError):
        respond_to_client(context, [("code", "x")])


def test_a_frame_for_a_client_that_wants_none() -> None:
    with pytest.raises(AssertionError):
        frontchannel_logout_address(Settings(issuer=ISSUER), CLIENT, "s" * 64)


def test_a_device_that_nobody_let_in(provider: Provider) -> None:
    context = TokenContext[DeviceCode](request=Request("POST"), server=provider.server, now=0)
    context.client = CLIENT
    context.presented = DeviceCode(
        id=1,
        client_id=CLIENT.id,
        client_identifier=CLIENT.client_identifier,
        scope=frozenset({"email"}),
        expires_at=1,
        interval=5,
        status=APPROVED,
    )
    with pytest.raises(AssertionError):
        load_device_authorization(context)
    assert not provider.store.authorizations


def test_a_token_type_without_a_token(provider: Provider) -> None:
    context = ExchangeContext(request=Request("POST"), server=provider.server, now=0)
    with pytest.raises(AssertionError):
        name_token_type(context)
