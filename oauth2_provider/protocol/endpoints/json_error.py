"""How endpoints for machines word a refusal: JSON, never cached (RFC 6749 §5.2)."""

from __future__ import annotations

from ..errors import OAuthError
from ..messages import NO_STORE, Response
from ..server import Context


def json_error(_context: Context, error: OAuthError) -> Response:
    return Response(status=error.status, json=error.members(), headers=NO_STORE + error.headers)
