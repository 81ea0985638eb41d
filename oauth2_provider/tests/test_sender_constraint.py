"""DPoP and client certificates over real HTTP (RFC 9449, RFC 8705)."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..adapters.client_certificates import TrustedProxies
from .common import SECRET
from .records_case import RecordsCase
from .sender_case import (
    CERTIFICATE_HEADER,
    ISSUER,
    SenderCase,
    jwk_set,
    make_certificate,
    new_key,
)


@tagged("post_install", "-at_install")
class TestDPoP(SenderCase):
    def exchange(self, code, **changes):
        identifier = self.application.client_identifier
        is_public = self.application.token_endpoint_auth_method == "none"
        secret = {} if is_public else {"client_secret": SECRET}
        return super().exchange(code, client_id=identifier, **secret, **changes)

    def bound_tokens(self, **changes):
        response = self.send_token(self.exchange(self.obtain_code(**changes)), self.proof())
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def test_x06_a_bound_token_is_worth_nothing_alone(self):
        tokens = self.bound_tokens()
        self.assertEqual(tokens["token_type"], "DPoP")
        token = tokens["access_token"]
        for scheme in ("DPoP", "dpop", "DPOP"):
            response = self.call_userinfo(token, scheme, self.userinfo_proof(token))
            self.assertEqual(response.json()["email"], "ada@example.com")
        for response in (
            self.call_userinfo(token, "Bearer"),
            self.call_userinfo(token, "Bearer", self.userinfo_proof(token)),
            self.call_userinfo(token, "DPoP"),
            self.call_userinfo(token, "DPoP", self.userinfo_proof(token, key=new_key())),
        ):
            self.assertEqual(response.status_code, 401)
            self.assertIn('DPoP realm="oauth2", algs="PS256', response.headers["WWW-Authenticate"])

    def test_x05_a_proof_counts_once(self):
        token = self.bound_tokens()["access_token"]
        proof = self.userinfo_proof(token)
        self.assertEqual(self.call_userinfo(token, "DPoP", proof).status_code, 200)
        self.assert_error(self.call_userinfo(token, "DPoP", proof), 401, "invalid_dpop_proof")

    def test_x01_two_proofs_in_one_request(self):
        code = self.obtain_code()
        both = {"DPoP": f"{self.proof()['DPoP']}, {self.proof()['DPoP']}"}
        self.assert_error(self.send_token(self.exchange(code), both), 400, "invalid_dpop_proof")

    def test_x03_the_address_comes_from_the_configuration(self):
        """Not from where the request came in, which the sender decides."""
        code = self.obtain_code()
        host = self.base_url()
        self.assertNotEqual(host, ISSUER)
        proof = self.proof(address=f"{host}/oauth2/token")
        self.assert_error(self.send_token(self.exchange(code), proof), 400, "invalid_dpop_proof")

    def test_x07_a_code_for_one_key(self):
        jkt = self.key.public.kid
        code = self.obtain_code(dpop_jkt=jkt)
        other = self.proof(key=new_key())
        self.assert_error(self.send_token(self.exchange(code), other), 400, "invalid_grant")
        self.assertEqual(self.bound_tokens(dpop_jkt=jkt)["token_type"], "DPoP")

    def test_f13_the_refresh_token_of_a_public_client(self):
        self.application.write({"token_endpoint_auth_method": "none", "use_refresh_token": True})
        self.env.flush_all()
        token = self.bound_tokens(scope="openid offline_access")["refresh_token"]
        form = {
            "grant_type": "refresh_token",
            "refresh_token": token,
            "client_id": self.application.client_identifier,
        }
        other = self.proof(key=new_key())
        self.assert_error(self.send_token(form, {}), 400, "invalid_grant")
        self.assert_error(self.send_token(form, other), 400, "invalid_grant")
        self.assertEqual(self.send_token(form, self.proof()).json()["token_type"], "DPoP")

    def test_an_application_that_must(self):
        self.application.token_binding = "dpop"
        self.env.flush_all()
        code = self.obtain_code()
        self.assert_error(self.send_token(self.exchange(code), {}), 400, "invalid_request")
        self.assertEqual(self.send_token(self.exchange(code), self.proof()).status_code, 200)

    def test_values_of_this_server(self):
        self.set_parameter("dpop_nonces", "1")
        code = self.obtain_code()
        response = self.send_token(self.exchange(code), self.proof())
        self.assert_error(response, 400, "use_dpop_nonce")
        self.assertIn("DPoP-Nonce", response.headers["Access-Control-Expose-Headers"])
        proof = self.proof(nonce=response.headers["DPoP-Nonce"])
        self.assertEqual(self.send_token(self.exchange(code), proof).status_code, 200)

    def test_x08_switched_off(self):
        self.set_parameter("dpop", "0")
        metadata = self.url_open("/.well-known/openid-configuration").json()
        self.assertNotIn("dpop_signing_alg_values_supported", metadata)
        self.assertEqual(self.bound_tokens(dpop_jkt="A" * 43)["token_type"], "Bearer")

    def test_metadata_and_a_browser_that_asks_first(self):
        metadata = self.url_open("/.well-known/openid-configuration").json()
        self.assertEqual(metadata["dpop_signing_alg_values_supported"], ["PS256", "ES256", "EdDSA"])
        response = self.url_open("/oauth2/token", method="OPTIONS")
        self.assertIn("DPoP", response.headers["Access-Control-Allow-Headers"])
        response = self.url_open("/oauth2/userinfo")
        self.assertIn('Bearer realm="oauth2"', response.headers["WWW-Authenticate"])
        self.assertIn('DPoP realm="oauth2"', response.headers["WWW-Authenticate"])


@tagged("post_install", "-at_install")
class TestClientCertificates(SenderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application.write(
            {
                "token_endpoint_auth_method": "tls_client_auth",
                "certificate_name_kind": "subject_dn",
                "certificate_name": "CN=client",
                "token_binding": "mtls",
            }
        )

    def exchange(self, code, **changes):
        return super().exchange(code, client_id=self.application.client_identifier, **changes)

    def test_x12_tokens_for_a_certificate(self):
        shown = self.certificate()
        tokens = self.send_token(self.exchange(self.obtain_code()), shown).json()
        self.assertEqual(tokens["token_type"], "Bearer")
        token = tokens["access_token"]
        self.assertEqual(self.call_userinfo(token, "Bearer", shown).status_code, 200)
        other = self.certificate(key=new_key())
        self.assert_error(self.call_userinfo(token, "Bearer", other), 401, "invalid_token")
        self.assert_error(self.call_userinfo(token, "Bearer"), 401, "invalid_token")

    def test_whose_certificate(self):
        for shown in (
            {},
            self.certificate("another client"),
            self.certificate(verdict="FAILED:self signed certificate"),
            self.certificate(verdict="NONE"),
            {CERTIFICATE_HEADER: make_certificate(self.key)},
            {CERTIFICATE_HEADER: "(null)"},
        ):
            with self.subTest(shown):
                response = self.send_token(self.exchange("unknown"), shown)
                self.assert_error(response, 401, "invalid_client")
        response = self.send_token(self.exchange("unknown"), self.certificate())
        self.assert_error(response, 400, "invalid_grant")

    def test_a18_a_header_that_our_proxy_did_not_write(self):
        for addresses in ("", "192.0.2.1", "no address"):
            self.trust_proxy(addresses)
            with self.subTest(addresses):
                logger = "odoo.addons.oauth2_provider.models.oauth2_provider_server_sender"
                if addresses == "no address":
                    with self.assertLogs(logger, "ERROR"):
                        response = self.send_token(self.exchange("unknown"), self.certificate())
                else:
                    response = self.send_token(self.exchange("unknown"), self.certificate())
                self.assert_error(response, 401, "invalid_client")

    def test_a_certificate_of_its_own(self):
        self.application.write(
            {"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": jwk_set(self.key)}
        )
        self.env.flush_all()
        self_signed = self.certificate(verdict="FAILED:self signed certificate")
        response = self.send_token(self.exchange("unknown"), self_signed)
        self.assert_error(response, 400, "invalid_grant")
        response = self.send_token(self.exchange("unknown"), self.certificate(key=new_key()))
        self.assert_error(response, 401, "invalid_client")

    def test_metadata(self):
        self.set_parameter("mtls_address", "http://127.0.0.1:8069")
        metadata = self.url_open("/.well-known/openid-configuration").json()
        self.assertIs(metadata["tls_client_certificate_bound_access_tokens"], True)
        self.assertEqual(
            metadata["mtls_endpoint_aliases"]["token_endpoint"],
            "http://127.0.0.1:8069/oauth2/token",
        )
        for method in ("tls_client_auth", "self_signed_tls_client_auth"):
            self.assertIn(method, metadata["token_endpoint_auth_methods_supported"])
        self.trust_proxy("")
        metadata = self.url_open("/.well-known/openid-configuration").json()
        self.assertFalse([name for name in metadata if "tls" in name])
        self.assertNotIn("tls_client_auth", metadata["token_endpoint_auth_methods_supported"])

    def test_a18_whose_connection_counts(self):
        """The other end of the connection, not what Odoo reads out of X-Forwarded-For."""
        proxies = TrustedProxies.of("10.0.0.5, 192.168.7.0/24 fd00::/8")
        header = {"HTTP_X_SSL_CLIENT_CERT": "x", "HTTP_X_SSL_CLIENT_VERIFY": "SUCCESS"}
        for peer, is_believed in {
            "10.0.0.5": True,
            "192.168.7.9": True,
            "::ffff:10.0.0.5": True,
            "fd00::1": True,
            "10.0.0.6": False,
            "::1": False,
            "": False,
            "unix:": False,
        }.items():
            with self.subTest(peer):
                environ = header | {"REMOTE_ADDR": peer}
                self.assertEqual(proxies.certificate(environ) is not None, is_believed)
        forwarded = {"REMOTE_ADDR": "10.0.0.5"}
        original = {"werkzeug.proxy_fix.orig": {"REMOTE_ADDR": "203.0.113.9"}}
        self.assertIsNone(proxies.certificate(header | forwarded | original))
        forwarded = {"REMOTE_ADDR": "203.0.113.9"}
        original = {"werkzeug.proxy_fix.orig": {"REMOTE_ADDR": "10.0.0.5"}}
        self.assertIsNotNone(proxies.certificate(header | forwarded | original))


@tagged("post_install", "-at_install")
class TestSenderSettings(RecordsCase):
    def save(self, **values):
        settings = self.env["res.config.settings"].create(values)
        settings.execute()
        return self.env["res.config.settings"].create({})

    def test_kept_and_normalized(self):
        settings = self.save(
            oauth2_mtls_trusted_proxies="10.0.0.5 10.1.0.0/16",
            oauth2_mtls_certificate_header="Client-Cert",
            oauth2_mtls_address="MTLS.example.com/",
            oauth2_dpop_nonces=True,
        )
        self.assertEqual(settings.oauth2_mtls_address, "https://mtls.example.com")
        self.assertTrue(settings.oauth2_dpop)
        self.assertTrue(settings.oauth2_dpop_nonces)
        server = self.env["oauth2.provider.server"]
        self.assertEqual(server._trusted_proxies().certificate_header, "Client-Cert")
        options = server._settings()
        self.assertEqual((options.mtls, options.dpop_nonces), (True, True))
        self.save(oauth2_mtls_trusted_proxies=False, oauth2_dpop=False)
        options = server._settings()
        self.assertEqual((options.mtls, options.dpop), (False, False))

    def test_refused(self):
        for values in (
            {"oauth2_mtls_trusted_proxies": "proxy.example.com"},
            {"oauth2_mtls_trusted_proxies": "10.0.0.5/8"},
            {"oauth2_mtls_certificate_header": "X_Client_Cert"},
            {"oauth2_mtls_verify_header": "a b"},
            {"oauth2_mtls_address": "http://mtls.example.com"},
            {"oauth2_mtls_address": "https://mtls.example.com/?a=b"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.save(**values)
