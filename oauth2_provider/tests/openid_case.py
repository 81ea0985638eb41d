"""What the tests of OpenID Connect share: a real login, and a client that checks ID tokens with the published keys."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import jwt
from odoo.http import root

from .common import SECRET, ProviderCase

NONCE = "n-0S6_WzA2Mj"


class OpenIDCase(ProviderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application.write(
            {"security_profile": "oidc", "use_implicit": True, "use_hybrid": True}
        )
        cls.env.flush_all()

    def authorization_parameters(self, **changes):
        """As a client from before PKCE asks."""
        plain = {"nonce": NONCE, "code_challenge": None, "code_challenge_method": None}
        return super().authorization_parameters(**plain | changes)

    def log_in(self, page=None, *, password="ada-password"):
        """Fill in the form of Odoo's login page, or of ours for a second login, and follow where it leads."""
        page = page or self.url_open("/web/login")
        names = [
            name for name in ("csrf_token", "rid", "redirect") if f'name="{name}"' in page.text
        ]
        form = {name: html.unescape(self.input_value(page, name)) for name in names}
        form |= {"login": "ada", "password": password}
        path = urlsplit(page.url).path
        if "oauth2_reauthenticate" in page.text:
            path = "/oauth2/authorize/reauthenticate"
        return self.follow(self.url_open(path, data=form, allow_redirects=False))

    def agree(self, page):
        """Allow what the consent page asks, if it is shown at all."""
        is_consent = page.status_code == 200 and "oauth2_consent" in page.text
        return self.press(page, "allow") if is_consent else page

    def log_in_for(self, **changes):
        """A whole login for a client, with a new session: what the client gets."""
        return self.answer(self.agree(self.log_in(self.authorize(**changes))))

    def age_login(self, seconds):
        """Let the login of this browser be older, in a session that is otherwise left as it is."""
        session = root.session_store.get(self.opener.cookies["session_id"])
        note = session["oauth2_authentication"][str(self.person.id)]
        note["time"] -= seconds
        root.session_store.save(session)

    def answer(self, response):
        """As a client reads it: from the query, the fragment or the body of the form."""
        if "oauth2_form_post" in response.text:
            fields = re.findall(r'name="([^"]+)" value="([^"]*)"', response.text)
            return {name: html.unescape(value) for name, value in fields}
        parts = urlsplit(response.headers["Location"])
        values = parse_qs(parts.query or parts.fragment)
        return {name: value[0] for name, value in values.items()}

    def redeem(self, code, *, secret=SECRET, **changes):
        return super().redeem(code, secret=secret, **{"code_verifier": None} | changes)

    def published_keys(self):
        return jwt.PyJWKSet.from_dict(self.url_open("/oauth2/jwks").json())

    def claims_of(self, id_token, **options):
        """The claims of an ID token, checked as a client checks them."""
        header = jwt.get_unverified_header(id_token)
        key = self.published_keys()[header["kid"]]
        self.assertEqual(key.algorithm_name, header["alg"])
        return jwt.decode(
            id_token,
            key,
            algorithms=[header["alg"]],
            audience=self.application.client_identifier,
            issuer="http://localhost:8069",
            **options,
        )
