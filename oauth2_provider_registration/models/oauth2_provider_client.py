"""Applications that registered themselves (RFC 7591)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

UNUSED_DAYS_PARAMETER = "oauth2_provider_registration.unused_days"
DEFAULT_UNUSED_DAYS = 30
# They come back by themselves with the next person who uses them.
DOCUMENT_UNUSED_DAYS_PARAMETER = "oauth2_provider_registration.document_unused_days"
DEFAULT_DOCUMENT_UNUSED_DAYS = 2
BATCH_SIZE = 500


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    registered_at = fields.Datetime(
        string="Registered itself on", readonly=True, copy=False, index="btree_not_null"
    )
    is_anonymous = fields.Boolean(
        string="Registered without a token",
        readonly=True,
        copy=False,
        help="Nobody here asked for this application.",
    )
    is_verified = fields.Boolean(
        string="Verified",
        copy=False,
        tracking=True,
        help="You have made sure who is behind it. The consent page then no longer warns of it, and it stays also "
        "if nobody uses it.",
    )
    registration_metadata = fields.Text(readonly=True, copy=False, groups=fields.NO_ACCESS)
    registration_token_hash = fields.Char(
        readonly=True, copy=False, groups=fields.NO_ACCESS, size=64, index="btree_not_null"
    )
    logo = fields.Image(
        max_width=128,
        max_height=128,
        copy=False,
        help="Shown on the consent page. Kept here, so that the application does not learn who looks at it.",
    )

    def _may_be_named_at_login(self):
        """Words of a stranger must not stand there."""
        is_stranger = self.registered_at and not self.is_verified
        return super()._may_be_named_at_login() and not is_stranger

    def _with_unknown_sector(self):
        """The registration itself has asked."""
        return super()._with_unknown_sector().filtered(lambda client: not client.registered_at)

    def write(self, vals):
        result = super().write(vals)
        if "logo" in vals:
            self._forget_consents()
        return result

    def _ask_again(self):
        """People agreed to something that looked different, and administrators vouched for it.

        What is connected goes on: their answer was about the same owner, who may only have changed a key.
        """
        self._forget_consents()
        vouched_for = self.filtered(lambda client: client.is_trusted or client.is_verified)
        vouched_for.write({"is_trusted": False, "is_verified": False})
        vouched_for._record_change(
            self.env._(
                "It has changed by itself what it is judged by, so Trusted and Verified were taken away"
            )
        )

    @api.autovacuum
    def _gc_unused(self):
        """Applications that registered themselves, and that nobody has used or verified since.

        One with a document that was switched off stays: it would come again, switched on.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM oauth2_provider_client c
                    WHERE registered_at < CASE WHEN document_host IS NULL THEN %s ELSE %s END
                      AND is_verified IS NOT TRUE AND (active OR document_host IS NULL)
                      AND NOT EXISTS (SELECT FROM oauth2_provider_authorization WHERE client_id = c.id)
                      AND NOT EXISTS (SELECT FROM oauth2_provider_consent WHERE client_id = c.id)
                    LIMIT %s FOR UPDATE SKIP LOCKED""",
                self._unused_since(UNUSED_DAYS_PARAMETER, DEFAULT_UNUSED_DAYS),
                self._unused_since(DOCUMENT_UNUSED_DAYS_PARAMETER, DEFAULT_DOCUMENT_UNUSED_DAYS),
                BATCH_SIZE,
            )
        )
        unused = self.browse([row[0] for row in self.env.cr.fetchall()])
        unused.unlink()
        return len(unused), len(unused) == BATCH_SIZE

    @api.model
    def _unused_since(self, parameter, default):
        days = self.env["ir.config_parameter"].sudo().get_param(parameter)
        return fields.Datetime.now() - timedelta(days=int(days or default))
