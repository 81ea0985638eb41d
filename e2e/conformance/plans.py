"""What the plans of the OpenID Foundation's suite vary: response type, response mode, how the client proves itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest


@dataclass(frozen=True)
class Variant:
    response_type: str
    response_mode: str = "default"
    client_auth: str = "client_secret_basic"

    @property
    def parts(self) -> frozenset[str]:
        return frozenset(self.response_type.split())

    @property
    def has_code(self) -> bool:
        return "code" in self.parts

    @property
    def has_access_token(self) -> bool:
        """Whether one is ever issued: by the authorization endpoint or for the code."""
        return bool(self.parts & {"code", "token"})

    def __str__(self) -> str:
        return ",".join(
            [
                self.response_type.replace(" ", "+"),
                *([self.response_mode] if self.response_mode != "default" else []),
                *([self.client_auth] if self.client_auth != "client_secret_basic" else []),
            ]
        )


BASIC = [Variant("code")]
IMPLICIT = [Variant("id_token"), Variant("id_token token")]
HYBRID = [Variant("code id_token"), Variant("code token"), Variant("code id_token token")]
# Each plan is run a second time as the form post plan of the same name.
ALL = [
    replace(variant, response_mode=mode)
    for mode in ("default", "form_post")
    for variant in (*BASIC, *IMPLICIT, *HYBRID)
]
WITH_CODE = [variant for variant in ALL if variant.has_code]
WITH_ACCESS_TOKEN = [variant for variant in ALL if variant.has_access_token]
# The dynamic plan: any response type, private_key_jwt.
DYNAMIC = [
    replace(variant, client_auth="private_key_jwt") for variant in (*BASIC, *IMPLICIT, *HYBRID)
]
DYNAMIC_WITH_CODE = [variant for variant in DYNAMIC if variant.has_code]


def run_with(variants: Iterable[Variant]) -> Any:
    """The decorated module is run once for each."""
    return pytest.mark.parametrize("variant", list(variants), ids=str)


def with_secret_in_form(variants: Iterable[Variant]) -> list[Variant]:
    return [replace(variant, client_auth="client_secret_post") for variant in variants]
