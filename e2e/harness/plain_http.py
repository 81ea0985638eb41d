"""A person's browser reduced to HTTP: keeps cookies, sends forms, and never leaves the provider."""

import html
import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

from .people import Person
from .systems import System

TIMEOUT = 60  # seconds
Pairs = Mapping[str, str] | Iterable[tuple[str, str]]


class HttpBrowser:
    """Cookies of one visitor. Redirects are followed inside the provider; one that leaves it is the result."""

    def __init__(self, provider: System, base: str = "") -> None:
        self.base = base or provider.url
        self.session = requests.Session()

    def copy(self) -> "HttpBrowser":
        """The same person's browser, without the traces of earlier authorization requests."""
        twin = self.copy_with_all_cookies()
        for cookie in self.session.cookies:
            if cookie.name.startswith("oauth2_"):
                twin.session.cookies.clear(cookie.domain, cookie.path, cookie.name)
        return twin

    def copy_with_all_cookies(self) -> "HttpBrowser":
        """The same browser once more, for requests at the same moment."""
        twin = HttpBrowser.__new__(HttpBrowser)
        twin.base, twin.session = self.base, requests.Session()
        for cookie in self.session.cookies:
            twin.session.cookies.set_cookie(cookie)
        return twin

    def send(self, method: str, address: str, **options: object) -> requests.Response:
        """One request, no redirect followed; `address` may be a path."""
        return self.session.request(
            method, urljoin(self.base, address), allow_redirects=False, timeout=TIMEOUT, **options
        )

    def open(self, address: str, params: Pairs = (), **options: object) -> requests.Response:
        """GET, then follow."""
        return self.follow(self.send("GET", address, params=params, **options))

    def submit(self, address: str, data: Pairs, **options: object) -> requests.Response:
        """POST a form, then follow."""
        return self.follow(self.send("POST", address, data=data, **options))

    def follow(self, response: requests.Response) -> requests.Response:
        """Go on until there is a page, or a redirect out of the provider."""
        while response.status_code in (301, 302, 303, 307, 308):
            target = urljoin(response.url, response.headers["Location"])
            if not target.startswith(self.base + "/"):
                return response
            response = self.send("GET", target)
        return response

    def log_in(self, person: Person, page: requests.Response | None = None) -> requests.Response:
        """Send the login form: of the page given, else of /web/login."""
        page = page or self.open("/web/login")
        form = {
            "login": person.login,
            "password": person.password,
            "csrf_token": input_value(page, "csrf_token"),
            "redirect": input_value(page, "redirect"),
        }
        return self.submit(page.url, form)

    def authorize(self, parameters: Pairs, method: str = "GET") -> requests.Response:
        """Bring an authorization request, and follow it to a page or to the client."""
        if method == "POST":
            return self.submit("/oauth2/authorize", parameters)
        return self.open("/oauth2/authorize", parameters)

    def decide(self, page: requests.Response, answer: str) -> requests.Response:
        """Press `allow` or `deny` on the consent page."""
        return self.submit("/oauth2/authorize/consent", {**consent_form(page), "consent": answer})

    def decide_device(self, page: requests.Response, answer: str) -> requests.Response:
        """The same on the page that asks about a device."""
        form = {name: input_value(page, name) for name in ("csrf_token", "user_code")}
        return self.submit("/oauth2/device/decision", {**form, "consent": answer})


def consent_form(page: requests.Response) -> dict[str, str]:
    """The hidden fields of the consent page."""
    assert 'id="oauth2_consent"' in page.text, f"{page.status_code} {page.url}\n{page.text[-2000:]}"
    return {name: input_value(page, name) for name in ("csrf_token", "rid", "shown")}


def input_value(page: requests.Response, name: str) -> str:
    """The value of an input of a page; empty if it has none."""
    tags = re.findall(r"<input\b[^>]*>", page.text)
    tag = next((tag for tag in tags if f'name="{name}"' in tag), "")
    found = re.search(r'value="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def answer_of(response: requests.Response) -> dict[str, str]:
    """What a redirect tells the client, in query or fragment; each parameter must be there once."""
    assert response.status_code == 303, (
        f"{response.status_code} {response.url}\n{response.text[-2000:]}"
    )
    parts = urlsplit(response.headers["Location"])
    pairs = parse_qsl(parts.query) + parse_qsl(parts.fragment)
    values = dict(pairs)
    assert len(values) == len(pairs), pairs
    return values


def expect_error_page(response: requests.Response, error: str = "invalid_request") -> None:
    """Check that the person got an error page, and that nobody was redirected."""
    assert response.status_code == 400, f"{response.status_code} {response.headers}"
    assert "Location" not in response.headers
    assert 'id="oauth2_error"' in response.text, response.text[-2000:]
    assert f">{error}<" in response.text, response.text[-2000:]


def expect_start_again(response: requests.Response) -> None:
    """Check that the page says that this request cannot go on here."""
    assert response.status_code == 400, f"{response.status_code} {response.headers}"
    assert 'id="oauth2_start_again"' in response.text, response.text[-2000:]


def expect_json_error(response: requests.Response, status: int, error: str) -> None:
    """Check a machine's refusal (RFC 6749 §5.2): JSON, not cached, nothing but the error in it."""
    assert (response.status_code, response.json().get("error")) == (status, error), response.text
    assert set(response.json()) <= {"error", "error_description"}
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
