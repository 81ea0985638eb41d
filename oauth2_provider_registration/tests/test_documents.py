"""Applications that bring the address of their own description, over HTTP and from a real https server."""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from odoo.addons.oauth2_provider.tests.test_client_keys import jwk_set, new_key
from odoo.addons.oauth2_provider.tests.tls_servers import Authority, TlsServer, answer_with
from odoo.exceptions import AccessError, ValidationError
from odoo.modules.module import get_module_path
from odoo.tests import Form, new_test_user, tagged

from ..hooks import remove_settings
from .registration_case import RegistrationCase
from .test_logos import picture

CALLBACK = "https://agent.example/callback"
LOOPBACK = "http://127.0.0.1/callback"


class DocumentCase(RegistrationCase):
    """``self.documents``: the bodies that the other server has, by path."""

    def setUp(self):
        super().setUp()
        authority = Authority("localhost")
        self.addCleanup(authority.close)
        self.documents, self.headers = {}, []
        self.server = TlsServer(authority, self.serve)
        self.addCleanup(self.server.close)
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("oauth2_provider.outbound_allowed_hosts", "localhost")
        parameters.set_param("oauth2_provider.outbound_ca_bundle", authority.bundle)
        self.set_policy(documents="True")
        self.address = self.publish()

    def serve(self, connection, request):
        body = self.documents.get(request.split(b" ")[1].decode())
        if body is None:
            answer_with(b"", "404 Not Found")(connection, request)
        else:
            headers = ("Content-Type: application/json", *self.headers)
            answer_with(body, "200 OK", *headers)(connection, request)

    def publish(self, path="/client.json", **members):
        address = self.server.url(path)
        content = {
            "client_id": address,
            "client_name": "Agent",
            "redirect_uris": [CALLBACK, LOOPBACK],
            "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": "none",
            **members,
        }
        self.documents[path] = json.dumps(content).encode()
        return address

    def visit(self, **changes):
        self.authenticate("ada", "ada-password")
        values = {"client_id": self.address, "redirect_uri": CALLBACK, **changes}
        return self.authorize(**values)

    def log_in(self, **changes):
        page = self.visit(**changes)
        self.assertIn('id="oauth2_consent"', page.text)
        return self.answer(self.press(page, "allow"))["code"]

    def log_in_again(self):
        """Without a question, since the answer goes to an https address that was agreed to."""
        return self.answer(self.visit())["code"]

    def exchange(self, code, **changes):
        values = {"client_id": self.address, "redirect_uri": CALLBACK, "secret": None, **changes}
        return self.redeem(code, **values)

    def client(self, address=None):
        self.env.invalidate_all()
        clients = self.env["oauth2.provider.client"].with_context(active_test=False)
        return clients.search([("client_identifier", "=", address or self.address)])

    def age(self, seconds):
        """Let the document have been read so long ago."""
        client = self.client()
        for name in ("document_fetched_at", "document_expires_at"):
            client[name] -= timedelta(seconds=seconds)
        self.forget_calls()

    def forget_calls(self):
        """Let it be long ago that the other server was called."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oauth2_provider_fetched_document SET tried_at = tried_at - interval '1 day'"
        )
        self.env.invalidate_all()

    def assert_refused(self, response, status=400, error="invalid_client"):
        self.assertEqual(response.status_code, status, response.text)
        self.assertIn('id="oauth2_error"', response.text)
        self.assertIn(error, response.text)


@tagged("post_install", "-at_install")
class TestDocuments(DocumentCase):
    def test_an_agent_logs_in_and_renews(self):
        tokens = self.exchange(self.log_in()).json()
        self.assertIn("refresh_token", tokens)
        form = {
            "grant_type": "refresh_token",
            "refresh_token": tokens["refresh_token"],
            "client_id": self.address,
        }
        renewed = self.post_token(form).json()
        self.assertEqual(self.userinfo(renewed["access_token"]).json()["email"], "ada@example.com")
        self.assertEqual(len(self.server.requests), 1)
        client = self.client()
        self.assertEqual(client.document_host, "localhost")
        self.assertEqual(client.security_profile, "oauth21")
        self.assertEqual(client.redirect_uri_ids.mapped("uri"), [CALLBACK, LOOPBACK])
        self.assertTrue(client.registered_at)
        self.assertTrue(client.is_anonymous)
        self.assertFalse(client.is_verified)

    def test_metadata_says_so_only_where_it_is_on(self):
        names = ("openid-configuration", "oauth-authorization-server")
        for name in names:
            metadata = self.url_open(f"/.well-known/{name}").json()
            self.assertIs(metadata["client_id_metadata_document_supported"], True)
            self.assertIn("none", metadata["token_endpoint_auth_methods_supported"])
        self.set_policy(documents=False)
        for name in names:
            metadata = self.url_open(f"/.well-known/{name}").json()
            self.assertNotIn("client_id_metadata_document_supported", metadata)
        self.assert_refused(self.visit(), error="invalid_request")
        self.assertFalse(self.server.connections)

    def test_d22_the_page_shows_where_it_comes_from(self):
        page = self.visit().text
        self.assertIn('id="oauth2_unverified"', page)
        self.assertRegex(page, r'id="oauth2_client_host"[^>]*>localhost<')
        self.assertRegex(page, r'id="oauth2_redirect_host"[^>]*>agent\.example<')
        self.assertNotIn('id="oauth2_own_computer"', page)
        page = self.visit(redirect_uri="http://127.0.0.1:43210/callback").text
        self.assertIn('id="oauth2_own_computer"', page)
        self.assertRegex(page, r'id="oauth2_redirect_host"[^>]*>127\.0\.0\.1:43210<')
        self.client().is_verified = True
        self.env.flush_all()
        page = self.visit().text
        self.assertNotIn('id="oauth2_unverified"', page)
        self.assertIn('id="oauth2_client_host"', page)

    def test_d22_others_have_no_host(self):
        self.authenticate("ada", "ada-password")
        self.assertNotIn('id="oauth2_client_host"', self.authorize().text)

    def test_r10_any_port_of_the_own_computer(self):
        uri = "http://127.0.0.1:51234/callback"
        self.assertIn(
            "access_token", self.exchange(self.log_in(redirect_uri=uri), redirect_uri=uri).json()
        )

    def test_d21_nobody_is_called_before_the_login(self):
        query = urlencode(
            self.authorization_parameters(client_id=self.address, redirect_uri=CALLBACK)
        )
        response = self.url_open(f"/oauth2/authorize?{query}", allow_redirects=False)
        self.assertIn("/web/login?", response.headers["Location"])
        self.assertFalse(self.server.connections)
        page = self.follow(response)
        form = {name: self.input_value(page, name) for name in ("csrf_token", "redirect")}
        form["redirect"] = form["redirect"].replace("&amp;", "&")
        response = self.url_open(
            "/web/login",
            data={**form, "login": "ada", "password": "ada-password"},
            allow_redirects=False,
        )
        self.assertIn('id="oauth2_consent"', self.follow(response).text)

    def test_d14_no_private_address(self):
        self.env["ir.config_parameter"].set_param("oauth2_provider.outbound_allowed_hosts", "")
        self.env.flush_all()
        response = self.visit()
        self.assert_refused(response, 503, "temporarily_unavailable")
        # A website names its own address, which here is the same one, in each page.
        self.assertNotIn("127.0.0.1", response.text.replace(self.base_url(), ""))
        self.assertFalse(self.server.connections)
        self.assertFalse(self.client())
        event = self.env["oauth2.provider.event"].search([], limit=1)
        self.assertIn("127.0.0.1", event.detail)

    def test_d16_redirects_are_not_followed(self):
        target = self.publish("/other.json")
        answer = answer_with(b"", "302 Found", f"Location: {target}")
        self.server._answer = answer
        self.assert_refused(self.visit())
        self.assertEqual(len(self.server.requests), 1)

    def test_d16_headers_that_no_database_takes(self):
        answer = answer_with(b"{}", "200 OK", "Content-Type: application/\0json")
        self.server._answer = answer
        self.assert_refused(self.visit())

    def test_members_that_are_nothing_of_the_kind(self):
        self.publish(grant_types=[["authorization_code"], {}], response_types=[None, ["code"]])
        self.assert_refused(self.visit())

    def test_d16_large_documents(self):
        self.publish(software_id="x" * 190, jwks={"keys": ["x" * 5000]})
        self.assert_refused(self.visit(), 503, "temporarily_unavailable")

    def test_d13_d17_d18_what_is_refused(self):
        for number, (members, reason) in enumerate(
            (
                ({"client_id": self.address + "/"}, "not its address"),
                ({"client_secret": "s"}, "client_secret"),
                ({"token_endpoint_auth_method": "client_secret_basic"}, "no secret"),
                ({"redirect_uris": []}, "redirect_uris"),
                ({"redirect_uris": ["http://agent.example/"]}, "redirect_uris"),
                ({"token_endpoint_auth_method": "private_key_jwt"}, "jwks"),
            )
        ):
            with self.subTest(members):
                address = self.publish(f"/{number}", **members)
                response = self.visit(client_id=address)
                self.assert_refused(response)
                self.assertIn(reason, response.text)
                self.assertFalse(self.client(address))

    def test_d13_addresses(self):
        for address in (
            "https://localhost",
            f"{self.address}#part",
            self.address.replace("https://", "https://user@"),
            self.server.url("/a/../client.json"),
            self.server.url("/%2e/client.json"),
        ):
            with self.subTest(address):
                self.assert_refused(self.visit(client_id=address))
        self.assertFalse(self.server.connections)

    def test_d13_the_redirect_address(self):
        self.assert_refused(self.visit(redirect_uri=CALLBACK + "/"), error="invalid_request")

    def test_hosts(self):
        self.set_policy(document_hosts="claude.ai chatgpt.com")
        self.assert_refused(self.visit())
        self.assertFalse(self.server.connections)
        self.set_policy(document_hosts="claude.ai localhost")
        self.log_in()

    def test_d21_there_is_an_end_to_them(self):
        self.log_in()
        self.set_policy(document_maximum_clients_of_host="1")
        other = self.publish("/other.json")
        self.assert_refused(self.visit(client_id=other), 503, "temporarily_unavailable")
        self.log_in_again()
        self.set_policy(document_maximum_clients_of_host="5", document_maximum_clients="1")
        self.assert_refused(self.visit(client_id=other), 503, "temporarily_unavailable")

    def test_d21_strangers_leave_room_for_people(self):
        self.log_in()
        self.set_policy(document_maximum_clients="3")
        other = self.publish("/other.json")
        form = self.authorization_parameters(client_id=other, redirect_uri=CALLBACK)
        for address, sent in {
            "/oauth2/par": form,
            "/oauth2/token": {"grant_type": "authorization_code", "code": "x", "client_id": other},
        }.items():
            with self.subTest(address):
                response = self.url_open(address, data=sent)
                self.assertEqual(response.json()["error"], "temporarily_unavailable")
        self.log_in(client_id=other)
        self.assertEqual(self.url_open("/oauth2/par", data=form).status_code, 201)

    def test_d24_pushed(self):
        form = self.authorization_parameters(client_id=self.address, redirect_uri=CALLBACK)
        response = self.url_open("/oauth2/par", data=form)
        self.assertEqual(response.status_code, 201, response.text)
        self.authenticate("ada", "ada-password")
        query = urlencode({"client_id": self.address, **response.json()})
        page = self.follow(self.url_open(f"/oauth2/authorize?{query}", allow_redirects=False))
        self.assertIn(
            "access_token", self.exchange(self.answer(self.press(page, "allow"))["code"]).json()
        )

    def test_d24_devices_and_revocation(self):
        response = self.url_open("/oauth2/device_authorization", data={"client_id": self.address})
        self.assert_error(response, 400, "unauthorized_client")
        token = self.exchange(self.log_in()).json()["access_token"]
        form = {"client_id": self.address, "token": token}
        self.assertEqual(self.url_open("/oauth2/revoke", data=form).status_code, 200)
        self.assertEqual(self.userinfo(token).status_code, 401)

    def test_d23_its_logo_is_shown_from_here(self):
        self.documents["/logo.png"] = picture("PNG")
        self.publish(logo_uri=self.server.url("/logo.png"))
        page = self.visit().text
        self.assertIn('src="data:image/png;base64,', page)
        self.assertNotIn("/logo.png", page)

    def test_only_scopes_that_are_open(self):
        self.env["oauth2.provider.scope"].create({"name": "orders", "description": "Your orders"})
        self.publish(scope="openid email orders")
        self.visit()
        self.assertEqual(set(self.client().scope_ids.mapped("name")), {"openid", "email"})

    def test_the_lifetime_of_its_answer(self):
        self.headers = ["Cache-Control: max-age=600"]
        self.visit()
        client = self.client()
        lifetime = client.document_expires_at - client.document_fetched_at
        self.assertEqual(lifetime.total_seconds(), 600)


@tagged("post_install", "-at_install")
class TestChangedDocuments(DocumentCase):
    def test_d09_u03_other_redirect_addresses(self):
        code = self.log_in()
        tokens = self.exchange(self.log_in_again()).json()
        self.publish(redirect_uris=["https://agent.example/new"])
        self.log_in_again()
        self.age(3600)
        self.assert_refused(self.visit(), error="invalid_request")
        self.assert_error(self.exchange(code), 400, "invalid_grant")
        page = self.visit(redirect_uri="https://agent.example/new")
        self.assertIn('id="oauth2_consent"', page.text, "asked again")
        self.assertEqual(self.userinfo(tokens["access_token"]).status_code, 200)

    def test_u03_trust_ends_with_what_it_was_given_to(self):
        self.log_in()
        client = self.client()
        client.write({"is_trusted": True, "is_verified": True})
        self.publish(client_name="Your bank")
        self.log_in_again()
        self.age(3600)
        self.assertIn('id="oauth2_unverified"', self.visit().text)
        self.assertFalse(self.client().is_trusted or self.client().is_verified)

    def test_u03_other_keys(self):
        key, other = new_key(), new_key()
        metadata = {"token_endpoint_auth_method": "private_key_jwt"}
        self.publish(**metadata, jwks=json.loads(jwk_set(key)))
        self.log_in()
        self.publish(**metadata, jwks=json.loads(jwk_set(other)))
        self.log_in_again()
        self.age(3600)
        self.assertIn('id="oauth2_consent"', self.visit().text)
        self.assertEqual(json.loads(self.client().jwks), json.loads(jwk_set(other)))

    def test_who_proves_itself_otherwise_starts_again(self):
        tokens = self.exchange(self.log_in()).json()
        self.publish(
            token_endpoint_auth_method="private_key_jwt", jwks=json.loads(jwk_set(new_key()))
        )
        self.age(3600)
        self.assertIn('id="oauth2_consent"', self.visit().text)
        self.assertEqual(self.userinfo(tokens["access_token"]).status_code, 401)

    def test_unchanged_it_is_read_again_without_a_trace(self):
        self.log_in()
        self.age(3600)
        changes = [("client_id", "=", self.client().id), ("event_type", "=", "client_changed")]
        events, before = self.env["oauth2.provider.event"], self.client().document_fetched_at
        known = events.search_count(changes)
        self.log_in_again()
        self.assertGreater(self.client().document_fetched_at, before)
        self.assertEqual(events.search_count(changes), known)
        self.assertEqual(len(self.server.requests), 2)

    def test_while_its_server_is_away(self):
        self.log_in()
        self.server.close()
        self.age(3600)
        self.log_in_again()
        self.age(86400)
        self.assert_refused(self.visit(), 503, "temporarily_unavailable")

    def test_a_document_that_was_taken_away(self):
        self.log_in()
        del self.documents["/client.json"]
        self.age(3600)
        self.assert_refused(self.visit())


@tagged("post_install", "-at_install")
class TestDocumentsAndAdministrators(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, "registrar", groups="oauth2_provider.group_oauth2_administrator"
        )

    def test_settings(self):
        def save(**values):
            with Form(self.env["res.config.settings"]) as form:
                for name, value in values.items():
                    form[f"oauth2_document{name}"] = value
            form.record.execute()
            return self.env["oauth2.provider.server"]._document_policy()

        self.set_policy(documents=False)
        self.assertFalse(self.env["oauth2.provider.server"]._document_policy().is_on)
        policy = save(**{"": True}, _hosts="claude.ai", _maximum_clients=7)
        self.assertTrue(policy.is_on)
        self.assertEqual((policy.hosts, policy.maximum_clients), ({"claude.ai"}, 7))
        self.assertEqual(policy.maximum_clients_of_host, 50)
        self.assertIn("openid", policy.scope)
        for values in ({"_hosts": "https://claude.ai"}, {"_maximum_clients": 0}):
            with self.subTest(values), self.assertRaises(ValidationError):
                save(**{"": True}, **values)

    def test_an_archived_one_stays_away(self):
        self.log_in()
        client = self.client()
        client.with_user(self.administrator).active = False
        self.env.flush_all()
        self.age(100_000)
        self.assert_refused(self.visit(), error="invalid_request")
        self.assertEqual(len(self.server.requests), 1)
        client.registered_at = self.days_ago(100)
        self.env["oauth2.provider.consent"].search([("client_id", "=", client.id)]).unlink()
        self.env["oauth2.provider.authorization"].search([("client_id", "=", client.id)]).unlink()
        self.env["oauth2.provider.client"]._gc_unused()
        self.assertTrue(client.exists())

    def test_a_deleted_one_comes_again(self):
        self.log_in()
        self.client().with_user(self.administrator).unlink()
        self.forget_calls()
        self.log_in()

    def test_d21_unused_ones_are_forgotten(self):
        self.visit()
        unused = self.client()
        other = self.publish("/other.json")
        self.visit(client_id=other)
        young = self.client(other)
        unused.registered_at = self.days_ago(3)
        young.registered_at = self.days_ago(1)
        self.env["oauth2.provider.client"]._gc_unused()
        self.assertEqual((unused | young).exists(), young)

    def test_d20_nobody_makes_one_by_hand(self):
        clients = self.env["oauth2.provider.client"].with_user(self.administrator)
        values = {"name": "App", "client_identifier": "https://client.example/app.json"}
        with self.assertRaises(AccessError):
            clients.create({**values, "document_host": "client.example"})
        with self.assertRaises(ValidationError):
            clients.create(values)
        with self.assertRaises(AccessError):
            self.application.with_user(self.administrator).document_host = "client.example"
        with self.assertRaises(ValidationError):
            self.env["oauth2.provider.client"].create(
                {**values, "client_identifier": "https://a/..", "document_host": "a"}
            )

    def test_the_form(self):
        self.visit()
        form = Form(self.client().with_user(self.administrator))
        self.assertEqual(form.document_host, "localhost")
        form.is_verified = True
        self.assertTrue(form.save().is_verified)

    def test_a_neutralized_copy_reads_no_documents(self):
        folder = Path(get_module_path("oauth2_provider_registration"))
        self.env.cr.execute((folder / "data/neutralize.sql").read_text())
        self.env.registry.clear_all_caches()
        self.assert_refused(self.visit(), error="invalid_request")

    def test_without_the_module_they_end(self):
        tokens = self.exchange(self.log_in()).json()
        remove_settings(self.env)
        self.env.flush_all()
        self.assertFalse(self.client().active)
        self.assertEqual(self.userinfo(tokens["access_token"]).status_code, 401)
        self.assertTrue(self.application.active)
