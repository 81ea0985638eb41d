"""A server's secret that every test knows."""

from __future__ import annotations

import hmac

from protocol.jose.algorithms import encode


class FixedServerSecret:
    def derive(self, text: str) -> str:
        return encode(hmac.digest(b"s" * 32, text.encode(), "sha256"))
