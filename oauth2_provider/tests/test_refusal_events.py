"""Nobody fills the audit trail with garbage."""

from unittest.mock import patch

from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

from ..adapters.sql_store.events import SqlEventLog
from ..protocol import refusal_events
from .common import ProviderCase

TYPES = ("authorization_refused", "token_refused", "logout_refused")


@tagged("post_install", "-at_install")
class TestRefusalEvents(ProviderCase):
    def setUp(self):
        super().setUp()
        for name, limit in (("CLIENT_LIMIT", 3), ("LIMIT", 5)):
            limited = patch.object(refusal_events, name, limit)
            limited.start()
            self.addCleanup(limited.stop)
        self.forget()
        self.addCleanup(self.forget)

    def forget(self):
        """Sequences do not go back with the transaction of a test."""
        for event_type in TYPES:
            SqlEventLog(self.env.cr).forget_unrecorded(event_type)

    def refused(self, event_type):
        return self.env["oauth2.provider.event"].search(
            [("event_type", "=", event_type)], order="id"
        )

    def test_each_way_to_be_refused_has_an_end(self):
        for event_type, send in (
            ("authorization_refused", lambda: self.url_open("/oauth2/authorize?client_id=nobody")),
            ("token_refused", lambda: self.url_open("/oauth2/token", data={"client_id": "x"})),
            ("logout_refused", lambda: self.url_open("/oauth2/end_session?client_id=nobody")),
        ):
            with self.subTest(event_type):
                for _request in range(6):
                    send()
                events = self.refused(event_type)
                self.assertEqual(len(events), 3)
                self.assertIn("only counted", events[-1].detail)
                counts = SqlEventLog(self.env.cr).count_refusals(event_type, None, 0)
                self.assertEqual(counts.unrecorded, 3)

    def test_headers_that_no_database_takes(self):
        for text in ("a\0b", "é"):
            headers = {"User-Agent": text}
            form = {"client_id": "x"}
            response = self.url_open("/oauth2/token", data=form, headers=headers)
            self.assertEqual(response.status_code, 401)
        self.assertIn("b", self.refused("token_refused")[0].user_agent)

    def test_the_next_row_tells_the_count(self):
        for _request in range(5):
            self.authorize(redirect_uri="https://evil.example/")
        events = self.refused("authorization_refused")
        self.assertEqual(events.client_id, self.application)
        self.assertEqual(len(events), 3)
        self.env.cr.execute(
            "UPDATE oauth2_provider_event SET occurred_at = occurred_at - interval '1 hour'"
        )
        self.authorize(redirect_uri="https://evil.example/")
        self.assertIn("(2 refusals", self.refused("authorization_refused")[-1].detail)


@tagged("post_install", "-at_install")
class TestCounters(TransactionCase):
    def test_counting_waits_for_nobody_and_is_not_undone(self):
        name = TYPES[0]
        SqlEventLog(self.env.cr).forget_unrecorded(name)
        self.addCleanup(lambda: SqlEventLog(self.env.cr).forget_unrecorded(name))
        workers = [db_connect(self.env.cr.dbname).cursor() for _number in range(2)]
        for worker in workers:
            self.addCleanup(worker.close)
            SqlEventLog(worker).count_unrecorded(name)
        workers[0].rollback()
        workers[1].commit()
        counts = SqlEventLog(self.env.cr).count_refusals(name, None, 4_000_000_000)
        self.assertEqual((counts.of_type, counts.of_client, counts.unrecorded), (0, 0, 2))
