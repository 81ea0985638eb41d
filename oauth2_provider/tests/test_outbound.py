"""The door for requests to other servers, against real ones: slow, huge, redirecting, moving."""

import gzip
import os
import socket
import time
from unittest.mock import patch

import requests
from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tests.common import _super_send
from odoo.tools import mute_logger

from ..adapters.outbound_http import GuardedOutbound
from ..protocol.outbound_policy import OutboundPolicy
from ..protocol.ports import Document, OutboundError
from .tls_servers import Authority, TlsServer, answer_with, name_resolving_to

JSON = "Content-Type: Application/JSON; charset=utf-8"


class OutboundCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = Authority("localhost", "127.0.0.1", "app.test")
        cls.addClassCleanup(cls.authority.close)

    def serve(self, answer, host="127.0.0.1", port=0):
        server = TlsServer(self.authority, answer, host, port)
        self.addCleanup(server.close)
        return server

    def door(self, *allowed, deadline=5, ca_bundle=None):
        policy = OutboundPolicy.of(allowed)
        return GuardedOutbound(policy, ca_bundle or self.authority.bundle, deadline)

    def assert_refused(self, door, url, reason, maximum_bytes=1000):
        with self.assertRaisesRegex(OutboundError, reason):
            door.fetch(url, maximum_bytes=maximum_bytes)


@tagged("post_install", "-at_install")
class TestOutbound(OutboundCase):
    def test_document(self):
        server = self.serve(answer_with(b'{"keys": []}', "200 OK", JSON))
        document = self.door("localhost").fetch(server.url("/jwks?a=b#part"), maximum_bytes=1000)
        self.assertEqual(document, Document(200, "application/json", b'{"keys": []}'))
        self.assertTrue(server.requests[0].startswith(b"GET /jwks?a=b HTTP/1.1\r\n"))

    def test_host_is_an_ip_address(self):
        """Its certificate has to name the address; nothing else would do."""
        server = self.serve(answer_with(b"here"))
        url = server.url("/", "127.0.0.1")
        document = self.door("127.0.0.1").fetch(url, maximum_bytes=10)
        self.assertEqual(document.body, b"here")
        other = Authority("localhost", "127.0.0.2")
        self.addCleanup(other.close)
        server = TlsServer(other, answer_with(b"here"))
        self.addCleanup(server.close)
        door = self.door("127.0.0.1", ca_bundle=other.bundle)
        self.assert_refused(door, server.url("/", "127.0.0.1"), "IP address mismatch")
        self.assertEqual(server.requests, [])

    def test_chunked_document(self):
        def answer(connection, _request):
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
            )

        document = self.door("localhost").fetch(self.serve(answer).url(), maximum_bytes=3)
        self.assertEqual(document, Document(200, "", b"abc"))

    def test_form(self):
        server = self.serve(answer_with(b"x" * 100_000, "204 No Content"))
        self.assertEqual(
            self.door("localhost").post_form(server.url(), {"a": "b c", "d": "é"}), 204
        )
        self.assertIn(
            b"\r\nContent-Type: application/x-www-form-urlencoded\r\n", server.requests[0]
        )
        self.assertTrue(server.requests[0].endswith(b"\r\n\r\na=b+c&d=%C3%A9"))

    def test_j20_d16_redirects_are_not_followed(self):
        target = self.serve(answer_with(b"secret"))
        for status in ("301 Moved Permanently", "302 Found", "303 See Other", "307 T", "308 P"):
            with self.subTest(status):
                server = self.serve(answer_with(b"x", status, f"Location: {target.url()}"))
                document = self.door("localhost").fetch(server.url(), maximum_bytes=1000)
                self.assertEqual(document, Document(int(status[:3]), "", b""))
                self.assertEqual(
                    self.door("localhost").post_form(server.url(), {"a": "b"}), int(status[:3])
                )
        self.assertEqual(target.connections, 0)

    def test_d16_only_status_200_has_a_body(self):
        for status in ("404 Not Found", "500 Error", "206 Partial Content"):
            server = self.serve(answer_with(b'{"keys": []}', status))
            document = self.door("localhost").fetch(server.url(), maximum_bytes=1000)
            self.assertEqual(document, Document(int(status[:3]), "", b""))

    def test_j20_d16_too_large(self):
        announced = self.serve(answer_with(b"x" * 1001))
        self.assert_refused(self.door("localhost"), announced.url(), "too large")

        def endless(connection, _request):
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                connection.sendall(b"x" * 65536)

        self.assert_refused(self.door("localhost"), self.serve(endless).url(), "too large")

    def test_d16_compressed_data_is_never_unfolded(self):
        bomb = gzip.compress(b"0" * 10_000_000)
        server = self.serve(answer_with(bomb, "200 OK", "Content-Encoding: gzip"))
        self.assert_refused(self.door("localhost"), server.url(), "compressed", 50_000)
        self.assertIn(b"\r\nAccept-Encoding: identity\r\n", server.requests[0])

    def test_incomplete_document(self):
        def answer(connection, _request):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")

        self.assert_refused(
            self.door("localhost"), self.serve(answer).url(), "localhost|incomplete"
        )

    def test_d16_l06_slow_answers_end_at_the_deadline(self):
        def drip_body(connection, _request):
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            self.drip(connection, b"x")

        def drip_header(connection, _request):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            self.drip(connection, b"x")

        def silent(_connection, _request):
            time.sleep(5)

        for answer in (drip_body, drip_header, silent):
            with self.subTest(answer.__name__):
                server = self.serve(answer)
                start = time.monotonic()
                door = self.door("localhost", deadline=0.6)
                self.assert_refused(door, server.url(), "in time")
                if answer is not drip_body:
                    with self.assertRaisesRegex(OutboundError, "in time"):
                        door.post_form(server.url(), {"a": "b"})
                self.assertLess(time.monotonic() - start, 2.5)

    def drip(self, connection, byte):
        for _ in range(50):
            connection.sendall(byte)
            time.sleep(0.1)

    def test_d16_a_handshake_that_never_ends(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        start = time.monotonic()
        url = f"https://localhost:{listener.getsockname()[1]}/"
        self.assert_refused(self.door("localhost", deadline=0.5), url, "in time")
        self.assertLess(time.monotonic() - start, 1.5)

    def test_d16_a_slow_look_up_of_the_name(self):
        with patch.object(socket, "getaddrinfo", side_effect=lambda *a, **k: time.sleep(1.5) or []):
            start = time.monotonic()
            self.assert_refused(self.door(deadline=0.4), "https://localhost/", "in time")
            self.assertLess(time.monotonic() - start, 1.2)

    def test_certificate_of_an_unknown_authority(self):
        other = Authority("localhost")
        self.addCleanup(other.close)
        server = self.serve(answer_with(b"{}"))
        door = GuardedOutbound(OutboundPolicy.of(["localhost"]))
        self.assert_refused(door, server.url(), "SSLError")
        self.assert_refused(
            self.door("localhost", ca_bundle=other.bundle), server.url(), "SSLError"
        )
        self.assert_refused(self.door("localhost", ca_bundle="/no/such"), server.url(), "localhost")
        self.assertEqual(server.requests, [])

    def test_certificate_of_another_host(self):
        authority = Authority("other.example")
        self.addCleanup(authority.close)
        server = TlsServer(authority, answer_with(b"{}"))
        self.addCleanup(server.close)
        door = self.door("localhost", ca_bundle=authority.bundle)
        self.assert_refused(door, server.url(), "SSLError")
        self.assertEqual(server.requests, [])

    def test_no_plain_http(self):
        self.assert_refused(self.door("localhost"), "http://localhost/", "https")

    def test_proxies_of_the_environment_are_not_used(self):
        proxy = self.serve(answer_with(b"through the proxy"))
        server = self.serve(answer_with(b"direct"))
        address = f"http://127.0.0.1:{proxy.port}"
        with patch.dict(
            os.environ, {"HTTPS_PROXY": address, "https_proxy": address, "ALL_PROXY": address}
        ):
            document = self.door("localhost").fetch(server.url(), maximum_bytes=1000)
        self.assertEqual(document.body, b"direct")
        self.assertEqual(proxy.connections, 0)


@tagged("post_install", "-at_install")
class TestOutboundAddresses(OutboundCase):
    """Where connections go; every address of 127/8 is a different machine here."""

    def setUp(self):
        super().setUp()
        # Odoo's tests let requests through to localhost alone; the names here lead nowhere else.
        sending = patch.object(requests.Session, "send", _super_send)
        sending.start()
        self.addCleanup(sending.stop)
        self.private = self.serve(answer_with(b"private"), "127.0.0.1")
        self.public = self.serve(answer_with(b"public"), "127.0.0.2", self.private.port)
        self.url = self.private.url("/", "app.test")

    def resolving_to(self, *answers):
        return name_resolving_to("app.test", self.private.port, *answers)

    def test_d14_j07_j20_l06_private_addresses(self):
        for host in ("localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0.0.0.0"):
            with self.subTest(host):
                url = self.private.url("/", host)
                self.assert_refused(self.door(), url, "not an address to connect to")
                with self.assertRaisesRegex(OutboundError, "not an address to connect to"):
                    self.door().post_form(url, {"logout_token": "x"})
        for host in ("[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "100.64.0.1"):
            with self.subTest(host):
                self.assert_refused(self.door(), f"https://{host}/", "not an address|resolve|host")
        self.assertEqual(self.private.connections, 0)

    def test_d14_names_that_resolve_to_special_addresses(self):
        for address in (
            "10.0.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "::ffff:10.0.0.1",
            "2002:a00:1::1",
            "64:ff9b::a00:1",
            "fd00::1",
            "fe80::1",
        ):
            with self.subTest(address), self.resolving_to([address]):
                self.assert_refused(self.door(), self.url, "not an address to connect to")
        self.assertEqual(self.private.connections, 0)

    def test_d14_public_and_private_addresses_of_one_name(self):
        for addresses in (["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"]):
            with self.subTest(addresses), self.resolving_to(addresses):
                self.assert_refused(self.door("127.0.0.2"), self.url, "not an address")
        self.assertEqual((self.private.connections, self.public.connections), (0, 0))

    def test_d15_the_connection_goes_to_the_address_that_was_checked(self):
        with self.resolving_to(["127.0.0.2"], ["127.0.0.1"]):
            document = self.door("127.0.0.2").fetch(self.url, maximum_bytes=1000)
        self.assertEqual(document.body, b"public")
        self.assertEqual(self.private.connections, 0)

    def test_d15_a_name_that_moves_is_refused_after_the_move(self):
        door = self.door("127.0.0.2")
        with self.resolving_to(["127.0.0.2"], ["127.0.0.1"]):
            door.fetch(self.url, maximum_bytes=1000)
            self.assert_refused(door, self.url, "not an address")
        self.assertEqual(self.private.connections, 0)

    def test_d16_many_addresses_that_do_not_answer(self):
        closed = [f"127.0.1.{number}" for number in range(1, 200)]
        with self.resolving_to([*closed, "127.0.0.2"]):
            self.assert_refused(self.door("127.0.0.0/8"), self.url, "refused|Connection")
        with self.resolving_to([closed[0], "127.0.0.2"]):
            document = self.door("127.0.0.0/8").fetch(self.url, maximum_bytes=1000)
        self.assertEqual(document.body, b"public")

    def test_allowed_host_at_one_port(self):
        with self.resolving_to(["127.0.0.1"]):
            door = self.door(f"app.test:{self.private.port}")
            self.assertEqual(door.fetch(self.url, maximum_bytes=1000).body, b"private")
            self.assert_refused(
                self.door(f"app.test:{self.private.port + 1}"), self.url, "not an address"
            )
            self.assert_refused(self.door("test"), self.url, "not an address")

    def test_name_without_address(self):
        with self.resolving_to([]):
            self.assert_refused(self.door("app.test"), self.url, "no address")


@tagged("post_install", "-at_install")
class TestOutboundSettings(OutboundCase):
    def save(self, **values):
        with Form(self.env["res.config.settings"]) as form:
            for name, value in values.items():
                form[f"oauth2_outbound_{name}"] = value
        form.record.execute()

    def test_an_administrator_opens_the_own_network(self):
        server = self.serve(answer_with(b"{}"))
        outbound = self.env["oauth2.provider.server"]._outbound
        self.assert_refused(outbound(), server.url(), "not an address")
        self.save(
            allowed_hosts=f"other.test localhost:{server.port}", ca_bundle=self.authority.bundle
        )
        self.assertEqual(outbound().fetch(server.url(), maximum_bytes=9).body, b"{}")
        self.save(allowed_hosts=False)
        self.assert_refused(outbound(), server.url(), "not an address")

    def test_what_cannot_be_meant_is_refused(self):
        with self.assertRaises(ValidationError):
            self.save(allowed_hosts="https://localhost")
        with self.assertRaises(ValidationError):
            self.save(ca_bundle="/no/such/file.pem")

    def test_a_parameter_that_cannot_be_read_opens_nothing(self):
        self.env["ir.config_parameter"].set_param(
            "oauth2_provider.outbound_allowed_hosts", "localhost https://x"
        )
        with mute_logger("odoo.addons.oauth2_provider.models.oauth2_provider_server"):
            outbound = self.env["oauth2.provider.server"]._outbound()
        self.assert_refused(outbound, "https://localhost/", "not an address")
