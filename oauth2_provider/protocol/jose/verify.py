"""Verifying JSON Web Tokens of whatever origin (RFC 7515 §5.2, RFC 7519 §7.2, RFC 8725)."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from typing import Any

from jwt.api_jws import PyJWS
from jwt.exceptions import PyJWTError

from ..strict_json import parse_object
from .keys import VerificationKey

MAXIMUM_LENGTH = 16384
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
# Nobody has more keys of one kind, and each costs a signature check.
MAXIMUM_CANDIDATES = 10
_PERHAPS_UNSIGNED = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_MAXIMUM_TIME = 2**53
_TIMES = ("exp", "iat", "nbf", "auth_time")


class InvalidToken(ValueError):
    """The token is malformed, not signed by one of the keys, or not of the wanted kind."""


class UnknownSignature(InvalidToken):
    """None of the keys made the signature; perhaps a newer one of the same owner did."""


def verify(
    token: str, keys: Iterable[VerificationKey], *, types: Iterable[str | None] = (None, "JWT")
) -> Mapping[str, Any]:
    """The claims of a token that one of the keys signed. Times, issuer and audience are left to the caller.

    Only our own ``keys`` count: a key inside the token, or an address of one, is never looked at.

    :param types: allowed values of the header ``typ``; None stands for none
    :raises InvalidToken: for everything that is wrong with it
    """
    candidates = _candidates(read_header(token, types), keys)
    for key in candidates[:MAXIMUM_CANDIDATES]:
        try:
            return signed_claims(token, key)
        except UnknownSignature:
            continue
    raise UnknownSignature("None of the keys made the signature of the token.")


def read_header(token: str, types: Iterable[str | None]) -> Mapping[str, Any]:
    """The header, before anything is proven.

    :param types: as in ``verify``
    :raises InvalidToken: if the token is not in compact form, of another type, or has extensions
    """
    header = _part(token, 0, _COMPACT)
    if "crit" in header or "b64" in header:
        # RFC 7515 §4.1.11: an extension that we do not know must not be ignored; we know none.
        raise InvalidToken("The token has a critical extension.")
    if header.get("typ") not in tuple(types):
        raise InvalidToken("The token is of another type.")
    return header


def unverified_header(token: str) -> Mapping[str, Any]:
    """What the header says without proof: enough to say what is wrong with the token, and nothing else.

    :raises InvalidToken: if it says nothing
    """
    return _part(token, 0, _PERHAPS_UNSIGNED)


def unverified_claims(token: str) -> Mapping[str, Any]:
    """What the token says without proof: enough to find out whose keys to verify it with, and nothing else.

    :raises InvalidToken: if it says nothing
    """
    return _part(token, 1, _PERHAPS_UNSIGNED)


def _part(token: str, index: int, form: re.Pattern[str]) -> Mapping[str, Any]:
    if len(token) > MAXIMUM_LENGTH or not form.fullmatch(token):
        raise InvalidToken("The token is too long or not in compact form.")
    encoded = token.split(".")[index]
    try:
        raw = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        return parse_object(raw, maximum_length=MAXIMUM_LENGTH)
    except (binascii.Error, ValueError) as error:
        raise InvalidToken("A part of the token is malformed.") from error


def _candidates(
    header: Mapping[str, Any], keys: Iterable[VerificationKey]
) -> list[VerificationKey]:
    """The keys that can have signed: of the algorithm, and of the name if there is one of that name."""
    algorithm, kid = header.get("alg"), header.get("kid")
    fitting = [key for key in keys if key.algorithm == algorithm]
    if kid is None:
        return fitting
    # A key without a name may be called anything: its owner never said what.
    named = [key for key in fitting if key.kid == kid]
    return named or [key for key in fitting if not key.kid]


def signed_claims(token: str, key: VerificationKey) -> Mapping[str, Any]:
    """The claims, if the key signed them and the common ones have the right shape.

    :raises InvalidToken: otherwise
    """
    try:
        decoded = PyJWS().decode_complete(token, key.key, algorithms=[key.algorithm])
    except PyJWTError as error:
        raise UnknownSignature("The signature of the token is wrong.") from error
    try:
        claims = parse_object(decoded["payload"], maximum_length=MAXIMUM_LENGTH)
    except ValueError as error:
        raise InvalidToken("The content of the token is malformed.") from error
    _check_shape(claims)
    return claims


def _check_shape(claims: Mapping[str, Any]) -> None:
    for name in _TIMES:
        value = claims.get(name, 0)
        if type(value) is not int or not 0 <= value < _MAXIMUM_TIME:
            raise InvalidToken(f"{name} is not a time.")
    for name in ("iss", "sub", "jti"):
        if not isinstance(claims.get(name, ""), str):
            raise InvalidToken(f"{name} is not a text.")
    audience = claims.get("aud", "")
    if not isinstance(audience, str) and not (
        isinstance(audience, list) and all(isinstance(item, str) for item in audience)
    ):
        raise InvalidToken("aud is not a text or a list of texts.")


def audiences(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """For whom the token is (RFC 7519 §4.1.3)."""
    audience = claims.get("aud", ())
    return (audience,) if isinstance(audience, str) else tuple(audience)
