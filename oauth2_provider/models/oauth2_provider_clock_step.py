"""Where the clock of a machine was put back: for all workers, which must not take what others call expired."""

from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.tools import SQL

from .bounded_deletion import delete_batch

# Our clock has long caught up by then (odoo_clock.LARGEST_STEP).
KEPT = timedelta(days=1)


class OAuth2ProviderClockStep(models.Model):
    _name = "oauth2.provider.clock.step"
    _description = "OAuth 2 Clock Step"
    _order = "id desc"
    _rec_name = "reading"
    _log_access = False
    _allow_sudo_commands = False

    reading = fields.Float(required=True, help="What our clock said then, in seconds since 1970")
    wall = fields.Float(required=True, help="What the clock of the machine said")

    @api.model
    @tools.ormcache()
    def _newest(self):
        """What was written down last, as pairs of reading and wall: several processes may do so at once."""
        self.env.cr.execute(
            "SELECT reading, wall FROM oauth2_provider_clock_step ORDER BY id DESC LIMIT 10"
        )
        return self.env.cr.fetchall()

    @api.model
    def _share(self, reading, wall):
        """Tell all workers, whatever becomes of the running request."""
        registry = self.env.registry
        with registry.cursor() as cr:
            cr.execute(
                "INSERT INTO oauth2_provider_clock_step (reading, wall) VALUES (%s, %s)",
                [reading, wall],
            )
        # Told now; what the request itself has changed in caches is told when it has committed.
        later = set(registry.cache_invalidated)
        registry.clear_cache()
        registry.signal_changes()
        registry.cache_invalidated.update(later)

    @api.autovacuum
    def _gc_old(self):
        oldest = (fields.Datetime.now() - KEPT).timestamp()
        return delete_batch(self, SQL("expired.reading < %s", oldest))
