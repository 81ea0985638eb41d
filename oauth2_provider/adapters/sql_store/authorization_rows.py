"""Finding something together with its authorization, and all that decides whether it lives."""

import json

from ...protocol.claims_request import NO_CLAIMS, ClaimsRequest
from ...protocol.entities.authorization import Authorization, Ground, about_client
from ..odoo_end_users import (
    END_USER_COLUMNS,
    END_USER_OF_AUTHORIZATION,
    IDENTITY_COLUMNS,
    IDENTITY_OF_AUTHORIZATION,
    end_user_of,
    identity_of,
)
from .rows import fetch_all, fetch_one, to_audience, to_details, to_scope, to_seconds

# Of an authorization a.
IS_REVOKED = """
    EXISTS (SELECT FROM oauth2_provider_authorization_revocation r
             WHERE r.authorization_id = a.id) AS is_revoked
"""
# All that decides whether something issued under an authorization lives.
_AUTHORIZATION_COLUMNS = f"""
    a.id AS authorization_id, a.client_id, a.scope AS authorized_scope,
    a.created_at AS authorized_at, a.expires_at AS authorization_expires_at, a.auth_time,
    a.session_hash, a.identifier, a.is_offline, a.audience AS authorized_audience,
    a.authorization_details AS authorized_details,
    a.epoch, a.nonce, a.acr, a.amr, a.claims, a.act, a.origins, a.access_ended_at, {IS_REVOKED}
"""
# What an authorization tells of its client, each with the column or the expression for it.
_ABOUT_CLIENT = {
    "client_identifier": "client_identifier",
    "client_is_active": "active",
    "client_epoch": "epoch",
    "client_has_groups": "has_groups IS TRUE",
    "security_profile": "security_profile",
    "internal_users_only": "allowed_users = 'internal'",
    "has_own_claims": "has_own_claims IS TRUE",
    "sector_identifier": "nullif(sector_identifier, '')",
    "userinfo_signed_response_alg": "nullif(userinfo_signed_response_alg, '')",
}
_CLIENT_COLUMNS = ", ".join(f"{value} AS {name}" for name, value in _ABOUT_CLIENT.items())
_CLIENT_OF_AUTHORIZATION = f"""
    LATERAL (
        SELECT {_CLIENT_COLUMNS} FROM oauth2_provider_client WHERE id = a.client_id OFFSET 0
    ) c
"""
# Each was there before what is derived from it, so the order of the ids is that of the derivation.
_FIND_ORIGINS = f"""
    SELECT a.id, a.epoch, a.access_ended_at, {IS_REVOKED}, c.*
      FROM (SELECT * FROM oauth2_provider_authorization WHERE id = ANY(%s) ORDER BY id OFFSET 0) a,
           {_CLIENT_OF_AUTHORIZATION}
"""


def with_authorization(
    columns="", found="", *, where="id = x.authorization_id", tells=False, knows_client=False
):
    """The statement that finds something together with its authorization, client and end-user.

    Odoo's connections forget every plan between two requests, so each statement is planned again each time, and five
    plain joins take longer to plan than to run. ``OFFSET 0`` keeps PostgreSQL from looking for the best order of the
    joins: it is the one that is written here, each step the look-up of one row.

    :param columns: SQL, of the row that is found, by the alias ``x``
    :param found: a statement for that row, which has an ``authorization_id``; an authorization needs none
    :param where: the condition for the authorization
    :param tells: whether it is for telling about the end-user, so that claims are read at once
    :param knows_client: whether the client is left out, since most likely it is one that was read before
    """
    first_columns, first = (f"{columns},", f"({found}) x,") if found else ("", "")
    client_columns, client = ("", "") if knows_client else ("c.*,", f"{_CLIENT_OF_AUTHORIZATION},")
    user_columns = END_USER_COLUMNS if tells else IDENTITY_COLUMNS
    user = END_USER_OF_AUTHORIZATION if tells else IDENTITY_OF_AUTHORIZATION
    return f"""
        SELECT {first_columns} {_AUTHORIZATION_COLUMNS}, {client_columns} {user_columns}
          FROM {first}
               LATERAL (SELECT * FROM oauth2_provider_authorization WHERE {where} OFFSET 0) a,
               {client}
               {user}
    """


def authorization_of(row, cr, policy, client=None):
    """:param row: of a statement of ``with_authorization``
    :param client: the one that was read before, if the statement leaves the client out; need not be the right one
    """
    return Authorization(
        id=row["authorization_id"],
        client_id=row["client_id"],
        user=end_user_of(row, policy) if "user_name" in row else identity_of(row, cr, policy),
        scope=to_scope(row["authorized_scope"]),
        created_at=to_seconds(row["authorized_at"]),
        expires_at=to_seconds(row["authorization_expires_at"]),
        identifier=row["identifier"] or "",
        is_offline=bool(row["is_offline"]),
        audience=to_audience(row["authorized_audience"]),
        authorization_details=to_details(row["authorized_details"]),
        act=json.loads(row["act"]) if row["act"] else None,
        origins=_origins_of(row["origins"], cr),
        access_ended_at=to_seconds(row["access_ended_at"]),
        is_revoked=row["is_revoked"],
        epoch=row["epoch"],
        auth_time=to_seconds(row["auth_time"]),
        nonce=row["nonce"],
        acr=row["acr"],
        amr=tuple((row["amr"] or "").split()),
        claims=_claims_of(row["claims"]),
        session_hash=row["session_hash"] or "",
        **_about_client(row, cr, client),
    )


def _about_client(row, cr, client):
    if client is None:
        return {name: row[name] for name in _ABOUT_CLIENT}
    if client.id != row["client_id"]:
        statement = f"SELECT {_CLIENT_COLUMNS} FROM oauth2_provider_client WHERE id = %s"
        return fetch_one(cr, statement, [row["client_id"]])
    return about_client(client)


def _origins_of(ids, cr):
    """By a statement of their own, so that those that have none – nearly all – need not have it planned each time. It
    sees what the first one saw: the same snapshot, that of the transaction."""
    if not ids:
        return ()
    rows = fetch_all(cr, _FIND_ORIGINS, [[int(number) for number in ids.split()]])
    return tuple(
        Ground(
            id=row["id"],
            client_identifier=row["client_identifier"],
            client_is_active=row["client_is_active"],
            client_epoch=row["client_epoch"],
            client_has_groups=row["client_has_groups"],
            internal_users_only=row["internal_users_only"],
            epoch=row["epoch"],
            is_revoked=row["is_revoked"],
            access_ended_at=to_seconds(row["access_ended_at"]),
        )
        for row in rows
    )


def _claims_of(text):
    """What is still needed once the end-user has answered: the names."""
    if not text:
        return NO_CLAIMS
    return ClaimsRequest(**{place: frozenset(names) for place, names in json.loads(text).items()})


def take_row(cr, statement, secret_hash, *, waits_at=None):
    """Find a row and lock it. Returns the row and whether a parallel transaction holds it; (None, False) if absent.

    Nobody waits: who comes second is a replay whatever the first one does with it.

    :param statement: a function of the clause that locks the row
    :param waits_at: the time; if the row has not expired by then, wait for the parallel transaction instead. If that
        has changed the row, PostgreSQL fails this one, and Odoo repeats the request, which then sees the change. A row
        that has expired may be in the hands of the cleanup, and nothing will come of it anyway
    """
    row = fetch_one(cr, statement("FOR UPDATE SKIP LOCKED"), [secret_hash])
    if row is not None:
        return row, False
    row = fetch_one(cr, statement(""), [secret_hash])
    if row is None or waits_at is None:
        return row, row is not None
    if to_seconds(row["expires_at"]) > waits_at:
        row = fetch_one(cr, statement("FOR UPDATE"), [secret_hash])
    return row, False
