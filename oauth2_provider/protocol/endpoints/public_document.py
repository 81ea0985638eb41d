"""Documents that everybody may read and keep for a while: ETag and Cache-Control (RFC 9110 §13.1.2, RFC 9111)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from ..messages import Request, Response

MAXIMUM_AGE = 3600


def public_document(request: Request, document: Mapping[str, Any]) -> Response:
    """The document, or 304 if the reader has the same one already."""
    content = json.dumps(document, sort_keys=True).encode()
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = (("Cache-Control", f"public, max-age={MAXIMUM_AGE}"), ("ETag", etag))
    known = request.headers.get("if-none-match", "")
    if etag in {candidate.strip().removeprefix("W/") for candidate in known.split(",")}:
        return Response(status=304, headers=headers)
    return Response(json=document, headers=headers)
