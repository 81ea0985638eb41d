"""The issuer: the one address by which all applications know this server (RFC 8414 §2)."""

from urllib.parse import urlsplit, urlunsplit

from .protocol.settings import Settings
from .protocol.web_address import LOOPBACK_HOSTS

ISSUER_PARAMETER = "oauth2_provider.issuer"
CONFIRMED_PARAMETER = "oauth2_provider.issuer_confirmed"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def normalize_address(address: str) -> str:
    """Bring an address into the one form in which it is stored and compared.

    :return: scheme and host in small letters, no default port, no trailing slash; https where no scheme is given
    :raises ValueError: with a sentence for the administrator
    """
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError("The host or port of the address is malformed.") from error
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    if parts.username is not None:
        raise ValueError("The address must not contain a user name.")
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), parts.query, parts.fragment))


def normalize_issuer(address: str) -> str:
    """Bring an address into the form of an issuer.

    :raises ValueError: if it cannot be one: it must be http(s) without query and fragment, and https unless on loopback
    """
    issuer = normalize_address(address)
    Settings(issuer=issuer).validate()
    return issuer


def propose_issuer(base_url: str) -> str:
    """The issuer to propose for an Odoo at ``base_url``; the administrator confirms or corrects it."""
    address = normalize_address(base_url)
    parts = urlsplit(address)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        # The plain port says nothing about the encrypted one.
        address = f"https://{parts.hostname}{parts.path}"
    return normalize_issuer(address)
