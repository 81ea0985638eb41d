"""Users of Odoo as end-users of OpenID Connect: which columns become which standard claim (OIDC Core §5.1).

Read as SQL with the token itself, so that UserInfo costs one statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from odoo import SUPERUSER_ID

from ..protocol.entities.end_user import EndUser
from .email_address import single_address
from .odoo_languages import to_tag
from .sql_store.own_claims import find_own_claims
from .sql_store.rows import fetch_all, fetch_one, to_seconds

_USER = """
    SELECT id, active, share, login, partner_id, write_date,
           oauth2_subject, oauth2_epoch, oauth2_email_origin,
           oauth2_vouched_email, oauth2_chose_login, oauth2_picture_token
      FROM res_users u
"""
# Expects the alias u, as _USER finds it: who somebody is, and whether they still may.
IDENTITY_COLUMNS = "u.id AS user_id, u.oauth2_subject, u.active AS user_is_active, u.share, u.login, u.oauth2_epoch"
# Expects p as well: all that may be told of them.
END_USER_COLUMNS = f"""
    {IDENTITY_COLUMNS}, u.oauth2_email_origin, u.oauth2_vouched_email, u.oauth2_chose_login, u.oauth2_picture_token,
    p.name AS user_name, p.email,
    p.lang, p.tz, p.website, p.phone, p.street, p.street2, p.zip, p.city,
    (SELECT name FROM res_country_state WHERE id = p.state_id) AS region_name,
    (SELECT name->>'en_US' FROM res_country WHERE id = p.country_id) AS country_name,
    (SELECT to_json(own) FROM (
        SELECT *, floor(extract(epoch FROM write_date)) AS written_at
          FROM oauth2_provider_profile WHERE user_id = u.id) own) AS own_profile,
    GREATEST(u.write_date, p.write_date) AS user_written_at
"""
_PARTNER = """
    LATERAL (
        SELECT name, email, lang, tz, website, phone, street, street2, zip, city,
               state_id, country_id, write_date
          FROM res_partner WHERE id = u.partner_id OFFSET 0
    ) p
"""
# Of the user of an authorization a, see there.
IDENTITY_OF_AUTHORIZATION = f"LATERAL ({_USER} WHERE id = a.user_id OFFSET 0) u"
END_USER_OF_AUTHORIZATION = f"{IDENTITY_OF_AUTHORIZATION}, {_PARTNER}"
_NAMED_BY = {"login": "u.login = %s", "subject": "u.oauth2_subject = %s"}
_OWN_CLAIMS = (
    "given_name",
    "middle_name",
    "family_name",
    "nickname",
    "gender",
    "birthdate",
    "profile",
)


@dataclass(frozen=True)
class ClaimsPolicy:
    """What a database decides about claims.

    ``withhold_unverified_email``: keep back addresses, and logins, that only their owner vouches for.
    ``issuer``: where the pictures are.
    """

    withhold_unverified_email: bool
    issuer: str


def find_end_user(cr, user_id, policy):
    return _find(cr, "u.id = %s", user_id, policy)


def _find(cr, condition, value, policy):
    rows = fetch_all(
        cr,
        f"SELECT {END_USER_COLUMNS} FROM ({_USER} WHERE {condition}) u, {_PARTNER}",
        [value],
    )
    # Beside websites several accounts may share a login; such a login is nobody's name.
    return end_user_of(rows[0], policy) if len(rows) == 1 else None


def end_user_of(row, policy):
    """:param row: a mapping with ``END_USER_COLUMNS``"""
    return EndUser(
        id=row["user_id"],
        public_subject=row["oauth2_subject"],
        is_active=row["user_is_active"],
        is_internal=not row["share"],
        name=row["user_name"] or "",
        login=row["login"],
        epoch=row["oauth2_epoch"] or 0,
        claims=_standard_claims(row, policy),
    )


def identity_of(row, cr, policy):
    """The same end-user, whose claims are read if anybody asks for them.

    :param row: a mapping with ``IDENTITY_COLUMNS``
    """
    return EndUser(
        id=row["user_id"],
        public_subject=row["oauth2_subject"],
        is_active=row["user_is_active"],
        is_internal=not row["share"],
        login=row["login"],
        epoch=row["oauth2_epoch"] or 0,
        claims=_LaterClaims(lambda: find_end_user(cr, row["user_id"], policy).claims),
    )


class _LaterClaims(Mapping):
    def __init__(self, read):
        self._read = read

    @cached_property
    def _claims(self):
        return self._read()

    def __getitem__(self, name):
        return self._claims[name]

    def __iter__(self):
        return iter(self._claims)

    def __len__(self):
        return len(self._claims)


def _standard_claims(row, policy):
    own = row["own_profile"] or {}
    email = single_address(row["email"])
    # Whoever vouched, vouched for one address, not for what the contact says by now.
    is_same = email and email == row["oauth2_vouched_email"]
    origin = row["oauth2_email_origin"] if is_same else "self"
    claims = {
        "name": row["user_name"],
        "preferred_username": row["login"],
        "locale": row["lang"] and to_tag(row["lang"]),
        "zoneinfo": row["tz"],
        "email": email,
        "website": row["website"],
        "picture": f"{policy.issuer}/oauth2/picture/{row['oauth2_picture_token']}",
        "phone_number": row["phone"],
        "address": _address(row),
        "updated_at": max(to_seconds(row["user_written_at"]), int(own.get("written_at") or 0)),
    } | {name: own.get(name) for name in _OWN_CLAIMS}
    if policy.withhold_unverified_email:
        # Whoever types a stranger's address here must not become that stranger elsewhere; a login may look like one.
        is_vouched = origin != "self"
        if not is_vouched:
            claims["email"] = None
        if row["oauth2_chose_login"] and not (is_vouched and single_address(row["login"]) == email):
            claims["preferred_username"] = None
    claims = {name: value for name, value in claims.items() if value}
    if "email" in claims:
        claims["email_verified"] = origin == "verified"
    if "phone_number" in claims:
        # Odoo has no way to verify one.
        claims["phone_number_verified"] = False
    return claims


def _address(row):
    """The address claim (OpenID Connect Core §5.1.1) of the parts that are known."""
    street = "\n".join(filter(None, (row["street"], row["street2"])))
    place = " ".join(filter(None, (row["zip"], row["city"])))
    lines = filter(None, (street, place, row["region_name"], row["country_name"]))
    address = {
        "formatted": "\n".join(lines),
        "street_address": street,
        "locality": row["city"],
        "region": row["region_name"],
        "postal_code": row["zip"],
        "country": row["country_name"],
    }
    return {name: value for name, value in address.items() if value}


class OdooEndUsers:
    def __init__(self, env, policy):
        self._env = env
        self._policy = policy

    def find_user(self, user_id):
        cr = self._env.cr
        row = fetch_one(cr, f"SELECT {IDENTITY_COLUMNS} FROM ({_USER} WHERE id = %s) u", [user_id])
        return row and identity_of(row, cr, self._policy)

    def may_serve(self, user_id):
        return self._env["res.users"].browse(user_id)._oauth2_may_serve()

    def find_user_by(self, kind, value):
        user = _find(self._env.cr, _NAMED_BY[kind], value, self._policy)
        # The superuser is a role, not a person with an account.
        return None if user is None or user.id == SUPERUSER_ID else user

    def strangers_may_sign_up(self):
        # Each website decides for itself, so this is never cached.
        return self._env["res.users"]._get_signup_invitation_scope() == "b2c"

    def own_claims(self, user, client_id):
        return find_own_claims(self._env.cr, user.id, client_id)

    def is_member(self, user, group_ids):
        members = self._env["res.users"].sudo().browse(user.id).all_group_ids
        return not group_ids.isdisjoint(members.ids)
