"""The door for requests to other servers, on Odoo's ``requests``.

The name of a host is resolved once, every address found is checked, and the connection goes to a checked address: what
the name means a moment later does not matter (DNS rebinding). One deadline covers all of it, from the look-up of the
name to the last byte.
"""

import os
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from contextlib import closing, suppress
from functools import partial

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from ..protocol.http_caching import freshness_of
from ..protocol.outbound_policy import Destination, OutboundPolicy, destination_of
from ..protocol.ports import Document, OutboundError, OutboundForbidden

DEADLINE = 5
# Names with more addresses exist, but whoever answers for one of them answers at the first ones.
MAXIMUM_ADDRESSES = 3
_CHUNK = 16384


class GuardedOutbound:
    """:param policy: where connections may go
    :param ca_bundle: path of a file with further certificate authorities to trust, or None
    :param deadline: seconds that one request may take altogether
    """

    def __init__(self, policy: OutboundPolicy, ca_bundle=None, deadline=DEADLINE):
        self._policy = policy
        self._ca_bundle = ca_bundle
        self._deadline = deadline

    def check_destination(self, url):
        route = self._route_to(url)
        try:
            _within_deadline(route.addresses, route)
        except OutboundForbidden:
            raise
        except (OutboundError, OSError, ValueError):
            return

    def fetch(self, url, *, maximum_bytes):
        def read(response):
            body = _body_of(response, maximum_bytes) if response.status_code == 200 else b""
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Document(
                response.status_code, _media_type(response), body, freshness_of(headers)
            )

        return self._exchange("GET", url, read)

    def post_form(self, url, fields):
        return self._exchange("POST", url, lambda response: response.status_code, data=dict(fields))

    def _exchange(self, method, url, read, **content):
        route = self._route_to(url)

        def work():
            try:
                return self._converse(route, method, url.partition("#")[0], read, content)
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                raise OutboundError(f"{route.host}: {type(error).__name__}: {error}") from error

        return _within_deadline(work, route)

    def _route_to(self, url):
        try:
            destination = destination_of(url)
        except ValueError as error:
            raise OutboundForbidden(str(error)) from error
        return _Route(self._policy, destination, time.monotonic() + self._deadline)

    def _converse(self, route, method, url, read, content):
        with closing(_session(route, self._ca_bundle)) as session:
            response = session.request(
                method,
                url,
                # What is not compressed cannot unfold.
                headers={"Accept-Encoding": "identity"},
                allow_redirects=False,
                stream=True,
                timeout=self._deadline,
                **content,
            )
            with closing(response):
                return read(response)


def _within_deadline(work, route):
    """The result of ``work``, done in a thread since no time-out of a socket ends a server that drips bytes."""
    executor = ThreadPoolExecutor(1, "oauth2_provider.outbound")
    try:
        return executor.submit(work).result(timeout=route.seconds_left())
    except TimeoutError:
        route.abandon()
        raise OutboundError(f"{route.host}: no complete answer in time") from None
    finally:
        executor.shutdown(wait=False)


class _Route:
    """The way to one destination: opens the connections of one request and can end them."""

    def __init__(self, policy, destination: Destination, end):
        self._policy = policy
        self._destination = destination
        self._end = end
        self._lock = threading.Lock()
        self._watched = []
        self._is_abandoned = False
        self.host = destination.host

    def seconds_left(self):
        return max(0.001, self._end - time.monotonic())

    def addresses(self):
        """The addresses that the name has now, all of them checked."""
        host, port = self._destination.host, self._destination.port
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        addresses = list(dict.fromkeys((family, sockaddr) for family, *_, sockaddr in found))
        for _family, sockaddr in addresses:
            # One bad address spoils the name: who mixes them wants a retry to reach the other one.
            if not self._policy.permits(self._destination, sockaddr[0]):
                raise OutboundForbidden(f"{host}: {sockaddr[0]} is not an address to connect to")
        return addresses

    def connect(self):
        """A connection to one of the checked addresses of the destination."""
        failure = OutboundError(f"{self.host}: the name has no address")
        for family, sockaddr in self.addresses()[:MAXIMUM_ADDRESSES]:
            try:
                return self._connect_to(family, sockaddr)
            except OSError as error:
                failure = error
        raise failure

    def _connect_to(self, family, sockaddr):
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._watch(connection)
            connection.settimeout(self.seconds_left())
            connection.connect(sockaddr)
        except BaseException:
            connection.close()
            raise
        return connection

    def _watch(self, connection):
        """Keep a second handle: the connection itself will be swallowed by its TLS wrapper."""
        with self._lock:
            if self._is_abandoned:
                raise OutboundError(f"{self.host}: too late")
            self._watched.append(socket.socket(fileno=os.dup(connection.fileno())))

    def abandon(self):
        """End whatever is under way, in whatever phase it is."""
        with self._lock:
            self._is_abandoned = True
            watched, self._watched = self._watched, []
        for handle in watched:
            with closing(handle), suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

    def close(self):
        with self._lock:
            for handle in self._watched:
                handle.close()
            self._watched = []


class _GuardedConnection(HTTPSConnection):
    route: _Route

    def _new_conn(self):
        return self.route.connect()


class _GuardedPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedConnection

    def __init__(self, *args, route, **kwargs):
        super().__init__(*args, **kwargs)
        self._route = route

    def _new_conn(self):
        connection = super()._new_conn()
        connection.route = self._route
        return connection


class _GuardedAdapter(HTTPAdapter):
    def __init__(self, route, ca_bundle):
        self._route = route
        self._ca_bundle = ca_bundle
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(
            *args, ssl_context=_tls_context(self._route.host, self._ca_bundle), **kwargs
        )
        pool = partial(_GuardedPool, route=self._route)
        self.poolmanager.pool_classes_by_scheme = {"https": pool}
        return result

    def close(self):
        self._route.close()
        return super().close()


def _session(route, ca_bundle):
    session = requests.Session()
    # No proxy, password file or certificate bundle of the environment: each would undo a check.
    session.trust_env = False
    session.adapters.clear()
    session.mount("https://", _GuardedAdapter(route, ca_bundle))
    return session


class _TlsContext(ssl.SSLContext):
    """Expects the certificate of one host, be it a name or an address; urllib3 1 says which for names alone."""

    host: str

    def wrap_socket(self, sock, *args, server_hostname=None, **kwargs):
        expected = server_hostname or self.host
        return super().wrap_socket(sock, *args, server_hostname=expected, **kwargs)


def _tls_context(host, ca_bundle):
    """Verifies certificate and host name; ``requests`` adds the authorities that it knows."""
    context = _TlsContext(ssl.PROTOCOL_TLS_CLIENT)
    context.host = host
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_bundle:
        context.load_verify_locations(ca_bundle)
    return context


def _media_type(response):
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _body_of(response, maximum_bytes):
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise OutboundError("The answer is compressed, although nobody asked for that.")
    body = bytearray()
    while chunk := response.raw.read(_CHUNK, decode_content=False):
        body += chunk
        if len(body) > maximum_bytes:
            raise OutboundError("The answer is too large.")
    announced = response.headers.get("Content-Length")
    if announced is not None and announced.strip() != str(len(body)):
        raise OutboundError("The answer is incomplete.")
    return bytes(body)
