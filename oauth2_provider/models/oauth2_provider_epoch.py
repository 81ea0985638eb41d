"""Epochs: whatever ends access reaches what is being given at the same moment, too.

A transaction sees the database as it was when it began, so it cannot find an authorization that another one is adding
meanwhile. Therefore users and applications count how often their access was ended, and each authorization keeps what
both counted when it was given (docs/decisions/0009-epochs.md).
"""

from odoo import api, fields, models
from odoo.tools import SQL


class OAuth2ProviderAuthorization(models.Model):
    _inherit = "oauth2.provider.authorization"

    epoch = fields.Integer(
        default=0,
        readonly=True,
        groups=fields.NO_ACCESS,
        help="Of its user and its application together, when it was given",
    )

    @api.model
    def _follow_epoch(self, condition):
        """Let the living authorizations that fulfil ``condition`` go on in the next epoch.

        One that was dead before stays behind by as much as it was.

        :param condition: SQL over ``authz``, the alias of the table
        """
        self.env.cr.execute(
            SQL(
                """UPDATE oauth2_provider_authorization authz SET epoch = epoch + 1
                    WHERE (%s) AND authz.expires_at > %s""",
                condition,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model(["epoch"])


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    epoch = fields.Integer(
        default=0,
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="How often all that was given to the application was ended",
    )

    consent_epoch = fields.Integer(
        default=0,
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="How often people had to be asked again for what the protocol does not know of",
    )

    def _begin_epoch(self):
        begin_epoch(self, "epoch")

    def _forget_consents(self):
        """Have everybody asked again. What is connected goes on, and consents stay where people can withdraw them."""
        begin_epoch(self, "consent_epoch")


class ResUsers(models.Model):
    _inherit = "res.users"

    oauth2_epoch = fields.Integer(
        string="OAuth 2 epoch",
        default=0,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="How often the access of applications to this user was ended",
    )

    def _oauth2_begin_epoch(self):
        begin_epoch(self, "oauth2_epoch")


def begin_epoch(records, column):
    """Not by the ORM: whoever changed the record last, and when, is another matter."""
    if not records.ids:
        return
    records.flush_recordset()
    records.env.cr.execute(
        SQL(
            "UPDATE %(table)s SET %(column)s = COALESCE(%(column)s, 0) + 1 WHERE id IN %(ids)s",
            table=SQL.identifier(records._table),
            column=SQL.identifier(column),
            ids=tuple(records.ids),
        )
    )
    records.invalidate_recordset([column])
