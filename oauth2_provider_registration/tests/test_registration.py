"""Registration over real HTTP, and what registered applications can do (RFC 7591, RFC 7592)."""

import base64
import json
from urllib.parse import urlencode

from odoo.addons.oauth2_provider.protocol.secret_hashing import hash_secret
from odoo.addons.oauth2_provider.tests.common import REDIRECT_URI
from odoo.addons.oauth2_provider.tests.test_client_keys import jwk_set, new_key
from odoo.addons.oauth2_provider.tests.tls_servers import Authority, TlsServer, answer_with
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .registration_case import RegistrationCase
from .test_logos import picture


@tagged("post_install", "-at_install")
class TestRegistration(RegistrationCase):
    def test_d01_metadata_names_the_endpoint(self):
        for name in ("openid-configuration", "oauth-authorization-server"):
            metadata = self.url_open(f"/.well-known/{name}").json()
            self.assertEqual(
                metadata["registration_endpoint"], "http://localhost:8069/oauth2/register"
            )

    def test_d01_closed_by_default(self):
        response = self.register(token=None)
        self.assert_error(response, 401, "invalid_token")
        self.assertIn("Bearer", response.headers["WWW-Authenticate"])
        self.assert_error(self.register(token="o2i_" + "x" * 43), 401, "invalid_token")

    def test_d06_d07_a_registered_application(self):
        response = self.register()
        self.assertEqual(response.status_code, 201)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        answer = response.json()
        self.assertEqual(answer["client_secret_expires_at"], 0)
        self.assertNotIn(None, answer.values())
        self.assertEqual(answer["response_types"], ["code"])
        self.assertEqual(answer["grant_types"], ["authorization_code"])
        self.assertEqual(answer["token_endpoint_auth_method"], "client_secret_basic")
        client = self.client_of(answer)
        self.assertEqual(client.name, "Dynamic")
        self.assertEqual(client.security_profile, "oidc")
        self.assertEqual(client.redirect_uri_ids.mapped("uri"), [REDIRECT_URI])
        self.assertTrue(client.registered_at)
        self.assertFalse(client.is_anonymous)
        self.assertEqual(
            client.sudo().registration_token_hash, hash_secret(answer["registration_access_token"])
        )
        self.assertEqual(client.secret_ids.sudo().secret_hash, hash_secret(answer["client_secret"]))
        self.assertEqual(self.initial.uses, 1)

    def test_it_logs_people_in_under_a_warning(self):
        answer = self.registered(grant_types=["authorization_code", "refresh_token"])
        self.authenticate("ada", "ada-password")
        page = self.authorize(client_id=answer["client_id"])
        self.assertIn('id="oauth2_unverified"', page.text)
        code = self.answer(self.press(page, "allow"))["code"]
        tokens = self.redeem(
            code, client_id=answer["client_id"], secret=answer["client_secret"]
        ).json()
        self.assertIn("refresh_token", tokens)
        self.assertIn("id_token", tokens)
        self.assertEqual(self.userinfo(tokens["access_token"]).json()["email"], "ada@example.com")

    def test_a_verified_one_has_no_warning(self):
        answer = self.registered()
        self.client_of(answer).is_verified = True
        self.env.flush_all()
        self.authenticate("ada", "ada-password")
        page = self.authorize(client_id=answer["client_id"])
        self.assertIn('id="oauth2_consent"', page.text)
        self.assertNotIn('id="oauth2_unverified"', page.text)

    def test_the_login_page_names_only_a_verified_one(self):
        """A name can be a whole sentence, and nobody warns of it there."""
        answer = self.registered(client_name="Your password has expired")
        self.assertNotIn("expired", self.authorize(client_id=answer["client_id"]).text)
        self.client_of(answer).is_verified = True
        self.env.flush_all()
        self.assertIn("expired", self.authorize(client_id=answer["client_id"]).text)

    def test_an_application_of_an_administrator_has_no_warning(self):
        self.authenticate("ada", "ada-password")
        self.assertNotIn('id="oauth2_unverified"', self.authorize().text)

    def test_response_types_are_those_registered(self):
        answer = self.registered(response_types=["code id_token"])
        self.authenticate("ada", "ada-password")
        for response_type, is_allowed in (
            ("code id_token", True),
            ("code token", False),
            ("code", False),
            ("id_token", False),
        ):
            with self.subTest(response_type):
                query = urlencode(
                    self.authorization_parameters(
                        client_id=answer["client_id"], response_type=response_type, nonce="n"
                    )
                )
                response = self.url_open(f"/oauth2/authorize?{query}", allow_redirects=False)
                location = response.headers["Location"]
                self.assertEqual("error=" not in location, is_allowed, location)

    def test_d04_strangers_get_no_implicit(self):
        self.set_policy(access="open")
        response = self.register(token=None, response_types=["id_token token"])
        self.assert_error(response, 400, "invalid_client_metadata")
        for grant in ("password", "client_credentials"):
            response = self.register(token=None, grant_types=["authorization_code", grant])
            self.assert_error(response, 400, "invalid_client_metadata")
        self.set_policy(anonymous_implicit="True")
        self.registered(token=None, response_types=["id_token token"])

    def test_an_address_that_no_database_takes(self):
        for identifier in ("%00", "a%00", "%ed%a0%80"):
            token = self.registered()["registration_access_token"]
            response = self.send("GET", f"/oauth2/register/{identifier}", token)
            self.assert_error(response, 401, "invalid_token")

    def test_an_open_server(self):
        self.set_policy(access="open")
        answer = self.registered(token=None)
        self.assertTrue(self.client_of(answer).is_anonymous)

    def test_trusted_hosts(self):
        self.set_policy(access="trusted_hosts", trusted_hosts="client.example")
        self.registered(token=None)
        response = self.register(token=None, redirect_uris=["https://evil.example/cb"])
        self.assert_error(response, 400, "invalid_redirect_uri")

    def test_trusted_hosts_count_only_while_chosen(self):
        self.set_policy(access="closed", trusted_hosts="client.example")
        self.assert_error(self.register(token=None), 401, "invalid_token")

    def test_d05_j17_what_is_not_there_is_no_default(self):
        for metadata in (
            {"token_endpoint_auth_method": "client_secret_jwt"},
            {"token_endpoint_auth_method": "nonsense"},
            {"token_endpoint_auth_method": ""},
            {"token_endpoint_auth_method": ["none"]},
            {"id_token_signed_response_alg": "HS256"},
            {"id_token_signed_response_alg": "none"},
        ):
            with self.subTest(metadata):
                self.assert_error(self.register(**metadata), 400, "invalid_client_metadata")

    def test_d02_limits(self):
        self.set_policy(access="open", hourly_limit_per_address="2")
        answer = self.registered(token=None)
        self.configure("DELETE", answer)
        self.registered(token=None)
        response = self.register(token=None)
        self.assertEqual(response.status_code, 429)
        self.assertEqual(response.headers["Retry-After"], "3600")
        self.set_policy(hourly_limit_per_address="20", maximum_clients="1")
        self.assertEqual(self.register(token=None).status_code, 503)

    def test_an_initial_access_token_is_used_up(self):
        self.initial.maximum_uses = 1
        self.env.flush_all()
        self.assert_error(self.register(redirect_uris=[]), 400, "invalid_redirect_uri")
        self.registered()
        self.assert_error(self.register(), 401, "invalid_token")

    def test_d08_initial_access_tokens_end(self):
        self.initial.expires_at = self.days_ago(1)
        self.env.flush_all()
        self.assert_error(self.register(), 401, "invalid_token")
        self.initial.write({"expires_at": self.days_ago(-1), "active": False})
        self.env.flush_all()
        self.assert_error(self.register(), 401, "invalid_token")

    def test_d03_d11_what_is_refused(self):
        for metadata, error in (
            ({"redirect_uris": "https://client.example/"}, "invalid_redirect_uri"),
            ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
            ({"redirect_uris": ["http://client.example/"]}, "invalid_redirect_uri"),
            (
                {"redirect_uris": [f"https://client.example/{n}" for n in range(1000)]},
                "invalid_redirect_uri",
            ),
            ({"jwks_uri": "https://127.0.0.1/jwks"}, "invalid_client_metadata"),
            ({"logo_uri": "https://localhost/logo.png"}, "invalid_client_metadata"),
            ({"sector_identifier_uri": "https://[::1]/"}, "invalid_client_metadata"),
            ({"policy_uri": "javascript:alert(1)"}, "invalid_client_metadata"),
            ({"scope": "openid unknown"}, "invalid_client_metadata"),
            ({"token_endpoint_auth_method": "client_secret_jwt"}, "invalid_client_metadata"),
            (
                {
                    "redirect_uris": ["https://a.example/", "https://b.example/"],
                    "subject_type": "pairwise",
                },
                "invalid_client_metadata",
            ),
        ):
            with self.subTest(metadata):
                self.assert_error(self.register(**metadata), 400, error)

    def test_d11_bodies(self):
        headers = {
            "Authorization": f"Bearer {self.initial_token}",
            "Content-Type": "application/json",
        }
        for body, status in (
            (b"", 400),
            (b"[]", 400),
            (b"{", 400),
            (b"\xff", 400),
            (b'{"a":' * 10_000, 400),
            (b'{"a":"' + b"x" * 1_000_000 + b'"}', 413),
        ):
            with self.subTest(body[:10]):
                response = self.url_open("/oauth2/register", data=body or b" ", headers=headers)
                self.assertEqual(response.status_code, status)
                self.assertIn("error", response.json())

    def test_all_that_openid_connect_registers(self):
        metadata = {
            "subject_type": "pairwise",
            "id_token_signed_response_alg": "ES256",
            "userinfo_signed_response_alg": "RS256",
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
            "jwks": json.loads(jwk_set(new_key())),
            "default_max_age": 3600,
            "require_auth_time": True,
            "client_uri": "https://client.example/",
            "policy_uri": "https://client.example/policy",
            "tos_uri": "https://client.example/tos",
            "contacts": ["ada@example.com"],
            "default_acr_values": ["mfa", "sfa"],
            "initiate_login_uri": "https://client.example/login",
            "post_logout_redirect_uris": ["https://client.example/bye"],
            "frontchannel_logout_uri": "https://client.example/front",
            "backchannel_logout_uri": "https://client.example/back",
            "backchannel_logout_session_required": True,
            "request_uris": ["https://client.example/request#hash"],
            "request_object_signing_alg": "PS256",
            "require_pushed_authorization_requests": False,
            "dpop_bound_access_tokens": True,
        }
        answer = self.registered(**metadata)
        self.assertLessEqual(metadata.items(), answer.items())
        client = self.client_of(answer)
        self.assertEqual(client.id_token_signed_response_alg, "ES256")
        self.assertEqual(client.userinfo_signed_response_alg, "RS256")
        self.assertEqual(client.token_endpoint_auth_method, "private_key_jwt")
        self.assertEqual(client.sector_identifier, "client.example")
        self.assertEqual(client.default_max_age, 3600)
        self.assertEqual(client.default_acr_values, "mfa sfa")
        self.assertEqual(client.initiate_login_uri, "https://client.example/login")
        self.assertEqual(
            client.post_logout_redirect_uri_ids.mapped("uri"), ["https://client.example/bye"]
        )
        self.assertEqual(client.backchannel_logout_uri, "https://client.example/back")
        self.assertTrue(client.backchannel_logout_session_required)
        self.assertEqual(client.request_uri_ids.mapped("uri"), metadata["request_uris"])
        self.assertEqual(client.request_object_signing_alg, "PS256")
        self.assertEqual(client.token_binding, "dpop")
        self.assertTrue(client.require_auth_time)
        client.write({"require_auth_time": False, "default_max_age": 0})
        self.env.flush_all()
        self.authenticate("ada", "ada-password")
        page = self.authorize(client_id=answer["client_id"]).text
        for link in ("client_uri", "policy_uri", "tos_uri"):
            self.assertIn(f'href="{metadata[link]}"', page)

    def test_d20_no_client_id_looks_like_an_address(self):
        answer = self.registered()
        self.assertRegex(answer["client_id"], r"\A[A-Za-z0-9_-]{43}\Z")
        self.assertNotEqual(answer["client_id"], self.registered()["client_id"])
        with self.assertRaises(ValidationError):
            self.env["oauth2.provider.client"].create(
                {"name": "App", "client_identifier": "https://client.example/app.json"}
            )

    def test_events(self):
        answer = self.registered()
        self.register(redirect_uris=[])
        events = self.env["oauth2.provider.event"].search([], limit=4)
        kinds = events.mapped("event_type")
        self.assertIn("client_registered", kinds)
        self.assertIn("registration_refused", kinds)
        registered = events.filtered(lambda event: event.event_type == "client_registered")
        self.assertEqual(registered.client_identifier, answer["client_id"])

    def test_preflight_for_applications_in_a_browser(self):
        response = self.send("OPTIONS", "/oauth2/register/x")
        self.assertEqual(response.status_code, 204)
        self.assertIn("DELETE", response.headers["Access-Control-Allow-Methods"])


@tagged("post_install", "-at_install")
class TestConfiguration(RegistrationCase):
    def setUp(self):
        super().setUp()
        self.registration = self.registered(tos_uri="https://client.example/tos")

    def update(self, **changes):
        metadata = {
            "client_id": self.registration["client_id"],
            "redirect_uris": [REDIRECT_URI],
            "client_name": "Dynamic",
            **changes,
        }
        return self.configure("PUT", self.registration, metadata)

    def test_read(self):
        response = self.configure("GET", self.registration)
        self.assertEqual(response.status_code, 200)
        unread = {"client_secret", "client_secret_expires_at"}
        self.assertEqual(
            response.json(), {k: v for k, v in self.registration.items() if k not in unread}
        )

    def test_d08_update(self):
        response = self.update(redirect_uris=[REDIRECT_URI, "https://client.example/b"])
        self.assertEqual(response.status_code, 200)
        answer = response.json()
        self.assertNotIn("tos_uri", answer)
        client = self.client_of(answer)
        self.assertFalse(client.tos_uri)
        self.assertEqual(len(client.redirect_uri_ids), 2)
        self.assert_error(self.configure("GET", self.registration), 401, "invalid_token")
        self.assertEqual(self.configure("GET", answer).status_code, 200)

    def test_a_refused_update_changes_nothing(self):
        response = self.update(redirect_uris=[])
        self.assert_error(response, 400, "invalid_redirect_uri")
        response = self.update(
            redirect_uris=["https://a.example/", "https://b.example/"], subject_type="pairwise"
        )
        self.assert_error(response, 400, "invalid_client_metadata")
        self.assertEqual(self.configure("GET", self.registration).status_code, 200)
        client = self.client_of(self.registration)
        self.assertEqual(client.redirect_uri_ids.mapped("uri"), [REDIRECT_URI])

    def test_delete(self):
        response = self.configure("DELETE", self.registration)
        self.assertEqual((response.status_code, response.content), (204, b""))
        self.assertFalse(self.client_of(self.registration))
        self.assert_error(self.configure("GET", self.registration), 401, "invalid_token")

    def test_d08_delete_ends_its_tokens(self):
        code = self.obtain_code(client_id=self.registration["client_id"])
        tokens = self.redeem(
            code,
            client_id=self.registration["client_id"],
            secret=self.registration["client_secret"],
        ).json()
        self.assertEqual(self.configure("DELETE", self.registration).status_code, 204)
        self.assertEqual(self.userinfo(tokens["access_token"]).status_code, 401)

    def test_q26_an_application_that_deletes_itself_opens_nothing(self):
        resource = self.env["oauth2.provider.resource"].create(
            {
                "name": "Secret",
                "identifier": "https://secret.example",
                "client_ids": self.client_of(self.registration).ids,
            }
        )
        self.env.flush_all()
        self.assertEqual(self.configure("DELETE", self.registration).status_code, 204)
        self.env.invalidate_all()
        self.assertFalse(resource.client_ids)
        other = self.registered()
        self.authenticate("ada", "ada-password")
        answer = self.answer(
            self.authorize(client_id=other["client_id"], resource="https://secret.example")
        )
        self.assertEqual(answer["error"], "invalid_target")

    def test_d08_the_token_of_another(self):
        other = self.registered()
        for method in ("GET", "PUT", "DELETE"):
            response = self.configure(
                method, self.registration, {}, other["registration_access_token"]
            )
            self.assert_error(response, 401, "invalid_token")

    def test_clients_of_administrators_have_no_such_door(self):
        answer = {"client_id": self.application.client_identifier}
        response = self.configure("GET", answer, token="o2g_" + "x" * 43)
        self.assert_error(response, 401, "invalid_token")

    def test_an_archived_client_is_gone(self):
        self.client_of(self.registration).active = False
        self.env.flush_all()
        self.assert_error(self.configure("GET", self.registration), 401, "invalid_token")

    def test_d09_a_code_for_an_address_that_was_removed(self):
        code = self.obtain_code(client_id=self.registration["client_id"])
        self.assertEqual(self.update(redirect_uris=["https://client.example/new"]).status_code, 200)
        response = self.redeem(
            code,
            client_id=self.registration["client_id"],
            secret=self.registration["client_secret"],
        )
        self.assert_error(response, 400, "invalid_grant")

    def test_u03_a_client_that_looks_different_asks_again(self):
        self.obtain_code(client_id=self.registration["client_id"])
        response = self.authorize(client_id=self.registration["client_id"])
        self.assertIn(response.status_code, (302, 303), "agreed before")
        self.assertEqual(self.update(client_name="Your bank").status_code, 200)
        response = self.authorize(client_id=self.registration["client_id"])
        self.assertIn('id="oauth2_consent"', response.text)

    def test_u03_another_logo_asks_again(self):
        self.obtain_code(client_id=self.registration["client_id"])
        self.client_of(self.registration).logo = base64.b64encode(picture("PNG"))
        self.env.flush_all()
        response = self.authorize(client_id=self.registration["client_id"])
        self.assertIn('id="oauth2_consent"', response.text)

    def vouch(self):
        """What an administrator ticks who knows the application; returns its record."""
        client = self.client_of(self.registration)
        client.write({"is_trusted": True, "is_verified": True})
        self.env.flush_all()
        return client

    def test_u03_trust_ends_with_what_it_was_given_to(self):
        elsewhere = "https://elsewhere.example/callback"
        client = self.vouch()
        response = self.update(client_name="Your bank", redirect_uris=[elsewhere])
        self.assertEqual(response.status_code, 200, response.text)
        self.authenticate("ada", "ada-password")
        page = self.authorize(client_id=self.registration["client_id"], redirect_uri=elsewhere)
        self.assertIn('id="oauth2_consent"', page.text)
        self.assertIn('id="oauth2_unverified"', page.text)
        self.assertFalse(client.is_trusted or client.is_verified)
        details = self.env["oauth2.provider.event"].search([("client_id", "=", client.id)])
        self.assertIn("Trusted and Verified were taken away", " ".join(details.mapped("detail")))

    def test_u03_trust_does_not_reach_further_by_itself(self):
        self.env["oauth2.provider.scope"].create(
            {"name": "orders", "description": "Your orders", "is_registrable": True}
        )
        client = self.vouch()
        self.assertEqual(self.update(scope="openid orders").status_code, 200)
        self.env.invalidate_all()
        self.assertFalse(client.is_trusted)

    def test_u03_trust_outlives_what_nobody_judges_by(self):
        client = self.vouch()
        response = self.update(tos_uri="https://client.example/terms")
        self.assertEqual(response.status_code, 200, response.text)
        self.env.invalidate_all()
        self.assertTrue(client.is_trusted and client.is_verified)


@tagged("post_install", "-at_install")
class TestOtherServers(RegistrationCase):
    def setUp(self):
        super().setUp()
        authority = Authority("localhost")
        self.addCleanup(authority.close)
        self.content = b""
        server = TlsServer(authority, self.serve)
        self.addCleanup(server.close)
        self.server = server
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("oauth2_provider.outbound_allowed_hosts", "localhost")
        parameters.set_param("oauth2_provider.outbound_ca_bundle", authority.bundle)
        self.env.flush_all()

    def serve(self, connection, request):
        answer_with(self.content)(connection, request)

    def test_d23_a_logo_is_shown_from_here(self):
        self.content = picture("PNG")
        answer = self.registered(logo_uri=self.server.url("/logo.png"))
        self.authenticate("ada", "ada-password")
        page = self.authorize(client_id=answer["client_id"]).text
        self.assertIn('src="data:image/png;base64,', page)
        self.assertNotIn("/logo.png", page)
        self.assertEqual(len(self.server.requests), 1)

    def test_d23_a_drawing_that_can_hold_a_program_is_not(self):
        self.content = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        answer = self.registered(logo_uri=self.server.url("/logo.svg"))
        self.assertFalse(self.client_of(answer).logo)

    def test_the_sector_lists_the_addresses(self):
        addresses = ["https://a.example/cb", "https://b.example/cb"]
        self.content = json.dumps(addresses).encode()
        metadata = {
            "redirect_uris": addresses,
            "subject_type": "pairwise",
            "sector_identifier_uri": self.server.url("/sector"),
        }
        answer = self.registered(**metadata)
        self.assertEqual(self.client_of(answer).sector_identifier, "localhost")
        self.content = json.dumps(addresses[:1]).encode()
        self.assert_error(self.register(**metadata), 400, "invalid_client_metadata")
