"""Dynamic client registration (RFC 7591, RFC 7592, OpenID Connect Registration)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes.assertions import jwk, jwk_set
from fakes.open_gates import open_provider
from fakes.provider import Provider
from fakes.registrations import CLIENT
from fakes.registrations_store import INITIAL, OpenProvider
from fakes.wire import basic, code_exchange, code_request, error_of, tokens_of
from protocol.client_registration.policy import IMPLICIT_GRANTS
from protocol.client_registration.ports import RegistrationCounts
from protocol.messages import Request, Response
from protocol.secret_hashing import hash_secret

CALLBACK = "https://app.example.com/cb"
KEYS = json.loads(jwk_set(jwk("ES256", kid=None)))


@pytest.fixture
def provider() -> OpenProvider:
    return OpenProvider(CLIENT)


def body(**members: Any) -> bytes:
    """A registration request; a member changed to ``...`` is left out."""
    values = {"redirect_uris": [CALLBACK], "client_name": "App"} | members
    return json.dumps({name: value for name, value in values.items() if value is not ...}).encode()


def registered(response: Response) -> dict[str, Any]:
    assert response.status == 201, response
    assert response.json is not None
    return dict(response.json)


def assert_refused(response: Response, error: str, status: int = 400) -> None:
    assert (response.status, error_of(response)) == (status, error)


def test_d06_d07_defaults_and_shape(provider: OpenProvider) -> None:
    answer = registered(provider.register(body()))
    assert answer["response_types"] == ["code"]
    assert answer["grant_types"] == ["authorization_code"]
    assert answer["token_endpoint_auth_method"] == "client_secret_basic"
    assert answer["application_type"] == "web"
    assert answer["client_secret_expires_at"] == 0
    assert answer["client_id_issued_at"] == provider.clock.now()
    assert answer["registration_client_uri"] == (
        f"https://id.example.com/oauth2/register/{answer['client_id']}"
    )
    assert None not in answer.values()
    assert all(type(answer[name]) is int for name in answer if name.endswith("_at"))


def test_an_address_that_no_database_takes() -> None:
    provider = open_provider()
    answer = registered(provider.register(body(), token=None))
    for identifier in ("\0", "\ud800"):
        token = answer["registration_access_token"]
        assert_refused(provider.configure("GET", identifier, token), "invalid_token", 401)


def test_d08_tokens_and_secrets_are_stored_as_hashes(provider: OpenProvider) -> None:
    answer = registered(provider.register(body()))
    _registration, change = provider.registrations.known[answer["client_id"]]
    assert change.registration_token_hash == hash_secret(answer["registration_access_token"])
    assert change.secret_hash == hash_secret(answer["client_secret"])


def test_a_registered_client_logs_people_in(provider: OpenProvider) -> None:
    answer = registered(
        provider.register(body(grant_types=["authorization_code", "refresh_token"]))
    )
    code = provider.get_code(code_request(client_id=answer["client_id"]))
    headers = basic(answer["client_id"], answer["client_secret"])
    tokens = tokens_of(provider.post_token(code_exchange(code), headers))
    assert "refresh_token" in tokens
    assert provider.event_types()[0] == "client_registered"
    assert provider.store.events[0].client_identifier == answer["client_id"]


def test_d01_metadata_names_the_endpoint_only_where_it_is() -> None:
    request = Request("GET", path="/.well-known/openid-configuration")
    for provider, expected in ((Provider(), None), (OpenProvider(), "/oauth2/register")):
        response = provider.server.handle("discovery", request)
        assert response.json is not None
        address = response.json.get("registration_endpoint")
        assert address == (expected and f"https://id.example.com{expected}")


class TestWhoMayRegister:
    def test_d01_closed_by_default(self, provider: OpenProvider) -> None:
        assert_refused(provider.register(body(), token=None), "invalid_token", 401)
        assert_refused(provider.register(body(), token="o2i_other"), "invalid_token", 401)
        assert provider.registrations.known == {}

    def test_an_initial_access_token_is_used_up(self, provider: OpenProvider) -> None:
        provider.registrations.initial_tokens[hash_secret(INITIAL)] = 1
        assert_refused(provider.register(body(redirect_uris=[])), "invalid_redirect_uri")
        registered(provider.register(body()))
        assert_refused(provider.register(body()), "invalid_token", 401)

    def test_parallel_uses_of_the_last_one(
        self, provider: OpenProvider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            provider.registrations, "use_initial_access_token", lambda *_arguments: False
        )
        assert_refused(provider.register(body()), "invalid_token", 401)
        assert provider.registrations.known == {}

    def test_open(self) -> None:
        registered(OpenProvider(is_open=True).register(body(), token=None))

    def test_a_wrong_token_is_not_none(self) -> None:
        response = OpenProvider(is_open=True).register(body(), token="wrong")
        assert_refused(response, "invalid_token", 401)

    def test_trusted_hosts(self) -> None:
        provider = OpenProvider(trusted_hosts=frozenset({"app.example.com"}))
        registered(provider.register(body(), token=None))
        for uris in (
            ["https://evil.example.com/cb"],
            [CALLBACK, "https://evil.example.com/cb"],
            ["https://app.example.com.evil.com/cb"],
        ):
            response = provider.register(body(redirect_uris=uris), token=None)
            assert_refused(response, "invalid_redirect_uri")
        response = provider.register(
            body(redirect_uris=["com.example.app:/cb"], token_endpoint_auth_method="none"),
            token=None,
        )
        assert_refused(response, "invalid_redirect_uri")
        registered(provider.register(body(redirect_uris=["https://other.example.com/cb"])))

    @pytest.mark.parametrize(
        ("counts", "status"),
        [
            (RegistrationCounts(1000, 0, 0), 503),
            (RegistrationCounts(0, 500, 0), 429),
            (RegistrationCounts(0, 0, 100), 429),
        ],
    )
    def test_d02_limits(self, counts: RegistrationCounts, status: int) -> None:
        provider = OpenProvider(is_open=True)
        provider.registrations.counts = counts
        response = provider.register(body(), token=None)
        assert_refused(response, "temporarily_unavailable", status)
        assert (("Retry-After", "3600") in response.headers) == (status == 429)
        provider.registrations.counts = RegistrationCounts(999, 499, 99)
        registered(provider.register(body(), token=None))

    def test_an_initial_access_token_has_limits_of_its_own(self, provider: OpenProvider) -> None:
        provider.registrations.counts = RegistrationCounts(0, 500, 100)
        registered(provider.register(body()))
        provider.registrations.counts = RegistrationCounts(1000, 0, 0)
        assert_refused(provider.register(body()), "temporarily_unavailable", 503)

    def test_other_methods_are_refused(self, provider: OpenProvider) -> None:
        assert provider.register(body(), method="GET").status == 405


class TestFlows:
    @pytest.mark.parametrize(
        ("response_types", "grants"),
        [
            (["code"], ["authorization_code"]),
            (["id_token"], ["implicit"]),
            (["id_token token"], ["implicit"]),
            (["token id_token"], ["implicit"]),
            (["code id_token"], ["authorization_code", "implicit"]),
            (["code token"], ["authorization_code", "implicit"]),
            (["code id_token token", "code"], ["authorization_code", "implicit"]),
        ],
    )
    def test_all_response_types_with_a_token(
        self, provider: OpenProvider, response_types: list[str], grants: list[str]
    ) -> None:
        answer = registered(provider.register(body(response_types=response_types)))
        assert answer["grant_types"] == grants
        client = provider.store.find_client(answer["client_id"])
        assert client is not None
        assert client.response_types <= client.profile.response_types

    def test_d04_implicit_of_strangers(self) -> None:
        closed = OpenProvider(is_open=True)
        for members in (
            {"response_types": ["id_token token"]},
            {"response_types": ["code id_token"]},
            {"grant_types": ["authorization_code", "implicit"]},
        ):
            response = closed.register(body(**members), token=None)
            assert_refused(response, "invalid_client_metadata")
        opened = OpenProvider(is_open=True, anonymous_grants=IMPLICIT_GRANTS)
        registered(opened.register(body(response_types=["id_token token"]), token=None))

    @pytest.mark.parametrize("grant", ["password", "client_credentials", "urn:x", ""])
    @pytest.mark.parametrize("token", [None, INITIAL])
    def test_d04_grants_that_nobody_registers(self, grant: str, token: str | None) -> None:
        provider = OpenProvider(is_open=True, anonymous_grants=IMPLICIT_GRANTS)
        response = provider.register(body(grant_types=["authorization_code", grant]), token=token)
        assert_refused(response, "invalid_client_metadata")

    @pytest.mark.parametrize(
        "response_types", [[], ["token"], ["none"], ["code code"], ["unknown"], "code", [1]]
    )
    def test_response_types_that_are_refused(
        self, provider: OpenProvider, response_types: object
    ) -> None:
        response = provider.register(body(response_types=response_types))
        assert_refused(response, "invalid_client_metadata")

    def test_types_that_do_not_belong_together(self, provider: OpenProvider) -> None:
        response = provider.register(body(response_types=["code"], grant_types=["implicit"]))
        assert_refused(response, "invalid_client_metadata")

    @pytest.mark.parametrize(
        ("members", "profile"),
        [
            ({}, "oidc"),
            ({"token_endpoint_auth_method": "none"}, "oauth21"),
            ({"scope": "profile"}, "oauth21"),
            ({"token_endpoint_auth_method": "none", "response_types": ["id_token"]}, "oidc"),
        ],
    )
    def test_security_profiles(
        self, provider: OpenProvider, members: dict[str, Any], profile: str
    ) -> None:
        answer = registered(provider.register(body(**members)))
        assert provider.registrations.known[answer["client_id"]][1].security_profile == profile


class TestRedirectUris:
    @pytest.mark.parametrize(
        "uris",
        [
            ...,
            [],
            CALLBACK,
            None,
            {},
            [1],
            [None],
            [""],
            [[CALLBACK]],
            ["https://app.example.com/cb#fragment"],
            ["http://app.example.com/cb"],
            ["http://localhost/cb"],
            ["javascript:alert(1)"],
            ["data:text/html,x"],
            ["com.example.app:/cb"],
            ["https://*.example.com/cb"],
            ["https://app.example.com/../cb"],
            ["/cb"],
            [f"{CALLBACK}?n={number}" for number in range(1000)],
            [CALLBACK + "a" * 3000],
        ],
    )
    def test_d03_d11_r07_r12_r13_r26_refused(self, provider: OpenProvider, uris: object) -> None:
        assert_refused(provider.register(body(redirect_uris=uris)), "invalid_redirect_uri")

    @pytest.mark.parametrize(
        "uri", ["http://localhost:3118/callback", "http://127.0.0.1/cb", "com.example.app:/cb"]
    )
    def test_r10_native_clients_of_plain_oauth(self, provider: OpenProvider, uri: str) -> None:
        """They say none, and nothing of application_type."""
        answer = registered(
            provider.register(body(redirect_uris=[uri], token_endpoint_auth_method="none"))
        )
        assert answer["application_type"] == "native"

    def test_r12_web_stays_web(self, provider: OpenProvider) -> None:
        for members in (
            {"application_type": "web"},
            {"redirect_uris": [CALLBACK, "http://localhost/cb"]},
            {"redirect_uris": ["http://localhost:x/cb"]},
        ):
            values = {
                "redirect_uris": ["http://localhost/cb"],
                "token_endpoint_auth_method": "none",
            } | members
            assert_refused(provider.register(body(**values)), "invalid_redirect_uri")

    def test_repeats_count_once(self, provider: OpenProvider) -> None:
        answer = registered(provider.register(body(redirect_uris=[CALLBACK, CALLBACK])))
        assert answer["redirect_uris"] == [CALLBACK]


class TestMembers:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"[]",
            b"null",
            b"{",
            b"\xff",
            b'{"redirect_uris": [], "redirect_uris": []}',
            b'{"default_max_age": NaN}',
            b'{"a":' * 10_000,
            b'{"a": "' + b"x" * 70_000 + b'"}',
        ],
    )
    def test_d11_no_json(self, provider: OpenProvider, content: bytes) -> None:
        assert_refused(provider.register(content), "invalid_client_metadata")

    def test_other_media_types(self, provider: OpenProvider) -> None:
        response = provider.register(body(), mimetype="application/x-www-form-urlencoded")
        assert_refused(response, "invalid_client_metadata", 415)

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("client_name", 1),
            ("client_name", " "),
            ("client_name", "x" * 101),
            ("client_name", "App\u202egnitset"),
            ("client_name", "App\n"),
            ("application_type", "desktop"),
            ("token_endpoint_auth_method", "client_secret_jwt"),
            ("token_endpoint_auth_method", "tls_client_auth"),
            ("token_endpoint_auth_method", "private_key_jwt"),
            ("token_endpoint_auth_method", ["none"]),
            ("client_uri", "http://app.example.com"),
            ("client_uri", "javascript:alert(1)"),
            ("logo_uri", "http://app.example.com/logo.png"),
            ("logo_uri", "data:image/png;base64,AA"),
            ("policy_uri", "javascript:alert(1)"),
            ("tos_uri", "https://user@app.example.com/"),
            ("jwks_uri", "http://app.example.com/jwks"),
            ("jwks_uri", "file:///etc/passwd"),
            ("jwks", {"keys": "a"}),
            ("jwks", {"keys": [{"kty": "oct", "k": "AA"}]}),
            ("jwks", {"keys": [jwk("ES256", d="AA")]}),
            ("jwks", "text"),
            ("subject_type", "other"),
            ("id_token_signed_response_alg", "none"),
            ("id_token_signed_response_alg", "HS256"),
            ("userinfo_signed_response_alg", "none"),
            ("request_object_signing_alg", "none"),
            ("id_token_encrypted_response_alg", "RSA-OAEP"),
            ("userinfo_encrypted_response_enc", "A128GCM"),
            ("request_object_encryption_alg", "RSA1_5"),
            ("default_max_age", -1),
            ("default_max_age", "60"),
            ("default_max_age", 60.5),
            ("default_max_age", True),
            ("require_auth_time", "true"),
            ("require_auth_time", 1),
            ("default_acr_values", "mfa"),
            ("initiate_login_uri", "http://app.example.com/login"),
            ("post_logout_redirect_uris", ["javascript:alert(1)"]),
            ("post_logout_redirect_uris", CALLBACK),
            ("request_uris", ["http://app.example.com/r"]),
            ("frontchannel_logout_uri", "http://app.example.com/"),
            ("backchannel_logout_uri", "http://app.example.com/"),
            ("backchannel_logout_session_required", "yes"),
            ("contacts", "ada@example.com"),
            ("scope", "openid admin"),
            ("scope", ["openid"]),
            ("scope", 'open"id'),
            ("scope", "é"),
        ],
    )
    def test_d03_d05_refused(self, provider: OpenProvider, member: str, value: object) -> None:
        response = provider.register(body(**{member: value}))
        assert_refused(response, "invalid_client_metadata")
        assert provider.internet.fetched == []

    def test_jwks_and_jwks_uri_exclude_each_other(self, provider: OpenProvider) -> None:
        response = provider.register(body(jwks=KEYS, jwks_uri="https://app.example.com/jwks"))
        assert_refused(response, "invalid_client_metadata")

    def test_everything_at_once(self, provider: OpenProvider) -> None:
        members = {
            "response_types": ["code"],
            "grant_types": ["authorization_code", "refresh_token"],
            "application_type": "web",
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "PS256",
            "client_name": "Ünïcode <b>",
            "contacts": ["ada@example.com"],
            "client_uri": "https://app.example.com",
            "policy_uri": "https://app.example.com/policy",
            "tos_uri": "https://app.example.com/tos",
            "jwks": KEYS,
            "subject_type": "pairwise",
            "id_token_signed_response_alg": "ES256",
            "userinfo_signed_response_alg": "RS256",
            "request_object_signing_alg": "EdDSA",
            "default_max_age": 60,
            "require_auth_time": True,
            "default_acr_values": ["mfa"],
            "initiate_login_uri": "https://app.example.com/login",
            "request_uris": ["https://app.example.com/request#hash"],
            "post_logout_redirect_uris": ["https://app.example.com/bye"],
            "frontchannel_logout_uri": "https://app.example.com/front",
            "frontchannel_logout_session_required": True,
            "backchannel_logout_uri": "https://app.example.com/back",
            "backchannel_logout_session_required": False,
            "scope": "openid email",
        }
        answer = registered(provider.register(body(**members)))
        assert members.items() <= answer.items()
        assert "client_secret" not in answer
        assert "client_secret_expires_at" not in answer

    def test_unknown_members_and_nulls_are_ignored(self, provider: OpenProvider) -> None:
        answer = registered(
            provider.register(
                body(unknown=[1], logo_uri=None, scope=None, client_name=None, **{"a#ja": "x"})
            )
        )
        assert not {"unknown", "logo_uri", "client_name", "a#ja"} & answer.keys()

    def test_combinations_that_only_the_store_knows(self, provider: OpenProvider) -> None:
        provider.registrations.impossible = True
        assert_refused(provider.register(body()), "invalid_client_metadata")

    @pytest.mark.parametrize(
        ("asked", "grants", "got"),
        [
            (..., ["authorization_code"], "openid email profile"),
            (..., ["authorization_code", "refresh_token"], "openid email offline_access profile"),
            ("email  openid", ["authorization_code"], "openid email"),
            ("openid offline_access", ["authorization_code"], "openid"),
            ("", ["authorization_code"], ""),
        ],
    )
    def test_scope(self, asked: object, grants: list[str], got: str) -> None:
        provider = OpenProvider(
            scope=frozenset({"openid", "profile", "email", "offline_access"}), is_open=True
        )
        answer = registered(provider.register(body(scope=asked, grant_types=grants), token=None))
        assert answer["scope"] == got


class TestOtherServers:
    SECTOR = "https://sector.example.com/uris"

    @pytest.mark.parametrize(
        "member", ["jwks_uri", "logo_uri", "sector_identifier_uri", "backchannel_logout_uri"]
    )
    def test_d03_addresses_in_the_own_network(self, provider: OpenProvider, member: str) -> None:
        provider.internet.private_hosts.add("intranet.example.com")
        response = provider.register(body(**{member: "https://intranet.example.com/x"}))
        assert_refused(response, "invalid_client_metadata")
        assert provider.internet.fetched == []

    def test_the_sector_lists_the_addresses(self, provider: OpenProvider) -> None:
        provider.internet.publish(self.SECTOR, json.dumps([CALLBACK, "https://b.example.com/"]))
        answer = registered(
            provider.register(body(sector_identifier_uri=self.SECTOR, subject_type="pairwise"))
        )
        assert answer["sector_identifier_uri"] == self.SECTOR

    @pytest.mark.parametrize(
        "content",
        ["[]", '["https://other.example.com/cb"]', "{}", "[1]", "no", b"\xff", "[" * 9999],
    )
    def test_a_sector_that_does_not(self, provider: OpenProvider, content: str | bytes) -> None:
        provider.internet.publish(self.SECTOR, content)
        response = provider.register(body(sector_identifier_uri=self.SECTOR))
        assert_refused(response, "invalid_client_metadata")

    def test_a_sector_that_does_not_answer(self, provider: OpenProvider) -> None:
        response = provider.register(body(sector_identifier_uri=self.SECTOR))
        assert_refused(response, "invalid_client_metadata")

    def test_d23_the_logo_is_fetched_once(self, provider: OpenProvider) -> None:
        logo = "https://app.example.com/logo.png"
        provider.internet.publish(logo, b"PNG", content_type="image/png")
        answer = registered(provider.register(body(logo_uri=logo)))
        change = provider.registrations.known[answer["client_id"]][1]
        assert change.logo is not None
        assert change.logo.body == b"PNG"

    @pytest.mark.parametrize("status", [302, 404, None])
    def test_a_logo_that_is_not_there(self, provider: OpenProvider, status: int | None) -> None:
        logo = "https://app.example.com/logo.png"
        if status:
            provider.internet.publish(logo, b"", status=status)
        answer = registered(provider.register(body(logo_uri=logo)))
        assert provider.registrations.known[answer["client_id"]][1].logo is None


class TestConfiguration:
    @pytest.fixture
    def answer(self, provider: OpenProvider) -> dict[str, Any]:
        return registered(provider.register(body()))

    def test_read(self, provider: OpenProvider, answer: dict[str, Any]) -> None:
        token = answer["registration_access_token"]
        response = provider.configure("GET", answer["client_id"], token)
        assert response.status == 200
        assert response.json is not None
        unread = {"client_secret", "client_secret_expires_at"}
        assert dict(response.json) == {k: v for k, v in answer.items() if k not in unread}

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    def test_d08_tokens_of_others(
        self, provider: OpenProvider, answer: dict[str, Any], method: str
    ) -> None:
        other = registered(provider.register(body()))
        for identifier, token in (
            (answer["client_id"], other["registration_access_token"]),
            (other["client_id"], answer["registration_access_token"]),
            (answer["client_id"], INITIAL),
            (answer["client_id"], answer["client_secret"]),
            ("unknown", answer["registration_access_token"]),
            (CLIENT.client_identifier, answer["registration_access_token"]),
        ):
            response = provider.configure(method, identifier, token, body())
            assert_refused(response, "invalid_token", 401)

    def test_no_token_at_all(self, provider: OpenProvider, answer: dict[str, Any]) -> None:
        request = Request("GET", path_client_identifier=answer["client_id"])
        response = provider.server.handle("client_configuration", request)
        assert response.status == 401

    def test_update(self, provider: OpenProvider, answer: dict[str, Any]) -> None:
        response = self.update(provider, answer, client_name="Newer", tos_uri=None)
        assert response.status == 200
        assert response.json is not None
        assert response.json["client_name"] == "Newer"
        assert "client_secret" not in response.json

    def test_d03_an_update_leads_nowhere_either(
        self, provider: OpenProvider, answer: dict[str, Any]
    ) -> None:
        provider.internet.private_hosts.add("intranet.example.com")
        response = self.update(
            provider,
            answer,
            token_endpoint_auth_method="private_key_jwt",
            jwks_uri="https://intranet.example.com/x",
        )
        assert_refused(response, "invalid_client_metadata")

    def test_d08_an_update_brings_a_new_token(
        self, provider: OpenProvider, answer: dict[str, Any]
    ) -> None:
        response = self.update(provider, answer)
        assert response.json is not None
        token = response.json["registration_access_token"]
        assert token != answer["registration_access_token"]
        assert provider.configure("GET", answer["client_id"], token).status == 200
        old = provider.configure("GET", answer["client_id"], answer["registration_access_token"])
        assert_refused(old, "invalid_token", 401)

    def test_an_update_replaces_everything(
        self, provider: OpenProvider, answer: dict[str, Any]
    ) -> None:
        response = self.update(
            provider, answer, client_name=..., redirect_uris=["https://b.example.com/cb"]
        )
        assert response.json is not None
        assert "client_name" not in response.json
        client = provider.store.find_client(answer["client_id"])
        assert client is not None
        assert client.redirect_uris == ("https://b.example.com/cb",)

    @pytest.mark.parametrize(
        ("members", "error"),
        [
            ({"client_id": "web"}, "invalid_client_metadata"),
            ({"client_id": ...}, "invalid_client_metadata"),
            ({"client_secret": "another"}, "invalid_client_metadata"),
            ({"client_secret": 1}, "invalid_client_metadata"),
            ({"redirect_uris": []}, "invalid_redirect_uri"),
            ({"scope": "admin"}, "invalid_client_metadata"),
            ({"grant_types": ["password"]}, "invalid_client_metadata"),
        ],
    )
    def test_updates_that_are_refused(
        self, provider: OpenProvider, answer: dict[str, Any], members: dict[str, Any], error: str
    ) -> None:
        assert_refused(self.update(provider, answer, **members), error)
        token = answer["registration_access_token"]
        assert provider.configure("GET", answer["client_id"], token).status == 200

    def test_an_update_names_its_secret(
        self, provider: OpenProvider, answer: dict[str, Any]
    ) -> None:
        response = self.update(provider, answer, client_secret=answer["client_secret"])
        assert response.status == 200

    def test_a_client_that_comes_to_need_a_secret_gets_one(self, provider: OpenProvider) -> None:
        answer = registered(provider.register(body(token_endpoint_auth_method="none")))
        assert "client_secret" not in answer
        response = self.update(provider, answer)
        assert response.json is not None
        assert response.json["client_secret_expires_at"] == 0
        assert response.json["client_secret"]

    def test_d04_an_update_cannot_do_what_a_registration_cannot(self) -> None:
        provider = OpenProvider(is_open=True)
        answer = registered(provider.register(body(), token=None))
        response = self.update(provider, answer, response_types=["id_token"])
        assert_refused(response, "invalid_client_metadata")
        provider = OpenProvider(trusted_hosts=frozenset({"app.example.com"}))
        answer = registered(provider.register(body(), token=None))
        response = self.update(provider, answer, redirect_uris=["https://evil.example.com/cb"])
        assert_refused(response, "invalid_redirect_uri")

    def test_an_initial_access_token_counts_for_updates_too(self, provider: OpenProvider) -> None:
        answer = registered(provider.register(body()))
        response = self.update(provider, answer, response_types=["id_token"])
        assert response.status == 200

    def test_combinations_that_only_the_store_knows(
        self, provider: OpenProvider, answer: dict[str, Any]
    ) -> None:
        provider.registrations.impossible = True
        assert_refused(self.update(provider, answer), "invalid_client_metadata")

    def test_delete(self, provider: OpenProvider, answer: dict[str, Any]) -> None:
        token = answer["registration_access_token"]
        response = provider.configure("DELETE", answer["client_id"], token)
        assert (response.status, response.json) == (204, None)
        assert provider.store.find_client(answer["client_id"]) is None
        for method in ("GET", "DELETE"):
            response = provider.configure(method, answer["client_id"], token)
            assert_refused(response, "invalid_token", 401)
        assert "client_unregistered" in provider.event_types()

    def test_delete_after_an_administrator_has_archived_it(
        self, provider: OpenProvider, answer: dict[str, Any]
    ) -> None:
        client = provider.store.find_client(answer["client_id"])
        assert client is not None
        provider.store.archived_clients.add(client.id)
        token = answer["registration_access_token"]
        assert provider.configure("DELETE", answer["client_id"], token).status == 204
        assert provider.store.events[-1].event_type == "client_unregistered"
        assert provider.store.events[-1].client_identifier is None

    def update(self, provider: OpenProvider, answer: dict[str, Any], **members: Any) -> Response:
        values = {"client_id": answer["client_id"], **members}
        token = answer["registration_access_token"]
        return provider.configure("PUT", answer["client_id"], token, body(**values))
