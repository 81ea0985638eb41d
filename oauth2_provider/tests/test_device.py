"""Devices without a browser over HTTP (RFC 8628): from the code on their screen to the tokens."""

import html
import json
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .common import SECRET, ProviderCase

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"


@tagged("post_install", "-at_install")
class TestDevice(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application.write(
            {
                "name": "Big <b>screen</b>",
                "use_device": True,
                "use_refresh_token": True,
                "client_uri": "https://tv.example.com/about",
            }
        )
        cls.env.flush_all()

    def client_form(self, application=None, secret=SECRET):
        application = application or self.application
        return {"client_id": application.client_identifier, "client_secret": secret}

    def start(self, **changes):
        form = {**self.client_form(), "scope": "openid email", **changes}
        return self.url_open("/oauth2/device_authorization", data=form)

    def poll(self, device_code, **changes):
        form = {**self.client_form(), "grant_type": GRANT_TYPE, "device_code": device_code}
        return self.post_token(form | changes)

    def type_code(self, code):
        """Fill in the form of the page, as a person without JavaScript does."""
        page = self.follow(self.url_open("/oauth2/device", allow_redirects=False))
        form = {"csrf_token": self.input_value(page, "csrf_token"), "user_code": code}
        return self.url_open("/oauth2/device", data=form, allow_redirects=False)

    def press(self, page, decision):
        form = {name: self.input_value(page, name) for name in ("csrf_token", "user_code")}
        return self.url_open(
            "/oauth2/device/decision",
            data={**form, "consent": decision},
            allow_redirects=False,
        )

    def test_resources_and_details_in_words(self):
        """RFC 8707, RFC 9396: the person reads for what; the token is for that and nothing else."""
        self.env["oauth2.provider.resource"].create(
            {
                "name": "Films",
                "identifier": "https://films.example",
                "details_type_ids": [
                    Command.create({"name": "rental", "description": "Rent a film"})
                ],
            }
        )
        self.env.flush_all()
        details = [{"type": "rental", "title": "<i>Alien</i>"}]
        codes = self.start(
            resource="https://films.example", authorization_details=json.dumps(details)
        ).json()
        self.authenticate("ada", "ada-password")
        page = self.type_code(codes["user_code"])
        self.assertIn('id="oauth2_resources">Films<', page.text)
        self.assertIn("Rent a film", page.text)
        self.assertIn("&lt;i&gt;Alien&lt;/i&gt;", page.text)
        self.press(page, "allow")
        tokens = self.poll(codes["device_code"]).json()
        self.assertEqual(tokens["authorization_details"], details)
        form = {**self.client_form(), "token": tokens["access_token"]}
        answer = self.url_open("/oauth2/introspect", data=form).json()
        self.assertEqual(answer["aud"], "https://films.example")

    def test_whole_flow(self):
        answer = self.start()
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        codes = answer.json()
        self.assertEqual(codes["verification_uri"], "http://localhost:8069/oauth2/device")
        self.assertEqual(self.poll(codes["device_code"]).json()["error"], "authorization_pending")
        self.authenticate("ada", "ada-password")
        page = self.type_code(codes["user_code"].lower().replace("-", " "))
        self.assertEqual(page.status_code, 200)
        self.assertEqual(page.headers["X-Frame-Options"], "DENY")
        done = self.press(page, "allow")
        self.assertIn("oauth2_device_done", done.text)
        response = self.poll(codes["device_code"])
        tokens = response.json()
        self.assertEqual(response.status_code, 200, tokens)
        self.assertEqual(tokens["scope"], "openid email")
        self.assertTrue({"id_token", "refresh_token"} <= tokens.keys())
        claims = self.userinfo(tokens["access_token"]).json()
        self.assertEqual(claims["email"], "ada@example.com")
        again = self.poll(codes["device_code"])
        self.assertEqual((again.status_code, again.json()["error"]), (400, "invalid_grant"))

    def test_u11_a_connected_device_is_seen_and_ended(self):
        """By its owner, although nothing was settled for later: a device is asked for each time."""
        consents = self.env["oauth2.provider.consent"].with_user(self.person)
        codes = self.start().json()
        self.authenticate("ada", "ada-password")
        self.press(self.type_code(codes["user_code"]), "allow")
        tokens = self.poll(codes["device_code"]).json()
        (consent,) = consents.search([("client_id", "=", self.application.id)])
        self.assertIn("Your e-mail address", consent.scope_description)
        self.assertEqual(self.person.with_user(self.person).oauth2_consent_ids, consent)

        self.assertIn('name="consent"', self.authorize(scope="openid email").text)
        again = self.start().json()
        self.assertIn('name="consent"', self.type_code(again["user_code"]).text)

        consent.action_revoke()
        self.env.flush_all()
        self.assertEqual(self.userinfo(tokens["access_token"]).status_code, 401)
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        refused = self.post_token({**self.client_form(), **form})
        self.assertEqual(refused.json()["error"], "invalid_grant")

    def test_u11_a_device_forgets_nothing_that_was_agreed_before(self):
        self.authenticate("ada", "ada-password")
        ProviderCase.press(self, self.authorize(scope="openid profile"), "allow")
        consent = self.env["oauth2.provider.consent"].search([])
        codes = self.start().json()
        self.press(self.type_code(codes["user_code"]), "allow")
        self.env.invalidate_all()
        self.assertEqual(set(consent.scope.split()), {"openid", "profile"})

    def test_u11_a_denied_device_is_no_connection(self):
        codes = self.start().json()
        self.authenticate("ada", "ada-password")
        self.press(self.type_code(codes["user_code"]), "deny")
        self.assertFalse(self.env["oauth2.provider.consent"].search([]))

    def test_g06_the_address_with_the_code_asks_who_what_and_where_from(self):
        codes = self.start().json()
        path = codes["verification_uri_complete"].removeprefix("http://localhost:8069")
        to_login = self.url_open(path, allow_redirects=False)
        self.assertIn("/web/login?redirect=", to_login.headers["Location"])
        self.authenticate("ada", "ada-password")
        page = self.url_open(path, allow_redirects=False)
        self.assertIn(html.escape("Big <b>screen</b>"), page.text)
        self.assertNotIn("<b>screen</b>", page.text)
        for shown in ("tv.example.com", "Ada Lovelace", codes["user_code"]):
            self.assertIn(shown, page.text)
        self.assertEqual(self.poll(codes["device_code"]).json()["error"], "authorization_pending")
        self.press(page, "deny")
        denied = self.poll(codes["device_code"])
        self.assertEqual((denied.status_code, denied.json()["error"]), (400, "access_denied"))

    def test_g05_the_person_agrees_to_what_the_page_shows(self):
        """Less than the device asked for, if an administrator took scope away, and no more when it is given back."""
        codes = self.start().json()
        self.authenticate("ada", "ada-password")
        scopes = self.application.scope_ids
        self.application.scope_ids = scopes.filtered(lambda scope: scope.name != "email")
        self.env.flush_all()
        self.press(self.type_code(codes["user_code"]), "allow")
        self.application.scope_ids = scopes
        self.env.flush_all()
        self.assertEqual(self.poll(codes["device_code"]).json()["scope"], "openid")

    def test_page_for_the_code(self):
        self.authenticate("ada", "ada-password")
        page = self.follow(self.url_open("/oauth2/device", allow_redirects=False))
        self.assertIn('<label for="user_code"', page.text)
        self.assertIn("data:image/svg+xml;base64,", page.text)
        wrong = self.type_code("BCDF-GHJK")
        self.assertEqual(wrong.status_code, 400)
        self.assertIn("oauth2_device_problem", wrong.text)
        self.assertIn('value="BCDF-GHJK"', wrong.text)

    def test_q23_no_decision_without_the_token_of_the_form(self):
        codes = self.start().json()
        self.authenticate("ada", "ada-password")
        form = {"user_code": codes["user_code"], "consent": "allow"}
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open("/oauth2/device/decision", data=form, allow_redirects=False)
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.poll(codes["device_code"]).json()["error"], "authorization_pending")

    def test_q23_no_decision_for_another_site_that_has_the_token(self):
        codes = self.start().json()
        self.authenticate("ada", "ada-password")
        page = self.type_code(codes["user_code"])
        form = {name: self.input_value(page, name) for name in ("csrf_token", "user_code")}
        response = self.url_open(
            "/oauth2/device/decision",
            data={**form, "consent": "allow"},
            headers={"Sec-Fetch-Site": "cross-site"},
            allow_redirects=False,
        )
        self.assertEqual(response.status_code, 403)
        self.assertEqual(self.poll(codes["device_code"]).json()["error"], "authorization_pending")

    def test_g01_guessing_is_stopped_for_the_one_who_guesses(self):
        codes = self.start().json()
        self.authenticate("ada", "ada-password")
        for _attempt in range(10):
            self.assertEqual(self.url_open("/oauth2/device?user_code=BBBB-BBBB").status_code, 400)
        refused = self.url_open(f"/oauth2/device?user_code={codes['user_code']}")
        self.assertEqual(refused.status_code, 429)
        self.assertEqual(refused.headers["Retry-After"], "600")
        new_test_user(self.env, login="bob", password="bob-password", groups="base.group_user")
        self.authenticate("bob", "bob-password")
        page = self.url_open(f"/oauth2/device?user_code={codes['user_code']}")
        self.assertIn("oauth2_device_confirmation", page.text)

    def test_g04_device_code_of_another_application(self):
        other = self.create_application(secret="other", use_device=True)
        codes = self.start().json()
        self.authenticate("ada", "ada-password")
        self.press(self.type_code(codes["user_code"]), "allow")
        response = self.poll(codes["device_code"], **self.client_form(other, "other"))
        self.assertEqual(response.json()["error"], "invalid_grant")
        self.assertEqual(self.poll(codes["device_code"]).status_code, 200)

    def test_l10_what_ends_the_access_of_its_person_ends_an_approval(self):
        """Whoever approved a device in a stolen session, and waits with it, gets nothing in the end."""
        consents = self.env["oauth2.provider.consent"].sudo()
        consent = {"client_id": self.application.id, "user_id": self.person.id, "scope": "openid"}
        consents.create({**consent, "granted_at": fields.Datetime.now()})
        password = "ada-password"
        for end in (
            lambda: self.person.write({"password": "another-password"}),
            lambda: self.person.with_user(self.person)._action_revoke_all_devices(),
            lambda: self.person._oauth2_revoke("administrator"),
            self.application.action_revoke_authorizations,
            lambda: self.person.oauth2_consent_ids.action_revoke(),
        ):
            codes = self.start().json()
            self.authenticate("ada", password)
            self.press(self.type_code(codes["user_code"]), "allow")
            end()
            self.env.flush_all()
            password = "another-password"
            with self.subTest(end):
                response = self.poll(codes["device_code"])
                self.assertEqual(response.json().get("error"), "invalid_grant")

    def test_g05_group_policy(self):
        codes = self.start().json()
        self.application.group_ids = self.env.ref("base.group_system")
        self.env.flush_all()
        self.authenticate("ada", "ada-password")
        page = self.type_code(codes["user_code"])
        self.assertEqual(page.status_code, 403)
        self.assertIn("access_denied", page.text)

    def test_slow_down_and_expiry(self):
        codes = self.start().json()
        errors = [self.poll(codes["device_code"]).json()["error"] for _number in range(2)]
        self.assertEqual(errors, ["authorization_pending", "slow_down"])
        stored = self.env["oauth2.provider.device.code"].sudo().search([], limit=1)
        self.assertEqual(stored.poll_interval, 10)
        stored.expires_at = fields.Datetime.now()
        self.env.flush_all()
        self.assertEqual(self.poll(codes["device_code"]).json()["error"], "expired_token")

    def test_only_hashes_are_stored_and_go_away(self):
        codes = self.start().json()
        self.env.cr.execute("SELECT * FROM oauth2_provider_device_code ORDER BY id DESC LIMIT 1")
        row = repr(self.env.cr.dictfetchone())
        for secret in (
            codes["device_code"],
            codes["user_code"],
            codes["user_code"].replace("-", ""),
        ):
            self.assertNotIn(secret, row)
        devices = self.env["oauth2.provider.device.code"].sudo()
        attempts = self.env["oauth2.provider.attempt"].sudo()
        old = fields.Datetime.now() - timedelta(days=2)
        devices.search([]).expires_at = old
        attempts.create({"kind": "user_code", "key": "all", "occurred_at": old})
        devices._gc_expired()
        attempts._gc_old()
        self.assertFalse(devices.search([]))
        self.assertFalse(attempts.search([]))

    def test_g14_switched_off(self):
        self.env["res.config.settings"].create({"oauth2_grant_device": False}).execute()
        self.env.flush_all()
        self.assertEqual(self.start().status_code, 404)
        self.assertEqual(self.url_open("/oauth2/device").status_code, 404)
        self.assertEqual(self.poll("x").json()["error"], "unsupported_grant_type")
        document = self.url_open("/.well-known/openid-configuration").json()
        self.assertNotIn("device_authorization_endpoint", document)
        self.assertNotIn(GRANT_TYPE, document["grant_types_supported"])
        self.application.use_device = False
        self.env["res.config.settings"].create({"oauth2_grant_device": True}).execute()
        self.env.flush_all()
        self.assertEqual(self.start().json()["error"], "unauthorized_client")
