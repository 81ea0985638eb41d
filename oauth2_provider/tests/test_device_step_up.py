"""An application on a device that needs a stronger login than its person has (RFC 8628 §3.3)."""

from odoo.tests import tagged

from .common import SECRET
from .factors import one_time_code
from .level_case import CodeCase, LevelCase

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"


class DeviceLevelCase(LevelCase):
    """An application on a device that needs a second factor."""

    def setUp(self):
        super().setUp()
        self.application.write(
            {
                "use_device": True,
                "required_level_id": self.env.ref("oauth2_provider.level_second_factor"),
            }
        )
        self.env.flush_all()
        self.codes = self.ask("device_authorization", scope="openid").json()

    def ask(self, endpoint, **form):
        """A request of the device."""
        own = {"client_id": self.application.client_identifier, "client_secret": SECRET}
        return self.url_open(f"/oauth2/{endpoint}", data={**own, **form})

    def poll(self):
        return self.ask(
            "token", grant_type=GRANT_TYPE, device_code=self.codes["device_code"]
        ).json()

    def scan(self):
        """Open the address that the device shows as a picture."""
        address = f"/oauth2/device?user_code={self.codes['user_code']}"
        return self.follow(self.url_open(address, allow_redirects=False))

    def send(self, page, path, **values):
        form = {name: self.input_value(page, name) for name in ("csrf_token", "user_code")}
        return self.follow(self.url_open(path, data={**form, **values}, allow_redirects=False))


@tagged("post_install", "-at_install", "neighbours")
class TestDeviceStepUp(DeviceLevelCase):
    """Of people who have a password and nothing else."""

    def test_whoever_has_nothing_is_told_what_to_do_and_may_deny(self):
        page = self.log_in(self.scan())
        self.assertIn('id="oauth2_factor_missing"', page.text)
        self.assertIn(f'href="/oauth2/device?user_code={self.codes["user_code"]}"', page.text)
        self.assertIn('action="/oauth2/device/decision"', page.text)
        # Not even a form made by hand gets past it.
        page = self.send(page, "/oauth2/device/decision", consent="allow")
        self.assertIn('id="oauth2_factor_missing"', page.text)
        self.assertEqual(self.poll()["error"], "authorization_pending")
        page = self.send(page, "/oauth2/device/decision", consent="deny")
        self.assertIn('id="oauth2_device_done"', page.text)
        self.assertEqual(self.poll()["error"], "access_denied")

    def test_a_session_of_which_nobody_knows_how_it_began(self):
        self.authenticate("ada", "ada-password")
        page = self.scan()
        self.assertIn('action="/oauth2/authorize/reauthenticate"', page.text)
        values = {"login": "ada", "password": "ada-password"}
        page = self.send(page, "/oauth2/authorize/reauthenticate", **values)
        self.assertIn('id="oauth2_factor_missing"', page.text)


@tagged("post_install", "-at_install", "auth_totp", "neighbours")
class TestDeviceStepUpWithCode(DeviceLevelCase, CodeCase):
    def test_a_code_in_a_browser_that_odoo_asks_for_none(self):
        self.give_app()
        self.trust_this_browser()
        page = self.log_in(self.scan())
        self.assertIn('action="/oauth2/authorize/step_up"', page.text)
        page = self.send(page, "/oauth2/authorize/step_up", code="000000")
        self.assertIn("oauth2_wrong_proof", page.text)
        page = self.send(page, "/oauth2/authorize/step_up", code=one_time_code())
        self.assertIn('id="oauth2_device_confirmation"', page.text)
        self.assertEqual(self.poll()["error"], "authorization_pending")
        self.send(page, "/oauth2/device/decision", consent="allow")
        self.assertEqual(self.claims_of(self.poll()["id_token"])["acr"], "mfa")
