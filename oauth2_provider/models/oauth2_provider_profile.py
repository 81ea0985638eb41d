"""What people may say about themselves for applications, beyond their contact (OpenID Connect Core §5.1).

A table of its own: birthdate and gender on the contact would be read by every colleague.
"""

import re
from datetime import date
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# OpenID Connect Core §5.1: a whole date, one without its year, or a year alone.
_BIRTHDATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?")


def _is_birthdate(text):
    if not _BIRTHDATE.fullmatch(text):
        return False
    year, *day = text.split("-")
    if not day:
        return year != "0000"
    # Without its year, a birthdate may be the 29th of February.
    try:
        date(int(year) or 2000, *map(int, day))
    except ValueError:
        return False
    return True


class OAuth2ProviderProfile(models.Model):
    _name = "oauth2.provider.profile"
    _description = "OAuth 2 Personal Details"
    _inherit = ["oauth2.provider.guarded"]
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
    )
    given_name = fields.Char()
    middle_name = fields.Char()
    family_name = fields.Char()
    nickname = fields.Char()
    gender = fields.Char(help="In your own words, or left empty")
    birthdate = fields.Char(help="YYYY-MM-DD; 0000-MM-DD without the year; YYYY for the year alone")
    profile = fields.Char(string="Profile page", help="The address of a page about you")

    _user_unique = models.UniqueIndex("(user_id)")

    @api.constrains("birthdate")
    def _check_birthdate(self):
        for profile in self:
            if profile.birthdate and not _is_birthdate(profile.birthdate):
                raise ValidationError(
                    self.env._("Please write the birthdate as YYYY-MM-DD, 0000-MM-DD or YYYY.")
                )

    @api.constrains("profile")
    def _check_profile(self):
        for profile in self:
            if profile.profile and urlsplit(profile.profile).scheme not in ("http", "https"):
                raise ValidationError(self.env._("The profile page must start with https://."))
