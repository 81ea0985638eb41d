"""The authorization code flow over HTTP: login, consent, code, tokens, UserInfo (RFC 6749 §4.1)."""

from odoo import Command
from odoo.tests import tagged

from .common import REDIRECT_URI, ProviderCase


@tagged("post_install", "-at_install", "neighbours")
class TestAuthorizationCodeFlow(ProviderCase):
    def test_s06_nothing_unknown_is_kept(self):
        self.authorize(unknown="x" * 5_000, state="known")
        self.env.cr.execute("SELECT parameters FROM oauth2_provider_authorization_request")
        ((parameters,),) = self.env.cr.fetchall()
        self.assertIn('"known"', parameters)
        self.assertNotIn("unknown", parameters)

    def test_who_is_not_logged_in_is_led_to_the_login_page_and_back(self):
        response = self.authorize()
        self.assertIn("/web/login", response.url)
        self.assertIn("oauth2%2Fauthorize%2Fcontinue", response.url)
        response = self.follow(
            self.url_open(
                response.url,
                data={
                    "login": "ada",
                    "password": "ada-password",
                    "csrf_token": self.input_value(response, "csrf_token"),
                    "redirect": self.input_value(response, "redirect"),
                },
                allow_redirects=False,
            )
        )
        self.assertIn('id="oauth2_consent"', response.text)

    def test_the_login_page_names_the_application(self):
        page = self.authorize()
        self.assertIn(">Test application<", page.text.partition('id="oauth2_destination"')[2])
        self.env["oauth2.provider.authorization.request"].search([]).completed_at = "2001-01-01"
        self.env.flush_all()
        self.assertNotIn("oauth2_destination", self.url_open(page.url).text)

    def test_the_login_page_of_odoo_itself_names_none(self):
        for redirect in ("", "/odoo", "//[", "/oauth2/authorize/continue", "/x?rid=o2q_unknown"):
            page = self.url_open("/web/login", params={"redirect": redirect})
            self.assertEqual(page.status_code, 200)
            self.assertNotIn("oauth2_destination", page.text)

    def test_consent_page_says_who_asks_for_what_and_where_the_answer_goes(self):
        self.authenticate("ada", "ada-password")
        page = self.authorize().text
        self.assertIn("Test application", page)
        self.assertIn("client.example", page)
        self.assertIn("Ada Lovelace", page)
        self.assertIn('data-scope="email"', page)

    def test_allow_gives_a_code_and_the_code_gives_tokens(self):
        code = self.obtain_code()
        response = self.redeem(code)
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertNotIn("Set-Cookie", response.headers)
        tokens = response.json()
        self.assertEqual(tokens["token_type"], "Bearer")
        claims = self.userinfo(tokens["access_token"]).json()
        self.assertEqual(claims["sub"], self.person.oauth2_subject)
        self.assertEqual(claims["email"], "ada@example.com")
        self.assertEqual(claims["aud"], self.application.client_identifier)

    def test_answer_carries_state_and_issuer(self):
        self.authenticate("ada", "ada-password")
        response = self.press(self.authorize(), "allow")
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].startswith(REDIRECT_URI + "?code="))
        answer = self.answer(response)
        self.assertEqual(answer["state"], "the state")
        self.assertEqual(answer["iss"], "http://localhost:8069")

    def test_second_login_needs_no_page(self):
        self.obtain_code()
        response = self.authorize()
        self.assertIn("code", self.answer(response))

    def test_deny_is_told_to_the_client(self):
        self.authenticate("ada", "ada-password")
        answer = self.answer(self.press(self.authorize(), "deny"))
        self.assertEqual(answer["error"], "access_denied")
        self.assertEqual(answer["state"], "the state")

    def test_trusted_application_needs_no_consent(self):
        self.application.is_trusted = True
        self.authenticate("ada", "ada-password")
        self.assertIn("code", self.answer(self.authorize()))

    def test_r01_unregistered_redirect_uri_gets_a_page_and_no_redirect(self):
        response = self.authorize(redirect_uri="https://client.example.evil.com/callback")
        self.assertEqual(response.status_code, 400)
        self.assertIn('id="oauth2_error"', response.text)
        event = self.env["oauth2.provider.event"].search([], order="id desc", limit=1)
        self.assertIn("client.example.evil.com", event.detail)
        self.assertIn(REDIRECT_URI, event.detail)

    def test_c01_second_use_of_a_code_kills_the_first_tokens(self):
        code = self.obtain_code()
        token = self.redeem(code).json()["access_token"]
        self.assertEqual(self.userinfo(token).status_code, 200)
        response = self.redeem(code)
        self.assertEqual(response.status_code, 400)
        self.assertEqual(response.json()["error"], "invalid_grant")
        self.assertEqual(self.userinfo(token).status_code, 401)

    def test_refresh_rotates_and_a_replay_ends_the_family(self):
        self.application.write({"use_refresh_token": True, "refresh_token_grace": 0})
        first = self.redeem(self.obtain_code()).json()
        second = self.refresh(first["refresh_token"]).json()
        self.assertNotEqual(first["refresh_token"], second["refresh_token"])
        self.assertEqual(self.refresh(first["refresh_token"]).json()["error"], "invalid_grant")
        self.assertEqual(self.refresh(second["refresh_token"]).json()["error"], "invalid_grant")
        self.assertEqual(self.userinfo(second["access_token"]).status_code, 401)

    def refresh(self, refresh_token):
        return self.redeem(
            None, grant_type="refresh_token", refresh_token=refresh_token, redirect_uri=None
        )

    def test_archived_user_is_out_at_once(self):
        token = self.redeem(self.obtain_code()).json()["access_token"]
        self.person.active = False
        self.env.flush_all()
        self.assertEqual(self.userinfo(token).status_code, 401)

    def test_f09_only_what_hangs_on_a_withdrawn_consent_ends(self):
        token = self.redeem(self.obtain_code()).json()["access_token"]
        (own,) = self.person.oauth2_consent_ids
        other = own.sudo().copy({"client_id": self.create_application(secret="other").id})
        for consent, status in ((other, 200), (own, 401)):
            consent.action_revoke()
            self.env.flush_all()
            self.assertEqual(self.userinfo(token).status_code, status)

    def test_l10_a_password_changed_a_moment_ago(self):
        """Each worker keeps what it needs to know a session, and hears of a new password a little after its commit."""
        self.application.is_trusted = True
        self.obtain_code()
        self.env.cr.execute("UPDATE res_users SET password = 'x' WHERE id = %s", [self.person.id])
        self.assertEqual(self.answer(self.authorize(prompt="none"))["error"], "login_required")

    def test_q29_request_by_post_keeps_the_login(self):
        self.authenticate("ada", "ada-password")
        response = self.url_open(
            "/oauth2/authorize", data=self.authorization_parameters(), allow_redirects=False
        )
        self.assertNotIn("session_id", response.headers.get("Set-Cookie", ""))
        self.assertIn('id="oauth2_consent"', self.follow(response).text)

    def test_q24_a_request_begun_elsewhere_cannot_be_continued(self):
        self.authenticate("ada", "ada-password")
        page = self.authorize()
        names = [cookie.name for cookie in self.opener.cookies]
        for name in filter(lambda name: name.startswith("oauth2_"), names):
            self.opener.cookies.pop(name)
        self.assertIn('id="oauth2_start_again"', self.press(page, "allow").text)

    def test_unknown_errors_are_json_and_machines_get_no_cookie(self):
        response = self.url_open("/oauth2/token", method="GET")
        self.assertEqual(response.status_code, 405)
        self.assertEqual(response.json()["error"], "invalid_request")
        self.assertNotIn("Set-Cookie", response.headers)

    def test_preflight_is_answered_for_browser_applications(self):
        response = self.url_open("/oauth2/token", method="OPTIONS")
        self.assertEqual(response.status_code, 204)
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        self.assertNotIn("Access-Control-Allow-Credentials", response.headers)

    def test_u03_an_application_that_was_changed_asks_again(self):
        self.obtain_code()
        for change in (
            {"name": "Your bank"},
            {"client_uri": "https://bank.example/"},
            {"jwks_uri": "https://bank.example/jwks"},
            {"token_endpoint_auth_method": "client_secret_post"},
            {"redirect_uri_ids": [Command.create({"uri": "https://bank.example/callback"})]},
        ):
            with self.subTest(change):
                self.application.write(change)
                self.env.flush_all()
                page = self.authorize()
                self.assertIn('id="oauth2_consent"', page.text)
                self.answer(self.press(page, "allow"))
                self.assertIn("code", self.answer(self.authorize()))

    def test_u03_a_new_secret_asks_nobody(self):
        self.obtain_code()
        self.env["oauth2.provider.client.secret"]._generate(self.application)
        self.env.flush_all()
        self.assertIn("code", self.answer(self.authorize()))

    def test_u03_it_is_changed_while_somebody_reads_the_page(self):
        self.authenticate("ada", "ada-password")
        page = self.authorize()
        self.application.name = "Your bank"
        self.env.flush_all()
        self.assertIn("code", self.answer(self.press(page, "allow")))
        self.assertIn('id="oauth2_consent"', self.authorize().text)
