"""Applications that register themselves and prove themselves by keys, on two workers (attack cases A08, D02, D08)."""

import secrets
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from e2e.harness.people import create_person
from e2e.harness.plain_http import TIMEOUT, HttpBrowser, answer_of
from e2e.harness.relying_party import REDIRECT_URI, SCOPE
from e2e.harness.systems import System, Systems
from e2e.harness.together import at_once

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY = ec.generate_private_key(ec.SECP256R1())
PARALLEL = 12


@pytest.fixture(scope="module")
def provider(systems: Systems) -> Iterator[System]:
    system = systems.start_provider(
        "registration", extra_modules=["oauth2_provider_registration"], workers=2
    )
    yield system
    systems.stop(system)


def initial_token(provider: System, uses: int) -> str:
    made: str = provider.run(
        """
result = env["oauth2.provider.initial.access.token"].create(
    {"name": "tests", "maximum_uses": uses}
)._generate()
""",
        uses=uses,
    )
    return made


def register(provider: System, token: str, **members: Any) -> requests.Response:
    metadata = {"redirect_uris": [REDIRECT_URI], "client_name": "Registered", **members}
    return requests.post(
        f"{provider.url}/oauth2/register",
        json=metadata,
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT,
    )


def registered(provider: System, **members: Any) -> dict[str, Any]:
    response = register(provider, initial_token(provider, 1), **members)
    assert response.status_code == 201, response.text
    return dict(response.json())


def key_client(provider: System) -> dict[str, Any]:
    public = jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    return registered(
        provider, token_endpoint_auth_method="private_key_jwt", jwks={"keys": [public]}
    )


def assertion(provider: System, client: dict[str, Any]) -> dict[str, str]:
    now = int(time.time())
    claims = {
        "iss": client["client_id"],
        "sub": client["client_id"],
        "aud": provider.url,
        "jti": secrets.token_urlsafe(16),
        "iat": now,
        "exp": now + 60,
    }
    signed = jwt.encode(claims, KEY, algorithm="ES256")
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}


def post_token(provider: System, form: dict[str, str]) -> requests.Response:
    return requests.post(f"{provider.url}/oauth2/token", data=form, timeout=TIMEOUT)


def test_a_registered_application_logs_people_in_by_its_key(provider: System) -> None:
    client = key_client(provider)
    browser = HttpBrowser(provider)
    browser.log_in(create_person(provider))
    page = browser.authorize(
        {
            "response_type": "code",
            "client_id": client["client_id"],
            "redirect_uri": REDIRECT_URI,
            "scope": SCOPE,
            "state": "s",
        }
    )
    assert 'id="oauth2_unverified"' in page.text
    code = answer_of(browser.decide(page, "allow"))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    tokens = post_token(provider, form | assertion(provider, client)).json()
    assert (
        jwt.decode(tokens["id_token"], options={"verify_signature": False})["aud"]
        == (client["client_id"])
    )


def test_a08_of_parallel_uses_of_an_assertion_one_is_believed(provider: System) -> None:
    client = key_client(provider)
    form = {
        "grant_type": "authorization_code",
        "code": "unknown",
        "redirect_uri": REDIRECT_URI,
        **assertion(provider, client),
    }
    answers = at_once(lambda: post_token(provider, form).json()["error"], PARALLEL)
    assert sorted(answers) == ["invalid_client"] * (PARALLEL - 1) + ["invalid_grant"]
    again = at_once(lambda: post_token(provider, form).json()["error"], PARALLEL)
    assert again == ["invalid_client"] * PARALLEL


def test_d02_d08_of_parallel_uses_of_an_initial_access_token_one_counts(provider: System) -> None:
    token = initial_token(provider, 1)
    answers = at_once(lambda: register(provider, token).status_code, PARALLEL)
    assert sorted(answers) == [201] + [401] * (PARALLEL - 1)
    assert register(provider, token).status_code == 401


def test_d08_of_parallel_updates_one_token_is_left(provider: System) -> None:
    client = registered(provider)
    metadata = {"client_id": client["client_id"], "redirect_uris": [REDIRECT_URI]}

    def update() -> requests.Response:
        return requests.put(
            client["registration_client_uri"],
            json=metadata,
            headers={"Authorization": f"Bearer {client['registration_access_token']}"},
            timeout=TIMEOUT,
        )

    answers = at_once(update, PARALLEL)
    winners = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(winners) == 1
    assert {answer.status_code for answer in answers} == {200, 401}
    read = requests.get(
        client["registration_client_uri"],
        headers={"Authorization": f"Bearer {winners[0]['registration_access_token']}"},
        timeout=TIMEOUT,
    )
    assert read.status_code == 200
