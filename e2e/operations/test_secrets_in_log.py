"""A server that logs everything it can, SQL included, logs none of our secrets (attack case S07)."""

from collections.abc import Iterator

import pytest

from e2e.harness.bank import Bank, register_bank
from e2e.harness.people import ADMIN, PORTAL, create_person
from e2e.harness.plain_http import HttpBrowser, answer_of, consent_form
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.rpc import by_session
from e2e.harness.systems import System, Systems


class Told:
    """Collects what must not be in the log, each under a name."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def __call__(self, name: str, value: str) -> str:
        assert len(value) > 8, name
        self.secrets[name] = value
        return value


@pytest.fixture(scope="module")
def chatty(systems: Systems) -> Iterator[System]:
    options = ("--log-level=debug", "--log-handler=odoo.sql_db:DEBUG")
    system = systems.start_provider("chatty", options=options)
    yield system
    systems.stop(system)


def code_flow(told: Told, browser: HttpBrowser, party: RelyingParty) -> None:
    told("client secret", party.application.secret)
    told("code verifier", party.verifier)
    sent = browser.send("GET", "/oauth2/authorize", params=party.parameters())
    told("request handle", sent.headers["Location"].partition("rid=")[2])
    page = browser.follow(sent)
    for cookie in browser.session.cookies:
        if cookie.name.startswith("oauth2_"):
            told("request cookie", cookie.value)
    told("CSRF token", consent_form(page)["csrf_token"])
    code = told("code", answer_of(browser.decide(page, "allow"))["code"])
    tokens = party.redeem(code).json()
    told("access token", tokens["access_token"])
    told("refresh token", tokens["refresh_token"])
    assert party.accepts(tokens["access_token"])
    party.userinfo(tokens["access_token"], "/oauth2/tokeninfo")
    newer = party.refresh(tokens["refresh_token"]).json()
    told("second refresh token", newer["refresh_token"])
    party.token_request({"token": newer["access_token"]}, path="/oauth2/introspect")
    told("second access token", newer["access_token"])
    party.redeem(code)
    party.refresh(tokens["refresh_token"])
    party.token_request({"token": newer["refresh_token"]}, path="/oauth2/revoke")


def device_flow(told: Told, browser: HttpBrowser, party: RelyingParty) -> None:
    """With the address that a device shows as a picture."""
    codes = party.device_codes()
    told("device code", codes["device_code"])
    told("user code", codes["user_code"])
    page = browser.open(codes["verification_uri_complete"])
    browser.decide_device(page, "allow")
    told("access token of the device", party.poll(codes["device_code"]).json()["access_token"])


def proofs(told: Told, browser: HttpBrowser, bank: Bank) -> None:
    """A pushed request, and what a client signs."""
    credentials, proof = bank.credentials(), bank.proof("POST", "token_endpoint")
    told("assertion", credentials["client_assertion"])
    told("DPoP proof", proof["DPoP"])
    request_uri = told("request_uri", bank.push(**credentials).json()["request_uri"])
    page = browser.authorize({"client_id": bank.identifier, "request_uri": request_uri})
    code = told("code of the bank", answer_of(browser.decide(page, "allow"))["code"])
    tokens = bank.request_tokens(bank.redemption(code), proof).json()
    assert bank.userinfo(told("bound token", tokens["access_token"])).status_code == 200
    assert bank.push(**credentials).status_code == 401


def refusals(told: Told, browser: HttpBrowser, party: RelyingParty) -> None:
    """Where a careless client puts a secret into an address, or sends it wrongly."""
    wrong = told("wrong secret", "wrong-secret-" + "x" * 30)
    party.redeem("x", client_secret=wrong)
    query = f"/oauth2/token?client_secret={wrong}&code={told('stray code', 'o2c_' + 'y' * 43)}"
    party.token_request({"grant_type": "authorization_code"}, path=query)
    assertion = told("stray assertion", "eyJhbGciOiJFUzI1NiJ9.e30." + "x" * 86)
    for name in ("client_assertion", "assertion", "subject_token"):
        party.token_request({}, path=f"/oauth2/token?{name}={assertion}")
    stray = told("stray token", "o2a_" + "z" * 43)
    browser.send("GET", "/oauth2/userinfo", params={"access_token": stray})
    browser.send("GET", "/oauth2/authorize/consent", params={"code": stray})
    browser.send("GET", "/web/login", params={"redirect": f"/oauth2/x?rid={stray}"})


def test_s07_no_secret_in_the_log(chatty: System, allowed_loggers: list[str]) -> None:
    told = Told()
    person = create_person(chatty, PORTAL)
    browser = HttpBrowser(chatty)
    party = register(chatty, use_refresh_token=True, is_trusted=False)
    page = browser.authorize(party.parameters())
    browser.log_in(person, page)
    told("password", person.password)
    told("session", browser.session.cookies["session_id"])
    code_flow(told, browser.copy(), party)
    device_flow(told, browser.copy(), register(chatty, use_device=True))
    proofs(told, browser.copy(), register_bank(chatty))
    refusals(told, browser.copy(), party)
    odoo = register(chatty, "https://o.example/auth_oauth/signin", security_profile="odoo_login")
    answer = odoo.authorization_answer(browser.copy(), odoo.implicit_parameters())
    token = told("token of another Odoo", answer["access_token"])
    path = f"/oauth2/userinfo/{odoo.identifier}"
    assert browser.send("GET", path, params={"access_token": token}).status_code == 200
    assert odoo.userinfo(token, path).status_code == 200
    log = chatty.server.log_text()
    assert path in log, "the log is being read"
    assert "DEBUG" in log
    assert "oauth2_provider_token" in log, "SQL is logged"
    assert "access_token=***" in log
    found = {name: _around(log, value) for name, value in told.secrets.items() if value in log}
    assert not found, found


def test_s07_new_secret_of_the_button_is_not_logged(chatty: System) -> None:
    """The dialog carries it from the server to the browser and back in each of its requests."""
    party = register(chatty)
    call = by_session(chatty, ADMIN)
    secret = "shown-once-" + "s" * 40
    context = {"default_secret": secret, "default_client_identifier": party.identifier}
    model = "oauth2.provider.client.secret.show"
    values = call(model, "default_get", ["secret"], context=context)
    assert values == {"secret": secret}
    call(model, "onchange", [], {}, [], {"secret": {}}, context=context)
    log = chatty.server.log_text()
    assert model in log
    assert secret not in log, _around(log, secret)


def _around(log: str, value: str) -> str:
    at = log.find(value)
    return log[max(0, at - 200) : at + 60]
