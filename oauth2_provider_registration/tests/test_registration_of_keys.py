"""Applications that register with certificates, bound tokens or all that a bank needs, and what they can do then."""

import json

from odoo.addons.oauth2_provider.tests.common import REDIRECT_URI
from odoo.addons.oauth2_provider.tests.sender_case import SenderCase, jwk_set
from odoo.tests import Form, tagged

from .registration_case import RegistrationCase


@tagged("post_install", "-at_install")
class TestRegistrationOfKeys(RegistrationCase, SenderCase):
    def keys(self):
        return json.loads(jwk_set(self.key))

    def assert_answers_what_is_stored(self, answer, metadata):
        self.assertLessEqual(metadata.items(), answer.items())
        self.assertLessEqual(metadata.items(), self.configure("GET", answer).json().items())

    def tokens(self, answer, headers):
        """A login, and the code redeemed with these headers."""
        code = self.obtain_code(client_id=answer["client_id"])
        response = self.send_token(self.exchange(code, client_id=answer["client_id"]), headers)
        return response.json()

    def test_a_certificate_of_an_authority(self):
        metadata = {
            "token_endpoint_auth_method": "tls_client_auth",
            "tls_client_auth_subject_dn": "CN=client",
            "tls_client_certificate_bound_access_tokens": True,
        }
        answer = self.registered(**metadata)
        self.assert_answers_what_is_stored(answer, metadata)
        self.assertNotIn("client_secret", answer)
        client = self.client_of(answer)
        self.assertEqual(client.certificate_name, "CN=client")
        self.assertEqual(client.token_binding, "mtls")
        certificate = self.certificate()
        token = self.tokens(answer, certificate)["access_token"]
        self.assertEqual(self.call_userinfo(token, "Bearer").status_code, 401)
        self.assertEqual(self.call_userinfo(token, "Bearer", certificate).status_code, 200)
        code = self.obtain_code(client_id=answer["client_id"])
        form = self.exchange(code, client_id=answer["client_id"])
        response = self.send_token(form, self.certificate("somebody else"))
        self.assert_error(response, 401, "invalid_client")

    def test_each_kind_of_name(self):
        for member, kind, value in (
            ("tls_client_auth_san_dns", "san_dns", "client.example"),
            ("tls_client_auth_san_uri", "san_uri", "https://client.example/"),
            ("tls_client_auth_san_ip", "san_ip", "192.0.2.7"),
            ("tls_client_auth_san_email", "san_email", "client@client.example"),
        ):
            with self.subTest(member):
                metadata = {"token_endpoint_auth_method": "tls_client_auth", member: value}
                answer = self.registered(**metadata)
                self.assert_answers_what_is_stored(answer, metadata)
                client = self.client_of(answer)
                self.assertEqual(
                    (client.certificate_name_kind, client.certificate_name), (kind, value)
                )

    def test_a_certificate_of_its_own(self):
        metadata = {
            "token_endpoint_auth_method": "self_signed_tls_client_auth",
            "jwks": self.keys(),
            "dpop_bound_access_tokens": True,
        }
        answer = self.registered(**metadata)
        self.assert_answers_what_is_stored(answer, metadata)
        self.assertEqual(
            self.tokens(answer, self.certificate() | self.proof())["token_type"], "DPoP"
        )

    def test_without_certificates_there_is_no_such_method(self):
        self.trust_proxy("")
        self.env.flush_all()
        for metadata in (
            {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "a.b"},
            {"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": self.keys()},
            {"tls_client_certificate_bound_access_tokens": True},
        ):
            with self.subTest(metadata):
                self.assert_error(self.register(**metadata), 400, "invalid_client_metadata")

    def test_without_proofs_no_tokens_are_bound_to_them(self):
        self.set_parameter("dpop", "0")
        self.env.flush_all()
        response = self.register(dpop_bound_access_tokens=True)
        self.assert_error(response, 400, "invalid_client_metadata")

    def test_details_and_what_else_is_stored(self):
        resource = self.env["oauth2.provider.resource"].create(
            {"name": "Bank", "identifier": "https://bank.example"}
        )
        self.env["oauth2.provider.authorization.details.type"].create(
            {"name": "payment", "description": "A payment", "resource_id": resource.id}
        )
        self.env.flush_all()
        metadata = {
            "authorization_details_types": ["payment"],
            "introspection_signed_response_alg": "ES256",
            "authorization_signed_response_alg": "PS256",
            "require_signed_request_object": True,
            "request_object_signing_alg": "ES256",
            "jwks": self.keys(),
            "frontchannel_logout_uri": "https://client.example/front",
            "frontchannel_logout_session_required": True,
        }
        answer = self.registered(**metadata)
        self.assert_answers_what_is_stored(answer, metadata)
        client = self.client_of(answer)
        self.assertEqual(client.introspection_signed_response_alg, "ES256")
        self.assertEqual(client.authorization_signed_response_alg, "PS256")
        self.assertTrue(client.require_signed_request_object)
        self.assertTrue(client.frontchannel_logout_session_required)
        response = self.register(authorization_details_types=["unknown"])
        self.assert_error(response, 400, "invalid_client_metadata")

    def test_defaults_are_answered_as_they_are_stored(self):
        answer = self.registered()
        client = self.client_of(answer)
        for name in (
            "id_token_signed_response_alg",
            "authorization_signed_response_alg",
            "subject_type",
        ):
            self.assertEqual(answer[name], client[name])
        answer = self.registered(default_max_age=0)
        self.assertEqual(
            (answer["default_max_age"], self.client_of(answer).default_max_age), (1, 1)
        )


@tagged("post_install", "-at_install")
class TestRegistrationOfBanks(RegistrationCase, SenderCase):
    def bank(self, **changes):
        metadata = {
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": json.loads(jwk_set(self.key)),
            "grant_types": ["authorization_code", "refresh_token"],
            "require_pushed_authorization_requests": True,
            "dpop_bound_access_tokens": True,
            **changes,
        }
        return self.registered(**metadata)

    def test_only_where_an_administrator_allows_it(self):
        self.assertEqual(self.client_of(self.bank()).security_profile, "oidc")
        with Form(self.env["res.config.settings"]) as form:
            form.oauth2_registration_fapi2 = True
        form.record.execute()
        self.assertEqual(self.client_of(self.bank()).security_profile, "fapi2")

    def test_a_bank_logs_people_in_by_its_rules(self):
        self.set_policy(fapi2="True")
        answer = self.bank()
        self.application = self.client_of(answer)
        self.assertEqual(answer["id_token_signed_response_alg"], "ES256")
        self.assertEqual(self.application.id_token_signed_response_alg, "ES256")
        self.authenticate("ada", "ada-password")
        plain = self.answer(self.authorize())
        self.assertEqual(plain["error"], "invalid_request", "only pushed requests")
        request = {
            name: value
            for name, value in self.authorization_parameters().items()
            if name != "client_id"
        }
        pushed = self.url_open("/oauth2/par", data={**request, **self.assertion()})
        self.assertEqual(pushed.status_code, 201, pushed.text)
        page = self.follow(
            self.url_open(
                "/oauth2/authorize",
                params={
                    "client_id": answer["client_id"],
                    "request_uri": pushed.json()["request_uri"],
                },
                allow_redirects=False,
            )
        )
        code = self.answer(self.press(page, "allow"))["code"]
        form = self.exchange(code) | self.assertion()
        self.assert_error(self.send_token(form, {}), 400, "invalid_request")
        form = self.exchange(code) | self.assertion()
        tokens = self.send_token(form, self.proof()).json()
        self.assertEqual(tokens["token_type"], "DPoP")

    def test_who_stops_doing_so_is_no_bank_any_more(self):
        self.set_policy(fapi2="True")
        answer = self.bank()
        metadata = {
            "client_id": answer["client_id"],
            "redirect_uris": [REDIRECT_URI],
            "token_endpoint_auth_method": "none",
        }
        self.assertEqual(self.configure("PUT", answer, metadata).status_code, 200)
        client = self.client_of(answer)
        self.assertEqual((client.security_profile, client.token_binding), ("oauth21", "none"))
