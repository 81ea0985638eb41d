"""Other servers whose word about a person is believed."""

from ...protocol.entities.end_user import TrustedIssuer
from .rows import fetch_one


class SqlTrustedIssuerStore:
    def __init__(self, cr):
        self._cr = cr

    def find_issuer(self, issuer, client_id):
        row = fetch_one(
            self._cr,
            """SELECT i.issuer, i.jwks, i.jwks_uri, i.subject_kind
                 FROM oauth2_provider_trusted_issuer i
                 JOIN oauth2_provider_trusted_issuer_client_rel r ON r.issuer_id = i.id
                WHERE i.issuer = %s AND r.client_id = %s AND i.active""",
            [issuer, client_id],
        )
        return row and TrustedIssuer(
            issuer=row["issuer"],
            jwks=row["jwks"] or None,
            jwks_uri=row["jwks_uri"] or None,
            subject_kind=row["subject_kind"],
        )
