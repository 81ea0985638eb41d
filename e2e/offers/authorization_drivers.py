"""Drivers for what the authorization endpoint offers."""

import re
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from e2e.harness.people import create_person
from e2e.harness.plain_http import HttpBrowser, answer_of, input_value

from .drivers import drives
from .scene import Scene, jwks_of, sign

REQUEST_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")


@drives(
    "response_types_supported",
    "code",
    "id_token",
    "id_token token",
    "code id_token",
    "code token",
    "code id_token token",
)
def response_type(scene: Scene, value: str) -> None:
    party = scene.party()
    answer = scene.answer(party, response_type=value)
    artefacts = {"token": "access_token"}
    expected = {artefacts.get(name, name) for name in value.split()}
    assert expected == answer.keys() & {"code", "id_token", "access_token"}
    if "id_token" in answer:
        claims = scene.claims_of(answer["id_token"], party)
        assert claims["nonce"] == "some nonce"
        assert ("at_hash" in claims) is ("access_token" in answer)
        assert ("c_hash" in claims) is ("code" in answer)
    if "access_token" in answer:
        assert answer["token_type"].lower() == "bearer"
        assert party.accepts(answer["access_token"])
    if "code" in answer:
        assert party.redeem(answer["code"]).json()["id_token"]


@drives("response_types_supported", "token")
def response_type_token(scene: Scene, value: str) -> None:
    party = scene.plain_party(security_profile="odoo_login", use_refresh_token=False)
    parameters = party.implicit_parameters()
    answer = party.authorization_answer(scene.browser, parameters)
    assert party.userinfo(answer["access_token"], f"/oauth2/userinfo/{party.identifier}").ok


@drives("response_modes_supported", "query", "fragment")
def plain_response_mode(scene: Scene, value: str) -> None:
    party = scene.party()
    response = scene.browser.authorize(party.parameters(response_mode=value))
    answer = dict(parse_qsl(getattr(urlsplit(response.headers["Location"]), value)))
    assert answer.keys() >= {"code", "state", "iss"}


@drives("response_modes_supported", "form_post")
def form_post(scene: Scene, value: str) -> None:
    party = scene.party()
    page = scene.browser.authorize(party.parameters(response_mode=value))
    assert f'action="{party.redirect_uri}"' in page.text
    assert input_value(page, "state") == "some state"
    assert party.redeem(input_value(page, "code")).ok


@drives("response_modes_supported", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt")
def signed_response_mode(scene: Scene, value: str) -> None:
    party = scene.party()
    response = scene.browser.authorize(party.parameters(response_mode=value))
    signed = (
        input_value(response, "response")
        if value == "form_post.jwt"
        else answer_of(response)["response"]
    )
    claims = scene.claims_of(signed, party)
    assert claims["state"] == "some state"
    assert party.redeem(claims["code"]).ok


@drives("authorization_signing_alg_values_supported", *REQUEST_ALGORITHMS)
def signed_response_algorithm(scene: Scene, value: str) -> None:
    party = scene.party(authorization_signed_response_alg=value)
    answer = scene.answer(party, response_mode="jwt")
    assert scene.claims_of(answer["response"], party, value)["iss"] == scene.metadata["issuer"]


@drives("code_challenge_methods_supported", "S256")
def code_challenge(scene: Scene, value: str) -> None:
    party = scene.party()
    code = scene.answer(party, code_challenge_method=value)["code"]
    wrong = party.redeem(code, code_verifier="w" * 43)
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")


@drives("authorization_response_iss_parameter_supported")
def issuer_in_answer(scene: Scene, value: str) -> None:
    assert scene.answer(scene.party())["iss"] == scene.metadata["issuer"]


@drives("ui_locales_supported", "en-US")
def english(scene: Scene, value: str) -> None:
    page = HttpBrowser(scene.provider).authorize(scene.party().parameters(ui_locales=value))
    assert re.search(rf'"lang": "{value.replace("-", "_")}"', page.text)


@drives("scopes_supported", "openid", "profile", "email", "address", "phone", "groups")
def scope(scene: Scene, value: str) -> None:
    tokens = scene.tokens(scene.party(), scope=f"openid {value}")
    assert set(tokens.get("scope", f"openid {value}").split()) == {"openid", value}


@drives("scopes_supported", "offline_access")
def offline_access(scene: Scene, value: str) -> None:
    party = scene.party(offline_access="asked")
    tokens = scene.tokens(party, scope=f"openid {value}", prompt="consent")
    assert party.refresh(tokens["refresh_token"]).ok


@drives("claims_parameter_supported")
def claims_parameter(scene: Scene, value: bool) -> None:
    party = scene.party()
    wish = '{"id_token": {"email": null}, "userinfo": {"name": {"essential": true}}}'
    tokens = scene.tokens(party, scope="openid", claims=wish)
    assert scene.claims_of(tokens["id_token"], party)["email"] == scene.person.login
    user = party.userinfo(tokens["access_token"]).json()
    assert user["name"] == scene.person.name
    assert "email" not in user


@drives("prompt_values_supported", "none", "login", "consent", "select_account", "create")
def prompt(scene: Scene, value: str) -> None:
    party = scene.party()
    page = scene.browser.authorize(party.parameters(prompt=value))
    marks = {
        "login": 'name="password"',
        "consent": 'id="oauth2_consent"',
        "select_account": scene.person.login,
        "create": "",
    }
    if value == "none":
        assert "code" in answer_of(page)
    else:
        assert page.status_code == 200
        assert marks[value] in page.text


def _request_object(scene: Scene, algorithm: str, **client: Any) -> None:
    party = scene.party(jwks=jwks_of(algorithm), **client)
    now = int(time.time())
    stamps = {
        "iss": party.identifier,
        "aud": scene.metadata["issuer"],
        "iat": now,
        "nbf": now,
        "exp": now + 60,
    }
    parameters = party.parameters(state="signed state", nonce="n")
    request = sign(parameters | stamps, algorithm, typ="oauth-authz-req+jwt")
    outside = {name: parameters[name] for name in ("client_id", "response_type", "scope")}
    answer = party.authorization_answer(scene.browser, outside | {"request": request})
    assert answer["state"] == "signed state"
    assert party.redeem(answer["code"]).ok


@drives("request_object_signing_alg_values_supported", *REQUEST_ALGORITHMS)
def request_object_algorithm(scene: Scene, value: str) -> None:
    _request_object(scene, value, request_object_signing_alg=value)


@drives("request_parameter_supported")
def request_parameter(scene: Scene, value: bool) -> None:
    _request_object(scene, "ES256")


@drives("request_uri_parameter_supported")
@drives("require_request_uri_registration")
def unregistered_request_uri(scene: Scene, value: bool) -> None:
    """What is fetched is tested at the door for outgoing requests; here, that a stranger's address is not."""
    party = scene.party()
    parameters = party.parameters(request_uri="https://elsewhere.example/request")
    answer = party.authorization_answer(scene.browser, parameters)
    assert answer["error"] == "invalid_request_uri"


@drives("pushed_authorization_request_endpoint")
@drives("require_pushed_authorization_requests")
def pushed_request(scene: Scene, value: Any) -> None:
    party = scene.party(require_pushed_authorization_requests=True)
    pushed = scene.post(
        "pushed_authorization_request_endpoint",
        party.parameters(client_secret=party.application.secret),
    )
    assert pushed.status_code == 201
    reference = {"client_id": party.identifier, "request_uri": pushed.json()["request_uri"]}
    assert party.redeem(party.authorization_answer(scene.browser, reference)["code"]).ok


@drives("acr_values_supported", "sfa")
def met_level(scene: Scene, value: str) -> None:
    party = scene.party()
    tokens = scene.tokens(party, acr_values=value)
    assert scene.claims_of(tokens["id_token"], party)["acr"] == value


@drives("acr_values_supported", "mfa", "phr")
def missing_level(scene: Scene, value: str) -> None:
    """A person with a password alone: a wish is told as unmet, a demand is refused or steps up (OpenID §5.5.1.1)."""
    party = scene.party()
    browser = HttpBrowser(scene.provider)
    browser.log_in(create_person(scene.provider))
    wish = f'{{"id_token": {{"acr": {{"essential": true, "value": "{value}"}}}}}}'
    response = browser.authorize(party.parameters(claims=wish, prompt="none"))
    assert "error" in answer_of(response)
