"""The version of an application: another one after each change of whatever the protocol knows of it.

Workers keep what they have read of an application for as long as its version stays (``ClientCache``). So it is the
database that sets it, by triggers: they see the ORM, cascades and SQL typed by hand alike. A version is random and
never comes back: neither one that was rolled back, nor one of a restored backup, can be taken for another.
"""

from odoo import fields, models
from odoo.tools import SQL

_CLIENT = "oauth2_provider_client"
_OWN = "SELECT (changed.row->>'client_id')::int"
# For each table that the statement behind a client reads: which clients a changed row belongs to, and which changes
# count if not all do. The table of the clients themselves is below.
AFFECTED = {
    "oauth2_provider_redirect_uri": (_OWN, ""),
    "oauth2_provider_request_uri": (_OWN, ""),
    "oauth2_provider_post_logout_redirect_uri": (_OWN, ""),
    # Not when it was used last: a token request must not change its client.
    "oauth2_provider_client_secret": (_OWN, "OF client_id, secret_hash, expires_at"),
    "oauth2_provider_claim": (_OWN, ""),
    "oauth2_provider_client_scope_rel": (_OWN, ""),
    "oauth2_provider_client_group_rel": (_OWN, ""),
    "oauth2_provider_client_exchange_rel": (_OWN, ""),
    "oauth2_provider_client_exchange_target_rel": (_OWN, ""),
    _CLIENT: (
        "SELECT client_id FROM oauth2_provider_client_exchange_target_rel"
        " WHERE target_client_id = (changed.row->>'id')::int",
        "OF active, client_identifier",
    ),
    "oauth2_provider_scope": (
        "SELECT client_id FROM oauth2_provider_client_scope_rel"
        " WHERE scope_id = (changed.row->>'id')::int"
        " UNION SELECT client_id FROM oauth2_provider_claim"
        " WHERE scope_id = (changed.row->>'id')::int",
        "OF name",
    ),
    "oauth2_provider_authentication_level": (
        "SELECT id FROM oauth2_provider_client WHERE required_level_id = (changed.row->>'id')::int",
        "OF name",
    ),
    "oauth2_provider_resource": ("SELECT (changed.row->>'introspection_client_id')::int", ""),
}
_FUNCTIONS = """
    CREATE OR REPLACE FUNCTION oauth2_provider_client_new_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.version := gen_random_uuid()::text;
        RETURN NEW;
    END $$;
    CREATE OR REPLACE FUNCTION oauth2_provider_client_affected() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        EXECUTE format(
            'UPDATE oauth2_provider_client SET version = NULL WHERE id IN ('
            ' SELECT affected.id FROM (VALUES ($1), ($2)) changed(row),'
            ' LATERAL (%s) affected(id))', TG_ARGV[0]
        ) USING to_jsonb(OLD), to_jsonb(NEW);
        RETURN NULL;
    END $$;
    DROP TRIGGER IF EXISTS oauth2_provider_client_new_version ON oauth2_provider_client;
    CREATE TRIGGER oauth2_provider_client_new_version BEFORE INSERT OR UPDATE ON oauth2_provider_client
        FOR EACH ROW EXECUTE FUNCTION oauth2_provider_client_new_version();
"""


def _trigger(table, affected, columns):
    quoted = affected.replace("'", "''")
    return f"""
        DROP TRIGGER IF EXISTS {_CLIENT}_affected ON {table};
        CREATE TRIGGER {_CLIENT}_affected AFTER INSERT OR DELETE OR UPDATE {columns} ON {table}
            FOR EACH ROW EXECUTE FUNCTION {_CLIENT}_affected('{quoted}');
    """


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    version = fields.Char(readonly=True, copy=False, help="Set by the database")

    def _auto_init(self):
        result = super()._auto_init()
        # Once the tables of all models are there.
        self.pool.post_init(self._create_version_triggers)
        return result

    def _create_version_triggers(self):
        triggers = (_trigger(table, *affected) for table, affected in AFFECTED.items())
        # All of it is written above.
        self.env.cr.execute(_FUNCTIONS + "".join(triggers))  # pylint: disable=sql-injection


def drop_version_triggers(cr):
    """They would stay when the tables of the module go."""
    for function in ("new_version", "affected"):
        cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s CASCADE", SQL.identifier(f"{_CLIENT}_{function}"))
        )
