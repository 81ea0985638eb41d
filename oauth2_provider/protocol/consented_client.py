"""What a remembered consent is about: the application as it was when its end-user agreed.

A "yes" saves the question only while people would recognise the same application, it proves itself by the same means,
and its answers go to the same places. Whoever changes any of these – the application, an administrator, somebody by
SQL – has everybody asked again, those too who agree at that very moment: their "yes" is about the application before.
What is connected goes on: no change of these gives an old token to anybody.

A new secret does not count. Codes go to the registered addresses alone, so a secret by itself gives nobody one; and
renewing secrets is what administrators should do without a second thought.
"""

from __future__ import annotations

import json
from hashlib import sha256

from .entities.client import Client


def digest_of(client: Client) -> str:
    """The same for as long as a consent to the client counts."""
    certificate = client.certificate_name
    agreed_to = [
        client.name,
        client.client_uri,
        client.consent_epoch,
        sorted(client.redirect_uris),
        client.application_type,
        client.local_development,
        client.token_endpoint_auth_method,
        client.jwks,
        client.jwks_uri,
        certificate and [certificate.kind, certificate.value],
    ]
    return sha256(json.dumps(agreed_to).encode()).hexdigest()
