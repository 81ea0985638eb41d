"""Passkeys: at a login, and as more than was shown there (Web Authentication Level 2)."""

import html
import json
from urllib.parse import urlsplit

from odoo.tests import tagged

from .factors import Passkey
from .level_case import LevelCase


@tagged("post_install", "-at_install", "auth_passkey", "neighbours")
class TestPasskeys(LevelCase):
    def passkey_answer(self, passkey, **options):
        call = {"jsonrpc": "2.0", "method": "call", "params": {}}
        answer = self.url_open("/auth/passkey/start-auth", json=call).json()
        base = self.env["auth.passkey.key"].get_base_url()
        challenge = answer["result"]["challenge"]
        return passkey.answer(challenge, base, urlsplit(base).hostname, **options)

    def test_passkey(self):
        passkey = Passkey("ada")
        passkey.register(self.person)
        self.env.flush_all()
        page = self.authorize()
        form = {name: self.input_value(page, name) for name in ("csrf_token", "redirect")}
        form["redirect"] = html.unescape(form["redirect"])
        form |= {"login": "", "password": "", "type": "webauthn"}
        form["webauthn_response"] = self.passkey_answer(passkey)
        response = self.url_open("/web/login", data=form, allow_redirects=False)
        claims = self.id_token_of(self.follow(response))
        self.assertEqual(claims["amr"], ["pop", "user", "mfa"])

    def test_a_passkey(self):
        passkey = Passkey("ada")
        passkey.register(self.person)
        self.hold_to("level_passkey")
        page = self.log_in(self.authorize())
        self.assertIn("passkey_login_link", page.text)
        self.assertNotIn("oauth2_enter_code", page.text)
        unseen = self.passkey_answer(passkey, verified=False)
        deep = '{"id": "x", "response": ' + "[" * 2000 + "]" * 2000 + "}"
        for wrong in (
            "",
            "{",
            "[]",
            deep,
            '{"id": 1}',
            json.dumps({"id": passkey.identifier}),
            unseen,
        ):
            again = self.step_up(page, webauthn_response=wrong)
            self.assertIn("passkey_login_link", again.text)
        claims = self.id_token_of(
            self.step_up(page, webauthn_response=self.passkey_answer(passkey))
        )
        self.assertEqual(claims["acr"], "phr")
        self.assertEqual(claims["amr"], ["pwd", "pop", "user", "mfa"])

    def test_somebody_elses_passkey(self):
        own, foreign = Passkey("ada"), Passkey("mallory")
        own.register(self.person)
        foreign.register(self.env.ref("base.user_admin"))
        self.hold_to("level_passkey")
        page = self.log_in(self.authorize())
        page = self.step_up(page, webauthn_response=self.passkey_answer(foreign))
        self.assertIn("oauth2_wrong_proof", page.text)
