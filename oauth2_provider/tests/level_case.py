"""What the tests of stronger logins share (OpenID Connect Core §2, §5.5.1.1)."""

import html
from datetime import datetime, timedelta

from .factors import TOTP_SECRET
from .openid_case import OpenIDCase

ESSENTIAL_MFA = '{"id_token": {"acr": {"essential": true, "values": ["mfa"]}}}'


class LevelCase(OpenIDCase):
    """Somebody who may have more than a password."""

    def step_up(self, page, path="step_up", **values):
        """Fill in a form of our page."""
        form = {name: self.input_value(page, name) for name in ("csrf_token", "rid")}
        return self.follow(
            self.url_open(
                f"/oauth2/authorize/{path}", data={**form, **values}, allow_redirects=False
            )
        )

    def hold_to(self, xml_id):
        self.application.required_level_id = self.env.ref(f"oauth2_provider.{xml_id}")
        self.env.flush_all()

    def id_token_of(self, response):
        code = self.answer(self.agree(response))["code"]
        return self.claims_of(self.redeem(code).json()["id_token"])

    def amr(self, page, **options):
        """What an application learns of a login: the methods. It learns the time of it as well."""
        claims = self.id_token_of(self.log_in(page, **options))
        self.assertIn("auth_time", claims)
        return claims.get("amr")


class CodeCase(LevelCase):
    """Somebody who may have an authenticator app. Needs auth_totp: the tests carry its tag."""

    def give_app(self):
        self.person.totp_secret = TOTP_SECRET
        self.env.flush_all()

    def trust_this_browser(self):
        """As if the person had ticked, at an earlier login, that no code is needed in this browser."""
        devices = self.env["auth_totp.device"].with_user(self.person).sudo()
        end = datetime.now() + timedelta(days=1)
        self.opener.cookies["td_id"] = devices._generate("browser", "Test", end)

    def log_in_without_code(self):
        """A login that the second factor was left out of, in a browser that the person trusts."""
        self.give_app()
        self.trust_this_browser()
        return self.log_in(self.authorize())

    def enter_code(self, page, code):
        """On Odoo's own page at a login."""
        form = {name: self.input_value(page, name) for name in ("csrf_token", "redirect")}
        form["redirect"] = html.unescape(form["redirect"])
        return self.follow(
            self.url_open(
                "/web/login/totp", data={**form, "totp_token": code}, allow_redirects=False
            )
        )
