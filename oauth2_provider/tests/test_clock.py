"""The clock that expiry goes by does not go back, whatever the machine's does."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from ..adapters import odoo_clock
from ..adapters.odoo_clock import LARGEST_STEP, SystemClock
from .common import ProviderCase

START = 2_000_000_000


@tagged("post_install", "-at_install")
class TestClock(ProviderCase):
    def setUp(self):
        super().setUp()
        self.set_wall(START)
        self.tick = 1000.0
        forgotten = patch.dict(odoo_clock._readings, clear=True)
        forgotten.start()
        self.addCleanup(forgotten.stop)

    def set_wall(self, seconds):
        self.wall = float(seconds)

    @contextmanager
    def machine(self):
        with (
            patch.object(odoo_clock.time, "time", lambda: self.wall),
            patch.object(odoo_clock.time, "monotonic", lambda: self.tick),
        ):
            yield

    def now(self):
        with self.machine():
            return SystemClock(self.env.cr).now()

    def pass_time(self, seconds):
        self.wall += seconds
        self.tick += seconds

    def test_it_is_the_machine_s(self):
        self.assertEqual(self.now(), START)
        self.pass_time(10.5)
        self.assertEqual(self.now(), START + 10)
        self.set_wall(START + 5000)
        self.assertEqual(self.now(), START + 5000)

    def test_s14_put_back_it_goes_on_slowly_until_both_agree(self):
        self.now()
        self.set_wall(START - 600)
        self.assertEqual(self.now(), START)
        self.pass_time(600)
        self.assertEqual(self.now(), START + 300)
        self.pass_time(600)
        self.assertEqual(self.now(), START + 600)
        self.pass_time(600)
        self.assertEqual(self.now(), START + 1200)

    def test_a_mistake_of_hours_is_corrected_at_once(self):
        self.now()
        self.set_wall(START - LARGEST_STEP - 1)
        self.assertEqual(self.now(), START - LARGEST_STEP - 1)

    def test_s14_a_new_process_knows_the_last_event(self):
        self.env["oauth2.provider.event"].create(
            {"event_type": "login", "occurred_at": "2033-05-18 03:33:20"}  # START
        )
        self.env.flush_all()
        self.set_wall(START - 600)
        self.assertEqual(self.now(), START)

    def test_a_new_process_without_events_believes_the_machine(self):
        self.env.cr.execute("DELETE FROM oauth2_provider_event")
        self.assertEqual(self.now(), START)

    def test_databases_do_not_share_their_time(self):
        self.now()
        odoo_clock._readings["another"] = odoo_clock._readings.pop(self.env.cr.dbname)
        self.set_wall(START - 600)
        self.assertEqual(self.now(), START - 600)
