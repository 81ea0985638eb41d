"""Services that use Odoo's JSON-2 interface by access tokens, at two workers: their person's data, and no more.

The service is written as one would be that knows nothing but the address of what it wants to call.
"""

import threading
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests

from e2e.harness.bank import jwk_of, new_key
from e2e.harness.people import Person, create_person
from e2e.harness.plain_http import TIMEOUT, HttpBrowser, input_value
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System, Systems
from e2e.harness.together import at_once
from e2e.test_second_factors import SET_TOTP, TOTP_SECRET, one_time_code

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "e2e/addons/oauth2_provider_sample"
SCOPES = ("odoo.read", "odoo.write", "contacts.read", "bank.pay")
WORKERS = 2


@pytest.fixture(scope="module")
def provider(systems: Systems) -> Iterator[System]:
    system = systems.start_provider(
        "api", extra_modules=["oauth2_provider_sample", "contacts"], workers=WORKERS
    )
    yield system
    systems.stop(system)


@pytest.fixture(scope="module")
def web(provider: System) -> RelyingParty:
    made = register(provider)
    provider.run(
        """
scopes = env["oauth2.provider.scope"].search([("name", "in", names)])
env["oauth2.provider.client"].browse(id).scope_ids |= scopes
""",
        id=made.application.id,
        names=list(SCOPES),
    )
    return made


class Owner:
    """A person with one contact that only they see, and the browser that they are logged in with."""

    def __init__(self, provider: System) -> None:
        self.provider = provider
        self.person: Person = create_person(provider)
        self.contact = f"Contact of {self.person.name}"
        self.contact_id: int = provider.run(
            """
user = env["res.users"].browse(uid)
user.group_ids |= env.ref("base.group_partner_manager")
company = env["res.company"].create({"name": name})
user.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
result = env["res.partner"].create({"name": name, "user_id": uid, "company_id": company.id}).id
""",
            uid=self.person.id,
            name=self.contact,
        )
        self.browser = HttpBrowser(provider)
        self.browser.log_in(self.person)

    def stored_name(self) -> str:
        return str(
            self.provider.run("result = env['res.partner'].browse(id).name", id=self.contact_id)
        )


@pytest.fixture
def owner(provider: System) -> Owner:
    return Owner(provider)


def call(
    provider: System, token: str | None, model: str, method: str, **arguments: Any
) -> requests.Response:
    """JSON-2 as its documentation teaches it."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.post(
        f"{provider.url}/json/2/{model}/{method}", json=arguments, headers=headers, timeout=TIMEOUT
    )


def names(provider: System, token: str, **headers: str) -> list[str]:
    response = call(
        provider,
        token,
        "res.partner",
        "search_read",
        domain=[["user_id", "!=", False]],
        fields=["name"],
    )
    assert response.status_code == 200, response.text
    return [record["name"] for record in response.json()]


def refused(response: requests.Response, status: int, error: str) -> None:
    assert (response.status_code, response.json()["error"]) == (status, error), response.text
    assert f'error="{error}"' in response.headers["WWW-Authenticate"]
    assert "Set-Cookie" not in response.headers


def test_from_a_refused_call_to_the_data(provider: System, web: RelyingParty, owner: Owner) -> None:
    """RFC 9728 §5: the refusal leads to the metadata, this to the server, and its answer back to the data."""
    challenge = call(provider, None, "res.partner", "search_read").headers["WWW-Authenticate"]
    members = dict(part.split("=", 1) for part in challenge.removeprefix("Bearer ").split(", "))
    resource = requests.get(members["resource_metadata"].strip('"'), timeout=TIMEOUT).json()
    assert f"{provider.url}/json/2/res.partner".startswith(resource["resource"])
    (issuer,) = resource["authorization_servers"]
    metadata = requests.get(
        f"{issuer}/.well-known/oauth-authorization-server", timeout=TIMEOUT
    ).json()
    assert metadata["issuer"] == issuer == provider.url
    assert set(resource["scopes_supported"]) <= set(metadata["scopes_supported"])
    scope = members["scope"].strip('"')
    assert scope == "odoo.read"
    token = web.tokens(owner.browser, scope=scope, resource=resource["resource"])["access_token"]
    assert owner.contact in names(provider, token)


def test_o6_other_peoples_records_stay_hidden(
    provider: System, web: RelyingParty, owner: Owner, allowed_loggers: list[str]
) -> None:
    allowed_loggers.append("odoo.http")
    other = Owner(provider)
    for scope in ("odoo.read", "odoo.write"):
        token = web.tokens(owner.browser, scope=scope)["access_token"]
        assert other.contact not in names(provider, token)
        for method, more in {
            "read": {"fields": ["name"]},
            "write": {"vals": {"name": "x"}},
        }.items():
            if method == "write" and scope == "odoo.read":
                continue
            response = call(provider, token, "res.partner", method, ids=[other.contact_id], **more)
            assert response.status_code == 403, response.text
    assert other.stored_name() == other.contact


def test_t03_reading_does_not_write_and_writing_does(
    provider: System, web: RelyingParty, owner: Owner
) -> None:
    write = ("res.partner", "write")
    arguments: dict[str, Any] = {"ids": [owner.contact_id], "vals": {"name": "Renamed"}}
    reading = web.tokens(owner.browser, scope="odoo.read")["access_token"]
    refused(call(provider, reading, *write, **arguments), 403, "insufficient_scope")
    assert owner.stored_name() == owner.contact
    writing = web.tokens(owner.browser, scope="odoo.write")["access_token"]
    assert call(provider, writing, *write, **arguments).json() is True
    assert owner.stored_name() == "Renamed"


@pytest.mark.parametrize("method", ["sample_write", "sample_write_in_a_new_transaction"])
def test_postgresql_refuses_what_says_it_reads(
    provider: System,
    web: RelyingParty,
    owner: Owner,
    allowed_loggers: list[str],
    method: str,
) -> None:
    allowed_loggers.append("odoo.sql_db")
    reading = web.tokens(owner.browser, scope="odoo.read")["access_token"]
    arguments = {"partner_id": owner.contact_id}
    refused(call(provider, reading, "res.partner", method, **arguments), 403, "insufficient_scope")
    assert owner.stored_name() == owner.contact
    # The method could write: it is the scope that keeps it from it.
    writing = web.tokens(owner.browser, scope="odoo.write")["access_token"]
    assert call(provider, writing, "res.partner", method, **arguments).status_code == 200
    assert owner.stored_name() == "Written while reading"


def test_no_connection_stays_read_only(provider: System, web: RelyingParty, owner: Owner) -> None:
    """Both workers give their connections to one request after the other."""
    reading = web.tokens(owner.browser, scope="odoo.read")["access_token"]
    writing = web.tokens(owner.browser, scope="odoo.write")["access_token"]
    for number in range(12):
        assert names(provider, reading)
        arguments = {"ids": [owner.contact_id], "vals": {"name": f"Number {number}"}}
        assert call(provider, writing, "res.partner", "write", **arguments).status_code == 200
        assert owner.stored_name() == f"Number {number}"


def test_closed_whatever_the_scope(
    provider: System, web: RelyingParty, owner: Owner, allowed_loggers: list[str]
) -> None:
    allowed_loggers.append("odoo.http")
    provider.run(
        "env['res.users'].browse(uid).group_ids |= env.ref('base.group_system')",
        uid=owner.person.id,
    )
    token = web.tokens(owner.browser, scope="odoo.read odoo.write")["access_token"]
    assert call(provider, token, "ir.cron", "search_count", domain=[]).status_code == 200
    for model in (
        "oauth2.provider.client",
        "oauth2.provider.token",
        "res.users.apikeys",
        "res.users.apikeys.description",
        "res.users.identitycheck",
        "ir.config_parameter",
        "auth_totp.device",
    ):
        response = call(provider, token, model, "search_read", domain=[])
        assert (response.status_code, response.json()["debug"]) == (403, ""), response.text
    for method, arguments in {
        "api_key_wizard": {"ids": [owner.person.id]},
        "change_password": {"old_passwd": owner.person.password, "new_passwd": "new"},
        "write": {"ids": [owner.person.id], "vals": {"login": "mallory"}},
    }.items():
        response = call(provider, token, "res.users", method, **arguments)
        assert response.status_code == 403, response.text
    assert HttpBrowser(provider).log_in(owner.person).status_code == 200


def test_a_revocation_counts_at_once_at_every_worker(
    provider: System, web: RelyingParty, owner: Owner
) -> None:
    for _time in range(3):
        token = web.tokens(owner.browser, scope="odoo.read")["access_token"]
        assert {len(names(provider, token)) for _call in range(4)} == {1}
        assert web.token_request({"token": token}, "/oauth2/revoke").status_code == 200
        answers = at_once(partial(call, provider, token, "res.users", "context_get"), 6)
        assert {answer.status_code for answer in answers} == {401}


def test_an_archived_person_at_once(provider: System, web: RelyingParty, owner: Owner) -> None:
    token = web.tokens(owner.browser, scope="odoo.read")["access_token"]
    assert names(provider, token)
    provider.run("env['res.users'].browse(uid).active = False", uid=owner.person.id)
    refused(call(provider, token, "res.users", "context_get"), 401, "invalid_token")


# Bound tokens


class Holder:
    """An application that proves a key with every request (RFC 9449)."""

    def __init__(self, provider: System, web: RelyingParty, owner: Owner, scope: str) -> None:
        self.provider, self.key = provider, new_key()
        proof = self.proof(f"{provider.url}/oauth2/token")
        code = web.code(owner.browser, scope=scope)
        response = web.token_request(web.redemption(code), headers=proof)
        assert response.json()["token_type"] == "DPoP", response.text
        self.token: str = response.json()["access_token"]

    def proof(self, address: str, token: str | None = None) -> dict[str, str]:
        members: dict[str, Any] = {
            "jti": str(uuid.uuid4()),
            "htm": "POST",
            "htu": address,
            "iat": int(time.time()),
        }
        if token:
            digest = sha256(token.encode()).digest()
            members["ath"] = urlsafe_b64encode(digest).rstrip(b"=").decode()
        header = {"typ": "dpop+jwt", "jwk": jwk_of(self.key)}
        return {"DPoP": jwt.encode(members, self.key, algorithm="ES256", headers=header)}

    def headers(self, address: str) -> dict[str, str]:
        return {"Authorization": f"DPoP {self.token}", **self.proof(address, self.token)}

    def call(
        self, method: str, headers: dict[str, str] | None = None, **arguments: Any
    ) -> requests.Response:
        address = f"{self.provider.url}/json/2/res.partner/{method}"
        sent = headers or self.headers(address)
        return requests.post(address, json=arguments, headers=sent, timeout=TIMEOUT)


def test_x06_a_bound_token_as_bearer(provider: System, web: RelyingParty, owner: Owner) -> None:
    holder = Holder(provider, web, owner, "odoo.read")
    assert holder.call("search_count", domain=[]).status_code == 200
    bearer = {"Authorization": f"Bearer {holder.token}"}
    refused(holder.call("search_count", bearer, domain=[]), 401, "invalid_token")
    bare = {"Authorization": f"DPoP {holder.token}"}
    refused(holder.call("search_count", bare, domain=[]), 401, "invalid_dpop_proof")


def test_x05_one_of_many_equal_proofs_counts(
    provider: System, web: RelyingParty, owner: Owner
) -> None:
    holder = Holder(provider, web, owner, "odoo.read")
    headers = holder.headers(f"{provider.url}/json/2/res.partner/search_count")
    answers = at_once(lambda: holder.call("search_count", headers, domain=[]), 8)
    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 7]


def test_calls_that_odoo_repeats_are_not_taken_for_replays(
    provider: System, web: RelyingParty, owner: Owner
) -> None:
    """A call that loses against somebody else's change is run again by Odoo, with the proof that it came with."""
    holder = Holder(provider, web, owner, "odoo.write")
    holding = threading.Thread(target=hold_record, args=(provider, owner.contact_id))
    before = provider.server.log_text().count("tries left")
    holding.start()
    time.sleep(1)
    response = holder.call("write", ids=[owner.contact_id], vals={"name": "Second"})
    holding.join()
    assert response.status_code == 200, response.text
    assert provider.server.log_text().count("tries left") == before + 1
    assert owner.stored_name() == "Second"


def hold_record(provider: System, partner_id: int) -> None:
    """Change it, and keep everybody else from it for a while."""
    provider.run(
        """
import time
env.cr.execute("UPDATE res_partner SET name = 'First' WHERE id = %s", [id])
time.sleep(4)
""",
        id=partner_id,
    )


# Routes of other add-ons, as the documentation has them


@pytest.mark.parametrize("file", ["controllers/sample.py", "models/oauth2_provider_server.py"])
def test_the_documentation_shows_what_runs_here(file: str) -> None:
    page = (ROOT / "docs/how-to/protect-a-route.md").read_text()
    assert f"```python\n{(SAMPLE / file).read_text()}```" in page


def test_a_route_of_another_add_on(provider: System, web: RelyingParty, owner: Owner) -> None:
    address = f"{provider.url}/sample/contacts"

    def get(token: str | None) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.get(address, headers=headers, timeout=TIMEOUT)

    token = web.tokens(owner.browser, scope="contacts.read")["access_token"]
    assert get(token).json() == {"contacts": [owner.contact]}
    assert "Set-Cookie" not in get(token).headers
    other = web.tokens(owner.browser, scope="odoo.write")["access_token"]
    refused(get(other), 403, "insufficient_scope")
    refused(get("o2a_unknown"), 401, "invalid_token")
    assert "error=" not in get(None).headers["WWW-Authenticate"]
    assert get(None).status_code == 401
    # Pages of other sites may read either answer.
    for answer in (get(token), get(None)):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    preflight = requests.options(
        address,
        headers={"Origin": "https://app.example", "Access-Control-Request-Method": "GET"},
        timeout=TIMEOUT,
    )
    assert preflight.status_code == 204
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    with_session = owner.browser.send("GET", "/sample/contacts")
    assert with_session.status_code == 401
    assert "traceback" not in with_session.text.lower()


def test_a_route_that_asks_for_more(provider: System, web: RelyingParty, owner: Owner) -> None:
    def pay(token: str) -> requests.Response:
        return requests.post(
            f"{provider.url}/sample/bank/pay",
            json={"amount": 5},
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
        )

    response = pay(web.tokens(owner.browser, scope="bank.pay")["access_token"])
    refused(response, 401, "insufficient_user_authentication")
    challenge = response.headers["WWW-Authenticate"]
    assert 'acr_values="mfa", max_age="300"' in challenge
    address = f"{provider.url}/.well-known/oauth-protected-resource/sample/bank"
    assert f'resource_metadata="{address}"' in challenge
    metadata = requests.get(address, timeout=TIMEOUT).json()
    assert metadata["scopes_supported"] == ["bank.pay"]
    browser = log_in_with_a_code(provider, owner.person)
    response = pay(web.tokens(browser, scope="bank.pay", acr_values="mfa")["access_token"])
    assert response.json() == {
        "paid": 5,
        "by": owner.person.name,
        "through": web.application.name,
    }


def log_in_with_a_code(provider: System, person: Person) -> HttpBrowser:
    provider.run(SET_TOTP, uid=person.id, secret=TOTP_SECRET)
    browser = HttpBrowser(provider)
    page = browser.log_in(person)
    form = {name: input_value(page, name) for name in ("csrf_token", "redirect")}
    browser.submit(page.url, form | {"totp_token": one_time_code(TOTP_SECRET)})
    return browser
