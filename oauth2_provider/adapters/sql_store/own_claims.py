"""The claims that an administrator made for a client, with their values for a person: one statement for all of them.

The statement itself is the list of what may be told: every source is written out here, so that nothing that is
computed, secret or protected can be reached by a name. Beside them there are the fields that the organisation itself
added to contacts (``x_…``), unless a group is needed to read them.
"""

from ...protocol.own_claims import OwnClaim
from .rows import execute

# Sources of a single value: SQL over u (res_users) and p (res_partner). Their labels stand with the model.
FIELD_SOURCES = {
    "login": "u.login",
    "job_position": "p.function",
    "reference": "p.ref",
    "organisation": "p.commercial_company_name",
    "organisation_reference": "(SELECT ref FROM res_partner WHERE id = p.commercial_partner_id)",
    "tax_id": "p.vat",
    "country_code": "(SELECT code FROM res_country WHERE id = p.country_id)",
    "company": "(SELECT name FROM res_company WHERE id = u.company_id)",
    "phone": "p.phone",
    "user_number": "u.id",
}
_FIELDS = "\n".join(
    f"WHEN '{source}' THEN to_jsonb({expression})" for source, expression in FIELD_SOURCES.items()
)

_FIND = f"""
    WITH RECURSIVE member(group_id) AS (
        SELECT gid FROM res_groups_users_rel WHERE uid = %(user_id)s
        UNION
        SELECT r.hid FROM res_groups_implied_rel r JOIN member m ON m.group_id = r.gid
    )
    SELECT k.name, s.name AS scope, k.in_id_token IS TRUE, k.in_userinfo IS TRUE, CASE k.kind
        WHEN 'groups' THEN COALESCE((
            SELECT jsonb_agg(DISTINCT COALESCE(mapped.value, external.id, 'group_' || m.group_id))
              FROM member m
              LEFT JOIN oauth2_provider_claim_group mapped
                     ON mapped.claim_id = k.id AND mapped.group_id = m.group_id
              LEFT JOIN LATERAL (
                    SELECT module || '.' || name AS id FROM ir_model_data
                     WHERE model = 'res.groups' AND res_id = m.group_id
                     ORDER BY ir_model_data.id LIMIT 1
                   ) external ON true
             WHERE k.group_filter = 'all' OR mapped.id IS NOT NULL
        ), '[]')
        WHEN 'user_type' THEN to_jsonb(CASE WHEN u.share THEN 'portal' ELSE 'internal' END)
        WHEN 'companies' THEN COALESCE((
            SELECT jsonb_agg(c.name ORDER BY c.name) FROM res_company_users_rel r
              JOIN res_company c ON c.id = r.cid AND c.active WHERE r.user_id = u.id
        ), '[]')
        WHEN 'field' THEN CASE k.source {_FIELDS} END
        WHEN 'contact_field' THEN (
            SELECT to_jsonb(p) -> f.name FROM ir_model_fields f
             WHERE f.id = k.field_id AND f.model = 'res.partner' AND f.state = 'manual' AND f.store
               AND f.name LIKE 'x\\_%%'
               AND NOT EXISTS (SELECT FROM ir_model_fields_group_rel WHERE field_id = f.id)
        )
        END AS value
      FROM oauth2_provider_claim k
      JOIN oauth2_provider_scope s ON s.id = k.scope_id
      JOIN res_users u ON u.id = %(user_id)s
      JOIN res_partner p ON p.id = u.partner_id
     WHERE k.client_id = %(client_id)s
     ORDER BY k.id
"""


def find_own_claims(cr, user_id, client_id):
    execute(cr, _FIND, {"user_id": user_id, "client_id": client_id})
    return [
        OwnClaim(name, None if value in (None, "") else value, scope, in_id_token, in_userinfo)
        for name, scope, in_id_token, in_userinfo, value in cr.fetchall()
    ]
