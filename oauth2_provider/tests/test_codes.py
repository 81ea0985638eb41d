"""Codes of an app and by mail: at a login, and as more than was shown there (OpenID Connect Core §5.5.1.1)."""

from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.tests import tagged
from odoo.tools import mute_logger

from .factors import one_time_code
from .level_case import ESSENTIAL_MFA, CodeCase


@tagged("post_install", "-at_install", "auth_totp", "neighbours")
class TestCodesAtLogin(CodeCase):
    """amr of logins with an app, and of those that the app was left out of."""

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

    def test_a_trusted_browser_shows_no_second_factor(self):
        self.give_app()
        self.trust_this_browser()
        self.assertEqual(self.amr(self.authorize(claims='{"id_token": {"acr": null}}')), ["pwd"])

    def test_a_second_login_forgets_what_the_first_one_showed(self):
        self.give_app()
        self.id_token_of(self.enter_code(self.log_in(self.authorize()), one_time_code()))
        self.age_login(100)
        self.trust_this_browser()
        again = self.authorize(prompt="login")
        self.assertEqual(self.amr(again), ["pwd"])


@tagged("post_install", "-at_install", "auth_totp", "neighbours")
class TestStepUpWithCode(CodeCase):
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


@tagged("post_install", "-at_install", "auth_totp_mail", "neighbours")
class TestCodesByMail(CodeCase):
    def test_code_by_mail(self):
        self.env["ir.config_parameter"].set_param("auth_totp.policy", "all_required")
        self.env.flush_all()
        page = self.log_in(self.authorize())
        self.env.invalidate_all()
        code, _lifetime = self.person._get_totp_mail_code()
        claims = self.id_token_of(self.enter_code(page, code))
        self.assertEqual(claims["amr"], ["pwd", "otp", "mfa"])

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
