"""Client credentials over HTTP, and who may lend a user's rights to an application."""

from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..adapters.odoo_clock import SystemClock
from ..adapters.odoo_dispatcher import OAuth2Dispatcher
from .common import SECRET, ProviderCase


@tagged("post_install", "-at_install")
class TestClientCredentials(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.robot = new_test_user(cls.env, login="robot", groups="base.group_user")
        cls.application.write({"use_client_credentials": True, "service_user_id": cls.robot.id})
        cls.env.flush_all()

    def ask(self, **changes):
        return self.post_token(
            {
                "grant_type": "client_credentials",
                "client_id": self.application.client_identifier,
                "client_secret": SECRET,
                **changes,
            }
        )

    def introspect(self, token):
        return self.url_open(
            "/oauth2/introspect",
            data={
                "token": token,
                "client_id": self.application.client_identifier,
                "client_secret": SECRET,
            },
        ).json()

    def test_token_of_the_service_user(self):
        response = self.ask(scope="profile")
        tokens = response.json()
        self.assertEqual(response.status_code, 200, tokens)
        self.assertEqual(tokens.keys(), {"access_token", "token_type", "expires_in", "scope"})
        described = self.introspect(tokens["access_token"])
        self.assertEqual(described["sub"], self.robot.oauth2_subject)
        self.assertEqual(described["scope"], "profile")
        authorization = self.env["oauth2.provider.authorization"].search(
            [("client_id", "=", self.application.id)]
        )
        self.assertEqual(authorization.user_id, self.robot)

    def test_g08_archived_service_user(self):
        token = self.ask().json()["access_token"]
        self.robot.active = False
        self.env.flush_all()
        response = self.ask()
        self.assertEqual((response.status_code, response.json()["error"]), (400, "invalid_grant"))
        self.assertEqual(self.introspect(token), {"active": False})

    def test_g08_a_service_user_who_manages_rights_by_now(self):
        """By whichever way: the rights of a group can change as well."""
        for form in ("opaque", "jwt"):
            self.application.access_token_format = form
            for group in ("base.group_system", "base.group_erp_manager"):
                with self.subTest(f"{form} {group}"):
                    self.env.flush_all()
                    self.assertEqual(self.ask().status_code, 200)
                    between = self.env["res.groups"].create({"name": "Between"})
                    self.robot.group_ids += between
                    between.implied_ids = self.env.ref(group)
                    self.env.flush_all()
                    self.assertEqual(self.ask().json()["error"], "invalid_grant")
                    self.robot.group_ids = self.env.ref("base.group_user")

    def test_jwts_share_what_an_administrator_sees_and_ends(self):
        self.application.access_token_format = "jwt"
        self.env.flush_all()
        # A period must not end in between.
        with patch.object(SystemClock, "moment", return_value=2_000_000_000.0):
            tokens = [self.ask().json()["access_token"] for _ in range(2)]
            self.assertNotEqual(*tokens)
            shared = self.env["oauth2.provider.authorization"].search(
                [("client_id", "=", self.application.id)]
            )
            self.assertEqual((len(shared), shared.user_id), (1, self.robot))
            events = self.env["oauth2.provider.event"].search(
                [("client_id", "=", self.application.id), ("event_type", "=", "token_issued")]
            )
            self.assertEqual((len(events), events.ip_address), (1, "127.0.0.1"))
            for token in tokens:
                self.assertEqual(self.introspect(token)["sub"], self.robot.oauth2_subject)
            shared.action_revoke()
            self.env.flush_all()
            for token in tokens:
                self.assertEqual(self.introspect(token), {"active": False})
            for _ends in range(2):
                for _shares in range(2):
                    token = self.ask().json()["access_token"]
                    self.assertTrue(self.introspect(token)["active"])
                newer = self.env["oauth2.provider.authorization"].search(
                    [("client_id", "=", self.application.id), ("id", "not in", shared.ids)]
                )
                self.assertEqual(len(newer), 1)
                self.env.cr.execute(
                    "DELETE FROM oauth2_provider_authorization WHERE id = %s", newer.ids
                )
                # A backup that was put in beneath: the number is somebody else's.
                self.env.cr.execute(
                    """INSERT INTO oauth2_provider_authorization
                              (id, client_id, user_id, epoch, created_at, expires_at, identifier)
                       SELECT %s, client_id, %s, 0, created_at, expires_at, md5(id::text || %s)
                         FROM oauth2_provider_authorization WHERE id = %s""",
                    [newer.id, self.person.id, newer.id, shared[0].id],
                )
                shared += newer
                self.env.invalidate_all()
            self.robot.active = False
            self.env.flush_all()
            self.assertEqual(self.ask().json()["error"], "invalid_grant")

    def test_a_request_that_odoo_repeats_keeps_its_form(self):
        """Before it does, it looks for files, for which Werkzeug reads the body."""
        dispatch = OAuth2Dispatcher.dispatch

        def dispatch_again(dispatcher, endpoint, args):
            dispatcher.request.httprequest.files.items()
            return dispatch(dispatcher, endpoint, args)

        with patch.object(OAuth2Dispatcher, "dispatch", dispatch_again):
            self.assertEqual(self.ask().status_code, 200)

    def test_g14_switched_off_in_the_settings(self):
        self.env["res.config.settings"].create({"oauth2_grant_client_credentials": False}).execute()
        self.env.flush_all()
        self.assertEqual(self.ask().json()["error"], "unsupported_grant_type")
        document = self.url_open("/.well-known/openid-configuration").json()
        self.assertNotIn("client_credentials", document["grant_types_supported"])
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.oauth2_grant_client_credentials)
        settings.oauth2_grant_client_credentials = True
        settings.execute()
        self.env.flush_all()
        self.assertEqual(self.ask().status_code, 200)

    def test_g14_password(self):
        response = self.ask(grant_type="password", username="ada", password="ada-password")
        self.assertEqual(response.json()["error"], "unsupported_grant_type")
        self.assertIn("authorization_code", response.json()["error_description"])

    def test_only_who_manages_rights_chooses_a_service_user(self):
        administrator = new_test_user(
            self.env, login="apps", groups="oauth2_provider.group_oauth2_administrator"
        )
        application = self.application.with_user(administrator)
        with self.assertRaises(AccessError):
            application.service_user_id = self.person
        with self.assertRaises(AccessError):
            application.create({"name": "Mine", "service_user_id": self.person.id})
        application.use_client_credentials = False

    def test_an_administrator_is_no_service_user(self):
        for login in ("base.user_admin", "base.user_root"):
            with self.assertRaises(ValidationError):
                self.application.service_user_id = self.env.ref(login)

    def test_what_acting_for_itself_needs(self):
        for values in ({"service_user_id": False}, {"token_endpoint_auth_method": "none"}):
            with self.assertRaises(ValidationError):
                self.application.write(values)
