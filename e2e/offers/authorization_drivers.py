"""Drivers for what the authorization endpoint offers."""

import re
import time
import uuid
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from e2e.harness.browsing import fill_login
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import HttpBrowser, answer_of, input_value
from e2e.harness.relying_party import RelyingParty
from e2e.test_second_factors import SET_TOTP, TOTP_SECRET, give_passkey, one_time_code

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


def _signed_request(
    scene: Scene, party: RelyingParty, algorithm: str
) -> tuple[str, dict[str, str]]:
    """The object, and what stands beside it in the address."""
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
    return request, outside


def _expect_signed_answer(scene: Scene, party: RelyingParty, sent: dict[str, str]) -> None:
    answer = party.authorization_answer(scene.browser, sent)
    assert answer["state"] == "signed state"
    assert party.redeem(answer["code"]).ok


def _request_object(scene: Scene, algorithm: str, **client: Any) -> None:
    party = scene.party(jwks=jwks_of(algorithm), **client)
    request, outside = _signed_request(scene, party, algorithm)
    _expect_signed_answer(scene, party, outside | {"request": request})


@drives("request_object_signing_alg_values_supported", *REQUEST_ALGORITHMS)
def request_object_algorithm(scene: Scene, value: str) -> None:
    _request_object(scene, value, request_object_signing_alg=value)


@drives("request_parameter_supported")
def request_parameter(scene: Scene, value: bool) -> None:
    _request_object(scene, "ES256")


@drives("request_uri_parameter_supported")
def request_uri(scene: Scene, value: bool) -> None:
    path = f"/{uuid.uuid4()}"
    address = scene.site.url("localhost") + path
    party = scene.party(jwks=jwks_of("PS256"), request_uri_ids=[(0, 0, {"uri": address})])
    request, outside = _signed_request(scene, party, "PS256")
    scene.site.files[path] = ("application/oauth-authz-req+jwt", request.encode())
    _expect_signed_answer(scene, party, outside | {"request_uri": address})
    assert path in [received.path for received in scene.site.received]


@drives("require_request_uri_registration")
def unregistered_request_uri(scene: Scene, value: bool) -> None:
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


def _wish(level: str) -> str:
    """A level that must be met (OpenID Connect Core §5.5.1.1)."""
    return f'{{"id_token": {{"acr": {{"essential": true, "value": "{level}"}}}}}}'


def _expect_unmet(scene: Scene, level: str) -> None:
    """A person with a password alone, and nobody there who could step up."""
    party, browser = scene.party(), HttpBrowser(scene.provider)
    browser.log_in(create_person(scene.provider))
    response = browser.authorize(party.parameters(claims=_wish(level), prompt="none"))
    assert "error" in answer_of(response)


def _expect_level(scene: Scene, party: RelyingParty, code: str, level: str) -> None:
    id_token = party.redeem(code).json()["id_token"]
    claims = scene.claims_of(id_token, party)
    assert claims["acr"] == level
    assert "mfa" in claims["amr"]


def _person_with_codes(scene: Scene) -> Person:
    person = create_person(scene.provider)
    scene.provider.run(SET_TOTP, uid=person.id, secret=TOTP_SECRET)
    return person


@drives("acr_values_supported", "mfa")
def second_factor_level(scene: Scene, value: str) -> None:
    _expect_unmet(scene, value)
    party, browser = scene.party(), HttpBrowser(scene.provider)
    page = browser.authorize(party.parameters(claims=_wish(value)))
    page = browser.log_in(_person_with_codes(scene), page)
    form = {name: input_value(page, name) for name in ("csrf_token", "redirect")}
    answer = browser.submit(page.url, form | {"totp_token": one_time_code(TOTP_SECRET)})
    _expect_level(scene, party, answer_of(answer)["code"], value)


@drives("acr_values_supported", "phr")
def passkey_level(scene: Scene, value: str) -> None:
    """In a real browser with an authenticator of its own: first the password, then the key."""
    _expect_unmet(scene, value)
    party, person, page = scene.party(), create_person(scene.provider), scene.visitors.new_page()
    give_passkey(scene.provider, page, person)
    parameters = urlencode(party.parameters(claims=_wish(value)))
    page.goto(f"{scene.metadata['authorization_endpoint']}?{parameters}")
    fill_login(page, person)
    page.locator("#oauth2_passkey").wait_for()
    page.wait_for_load_state("networkidle")  # until then nothing listens to the link
    with page.expect_request(f"{party.redirect_uri}**") as caught:
        page.locator("#oauth2_passkey").click()
    code = dict(parse_qsl(urlsplit(caught.value.url).query))["code"]
    _expect_level(scene, party, code, value)
