"""Users as end-users of the provider: their subject, their consents, and what ends their authorizations."""

import uuid

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .own_value_column import add_own_value_column

OAUTH2_ADMINISTRATOR = "oauth2_provider.group_oauth2_administrator"
_ALL = SQL("TRUE")
ADMINISTRATORS = f"base.group_erp_manager,{OAUTH2_ADMINISTRATOR}"
# Whoever may make a secret for an application could act with these as its service user.
_TOO_POWERFUL = ("base.group_system", "base.group_erp_manager", OAUTH2_ADMINISTRATOR)


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["res.users", "oauth2.provider.guarded.fields"]

    oauth2_subject = fields.Char(
        string="OAuth 2 subject",
        copy=False,
        readonly=True,
        groups=ADMINISTRATORS,
        default=lambda self: str(uuid.uuid4()),
        help="How applications know this user: random, never changed, never used again",
    )
    oauth2_consent_ids = fields.One2many(
        "oauth2.provider.consent", "user_id", string="Connected applications", readonly=True
    )
    oauth2_authorization_count = fields.Integer(
        compute="_compute_oauth2_authorization_count", groups=OAUTH2_ADMINISTRATOR
    )

    _oauth2_subject_unique = models.UniqueIndex("(oauth2_subject)")

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "oauth2_consent_ids"]

    def _auto_init(self):
        add_own_value_column(self, "oauth2_subject", SQL("gen_random_uuid()"))
        return super()._auto_init()

    def _compute_oauth2_authorization_count(self):
        groups = self.env["oauth2.provider.authorization"]._read_group(
            [("user_id", "in", self.ids), ("state", "=", "active")], ["user_id"], ["__count"]
        )
        counts = {user.id: count for user, count in groups}
        for user in self:
            user.oauth2_authorization_count = counts.get(user.id, 0)

    @api.model
    def _is_guarded(self, field):
        # Whoever could choose a subject could become another user at every connected application.
        return field.name.startswith("oauth2_")

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            self._oauth2_revoke("archived")
        return result

    @tools.ormcache("self.id")
    def _oauth2_may_serve(self):
        """Whether applications may act as this user without a person; asked at each token.

        In the cache in which Odoo keeps the groups of a user.
        """
        self.ensure_one()
        user = self.sudo()
        return not (user._is_superuser() or any(user.has_group(group) for group in _TOO_POWERFUL))

    def _set_password(self):
        # Not _set_encrypted_password: that also runs at a login, to strengthen the hash of an unchanged password.
        result = super()._set_password()
        self._oauth2_revoke("password")
        return result

    def action_oauth2_view_authorizations(self):
        """Open the authorizations of this user."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "oauth2_provider.action_oauth2_authorization"
        )
        action["domain"] = [("user_id", "=", self.id)]
        return action

    def action_oauth2_revoke_authorizations(self):
        """End every living authorization of these users. For OAuth 2 administrators."""
        if not self.env.user.has_group(OAUTH2_ADMINISTRATOR):
            raise AccessError(
                self.env._("Only OAuth 2 administrators may end the logins of others.")
            )
        revoked = self._oauth2_revoke("administrator")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Ended: %s. Applications can no longer act for these users.", revoked
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _oauth2_revoke(self, reason, ended=_ALL):
        """End what applications may do for these users.

        :param reason: a value of ``oauth2.provider.authorization.revocation.reason``
        :param ended: SQL over ``authz``: which of their authorizations, if not all; it is never unknown
        :return: how many were alive
        """
        if not self.ids:
            return 0
        authorizations = self.env["oauth2.provider.authorization"].sudo()
        of_users = SQL("authz.user_id IN %s", tuple(self.ids))
        self._oauth2_begin_epoch()
        revoked = authorizations._revoke_where(SQL("%s AND (%s)", of_users, ended), reason)
        authorizations._follow_epoch(SQL("%s AND NOT (%s)", of_users, ended))
        return revoked
