"""Resources and the types of details that they understand."""

from ...protocol.entities.resource import AuthorizationDetailsType, Resource
from .rows import fetch_all

_RESOURCE_COLUMNS = """
    r.id, r.identifier, r.name,
    ARRAY(SELECT s.name FROM oauth2_provider_scope s
            JOIN oauth2_provider_resource_scope_rel l ON l.scope_id = s.id
           WHERE l.resource_id = r.id) AS scope,
    CASE WHEN r.is_restricted THEN
        ARRAY(SELECT client_id FROM oauth2_provider_resource_client_rel WHERE resource_id = r.id)
    END AS client_ids
"""


class SqlResourceStore:
    def __init__(self, cr):
        self._cr = cr

    def find_resources(self, identifiers):
        rows = fetch_all(
            self._cr,
            f"""SELECT {_RESOURCE_COLUMNS} FROM oauth2_provider_resource r
                 WHERE r.canonical_identifier = ANY(%s) AND r.active ORDER BY r.id""",
            [list(identifiers)],
        )
        return [_resource_of(row) for row in rows]

    def find_authorization_details_types(self, names):
        rows = fetch_all(
            self._cr,
            f"""SELECT t.name AS type_name, {_RESOURCE_COLUMNS}
                  FROM oauth2_provider_authorization_details_type t
                  JOIN oauth2_provider_resource r ON r.id = t.resource_id
                 WHERE t.name = ANY(%s) AND r.active ORDER BY t.name""",
            [list(names)],
        )
        return [AuthorizationDetailsType(row["type_name"], _resource_of(row)) for row in rows]


def _resource_of(row):
    return Resource(
        identifier=row["identifier"],
        name=row["name"],
        scope=frozenset(row["scope"]) or None,
        client_ids=None if row["client_ids"] is None else frozenset(row["client_ids"]),
    )
