"""Who says that an e-mail address belongs to a user: an administrator, a mailed link that was used, or only the user.

Applications must not take an address for an identity that its owner only claims (OpenID Connect Core §5.7). So the very
address that somebody vouched for is kept, and compared when one is told (``adapters/odoo_end_users.py``): the field of
the contact changes in ways that no method sees, such as contacts that are merged.
"""

import json
from collections import defaultdict
from hashlib import sha256

from odoo import api, fields, models
from odoo.tools.sql import column_exists

from ..adapters.email_address import single_address
from .res_users import ADMINISTRATORS


class MailedTokens:
    """Collects the sign-up tokens that are written into mails while it is in the context."""

    def __init__(self):
        self.by_partner = defaultdict(set)


def _digest(text):
    return sha256((text or "").encode()).hexdigest()


def _digest_of_email(email):
    """None where it is not one address: a mail to several proves nothing."""
    address = single_address(email)
    return address and _digest(address)


class ResUsers(models.Model):
    _inherit = "res.users"

    oauth2_email_origin = fields.Selection(
        [
            ("administrator", "Entered by an administrator"),
            ("self", "Entered by the user, not verified"),
            ("verified", "Verified by a mailed link"),
        ],
        string="E-mail address",
        required=True,
        default="administrator",
        copy=False,
        groups=ADMINISTRATORS,
    )
    oauth2_vouched_email = fields.Char(
        string="Vouched e-mail address",
        copy=False,
        groups=ADMINISTRATORS,
        help="The address that an administrator entered or a mailed link verified, normalized",
    )
    oauth2_chose_login = fields.Boolean(
        string="Login chosen by the user", copy=False, groups=ADMINISTRATORS
    )
    oauth2_mailed_tokens = fields.Char(
        groups=fields.NO_ACCESS,
        copy=False,
        prefetch=False,
        help="JSON, see _oauth2_mailed",
    )

    def _auto_init(self):
        is_new = not column_exists(self.env.cr, "res_users", "oauth2_email_origin")
        result = super()._auto_init()
        if is_new:
            self._oauth2_guess_email_origins()
        return result

    def _oauth2_guess_email_origins(self):
        """Vouch for what is there, since administrators made it, by and large.

        Distrust the addresses of those who signed up alone before, or are outsiders and last edited themselves; and the
        logins of the former alone, since nobody edits the own login.
        """
        self.env.cr.execute(
            """
            UPDATE res_users SET oauth2_chose_login = create_uid IN (
                SELECT member.uid FROM res_groups_users_rel member
                JOIN ir_model_data public ON public.res_id = member.gid
                WHERE public.module = 'base' AND public.name = 'group_public' AND public.model = 'res.groups');
            UPDATE res_users u SET
                oauth2_email_origin = CASE
                    WHEN u.oauth2_chose_login OR (u.share AND p.write_uid = u.id) THEN 'self'
                    ELSE 'administrator' END,
                oauth2_vouched_email = CASE
                    WHEN p.email NOT LIKE '%@%@%' AND p.email NOT LIKE '%=?%' THEN p.email_normalized END
            FROM res_partner p WHERE p.id = u.partner_id
            """
        )

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        for user in users.sudo():
            user.oauth2_vouched_email = single_address(user.email)
        return users

    def write(self, vals):
        result = super().write(vals)
        if "login" in vals:
            for user in self.sudo():
                user.oauth2_chose_login = user._oauth2_origin_by(self.env.user) == "self"
        return result

    def _action_reset_password(self, signup_type="reset"):
        mailed = MailedTokens()
        result = super(
            ResUsers, self.with_context(oauth2_mailed_tokens=mailed)
        )._action_reset_password(signup_type=signup_type)
        for user in self.sudo():
            user._oauth2_remember_mailed(mailed.by_partner.get(user.partner_id.id, ()))
        return result

    def _oauth2_remember_mailed(self, tokens):
        earlier = self._oauth2_mailed()
        email = _digest_of_email(self.email)
        mailed = {_digest(token): email for token in tokens}
        # Odoo makes the same token twice within a second: one that another mailbox already holds proves nothing.
        if mailed and all(earlier.get(token, email) == email for token in mailed):
            self.oauth2_mailed_tokens = json.dumps(mailed)

    def _oauth2_mailed(self):
        """The newest mailed tokens and where they went: digest of the token to digest of the address, see there."""
        return json.loads(self.oauth2_mailed_tokens or "{}")

    @api.model
    def signup(self, values, token=None):
        user = self.browse()
        if token:
            partner = self.env["res.partner"]._signup_retrieve_partner(
                token, check_validity=True, raise_exception=True
            )
            user = partner.user_ids[:1].sudo()
        result = super().signup(values, token)
        # Only who can read the mailbox has the token; it counts only while the address is the one it was mailed to.
        email = user and _digest_of_email(user.email)
        if email and user._oauth2_mailed().get(_digest(token)) == email:
            user._oauth2_set_email_origin("verified")
        return result

    @api.model
    def _signup_create_user(self, values):
        user = super()._signup_create_user(values).sudo()
        user._oauth2_set_email_origin("self")
        user.oauth2_chose_login = True
        return user

    def _oauth2_set_email_origin(self, origin):
        """Note who vouches for the address that this user has now."""
        self.oauth2_email_origin = origin
        self.oauth2_vouched_email = origin != "self" and single_address(self.email)

    def _oauth2_origin_by(self, actor):
        """The origin of an address or a login that ``actor`` just entered for this user.

        Acting as oneself counts even in superuser mode, as the account page of the portal writes in that mode. Only
        those who may manage users vouch for an address; a system administrator also for the own one.
        """
        if actor.id == api.SUPERUSER_ID:
            return "administrator"
        group = "base.group_system" if actor == self else "base.group_erp_manager"
        return "administrator" if actor.has_group(group) else "self"


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _generate_signup_token(self, expiration=None):
        token = super()._generate_signup_token(expiration=expiration)
        mailed = self.env.context.get("oauth2_mailed_tokens")
        if isinstance(mailed, MailedTokens):
            mailed.by_partner[self.id].add(token)
        return token

    def write(self, vals):
        if "email" not in vals:
            return super().write(vals)
        before = {partner: single_address(partner.email) for partner in self.sudo()}
        result = super().write(vals)
        for partner, email in before.items():
            if not email or single_address(partner.email) != email:
                for user in partner.with_context(active_test=False).user_ids:
                    user._oauth2_set_email_origin(user._oauth2_origin_by(self.env.user))
        return result
