"""What an administrator enters about logouts and sees of them, and what goes away by itself."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .records_case import RecordsCase, new_hash

ADDRESSES = ("backchannel_logout_uri", "frontchannel_logout_uri", "initiate_login_uri")
FORBIDDEN = (
    "http://app.example.com/out",
    "javascript:alert(1)",
    "https://app.example.com/out#part",
    "https://user@app.example.com/out",
    "//app.example.com/out",
    "com.example.app:/out",
    "https://app.example.com/*",
)


@tagged("post_install", "-at_install")
class TestLogoutRecords(RecordsCase):
    def notice(self, **values):
        return self.env["oauth2.provider.logout.notice"].create(
            {
                "client_id": self.client.id,
                "user_login": "ada",
                "subject": "5f0c",
                "sid": "a session",
                "state": "failed",
                "created_at": fields.Datetime.now(),
                "attempts": 9,
                **values,
            }
        )

    def session_client(self):
        return self.env["oauth2.provider.session.client"].create(
            {
                "session_hash": new_hash(),
                "session_identifier": "x" * 42,
                "client_id": self.client.id,
                "user_id": self.ada.id,
                "is_openid": True,
            }
        )

    def test_addresses_are_checked(self):
        for name in ADDRESSES:
            self.client[name] = "https://app.example.com/out?a=b"
            for address in FORBIDDEN:
                with self.subTest(f"{name} {address}"), self.assertRaises(ValidationError):
                    self.client[name] = address

    def test_addresses_after_logout_are_checked(self):
        for address in FORBIDDEN:
            with self.subTest(address), self.assertRaises(ValidationError):
                self.client.post_logout_redirect_uri_ids = [Command.create({"uri": address})]

    def test_plain_http_only_for_local_development(self):
        self.client.local_development = True
        self.client.backchannel_logout_uri = "http://app.example.com/out"
        with self.assertRaises(ValidationError):
            self.client.local_development = False

    def test_address_after_logout_stands_once(self):
        address = "https://app.example.com/goodbye"
        application = self.client.with_user(self.administrator)
        with Form(application) as form, form.post_logout_redirect_uri_ids.new() as line:
            line.uri = address
        self.assertEqual(self.client.post_logout_redirect_uri_ids.uri, address)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.client.post_logout_redirect_uri_ids.copy()

    def test_changes_of_addresses_are_recorded(self):
        self.client.post_logout_redirect_uri_ids = [
            Command.create({"uri": "https://app.example.com/goodbye"})
        ]
        self.client.post_logout_redirect_uri_ids.uri = "https://app.example.com/bye"
        self.client.post_logout_redirect_uri_ids.unlink()
        details = " ".join(self.events("client_changed").mapped("detail"))
        for words in ("added", "replaced by", "removed"):
            self.assertIn(f"Address after logout {words}".partition(" replaced")[0], details)
            self.assertIn(words, details)

    def test_notices_are_for_administrators_alone(self):
        notice = self.notice()
        with self.assertRaises(AccessError):
            notice.with_user(self.ada).action_retry()
        seen = notice.with_user(self.administrator)
        self.assertEqual(seen.read(["user_login", "state"])[0]["state"], "failed")
        for name in ("subject", "sid"):
            with self.assertRaises(AccessError):
                seen.read([name])
        with self.assertRaises(AccessError):
            seen.write({"state": "delivered"})
        seen.action_retry()
        self.assertEqual((notice.state, notice.attempts), ("waiting", 0))
        self.assertLessEqual(notice.next_attempt_at, fields.Datetime.now())

    def test_retry_leaves_alone_what_was_delivered(self):
        notice = self.notice(state="delivered", attempts=1)
        notice.with_user(self.administrator).action_retry()
        self.assertEqual((notice.state, notice.attempts), ("delivered", 1))

    def test_attempt_that_was_cut_off_is_repeated(self):
        now = fields.Datetime.now()
        notice = self.notice(state="waiting", attempts=0, next_attempt_at=now)
        self.assertEqual(notice._claim_due(), notice)
        self.assertFalse(notice._claim_due())
        notice.next_attempt_at = now
        self.assertEqual(notice._claim_due(), notice)
        self.assertEqual(notice.attempts, 2)

    def test_a_worker_claims_no_more_than_it_can_send_at_once(self):
        for _number in range(20):
            self.notice(state="waiting", attempts=0, next_attempt_at=fields.Datetime.now())
        self.have_subqueries_read_for_each_row()
        claim_due = self.env["oauth2.provider.logout.notice"]._claim_due
        self.assertEqual([len(claim_due()) for _batch in range(4)], [8, 8, 4, 0])

    def test_old_notices_go_away(self):
        old = self.notice(created_at=fields.Datetime.now() - timedelta(days=31))
        young = self.notice(created_at=fields.Datetime.now() - timedelta(days=29))
        self.env["oauth2.provider.logout.notice"]._gc_old()
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())

    def test_old_requests_go_away(self):
        requests = self.env["oauth2.provider.logout.request"]
        now = fields.Datetime.now()
        old, young = (
            requests.create({"handle_hash": new_hash(), "parameters": "[]", "expires_at": end})
            for end in (now - timedelta(minutes=1), now + timedelta(minutes=1))
        )
        requests._gc_expired()
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())

    def test_neutralized_copy_tells_nobody(self):
        self.notice(state="waiting", next_attempt_at=fields.Datetime.now())
        self.session_client()
        self.env.flush_all()
        for query in get_neutralization_queries(["oauth2_provider"]):
            self.cr.execute(query)
        self.env.invalidate_all()
        for model in ("logout.notice", "session.client", "logout.request"):
            self.assertFalse(self.env[f"oauth2.provider.{model}"].search([]))

    def test_applications_without_an_address_get_no_notice(self):
        self.session_client()
        self.ada.active = False
        self.assertFalse(self.env["oauth2.provider.session.client"].search([]))
        self.assertFalse(self.env["oauth2.provider.logout.notice"].search([]))

    def test_people_open_a_connected_application(self):
        consent = self.consent(self.ada).with_user(self.ada)
        self.assertFalse(consent.start_address)
        self.client.initiate_login_uri = "https://app.example.com/start?tenant=a"
        address = "https://app.example.com/start?tenant=a&iss=https%3A%2F%2Fodoo.example.com"
        self.assertEqual(consent.start_address, address)
        self.assertEqual(consent.action_start()["url"], address)
        with self.assertRaises(AccessError):
            consent.with_user(self.bob).action_start()

    def test_setting(self):
        parameter = "oauth2_provider.end_offline_access_at_logout"
        for value in (True, False):
            settings = self.env["res.config.settings"].create({"oauth2_end_offline_access": value})
            settings.set_values()
            stored = self.env["ir.config_parameter"].get_param(parameter)
            self.assertEqual(stored, "1" if value else "0")
            self.assertEqual(settings.get_values()["oauth2_end_offline_access"], value)
