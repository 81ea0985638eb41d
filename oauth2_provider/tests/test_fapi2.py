"""An application of the FAPI 2.0 Security Profile: its form, and the whole flow over HTTP."""

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .records_case import RecordsCase
from .sender_case import ISSUER, SenderCase, jwk_set, new_key

INTERACTION_ID = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a"


@tagged("post_install", "-at_install")
class TestBankForm(RecordsCase):
    def create_bank(self, **values):
        return self.create_client(
            **{"security_profile": "fapi2", "jwks": jwk_set(new_key()), **values}
        )

    def test_what_is_ticked_by_itself(self):
        bank = self.create_bank()
        self.assertEqual(bank.token_endpoint_auth_method, "private_key_jwt")
        self.assertEqual(bank.token_binding, "dpop")
        self.assertEqual(bank.id_token_signed_response_alg, "ES256")
        self.assertEqual(bank.introspection_signed_response_alg, "ES256")
        self.assertEqual(self.client.token_endpoint_auth_method, "client_secret_basic")
        self.assertEqual(self.client.token_binding, "none")

    def test_what_is_refused(self):
        for values in (
            {"token_endpoint_auth_method": "client_secret_basic"},
            {"token_endpoint_auth_method": "none"},
            {"token_binding": "none"},
            {"id_token_signed_response_alg": "RS256"},
            {"userinfo_signed_response_alg": "RS256"},
            {"authorization_signed_response_alg": "RS256"},
            {"token_endpoint_auth_signing_alg": "RS256"},
            {"request_object_signing_alg": "RS256"},
            {"access_token_signed_response_alg": "RS256"},
            {"introspection_signed_response_alg": "RS256"},
            {"application_type": "native"},
            {"local_development": True},
            {"jwks": False},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.create_bank(**values)

    def test_names_of_certificates(self):
        method = {"token_endpoint_auth_method": "tls_client_auth"}
        for kind, name in {
            "subject_dn": r"CN=client,O=Bank\, Trust,C=BE",
            "san_dns": "client.example.com",
            "san_ip": "2001:db8::1",
        }.items():
            self.create_client(certificate_name_kind=kind, certificate_name=name, **method)
        for kind, name in (
            ("subject_dn", False),
            ("subject_dn", "client"),
            ("san_dns", False),
            ("san_ip", "2001:DB8::1"),
            ("san_ip", "client"),
        ):
            with self.subTest(kind=kind, name=name), self.assertRaises(ValidationError):
                self.create_client(certificate_name_kind=kind, certificate_name=name, **method)

    def test_tokens_through_a_browser_cannot_be_bound(self):
        with self.assertRaises(ValidationError):
            self.create_client(token_binding="dpop", security_profile="odoo_login")

    def test_the_screen(self):
        form = Form(self.env["oauth2.provider.client"].with_user(self.administrator))
        form.name = "Bank"
        self.assertIn("client_secret_basic", form.offered_authentication_methods)
        self.assertIn("none", form.offered_token_bindings)
        self.assertIn("RS256", form.offered_signing_algorithms)
        form.security_profile = "fapi2"
        self.assertTrue(form.uses_keys)
        self.assertEqual(
            form.offered_authentication_methods,
            ["private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"],
        )
        self.assertEqual(form.offered_token_bindings, ["dpop", "mtls"])
        self.assertEqual(form.offered_signing_algorithms, ["PS256", "ES256", "EdDSA"])
        form.jwks = jwk_set(new_key())
        form.token_binding = "mtls"
        self.assertTrue(form.lacks_certificates)
        bank = form.save()
        self.env["ir.config_parameter"].set_param(
            "oauth2_provider.mtls_trusted_proxies", "10.0.0.5"
        )
        bank.invalidate_recordset(["lacks_certificates"])
        self.assertFalse(bank.lacks_certificates)


@tagged("post_install", "-at_install")
class TestBankFlow(SenderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application.write(
            {
                "security_profile": "fapi2",
                "token_endpoint_auth_method": "private_key_jwt",
                "jwks": jwk_set(cls.key),
                "token_binding": "dpop",
                "id_token_signed_response_alg": "ES256",
                "use_refresh_token": True,
                "is_trusted": True,
            }
        )

    def exchange(self, code, **changes):
        return super().exchange(code, **self.proof_of_client(), **changes)

    def proof_of_client(self):
        """What the form says about who sends it; a certificate needs nothing but the name."""
        if self.application.token_endpoint_auth_method == "private_key_jwt":
            return self.assertion()
        return {"client_id": self.application.client_identifier}

    def push(self, headers=None, **changes):
        form = self.authorization_parameters(**changes) | self.proof_of_client()
        return self.url_open("/oauth2/par", data=form, headers=headers, allow_redirects=False)

    def pushed_code(self, headers=None, **changes):
        response = self.push(headers, **changes)
        self.assertEqual(response.status_code, 201, response.text)
        self.authenticate("ada", "ada-password")
        request_uri = response.json()["request_uri"]
        address = f"/oauth2/authorize?client_id={self.application.client_identifier}&request_uri={request_uri}"
        page = self.follow(self.url_open(address, allow_redirects=False))
        self.assertIn("oauth2_consent", page.text, "people are asked every time")
        answer = self.answer(self.press(page, "allow"))
        self.assertEqual(answer["iss"], ISSUER)
        return answer["code"]

    def tokens(self, headers):
        form = self.exchange(self.pushed_code())
        response = self.send_token(form, headers)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def refresh(self, token, headers):
        form = {"grant_type": "refresh_token", "refresh_token": token} | self.proof_of_client()
        return self.send_token(form, headers)

    def test_with_a_signed_assertion_and_dpop(self):
        tokens = self.tokens(self.proof())
        self.assertEqual(tokens["token_type"], "DPoP")
        token = tokens["access_token"]
        headers = self.userinfo_proof(token) | {"x-fapi-interaction-id": INTERACTION_ID}
        response = self.call_userinfo(token, "DPoP", headers)
        self.assertEqual(response.json()["email"], "ada@example.com")
        self.assertEqual(response.headers["x-fapi-interaction-id"], INTERACTION_ID)
        self.assert_error(self.refresh(tokens["refresh_token"], {}), 400, "invalid_request")
        renewed = self.refresh(tokens["refresh_token"], self.proof()).json()
        token = renewed["access_token"]
        response = self.call_userinfo(token, "DPoP", self.userinfo_proof(token))
        self.assertEqual(response.status_code, 200)

    def test_with_certificates_for_both(self):
        self.application.write(
            {"token_endpoint_auth_method": "self_signed_tls_client_auth", "token_binding": "mtls"}
        )
        self.env.flush_all()
        shown = self.certificate(verdict="FAILED:self signed certificate")
        code = self.pushed_code(shown)
        self.assert_error(self.send_token(self.exchange(code), {}), 401, "invalid_client")
        tokens = self.send_token(self.exchange(code), shown).json()
        self.assertEqual(tokens["token_type"], "Bearer")
        token = tokens["access_token"]
        self.assertEqual(self.call_userinfo(token, "Bearer", shown).status_code, 200)
        self.assert_error(self.call_userinfo(token, "Bearer"), 401, "invalid_token")
        self.assert_error(self.refresh(tokens["refresh_token"], {}), 401, "invalid_client")
        self.assertEqual(self.refresh(tokens["refresh_token"], shown).status_code, 200)

    def test_x10_x07_what_does_not_get_through(self):
        self.authenticate("ada", "ada-password")
        self.assertEqual(self.answer(self.authorize())["error"], "invalid_request")
        self.assert_error(self.push(redirect_uri=None), 400, "invalid_request")
        self.assert_error(self.push(response_type="token"), 400, "unauthorized_client")
        self.assert_error(self.push(code_challenge_method="plain"), 400, "invalid_request")
        code = self.pushed_code(self.proof(address=f"{ISSUER}/oauth2/par", key=new_key()))
        form = self.exchange(code)
        self.assert_error(self.send_token(form, self.proof()), 400, "invalid_grant")
