"""Expired rows go away in bounded batches; what replay detection needs stays as long as it is needed."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.bounded_deletion import delete_batch
from .records_case import RecordsCase, new_hash

HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestCleanup(RecordsCase):
    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now()

    def token(self, authorization, kind, expires_in, used=False):
        return self.env["oauth2.provider.token"].create(
            {
                "kind": kind,
                "token_hash": new_hash(),
                "authorization_id": authorization.id,
                "issued_at": self.now - HOUR,
                "expires_at": self.now + expires_in,
                "used_at": used and self.now,
            }
        )

    def code(self, authorization, expires_in, used=False):
        return self.env["oauth2.provider.authorization.code"].create(
            {
                "code_hash": new_hash(),
                "authorization_id": authorization.id,
                "client_id": self.client.id,
                "expires_at": self.now + expires_in,
                "used_at": used and self.now,
            }
        )

    def clean(self):
        for model in (
            "token",
            "authorization.code",
            "authorization.request",
            "authorization",
            "event",
        ):
            records = self.env[f"oauth2.provider.{model}"]
            (records._gc_old if model == "event" else records._gc_expired)()

    def test_s13_what_replay_detection_needs_stays_while_its_family_may_live(self):
        alive = self.authorize(self.ada, lifetime=HOUR)
        kept = [
            self.code(alive, -HOUR, used=True),
            self.code(alive, HOUR),
            self.token(alive, "refresh", -HOUR, used=True),
            self.token(alive, "refresh", HOUR),
            self.token(alive, "access", HOUR),
        ]
        gone = [
            self.code(alive, -HOUR),
            self.token(alive, "access", -HOUR),
            self.token(alive, "refresh", -HOUR),
        ]
        self.clean()
        self.assertTrue(all(row.exists() for row in kept))
        self.assertFalse(any(row.exists() for row in gone))
        self.assertTrue(alive.exists())

    def test_s13_an_expired_family_goes_with_all_it_has(self):
        dead = self.authorize(self.ada, lifetime=HOUR)
        dead._revoke("user")
        dead.expires_at = self.now - HOUR
        rows = [
            self.code(dead, -HOUR, used=True),
            self.token(dead, "refresh", -HOUR, used=True),
            self.token(dead, "access", -HOUR),
        ]
        revocation = dead.revocation_ids
        self.clean()
        self.assertFalse(any(row.exists() for row in [*rows, dead, revocation]))

    def test_an_authorization_stays_while_something_under_it_is_alive(self):
        authorization = self.authorize(self.ada, lifetime=-HOUR)
        self.token(authorization, "access", HOUR)
        self.clean()
        self.assertTrue(authorization.exists())

    def test_s12_no_cascade_from_an_authorization_to_those_exchanged_from_it(self):
        origin, derived = (self.authorize(self.ada, lifetime=-HOUR) for _number in range(2))
        derived.origin_id = origin
        self.clean()
        self.assertFalse(derived.exists())
        self.assertTrue(origin.exists())
        self.clean()
        self.assertFalse(origin.exists())

    def test_requests_go_when_they_expire(self):
        old, new = self.env["oauth2.provider.authorization.request"].create(
            [
                {
                    "handle_hash": new_hash(),
                    "browser_hash": new_hash(),
                    "client_id": self.client.id,
                    "parameters": "{}",
                    "created_at": self.now,
                    "expires_at": self.now + expires_in,
                }
                for expires_in in (-HOUR, HOUR)
            ]
        )
        self.clean()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())

    def test_events_go_after_the_set_number_of_days(self):
        events = self.env["oauth2.provider.event"].create(
            [
                {"event_type": "login", "occurred_at": self.now - timedelta(days=days)}
                for days in (29, 31, 179, 181)
            ]
        )
        self.clean()
        self.assertEqual(events.exists(), events[:3])
        self.env["ir.config_parameter"].set_param("oauth2_provider.event_retention_days", "30")
        self.clean()
        self.assertEqual(events.exists(), events[:1])

    def test_s12_a_batch_is_bounded_and_says_whether_more_waits(self):
        model = self.env["oauth2.provider.token"]
        authorization = self.authorize(self.ada)
        for _number in range(5):
            self.token(authorization, "access", -HOUR)
        condition = SQL("expired.authorization_id = %s", authorization.id)
        self.have_subqueries_read_for_each_row()
        self.assertEqual(delete_batch(model, condition, batch_size=3), (3, True))
        self.assertEqual(delete_batch(model, condition, batch_size=3), (2, False))
