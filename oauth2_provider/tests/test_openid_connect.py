"""OpenID Connect over HTTP: ID tokens of every flow, the login they tell of, the documents, UserInfo."""

import time
from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from unittest.mock import patch
from urllib.parse import urlencode

import jwt
from odoo.tests import tagged

from .common import REDIRECT_URI, VERIFIER
from .openid_case import NONCE, OpenIDCase


def hash_source(script):
    """How a Content-Security-Policy names a script."""
    return b64encode(sha256(script.encode()).digest()).decode()


def left_half(value):
    digest = sha256(value.encode()).digest()
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


@tagged("post_install", "-at_install")
class TestOpenIDConnect(OpenIDCase):
    def test_code_flow_without_pkce(self):
        before = int(time.time())
        answer = self.log_in_for()
        tokens = self.redeem(answer["code"]).json()
        claims = self.claims_of(tokens["id_token"])
        self.assertEqual(claims["sub"], self.person.oauth2_subject)
        self.assertEqual(claims["nonce"], NONCE)
        self.assertEqual(claims["azp"], self.application.client_identifier)
        self.assertEqual(claims["amr"], ["pwd"])
        self.assertLessEqual(before, claims["auth_time"])
        self.assertEqual(claims["at_hash"], left_half(tokens["access_token"]))
        self.assertFalse({"name", "email", "acr", "c_hash"} & claims.keys())

    def test_every_algorithm(self):
        for algorithm in ("RS256", "PS256", "ES256", "EdDSA"):
            with self.subTest(algorithm):
                self.application.id_token_signed_response_alg = algorithm
                self.env.flush_all()
                self.authenticate(None, None)
                tokens = self.redeem(self.log_in_for()["code"]).json()
                self.assertEqual(jwt.get_unverified_header(tokens["id_token"])["alg"], algorithm)
                self.assertEqual(self.claims_of(tokens["id_token"])["nonce"], NONCE)

    def test_refresh_keeps_the_login(self):
        self.application.use_refresh_token = True
        self.env.flush_all()
        answer = self.log_in_for(scope="openid offline_access", prompt="consent")
        tokens = self.redeem(answer["code"]).json()
        first = self.claims_of(tokens["id_token"])
        renewed = self.post_token(
            {
                "grant_type": "refresh_token",
                "refresh_token": tokens["refresh_token"],
                "client_id": self.application.client_identifier,
                "client_secret": "a-secret-of-the-tests",
            }
        ).json()
        second = self.claims_of(renewed["id_token"])
        self.assertEqual(second["auth_time"], first["auth_time"])
        self.assertNotIn("nonce", second)

    def test_every_response_type(self):
        members = {
            "code": {"code"},
            "id_token": {"id_token"},
            "id_token token": {"id_token", "access_token"},
            "code id_token": {"code", "id_token"},
            "code token": {"code", "access_token"},
            "code id_token token": {"code", "id_token", "access_token"},
        }
        for response_type, expected in members.items():
            with self.subTest(response_type):
                self.authenticate(None, None)
                answer = self.log_in_for(response_type=response_type)
                self.assertEqual(answer.keys() & {"code", "id_token", "access_token"}, expected)
                self.assertEqual(answer["state"], "the state")
                self.assertEqual(answer["iss"], "http://localhost:8069")
                if "id_token" in answer:
                    claims = self.claims_of(answer["id_token"])
                    for value, name in (("code", "c_hash"), ("access_token", "at_hash")):
                        hashed = left_half(answer[value]) if value in answer else None
                        self.assertEqual(claims.get(name), hashed)
                    is_alone = response_type == "id_token"
                    self.assertEqual(claims.get("name"), "Ada Lovelace" if is_alone else None)
                if "code" in answer:
                    self.assertIn("id_token", self.redeem(answer["code"]).json())

    def test_a_flow_that_is_not_ticked(self):
        self.application.write({"use_implicit": False, "use_hybrid": False})
        self.env.flush_all()
        for response_type in ("id_token", "id_token token", "code id_token"):
            response = self.authorize(response_type=response_type)
            self.assertTrue(response.headers["Location"].startswith(REDIRECT_URI + "#"))
            self.assertEqual(self.answer(response)["error"], "unauthorized_client")

    def test_form_post(self):
        for response_type in ("code", "id_token token"):
            with self.subTest(response_type):
                self.authenticate(None, None)
                page = self.agree(
                    self.log_in(
                        self.authorize(response_type=response_type, response_mode="form_post")
                    )
                )
                self.assertEqual(page.status_code, 200)
                self.assertIn(f'action="{REDIRECT_URI}"', page.text)
                self.assertIn('<button type="submit">', page.text)
                self.assertTrue(page.text.startswith("<!DOCTYPE html>"), page.text[:60])
                self.assertEqual(page.headers["Cache-Control"], "no-store")
                policy = page.headers["Content-Security-Policy"]
                self.assertIn("form-action https://client.example https:", policy)
                script = page.text.partition("<script>")[2].partition("</script>")[0]
                self.assertIn(hash_source(script), policy)
                self.assertIn(response_type.split()[0], self.answer(page))

    def test_form_post_carries_errors(self):
        page = self.authorize(response_mode="form_post", prompt="none")
        self.assertEqual(self.answer(page)["error"], "login_required")

    def test_nonce_is_needed_in_the_browser(self):
        answer = self.answer(self.authorize(response_type="id_token", nonce=None))
        self.assertEqual(answer["error"], "invalid_request")

    def test_claims_asked_for_by_name(self):
        claims = '{"userinfo": {"name": {"essential": true}}, "id_token": {"email": null}}'
        tokens = self.redeem(self.log_in_for(scope="openid", claims=claims)["code"]).json()
        id_token = self.claims_of(tokens["id_token"])
        self.assertEqual(id_token["email"], "ada@example.com")
        self.assertNotIn("name", id_token)
        userinfo = self.userinfo(tokens["access_token"]).json()
        self.assertEqual(userinfo, {"sub": self.person.oauth2_subject, "name": "Ada Lovelace"})

    def test_signed_userinfo(self):
        self.application.userinfo_signed_response_alg = "RS256"
        self.env.flush_all()
        tokens = self.redeem(self.log_in_for()["code"]).json()
        response = self.userinfo(tokens["access_token"])
        self.assertEqual(response.headers["Content-Type"], "application/jwt")
        claims = self.claims_of(response.text)
        self.assertEqual(claims["email"], "ada@example.com")
        self.assertNotIn("exp", claims)

    def test_pkce_still_works_and_still_binds(self):
        challenge = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
        code = self.log_in_for(**pkce)["code"]
        self.assertEqual(self.redeem(code).status_code, 400)
        code = self.answer(self.agree(self.authorize(**pkce)))["code"]
        self.assertEqual(self.redeem(code, code_verifier=VERIFIER).status_code, 200)

    def test_p03_a_verifier_without_challenge_is_refused(self):
        code = self.log_in_for()["code"]
        self.assertEqual(self.redeem(code, code_verifier=VERIFIER).status_code, 400)

    def test_requests_that_come_another_way_must_be_right(self):
        errors = {
            "request": "invalid_request_object",
            "request_uri": "invalid_request_uri",
            "registration": "registration_not_supported",
        }
        for name, error in errors.items():
            self.assertEqual(self.answer(self.authorize(**{name: "x"}))["error"], error)


@tagged("post_install", "-at_install", "neighbours")
class TestAuthentication(OpenIDCase):
    """When and how a person logged in, and when they must do so again."""

    def setUp(self):
        super().setUp()
        self.log_in_for()

    def id_token(self, response):
        return self.claims_of(
            self.redeem(self.answer(self.agree(response))["code"]).json()["id_token"]
        )

    def test_a_second_login_needs_no_page(self):
        self.assertIn("code", self.answer(self.authorize()))

    def test_q10_prompt_login(self):
        self.age_login(100)
        page = self.authorize(prompt="login")
        self.assertIn("oauth2_reauthenticate", page.text)
        before = int(time.time())
        self.assertGreaterEqual(self.id_token(self.log_in(page))["auth_time"], before)

    def test_q10_a_wrong_password_changes_nothing(self):
        self.age_login(100)
        page = self.authorize(prompt="login")
        page = self.log_in(page, password="wrong")
        self.assertIn("oauth2_wrong_password", page.text)
        self.assertIn("code", self.answer(self.authorize()))
        self.assertIn("oauth2_reauthenticate", self.authorize(prompt="login").text)

    def test_max_age(self):
        self.age_login(100)
        self.assertIn("code", self.answer(self.authorize(max_age="200")))
        answer = self.answer(self.authorize(max_age="50", prompt="none"))
        self.assertEqual(answer["error"], "login_required")
        page = self.authorize(max_age="50")
        self.assertIn("oauth2_reauthenticate", page.text)
        self.assertIn("code", self.answer(self.log_in(page)))

    def test_default_max_age(self):
        self.age_login(100)
        self.application.default_max_age = 50
        self.env.flush_all()
        self.assertIn("oauth2_reauthenticate", self.authorize().text)

    def test_a_login_that_nobody_noted(self):
        self.authenticate("ada", "ada-password")
        self.assertNotIn("auth_time", self.id_token(self.authorize()))
        self.assertIn("oauth2_reauthenticate", self.authorize(max_age="1000").text)

    def test_id_token_hint(self):
        token = self.redeem(self.answer(self.authorize())["code"]).json()["id_token"]
        self.assertIn("code", self.answer(self.authorize(prompt="none", id_token_hint=token)))
        self.person.sudo().oauth2_subject = "somebody-else-by-now"
        self.env.flush_all()
        answer = self.answer(self.authorize(prompt="none", id_token_hint=token))
        self.assertEqual(answer["error"], "login_required")

    def test_select_account(self):
        self.age_login(100)
        page = self.authorize(prompt="select_account")
        self.assertIn("oauth2_select_account", page.text)
        form = {name: self.input_value(page, name) for name in ("csrf_token", "rid")}
        response = self.url_open(
            "/oauth2/authorize/account", data={**form, "account": "continue"}, allow_redirects=False
        )
        self.assertIn("code", self.answer(self.agree(response)))

    def test_create(self):
        users = type(self.env["res.users"])
        self.patch(users, "_get_signup_invitation_scope", lambda _users: "b2c")
        self.age_login(100)
        parameters = urlencode(self.authorization_parameters(prompt="create"))
        response = self.url_open(f"/oauth2/authorize?{parameters}", allow_redirects=False)
        response = self.url_open(response.headers["Location"], allow_redirects=False)
        self.assertIn("/web/signup?redirect=", response.headers["Location"])

    def test_ui_locales(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["web"], ["fr_FR"])
        if "website" in self.env:
            languages = self.env["res.lang"].search([("code", "in", ("en_US", "fr_FR"))])
            self.env["website"].search([], limit=1).language_ids = languages
        for wanted, language in (("xx fr-BE en", "fr_FR"), ("en-US", "en_US"), ("?", "en_US")):
            self.authenticate(None, None)
            page = self.authorize(ui_locales=wanted)
            self.assertRegex(page.text, rf'"bundle_params": {{"lang": "{language}"')

    def test_login_hint(self):
        self.authenticate(None, None)
        page = self.authorize(login_hint="ada")
        self.assertEqual(self.input_value(page, "login"), "ada")


@tagged("post_install", "-at_install")
class TestDocuments(OpenIDCase):
    """Metadata and keys."""

    def test_metadata(self):
        response = self.url_open("/.well-known/openid-configuration")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"].partition(";")[0], "application/json")
        metadata = response.json()
        self.assertEqual(metadata["issuer"], "http://localhost:8069")
        self.assertEqual(metadata["jwks_uri"], "http://localhost:8069/oauth2/jwks")
        self.assertIn("en-US", metadata["ui_locales_supported"])
        same = self.url_open("/.well-known/oauth-authorization-server")
        self.assertEqual(same.json(), metadata)

    def test_create_only_where_strangers_may(self):
        users = type(self.env["res.users"])
        for scope in ("b2b", "b2c"):
            with patch.object(users, "_get_signup_invitation_scope", lambda _users, s=scope: s):
                metadata = self.url_open("/.well-known/openid-configuration").json()
            self.assertEqual("create" in metadata["prompt_values_supported"], scope == "b2c")

    def test_metadata_of_an_issuer_with_a_path(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "oauth2_provider.issuer", "http://localhost:8069/tenant"
        )
        for name in ("openid-configuration", "oauth-authorization-server"):
            response = self.url_open(f"/.well-known/{name}/tenant")
            self.assertEqual(response.json()["issuer"], "http://localhost:8069/tenant")
            self.assertEqual(self.url_open(f"/.well-known/{name}/other").status_code, 404)

    def test_what_a_reader_has_already(self):
        for path in ("/.well-known/openid-configuration", "/oauth2/jwks"):
            response = self.url_open(path)
            self.assertIn("max-age=", response.headers["Cache-Control"])
            again = self.url_open(path, headers={"If-None-Match": response.headers["ETag"]})
            self.assertEqual((again.status_code, again.content), (304, b""))

    def test_keys_from_memory(self):
        self.url_open("/oauth2/jwks")
        with self.assertQueryCount(0):
            self.env["oauth2.provider.signing.key"]._stored_keys()

    def test_j18_keys_are_public(self):
        keys = self.url_open("/oauth2/jwks").json()["keys"]
        # The present and the next one for each algorithm, but for EdDSA, which no application here is set to.
        algorithms = sorted(key["alg"] for key in keys)
        self.assertEqual(algorithms, ["ES256", "ES256", "PS256", "PS256", "RS256", "RS256"])
        self.assertEqual(len({key["kid"] for key in keys}), 6)
        for key in keys:
            self.assertFalse({"d", "p", "q", "k"} & key.keys())
            self.assertEqual(key["use"], "sig")
