"""HTTP as Odoo has it, to and from HTTP as the protocol has it."""

from json import JSONEncoder
from urllib.parse import parse_qsl

from odoo.http import request
from werkzeug.exceptions import RequestEntityTooLarge

from ..protocol.messages import Parameters, Request, Response
from ..protocol.request_checks import FORM

JSON = "application/json"
_to_json = JSONEncoder(ensure_ascii=False).encode


def to_request(*, client_identifier=None, with_body=True):
    """The request under way, read from the lists of parameters so that repeats stay visible.

    :param client_identifier: the client that the address itself names, if it names one
    :param with_body: whether the protocol is to see what came in the body
    """
    httprequest = request.httprequest
    return Request(
        method=httprequest.method,
        path=httprequest.path,
        query=Parameters.of(httprequest.args.items(multi=True)),
        form=Parameters.of(_form(httprequest) if with_body else ()),
        headers=httprequest.headers,
        cookies=dict(httprequest.cookies),
        mimetype=httprequest.mimetype,
        body=_body(httprequest) if with_body and httprequest.mimetype == JSON else b"",
        remote_address=httprequest.remote_addr or "",
        user_agent=httprequest.headers.get("User-Agent", "")[:500],
        path_client_identifier=client_identifier,
        client_certificate=request.env["oauth2.provider.server"]._client_certificate(
            httprequest.environ
        ),
    )


def _form(httprequest):
    if httprequest.mimetype != FORM:
        return ()
    if body := _body(httprequest):
        # The Werkzeug that Odoo asks for takes several times as long.
        return parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    # It was read before: by Odoo for its pages, and when it repeats a request.
    return httprequest.form.items(multi=True)


def _body(httprequest):
    """What was sent, if its length is known; Werkzeug keeps to the limit of a route for its own forms alone."""
    length = httprequest.content_length
    if length is None:
        return b""
    if length > httprequest.max_content_length:
        raise RequestEntityTooLarge
    return httprequest.get_data()


def to_json_response(response: Response):
    """An answer for a machine."""
    headers = list(response.headers)
    if response.status in (204, 304):
        return request.make_response(b"", headers, status=response.status)
    if response.jwt is not None:
        return request.make_response(response.jwt, [*headers, ("Content-Type", response.jwt_type)])
    # What Odoo has for JSON makes two more copies of the headers.
    return request.make_response(
        _to_json(dict(response.json or {})),
        [*headers, ("Content-Type", f"{JSON}; charset=utf-8")],
        status=response.status,
    )


def to_redirect(response: Response):
    """An answer that sends the browser on, to the address exactly as the protocol built it."""
    answer = request.redirect(response.location, code=response.status, local=False)
    # Old Werkzeug would complete a local address with whatever the Host header says.
    answer.autocorrect_location_header = False
    add_headers(answer, response)
    return answer


def add_headers(answer, response: Response):
    for name, value in response.headers:
        if name == "Set-Cookie":
            answer.headers.add(name, value)
        else:
            answer.headers[name] = value
