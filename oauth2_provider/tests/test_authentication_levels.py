"""How somebody logged in, what an application learns of it, and proving more (OpenID Connect Core §2, §5.5.1.1)."""

import html
import json
from datetime import datetime, timedelta
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .factors import TOTP_SECRET, Passkey, one_time_code
from .openid_case import OpenIDCase
from .records_case import RecordsCase

ESSENTIAL_MFA = '{"id_token": {"acr": {"essential": true, "values": ["mfa"]}}}'


class LevelCase(OpenIDCase):
    """Somebody who may have more than a password."""

    def give_app(self):
        self.person.totp_secret = TOTP_SECRET
        self.env.flush_all()

    def trust_this_browser(self):
        """As if the person had ticked, at an earlier login, that no code is needed in this browser."""
        devices = self.env["auth_totp.device"].with_user(self.person).sudo()
        end = datetime.now() + timedelta(days=1)
        self.opener.cookies["td_id"] = devices._generate("browser", "Test", end)

    def enter_code(self, page, code):
        """On Odoo's own page at a login."""
        form = {name: self.input_value(page, name) for name in ("csrf_token", "redirect")}
        form["redirect"] = html.unescape(form["redirect"])
        return self.follow(
            self.url_open(
                "/web/login/totp", data={**form, "totp_token": code}, allow_redirects=False
            )
        )

    def step_up(self, page, path="step_up", **values):
        """Fill in a form of our page."""
        form = {name: self.input_value(page, name) for name in ("csrf_token", "rid")}
        return self.follow(
            self.url_open(
                f"/oauth2/authorize/{path}", data={**form, **values}, allow_redirects=False
            )
        )

    def passkey_answer(self, passkey, **options):
        call = {"jsonrpc": "2.0", "method": "call", "params": {}}
        answer = self.url_open("/auth/passkey/start-auth", json=call).json()
        base = self.env["auth.passkey.key"].get_base_url()
        challenge = answer["result"]["challenge"]
        return passkey.answer(challenge, base, urlsplit(base).hostname, **options)

    def id_token_of(self, response):
        code = self.answer(self.agree(response))["code"]
        return self.claims_of(self.redeem(code).json()["id_token"])


@tagged("post_install", "-at_install")
class TestAuthenticationMethods(LevelCase):
    """amr of every kind of login that Odoo knows."""

    def amr(self, page, **options):
        claims = self.id_token_of(self.log_in(page, **options))
        self.assertIn("auth_time", claims)
        return claims.get("amr")

    def test_password(self):
        self.assertEqual(self.amr(self.authorize()), ["pwd"])

    def test_code_of_an_app(self):
        self.give_app()
        page = self.log_in(self.authorize())
        claims = self.id_token_of(self.enter_code(page, one_time_code()))
        self.assertEqual(claims["amr"], ["pwd", "otp", "mfa"])

    def test_u05_a_wrong_code_logs_nobody_in(self):
        self.give_app()
        page = self.enter_code(self.log_in(self.authorize()), "000000")
        self.assertIn("totp_token", page.text)
        self.assertEqual(self.answer(self.authorize(prompt="none"))["error"], "login_required")

    def test_code_by_mail(self):
        self.env["ir.config_parameter"].set_param("auth_totp.policy", "all_required")
        self.env.flush_all()
        page = self.log_in(self.authorize())
        self.env.invalidate_all()
        code, _lifetime = self.person._get_totp_mail_code()
        claims = self.id_token_of(self.enter_code(page, code))
        self.assertEqual(claims["amr"], ["pwd", "otp", "mfa"])

    def test_a_trusted_browser_shows_no_second_factor(self):
        self.give_app()
        self.trust_this_browser()
        self.assertEqual(self.amr(self.authorize(claims='{"id_token": {"acr": null}}')), ["pwd"])

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

    def test_another_provider_and_a_directory(self):
        """Their add-ons answer for the first factor in a way of their own; of another provider we do not know how it
        checked the person."""
        users = type(self.env["res.users"])
        for method, expected in (("oauth", None), ("ldap", ["pwd"])):
            answer = {"uid": self.person.id, "auth_method": method, "mfa": "default"}
            with (
                self.subTest(method),
                patch.object(users, "_login", lambda *_args, _answer=answer, **_kw: _answer),
            ):
                self.authenticate(None, None)
                self.assertEqual(self.amr(self.authorize()), expected)

    def test_a_second_login_forgets_what_the_first_one_showed(self):
        self.give_app()
        self.id_token_of(self.enter_code(self.log_in(self.authorize()), one_time_code()))
        self.age_login(100)
        self.trust_this_browser()
        again = self.authorize(prompt="login")
        self.assertEqual(self.amr(again), ["pwd"])


@tagged("post_install", "-at_install")
class TestStepUp(LevelCase):
    def setUp(self):
        super().setUp()
        self.level = self.env.ref("oauth2_provider.level_second_factor")

    def hold_to(self, xml_id):
        self.application.required_level_id = self.env.ref(f"oauth2_provider.{xml_id}")
        self.env.flush_all()

    def log_in_without_code(self):
        """A login that the second factor was left out of, in a browser that the person trusts."""
        self.give_app()
        self.trust_this_browser()
        return self.log_in(self.authorize())

    def test_acr_values_are_answered(self):
        self.log_in(self.authorize())
        for wanted, told in (("mfa sfa", "sfa"), ("phr", "sfa"), ("unheard-of", "sfa")):
            self.assertEqual(self.id_token_of(self.authorize(acr_values=wanted))["acr"], told)
        self.assertNotIn("acr", self.id_token_of(self.authorize()))

    def test_a_code_of_the_app(self):
        self.hold_to("level_second_factor")
        page = self.log_in_without_code()
        self.assertIn("oauth2_enter_code", page.text)
        self.assertNotIn("passkey_login_link", page.text)
        claims = self.id_token_of(self.step_up(page, code=one_time_code()))
        self.assertEqual(claims["acr"], "mfa")
        self.assertEqual(claims["amr"], ["pwd", "otp", "mfa"])
        # The proof counts for the session.
        self.assertIn("code", self.answer(self.authorize(claims=ESSENTIAL_MFA, prompt="none")))

    def test_wrong_codes(self):
        page = self.log_in_without_code()
        page = self.authorize(claims=ESSENTIAL_MFA)
        for code in ("000000", "", "x", "1" * 5000, "-1", "\u0661\u0662\u0663\u0664\u0665\u0666"):
            page = self.step_up(page, code=code)
            self.assertIn("oauth2_wrong_proof", page.text)
        answer = self.answer(self.authorize(claims=ESSENTIAL_MFA, prompt="none"))
        self.assertEqual(answer["error"], "login_required")

    def test_a_code_counts_once(self):
        page = self.log_in_without_code()
        page = self.authorize(claims=ESSENTIAL_MFA)
        code = one_time_code()
        self.assertEqual(self.id_token_of(self.step_up(page, code=code))["acr"], "mfa")
        self.authenticate(None, None)
        self.trust_this_browser()
        page = self.log_in(self.authorize(claims=ESSENTIAL_MFA))
        with mute_logger("odoo.addons.auth_totp.models.res_users"):
            page = self.step_up(page, code=code)
        self.assertIn("oauth2_wrong_proof", page.text)
        self.assertEqual(
            self.id_token_of(self.step_up(page, code=one_time_code(steps=1)))["acr"], "mfa"
        )

    def test_guessing_ends_soon(self):
        """Odoo's own limit: five attempts in an hour, whatever they are; the right one comes too late."""
        page = self.log_in_without_code()
        page = self.authorize(claims=ESSENTIAL_MFA)
        for _attempt in range(5):
            page = self.step_up(page, code="000000")
        page = self.step_up(page, code=one_time_code())
        self.assertIn("oauth2_wrong_proof", page.text)

    def test_a_code_by_mail(self):
        page = self.log_in(self.authorize())
        self.env["ir.config_parameter"].set_param("auth_totp.policy", "all_required")
        self.hold_to("level_second_factor")
        page = self.authorize()
        self.assertIn("oauth2_send_code", page.text)
        page = self.step_up(page, send="1")
        self.assertIn("oauth2_sent", page.text)
        self.env.invalidate_all()
        code, _lifetime = self.person._get_totp_mail_code()
        self.assertEqual(self.id_token_of(self.step_up(page, code=code))["acr"], "mfa")

    def test_a_mail_that_cannot_be_sent(self):
        page = self.log_in(self.authorize())
        self.env["ir.config_parameter"].set_param("auth_totp.policy", "all_required")
        self.hold_to("level_second_factor")
        page = self.authorize()
        failure = MailDeliveryException("Unable to connect to SMTP Server")
        with patch.object(type(self.env["mail.mail"]), "send", side_effect=failure):
            page = self.step_up(page, send="1")
        self.assertIn("oauth2_unsent", page.text)
        self.assertIn("oauth2_enter_code", page.text)

    def test_a_mail_is_no_factor_where_the_settings_do_not_make_it_one(self):
        self.log_in(self.authorize())
        page = self.authorize(claims=ESSENTIAL_MFA)
        self.assertIn("oauth2_factor_missing", page.text)
        code, _lifetime = self.person._get_totp_mail_code()
        for answer in ({"send": "1"}, {"code": code}, {"webauthn_response": '{"id": "x"}'}):
            self.assertIn("oauth2_factor_missing", self.step_up(page, **answer).text)

    def test_a_passkey(self):
        passkey = Passkey("ada")
        passkey.register(self.person)
        self.hold_to("level_passkey")
        page = self.log_in(self.authorize())
        self.assertIn("passkey_login_link", page.text)
        self.assertNotIn("oauth2_enter_code", page.text)
        unseen = self.passkey_answer(passkey, verified=False)
        for wrong in ("", "{", "[]", '{"id": 1}', json.dumps({"id": passkey.identifier}), unseen):
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

    def test_whoever_has_nothing_is_told_what_to_do(self):
        self.hold_to("level_second_factor")
        page = self.log_in(self.authorize())
        self.assertIn("oauth2_factor_missing", page.text)
        self.assertIn(f"/odoo/my-preferences/{self.person.id}", page.text)
        answer = self.answer(self.step_up(page, "account", step_up="give_up", account="continue"))
        self.assertEqual(answer["error"], "unmet_authentication_requirements")
        answer = self.answer(self.authorize(prompt="none"))
        self.assertEqual(answer["error"], "unmet_authentication_requirements")

    def test_a_wish_may_be_refused(self):
        self.log_in_without_code()
        page = self.authorize(acr_values="mfa")
        self.assertIn('value="skip"', page.text)
        page = self.step_up(page, "account", step_up="skip", account="continue")
        self.assertEqual(self.id_token_of(page)["acr"], "sfa")

    def test_a_demand_may_not(self):
        self.hold_to("level_second_factor")
        page = self.log_in_without_code()
        self.assertNotIn('value="skip"', page.text)
        page = self.step_up(page, "account", step_up="skip", account="continue")
        self.assertIn("oauth2_enter_code", page.text)
        self.assertIn("oauth2_enter_code", self.step_up(page, "consent", consent="allow").text)

    def test_the_form_needs_its_token_and_a_session(self):
        page = self.log_in_without_code()
        page = self.authorize(claims=ESSENTIAL_MFA)
        rid = self.input_value(page, "rid")
        with mute_logger("odoo.http"):
            refused = self.url_open(
                "/oauth2/authorize/step_up", data={"rid": rid, "code": one_time_code()}
            )
        self.assertEqual(refused.status_code, 400)
        self.authenticate(None, None)
        page = self.authorize()
        form = {"csrf_token": self.input_value(page, "csrf_token"), "code": one_time_code()}
        response = self.url_open("/oauth2/authorize/step_up", data={"rid": rid, **form})
        self.assertNotIn("oauth2_wrong_proof", response.text)

    def test_a_stock_odoo_is_held_to_a_level_too(self):
        self.application.write(
            {"security_profile": "odoo_login", "use_implicit": False, "use_hybrid": False}
        )
        self.hold_to("level_second_factor")
        page = self.log_in(self.authorize(response_type="token", nonce=None))
        self.assertIn("oauth2_factor_missing", page.text)

    def test_own_names(self):
        self.level.name = "https://example.com/levels/2"
        self.env["oauth2.provider.authentication.level"].create(
            {"name": "silver", "requirement": "any", "sequence": 99}
        )
        self.env.flush_all()
        document = self.url_open("/.well-known/openid-configuration").json()
        self.assertEqual(
            document["acr_values_supported"],
            ["sfa", "silver", "https://example.com/levels/2", "phr"],
        )
        self.log_in(self.authorize())
        self.assertEqual(self.id_token_of(self.authorize(acr_values="silver"))["acr"], "silver")
        self.assertEqual(self.id_token_of(self.authorize(acr_values="mfa"))["acr"], "silver")

    def test_wishes_of_the_application(self):
        self.application.default_acr_values = "phr sfa"
        self.env.flush_all()
        self.log_in(self.authorize())
        self.assertEqual(self.id_token_of(self.authorize())["acr"], "sfa")


@tagged("post_install", "-at_install")
class TestLevels(RecordsCase):
    def test_names_are_values_of_acr(self):
        levels = self.env["oauth2.provider.authentication.level"]
        for name in ("two words", "", 'quo"te', "é"):
            with self.subTest(name), self.assertRaises(ValidationError):
                levels.create({"name": name or " "})

    def test_from_memory(self):
        levels = self.env["oauth2.provider.authentication.level"]
        levels._levels()
        with self.assertQueryCount(0):
            levels._levels()
        levels.create({"name": "gold"})
        self.assertIn("gold", dict(levels._levels()))
        levels.search([("name", "=", "gold")]).unlink()
        self.assertNotIn("gold", dict(levels._levels()))

    def test_a_level_that_applications_need_stays(self):
        level = self.env.ref("oauth2_provider.level_passkey")
        self.client.required_level_id = level
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            level.unlink()
