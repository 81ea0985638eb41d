"""Step-up at protected resources (RFC 9470)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from fakes.provider import Provider
from protocol.endpoints.json_error import json_error
from protocol.endpoints.protected_resource import ResourceContext, load_access_token
from protocol.messages import Request, Response
from protocol.parts import Endpoint
from protocol.step_up import check_authentication


@dataclass
class Demand:
    """What a resource of the test asks of the login."""

    acr_values: tuple[str, ...] = ()
    max_age: int | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, provider: Provider, token: str) -> Response:
        def check(context: ResourceContext) -> None:
            check_authentication(
                context, context.access_token, acr_values=self.acr_values, max_age=self.max_age
            )

        def answer(context: ResourceContext) -> None:
            context.response = Response(json={"ok": True})

        endpoint = Endpoint(ResourceContext, (load_access_token, check, answer), json_error)
        parts = provider.server.parts
        endpoints = {**parts.endpoints, "guarded": endpoint}
        server = type(provider.server)(
            type(parts)(**{**vars(parts), "endpoints": endpoints}),
            provider.server.settings,
            provider.server.ports,
        )
        return server.handle(
            "guarded", Request("GET", headers={"authorization": f"Bearer {token}"})
        )


@pytest.fixture
def token(provider: Provider) -> str:
    provider.log_in(auth_time=provider.clock.now() - 100, amr=("pwd",))
    return str(provider.get_tokens()["access_token"])


def challenge(response: Response) -> str:
    assert response.status == 401
    return dict(response.headers)["WWW-Authenticate"]


@pytest.mark.parametrize("demand", [Demand(), Demand(max_age=100), Demand(acr_values=("sfa",))])
def test_enough(provider: Provider, token: str, demand: Demand) -> None:
    assert demand.ask(provider, token).status == 200


def test_too_weak(provider: Provider, token: str) -> None:
    header = challenge(Demand(acr_values=("mfa", "phr")).ask(provider, token))
    assert 'error="insufficient_user_authentication"' in header
    assert header.startswith("Bearer ")
    assert header.endswith(', acr_values="mfa phr"')


def test_too_old(provider: Provider, token: str) -> None:
    header = challenge(Demand(max_age=99).ask(provider, token))
    assert header.endswith(', max_age="99"')


def test_too_weak_and_too_old(provider: Provider, token: str) -> None:
    header = challenge(Demand(acr_values=("mfa",), max_age=5).ask(provider, token))
    assert header.endswith(', acr_values="mfa", max_age="5"')


def test_a_login_at_an_unknown_time_is_too_old(provider: Provider) -> None:
    provider.log_in()
    token = provider.get_tokens()["access_token"]
    assert "max_age" in challenge(Demand(max_age=10**6).ask(provider, token))


def test_a_dead_token_is_told_nothing_about_levels(provider: Provider, token: str) -> None:
    provider.change_user(is_active=False)
    assert "acr_values" not in challenge(Demand(acr_values=("mfa",)).ask(provider, token))
