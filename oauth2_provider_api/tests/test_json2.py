"""Access tokens on JSON-2, over HTTP: whom they let in, as whom, and how far."""

import json
from datetime import datetime, timedelta
from unittest.mock import patch

import psycopg2
from odoo.addons.base.models.res_partner import ResPartner
from odoo.addons.oauth2_provider.adapters.sql_store.tokens import SqlTokenStore
from odoo.addons.oauth2_provider.protocol.resource_access import EVENT_INTERVAL
from odoo.addons.oauth2_provider.tests.sender_case import new_key
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .api_case import API, METADATA, ApiCase


@tagged("post_install", "-at_install")
class TestJson2(ApiCase):
    def names(self, token):
        found = self.result(
            token,
            "res.partner",
            "search_read",
            domain=[["user_id", "=", self.person.id]],
            fields=["name"],
        )
        return [record["name"] for record in found]

    # Who is let in

    def test_a_token_acts_as_its_person(self):
        token = self.token()
        self.assertEqual(self.result(token, "res.users", "context_get")["uid"], self.person.id)
        self.assertEqual(self.names(token), ["Of Ada"])

    def test_by_resource_or_by_scope_alone(self):
        self.assertEqual(self.names(self.token("odoo.read", resource=API)), ["Of Ada"])
        self.assertEqual(self.names(self.token("odoo.read")), ["Of Ada"])

    def test_signed_tokens_too(self):
        self.application.access_token_format = "jwt"
        self.env.flush_all()
        token = self.token()
        self.assertEqual(token.count("."), 2)
        self.assertEqual(self.names(token), ["Of Ada"])

    def test_u04_who_leaves_the_group_of_the_application(self):
        group = self.env["res.groups"].create({"name": "Of the application"})
        self.application.group_ids = group
        self.person.group_ids += group
        self.env.flush_all()
        token = self.token()
        self.assertEqual(self.names(token), ["Of Ada"])
        self.person.group_ids -= group
        self.env.flush_all()
        response = self.call(token, "res.partner", "search_count", domain=[])
        self.assert_refused(response, 401, "invalid_token")

    def test_t02_a_token_for_something_else(self):
        for changes in ({"scope": "openid email"}, {"resource": "http://localhost:8069"}):
            response = self.call(self.token(**changes), "res.partner", "search_count", domain=[])
            self.assert_refused(response, 401, "invalid_token")

    def test_t03_reading_scope_does_not_write(self):
        token = self.token()
        response = self.call(token, "res.partner", "write", ids=self.own.ids, vals={"name": "x"})
        challenge = self.assert_refused(response, 403, "insufficient_scope")
        self.assertIn('scope="odoo.write"', challenge)
        self.assertEqual(self.own.name, "Of Ada")

    def test_strangers_and_unknown_tokens(self):
        response = self.call(None, "res.partner", "search_count", domain=[])
        self.assertEqual(response.status_code, 401)
        challenge = response.headers["WWW-Authenticate"]
        self.assertIn(
            f'Bearer realm="oauth2", scope="odoo.read", resource_metadata="{METADATA}"', challenge
        )
        self.assertNotIn("error=", challenge)
        for token in ("o2a_unknown", "a.b.c", "0123456789abcdef" * 2, "o2r_unknown"):
            response = self.call(token, "res.partner", "search_count", domain=[])
            self.assert_refused(response, 401, "invalid_token")

    def test_t04_t19_malformed_requests(self):
        token = self.token()
        for header in (f"Bearer {token} x", "Bearer o2a_ü", f"Bearer {token},Basic abc"):
            response = self.url_open(
                "/json/2/res.partner/search_count",
                data='{"domain": []}',
                headers={"Content-Type": "application/json", "Authorization": header.encode()},
            )
            self.assert_refused(response, 400, "invalid_request")
        response = self.url_open(
            f"/json/2/res.partner/search_count?access_token={token}",
            data='{"domain": []}',
            headers={"Content-Type": "application/json"},
        )
        self.assertEqual(response.status_code, 400)

    def test_f12_a_refresh_token_opens_nothing(self):
        self.application.use_refresh_token = True
        self.env.flush_all()
        tokens = self.redeem(self.obtain_code(scope="openid odoo.read")).json()
        self.forget_session()
        response = self.call(tokens["refresh_token"], "res.partner", "search_count", domain=[])
        self.assert_refused(response, 401, "invalid_token")

    def test_t05_an_id_token_opens_nothing(self):
        tokens = self.redeem(self.obtain_code(scope="openid odoo.read")).json()
        self.forget_session()
        response = self.call(tokens["id_token"], "res.partner", "search_count", domain=[])
        self.assert_refused(response, 401, "invalid_token")

    def test_s08_a_database_that_fails_explains_nothing(self):
        token = self.token()
        error = psycopg2.OperationalError("the database is gone")
        with (
            patch.object(SqlTokenStore, "find_access_token", side_effect=error),
            mute_logger("odoo.http"),
        ):
            response = self.call(token, "res.partner", "search_count", domain=[])
        self.assert_error(response, 503, "temporarily_unavailable")
        self.assertIn("Retry-After", response.headers)
        self.assertEqual(response.json()["debug"], "")
        self.assertEqual(self.names(token), ["Of Ada"])

    def test_form_of_the_application_says_how_far_it_goes(self):
        self.assertEqual(
            (self.application.api_access, self.application.api_address), ("write", API)
        )
        self.application.scope_ids -= self.env.ref("oauth2_provider_api.scope_odoo_write")
        self.assertEqual(self.application.api_access, "read")
        self.application.scope_ids -= self.env.ref("oauth2_provider_api.scope_odoo_read")
        self.assertFalse(self.application.api_access)

    def test_api_keys_go_on_working(self):
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.person)
            ._generate("rpc", "test", datetime.now() + timedelta(hours=1))
        )
        self.env.flush_all()
        self.assertEqual(self.names(key), ["Of Ada"])
        self.result(key, "res.partner", "write", ids=self.own.ids, vals={"name": "By key"})
        self.assertEqual(self.names(key), ["By key"])
        response = self.call(key, "res.partner", "no_such_method")
        self.assertEqual(response.status_code, 404)
        self.assertIn("Traceback", response.json()["debug"])

    def test_tokens_open_no_other_route_for_api_keys(self):
        token = self.token("openid odoo.read odoo.write")
        for path in ("/json/1/contacts", "/doc-bearer/index.json"):
            response = self.url_open(
                path, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False
            )
            self.assertIn(response.status_code, (401, 403, 404), path)

    def test_while_there_is_no_issuer_api_keys_work_alone(self):
        token = self.token()
        self.set_parameter("issuer", False)
        self.env.flush_all()
        for unknown in (token, "x" * 40):
            response = self.call(unknown, "res.partner", "search_count", domain=[])
            self.assertEqual(response.status_code, 401)
            self.assertEqual(response.json()["message"], "Invalid apikey")

    # As whom

    def test_o6_nothing_that_the_person_cannot_do(self):
        token = self.token("openid odoo.write")
        self.assert_forbidden(token, "ir.cron", "search_read", domain=[])
        private = self.env["res.partner"].create(
            {"name": "Private", "company_id": self._other_company()}
        )
        self.env.flush_all()
        self.assertEqual(
            self.result(token, "res.partner", "search", domain=[["id", "=", private.id]]), []
        )
        self.assert_forbidden(token, "res.partner", "read", ids=private.ids, fields=["name"])

    def _other_company(self):
        return self.env["res.company"].create({"name": "Elsewhere"}).id

    def test_a_service_acts_as_its_user(self):
        robot = new_test_user(self.env, "robot", groups="base.group_user")
        token = self.service_token("odoo.read", service_user_id=robot.id)
        self.assertEqual(self.result(token, "res.users", "context_get")["uid"], robot.id)

    def test_what_ends_a_token_ends_it_at_once(self):
        ends = {
            "revoked": lambda token: self.revoke(token),
            "application": lambda token: self.application.write({"active": False}),
            "user": lambda token: self.person.write({"active": False}),
        }
        for name, end in ends.items():
            with self.subTest(name):
                token = self.token()
                self.assertEqual(self.names(token), ["Of Ada"])
                end(token)
                self.env.flush_all()
                response = self.call(token, "res.partner", "search_count", domain=[])
                self.assert_refused(response, 401, "invalid_token")
                self.application.active = self.person.active = True
                self.env.flush_all()

    def test_scope_that_is_taken_away_counts_no_more_at_once(self):
        token = self.token()
        self.application.scope_ids -= self.env.ref("oauth2_provider_api.scope_odoo_read")
        self.env.flush_all()
        response = self.call(token, "res.partner", "search_count", domain=[])
        self.assert_refused(response, 403, "insufficient_scope")

    def test_o7_no_session_comes_of_it(self):
        token = self.token()
        response = self.call(token, "res.partner", "search_count", domain=[])
        self.assertNotIn("Set-Cookie", response.headers)
        self.assertFalse(self.opener.cookies.get("session_id"))

    def test_a_session_of_somebody_else_beside_the_token(self):
        token = self.token()
        new_test_user(self.env, "grace", password="grace-password", groups="base.group_user")
        self.authenticate("grace", "grace-password")
        with mute_logger("odoo.http"):
            response = self.call(token, "res.partner", "search_count", domain=[])
        self.assertEqual(response.status_code, 403)
        self.authenticate("ada", "ada-password")
        self.assertEqual(self.names(token), ["Of Ada"])

    # Proofs

    def test_x06_bound_tokens_need_their_proof(self):
        headers = self.proof()
        form = self.exchange(
            self.obtain_code(scope="openid odoo.read"),
            client_id=self.application.client_identifier,
            client_secret="a-secret-of-the-tests",
        )
        token = self.send_token(form, headers).json()["access_token"]
        self.forget_session()
        arguments = (token, "res.partner", "search_count")
        address = f"{API}/res.partner/search_count"
        self.assert_refused(self.call(*arguments, domain=[]), 401, "invalid_token")
        response = self.call(*arguments, scheme="DPoP", domain=[])
        self.assert_refused(response, 401, "invalid_dpop_proof")
        proof = self.proof("POST", address, token)
        response = self.call(*arguments, scheme="DPoP", headers=proof, domain=[])
        self.assertEqual(response.status_code, 200, response.text)
        response = self.call(*arguments, scheme="DPoP", headers=proof, domain=[])
        self.assert_refused(response, 401, "invalid_dpop_proof")

    def test_x12_a_token_bound_to_a_certificate_needs_it(self):
        self.application.token_binding = "mtls"
        self.env.flush_all()
        form = self.exchange(
            self.obtain_code(scope="openid odoo.read"),
            client_id=self.application.client_identifier,
            client_secret="a-secret-of-the-tests",
        )
        own = self.certificate()
        token = self.send_token(form, own).json()["access_token"]
        self.forget_session()
        call = (token, "res.partner", "search_count")
        self.assert_refused(self.call(*call, domain=[]), 401, "invalid_token")
        thief = self.certificate(key=new_key())
        self.assert_refused(self.call(*call, headers=thief, domain=[]), 401, "invalid_token")
        response = self.call(*call, headers=own, domain=[])
        self.assertEqual(response.status_code, 200, response.text)

    def test_x05_a_proof_is_used_up_by_a_call_that_fails(self):
        form = self.exchange(
            self.obtain_code(scope="openid odoo.read"),
            client_id=self.application.client_identifier,
            client_secret="a-secret-of-the-tests",
        )
        token = self.send_token(form, self.proof()).json()["access_token"]
        self.forget_session()
        proof = self.proof("POST", f"{API}/res.partner/read", token)
        call = (token, "res.partner", "read")
        first = self.call(*call, scheme="DPoP", headers=proof, nonsense=1)
        self.assertEqual(first.status_code, 422)
        response = self.call(*call, scheme="DPoP", headers=proof, ids=self.own.ids, fields=["name"])
        self.assert_refused(response, 401, "invalid_dpop_proof")

    # How far

    def test_write_scope_writes(self):
        token = self.token("openid odoo.write")
        self.result(token, "res.partner", "write", ids=self.own.ids, vals={"name": "Renamed"})
        self.assertEqual(self.names(token), ["Renamed"])
        (created,) = self.result(token, "res.partner", "create", vals_list=[{"name": "New"}])
        partner = self.env["res.partner"].browse(created)
        self.assertEqual((partner.name, partner.create_uid), ("New", self.person))

    def test_the_database_itself_refuses_what_says_it_reads_and_writes(self):
        token = self.token()

        def search_count(records, domain, limit=None):
            records.sudo().browse(self.own.ids).write({"name": "Secretly"})
            records.env.cr.commit()
            return 1

        search_count._readonly = search_count._api_model = True
        with (
            patch.object(ResPartner, "search_count", search_count, create=True),
            mute_logger("odoo.sql_db"),
        ):
            response = self.call(token, "res.partner", "search_count", domain=[])
        self.assert_refused(response, 403, "insufficient_scope")
        self.env.invalidate_all()
        self.assertEqual(self.own.name, "Of Ada")

    def test_not_even_after_a_commit(self):
        token = self.token()

        def search_count(records, domain, limit=None):
            records.env.cr.commit()
            records.sudo().browse(self.own.ids).write({"name": "Secretly"})
            return 1

        search_count._readonly = search_count._api_model = True
        with (
            patch.object(ResPartner, "search_count", search_count, create=True),
            mute_logger("odoo.sql_db"),
        ):
            response = self.call(token, "res.partner", "search_count", domain=[])
        self.assert_refused(response, 403, "insufficient_scope")
        self.env.invalidate_all()
        self.assertEqual(self.own.name, "Of Ada")

    def test_reading_in_many_ways(self):
        token = self.token()
        ids = self.own.ids
        self.assertIn("name", self.result(token, "res.partner", "fields_get"))
        self.assertEqual(
            self.result(token, "res.partner", "web_read", ids=ids, specification={"name": {}})[0][
                "name"
            ],
            "Of Ada",
        )
        self.assertTrue(self.result(token, "res.partner", "has_access", ids=ids, operation="read"))
        self.assertEqual(
            self.result(token, "res.partner", "search_count", domain=[["id", "=", ids[0]]]), 1
        )
        self.result(
            token,
            "res.partner",
            "formatted_read_group",
            domain=[],
            groupby=["user_id"],
            aggregates=["__count"],
        )

    # Errors and events

    def test_s08_errors_hold_no_traceback(self):
        token = self.token()
        failing = [
            ("no.such.model", "read", {}, 404),
            ("res.partner", "no_such_method", {}, 403),
            ("res.partner", "_compute_display_name", {}, 403),
            ("res.partner", "read", {"ids": self.own.ids, "fields": ["no_field"]}, 500),
            ("res.partner", "read", {"unknown": 1}, 422),
            ("res.partner", "search_read", {"domain": "nonsense"}, 500),
            ("res.partner", "search_read", {"domain": [["no_field", "=", 1]]}, 500),
        ]
        for model, method, arguments, status in failing:
            with self.subTest(method=method, **arguments), mute_logger("odoo.http"):
                response = self.call(token, model, method, **arguments)
                self.assertEqual(response.status_code, status, response.text)
                self.assertFalse(response.json()["debug"])
                self.assertNotIn("Traceback", response.text)

    def test_s05_searches_take_no_sql(self):
        """What names a field, an order or an operator is looked up, never pasted; values are only compared."""
        token = self.token()
        mine = ["user_id", "=", self.person.id]
        select = "(SELECT id FROM res_users LIMIT 1)"
        refused = [
            *(({"order": order}, 422) for order in (select, f"id,{select}", "id; SELECT 1")),
            ({"domain": [["id) OR (1=1", "=", 1]]}, 500),
            ({"domain": [mine, ["name", "= '' or 1=1 --", "x"]]}, 500),
            ({"fields": [f"name, {select}"]}, 500),
            ({"limit": "1; SELECT 1"}, 500),
            ({"offset": "0) OR (1=1"}, 500),
        ]
        for arguments, status in refused:
            with self.subTest(**arguments), mute_logger("odoo.http", "odoo.sql_db"):
                response = self.call(
                    token, "res.partner", "search_read", **{"domain": [mine], **arguments}
                )
                self.assertEqual(response.status_code, status, response.text)
                self.assertEqual(response.json()["debug"], "")
        for value in ("' OR 1=1 --", "%' OR '1'='1", "x\\') OR (1=1"):
            for operator in ("=", "like", "in"):
                found = self.result(
                    token, "res.partner", "search_count", domain=[mine, ["name", operator, value]]
                )
                self.assertEqual(found, 0)

    def test_refused_uses_are_events_but_strangers_are_not(self):
        events = self.env["oauth2.provider.event"]
        token = self.token("openid")
        before = events.search_count([])
        for _time in range(3):
            self.call("o2a_unknown", "res.partner", "search_count", domain=[])
            self.call(None, "res.partner", "search_count", domain=[])
        self.assertEqual(events.search_count([]), before)
        for _time in range(3):
            self.call(token, "res.partner", "search_count", domain=[])
        event = events.search([("event_type", "=", "use_refused")])
        self.assertEqual((event.client_id, event.user_id), (self.application, self.person))
        self.assertIn(API, event.detail)
        self.assertEqual(EVENT_INTERVAL, 300)

    def test_consent_page_says_what_it_means(self):
        self.authenticate("ada", "ada-password")
        page = self.authorize(scope="openid odoo.read odoo.write").text
        self.assertIn("Read all data here that you can see", page)
        self.assertIn("Read, change and delete all data here, as far as you can yourself", page)

    def test_an_application_has_no_scope_from_the_start(self):
        application = self.create_application(name="New", secret="new-secret")
        names = application.scope_ids.mapped("name")
        self.assertFalse([name for name in names if name.startswith("odoo.")])

    def test_metadata(self):
        document = self.url_open("/.well-known/oauth-protected-resource/json/2").json()
        self.assertEqual(document["resource"], API)
        self.assertEqual(document["authorization_servers"], ["http://localhost:8069"])
        self.assertEqual(document["scopes_supported"], ["odoo.read", "odoo.write"])
        self.assertTrue(document["tls_client_certificate_bound_access_tokens"])
        self.assertEqual(
            self.url_open("/.well-known/oauth-protected-resource").json()["resource"],
            "http://localhost:8069",
        )
        self.assertEqual(self.url_open("/.well-known/oauth-protected-resource/x").status_code, 404)
        discovery = self.url_open("/.well-known/openid-configuration").json()
        self.assertIn("odoo.read", discovery["scopes_supported"])

    def test_what_a_call_costs(self):
        token = self.token()
        self.call(token, "res.partner", "search_count", domain=[])
        # token, version of the client
        with self.assertStatements(2):
            self.call(token, "res.partner", "search_count", domain=[])

    def test_the_body_unlocks_nothing(self):
        token = self.token()
        body = {
            "ids": self.own.ids,
            "vals": {"name": "x"},
            "context": {
                "uid": 1,
                "su": True,
                "oauth2_admission": None,
                "oauth2_any_scope": "openid",
            },
        }
        response = self.call(token, "res.partner", "write", **body)
        self.assert_refused(response, 403, "insufficient_scope")
        response = self.url_open(
            "/json/2/res.partner/search_count",
            data=json.dumps(
                {"domain": [], "__model__": "ir.config_parameter", "__method__": "write"}
            ),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        self.assertEqual(response.status_code, 200)
