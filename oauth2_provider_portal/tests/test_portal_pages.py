"""The pages of the portal, used by a portal user over HTTP without JavaScript."""

import html
import re

from odoo import fields
from odoo.addons.oauth2_provider.tests.common import ProviderCase
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestPortalPages(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = new_test_user(
            cls.env, "grace", password="grace-password", groups="base.group_portal"
        )

    def setUp(self):
        super().setUp()
        self.authenticate("grace", "grace-password")

    def consent(self, user, application=None):
        consent = self.env["oauth2.provider.consent"].create(
            {
                "user_id": user.id,
                "client_id": (application or self.application).id,
                "scope": "openid email",
                "granted_at": fields.Datetime.now(),
            }
        )
        self.env.flush_all()
        return consent

    def authorization(self, user):
        now = fields.Datetime.now()
        return self.env["oauth2.provider.authorization"].create(
            {
                "client_id": self.application.id,
                "user_id": user.id,
                "scope": "openid email",
                "created_at": now,
                "expires_at": fields.Datetime.add(now, hours=1),
                "session_hash": "0" * 64,
            }
        )

    def post(self, path, page, **values):
        token = self.input_value(page, "csrf_token")
        return self.url_open(path, data={"csrf_token": token, **values})

    def value(self, page, name):
        return html.unescape(re.search(rf'id="{name}"[^>]* value="([^"]*)"', page.text)[1])

    def test_the_security_page_leads_here(self):
        page = self.url_open("/my/security")
        for address in ("/my/applications", "/my/personal-details"):
            self.assertIn(f'href="{address}"', page.text)

    def test_applications_of_the_person_alone(self):
        other = self.create_application(name="Another <b>application</b>", secret="other secret")
        self.consent(self.portal_user, other)
        self.consent(self.person)
        page = self.url_open("/my/applications")
        self.assertIn("Another &lt;b&gt;application", page.text)
        self.assertIn("Your e-mail address", page.text)
        self.assertNotIn("Test application", page.text)
        self.assertEqual(page.headers["X-Frame-Options"], "SAMEORIGIN")

    def test_an_application_with_a_start_address_can_be_opened(self):
        self.consent(self.portal_user)
        self.assertNotIn(">Open</a>", self.url_open("/my/applications").text)
        self.application.initiate_login_uri = "https://client.example/start"
        self.env.flush_all()
        page = self.url_open("/my/applications")
        issuer = html.escape("https://client.example/start?iss=http%3A%2F%2Flocalhost%3A8069")
        self.assertIn(f'href="{issuer}"', page.text)
        self.assertIn(">Open</a>", page.text)

    def test_u11_a_person_ends_their_own_connection(self):
        own, foreign = self.consent(self.portal_user), self.consent(self.person)
        authorization = self.authorization(self.portal_user)
        page = self.url_open("/my/applications")
        for wrong in (foreign.id, "", "x", 0):
            self.post("/my/applications/revoke", page, consent=wrong)
            self.env.invalidate_all()
            self.assertTrue(foreign.exists() and own.exists())
        page = self.post("/my/applications/revoke", page, consent=own.id)
        self.assertIn("oauth2_no_application", page.text)
        self.env.invalidate_all()
        self.assertFalse(own.exists())
        self.assertTrue(foreign.exists())
        self.assertEqual(authorization.revocation_ids.mapped("reason"), ["consent"])

    def test_an_administrator_sees_and_ends_only_their_own_here(self):
        new_test_user(
            self.env,
            "boss",
            password="boss-password",
            groups="oauth2_provider.group_oauth2_administrator",
        )
        foreign = self.consent(self.portal_user)
        self.authenticate("boss", "boss-password")
        page = self.url_open("/my/applications")
        self.assertIn("oauth2_no_application", page.text)
        page = self.url_open("/my/personal-details")
        self.post("/my/applications/revoke", page, consent=foreign.id)
        self.env.invalidate_all()
        self.assertTrue(foreign.exists())

    def test_forms_need_their_token(self):
        consent = self.consent(self.portal_user)
        with mute_logger("odoo.http"):
            for path in ("/my/applications/revoke", "/my/personal-details"):
                response = self.url_open(path, data={"consent": consent.id, "nickname": "x"})
                self.assertEqual(response.status_code, 400)
        self.assertTrue(consent.exists())

    def test_nobody_without_a_login(self):
        self.authenticate(None, None)
        for path in ("/my/applications", "/my/personal-details"):
            self.assertIn("/web/login", self.url_open(path).url)

    def test_personal_details(self):
        page = self.url_open("/my/personal-details")
        page = self.post(
            "/my/personal-details",
            page,
            given_name="Grace",
            nickname='Amazing "<script>"',
            birthdate="1906-12-09",
            user_id=self.person.id,
        )
        self.assertIn("oauth2_details_saved", page.text)
        self.assertEqual(self.value(page, "nickname"), 'Amazing "<script>"')
        self.assertNotIn("<script>&quot;", page.text)
        details = self.env["oauth2.provider.profile"].search(
            [("user_id", "in", [self.portal_user.id, self.person.id])]
        )
        self.assertEqual(details.user_id, self.portal_user)
        self.assertEqual(details.birthdate, "1906-12-09")
        page = self.post("/my/personal-details", page, given_name="Grace B.", birthdate="")
        self.env.invalidate_all()
        self.assertEqual((details.given_name, details.birthdate), ("Grace B.", False))

    def test_a_wrong_value_is_said_and_kept_for_correction(self):
        page = self.url_open("/my/personal-details")
        for name, value in (("birthdate", "9.12.1906"), ("profile", "javascript:alert(1)")):
            page = self.post("/my/personal-details", page, nickname="Amazing", **{name: value})
            self.assertIn("oauth2_details_error", page.text)
            self.assertEqual(self.value(page, name), value)
            self.assertEqual(self.value(page, "nickname"), "Amazing")
        self.assertFalse(
            self.env["oauth2.provider.profile"].search([("user_id", "=", self.portal_user.id)])
        )
