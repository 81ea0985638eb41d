"""The clock that expiry goes by does not go back, whatever the machine's does."""

from collections import defaultdict
from contextlib import contextmanager
from datetime import datetime, timezone
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
        self.processes = defaultdict(dict)

    def set_wall(self, seconds):
        self.wall = float(seconds)

    @contextmanager
    def machine(self, process="first"):
        with (
            patch.object(odoo_clock, "_looks", self.processes[process]),
            patch.object(odoo_clock.time, "time", lambda: self.wall),
            patch.object(odoo_clock.time, "monotonic", lambda: self.tick),
        ):
            yield

    def now(self, process="first"):
        with self.machine(process):
            return SystemClock(self.env).now()

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

    def test_s14_all_workers_reckon_alike_however_idle_they_were(self):
        self.assertEqual(self.now("idle"), START)
        self.pass_time(1200)
        self.assertEqual(self.now("busy"), START + 1200)
        self.set_wall(START + 600)
        self.assertEqual(self.now("busy"), START + 1200)
        self.assertEqual(self.now("idle"), START + 1200)
        self.assertEqual(self.now("new"), START + 1200)
        self.pass_time(60)
        for process in ("new", "idle", "busy"):
            self.assertEqual(self.now(process), START + 1230)

    def test_s14_who_was_idle_may_be_first_to_notice(self):
        self.now("idle")
        self.now("busy")
        self.pass_time(1200)
        self.now("busy")
        self.set_wall(START + 600)
        self.assertEqual(self.now("idle"), START + 1200)
        self.assertEqual(self.now("busy"), START + 1200)

    def test_s14_put_back_to_what_a_worker_never_saw_leave(self):
        self.now("idle")
        self.set_wall(START + 5000)
        self.now("busy")
        self.set_wall(START + 5000 - 600)
        self.now("busy")
        self.assertEqual(self.now("idle"), START + 5000)

    def test_s14_put_back_once_more(self):
        self.now("idle")
        self.now()
        self.set_wall(START - 600)
        self.now()
        self.pass_time(100)
        self.set_wall(START - 1000)
        self.assertEqual(self.now(), START + 50)
        self.assertEqual(self.now("idle"), START + 50)
        # Long after it has caught up, as far back as then.
        self.pass_time(5000)
        self.assertEqual(self.now(), START + 4000)
        self.set_wall(START + 3000)
        self.assertEqual(self.now(), START + 4000)
        self.assertEqual(self.now("idle"), START + 4000)

    def test_what_was_put_back_is_written_down_once_and_for_a_day(self):
        steps = self.env["oauth2.provider.clock.step"]
        self.now()
        self.assertFalse(steps.search([]))
        self.set_wall(START - 600)
        for process in ("first", "second", "first"):
            self.now(process)
        self.assertEqual(len(steps.search([])), 1)
        steps._gc_old()
        self.assertTrue(steps.search([]))
        steps._share(1000.0, 400.0)
        steps._gc_old()
        self.assertEqual(len(steps.search([])), 1)

    def test_less_than_a_second_may_be_a_way_to_read_two_clocks(self):
        self.now()
        self.wall -= 0.9
        self.now()
        self.assertFalse(self.env["oauth2.provider.clock.step"].search([]))

    def test_a_mistake_of_hours_is_corrected_at_once(self):
        self.now()
        self.set_wall(START - LARGEST_STEP - 1)
        self.assertEqual(self.now(), START - LARGEST_STEP - 1)

    def record_event(self, seconds):
        self.env["oauth2.provider.event"].create(
            {
                "event_type": "login",
                "occurred_at": datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None),
            }
        )
        self.env.flush_all()

    def test_s14_a_new_process_knows_the_last_event(self):
        self.record_event(START)
        self.set_wall(START - 600)
        self.assertEqual(self.now(), START + 1)

    def test_s14_who_saw_neither_forward_nor_back_knows_the_last_event(self):
        self.now("idle")
        self.set_wall(START + 5000)
        self.now("busy")
        self.record_event(START + 5000)
        self.set_wall(START + 5000 - 600)
        self.assertEqual(self.now("idle"), START + 5001)
        self.assertEqual(self.now("busy"), START + 5001)

    def test_a_new_process_without_events_believes_the_machine(self):
        self.env.cr.execute("DELETE FROM oauth2_provider_event")
        self.assertEqual(self.now(), START)

    def test_databases_do_not_share_their_time(self):
        self.now()
        looks = self.processes["first"]
        looks["another"] = looks.pop(self.env.cr.dbname)
        self.set_wall(START - 600)
        self.assertEqual(self.now(), START - 600)
