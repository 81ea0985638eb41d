"""Which clients a login session has logged in to: the first row is written with the authorization itself."""

from ...protocol.entities.client import Client
from .rows import execute

# Part of the statement that adds an authorization, so it costs no round trip.
REMEMBER_CLIENT = """
    remembered AS (
        INSERT INTO oauth2_provider_session_client AS known
               (session_hash, session_identifier, client_id, user_id, is_openid)
        VALUES (%(session_hash)s, %(session_reference)s, %(client_id)s, %(user_id)s, %(is_openid)s)
            ON CONFLICT (session_hash, client_id)
            DO UPDATE SET is_openid = true WHERE EXCLUDED.is_openid AND NOT known.is_openid
    )
"""


def find_frontchannel_clients(cr, session_hash):
    """The clients of the session that want to hear of its end in the browser."""
    execute(
        cr,
        """SELECT c.id, c.client_identifier, c.frontchannel_logout_uri
             FROM oauth2_provider_session_client s
             JOIN oauth2_provider_client c ON c.id = s.client_id
            WHERE s.session_hash = %s AND s.is_openid AND c.active
              AND c.frontchannel_logout_uri IS NOT NULL
            ORDER BY s.id""",
        [session_hash],
    )
    return [
        Client(id=client_id, client_identifier=identifier, frontchannel_logout_uri=uri)
        for client_id, identifier, uri in cr.fetchall()
    ]
