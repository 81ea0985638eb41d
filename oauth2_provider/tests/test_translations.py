"""The texts of this add-on in other languages, and the pages that show them."""

from odoo.tests import tagged

from . import translations
from .common import ProviderCase

MODULE = "oauth2_provider"

END_USER_SOURCES = (
    "model:ir.model.fields,field_description:oauth2_provider.field_oauth2_provider_consent__client_id",
    "model:ir.model.fields,field_description:oauth2_provider.field_oauth2_provider_consent__client_name",
    "model:ir.model.fields,field_description:oauth2_provider.field_oauth2_provider_consent__granted_at",
    "model:ir.model.fields,field_description:oauth2_provider.field_oauth2_provider_consent__scope_description",
    "model:ir.model.fields,field_description:oauth2_provider.field_res_users__oauth2_consent_ids",
    "model_terms:ir.ui.view,arch_db:oauth2_provider.view_consent_kanban",
    "model_terms:ir.ui.view,arch_db:oauth2_provider.view_users_form",
    # what people say about themselves
    *(
        f"model:ir.model.fields,field_description:oauth2_provider.field_oauth2_provider_profile__{name}"
        for name in (
            *("user_id", "given_name", "middle_name", "family_name"),
            *("nickname", "gender", "birthdate", "profile"),
        )
    ),
    "model:ir.model.fields,help:oauth2_provider.field_oauth2_provider_profile__",
    "model_terms:ir.ui.view,arch_db:oauth2_provider.view_profile_form",
    "code:addons/oauth2_provider/models/oauth2_provider_profile.py",
    "code:addons/oauth2_provider/models/res_users_profile.py",
)


@tagged("post_install", "-at_install")
class TestTranslations(translations.TranslationCase):
    module = MODULE
    end_user_sources = END_USER_SOURCES
    known_texts = {"<span>wants to use your account</span>", "Continue", "Your name", "Disconnect"}


@tagged("post_install", "-at_install")
class TestTranslationsOfPages(ProviderCase):
    def consent_page_in(self, language):
        self.load(language)
        self.person.lang = language
        self.env.flush_all()
        self.authenticate("ada", "ada-password")
        return self.authorize().text

    def load(self, language):
        activated = self.env["res.lang"]._activate_lang(language)
        if "website" in self.env:
            # There each website has languages of its own.
            self.env["website"].search([]).language_ids |= activated
        module = self.env["ir.module.module"].search([("name", "=", MODULE)])
        module._update_translations([language])

    def test_german(self):
        page = self.consent_page_in("de_DE")
        self.assertIn("möchte Ihr Konto verwenden", page)
        self.assertIn("Ihre E-Mail-Adresse", page)  # from a scope
        self.assertRegex(page, r'<div id="oauth2_page" lang="de-DE" dir="ltr">')

    def test_u14_scopes_are_told_in_the_language_of_the_reader(self):
        """One that is not translated, or is gone since it was granted, is told as well as can be, never left out."""
        own = self.env["oauth2.provider.scope"].create(
            {"name": "stock:read", "description": "What is in stock"}
        )
        self.application.scope_ids |= own
        self.load("de_DE")
        self.person.lang = "de_DE"
        self.env.flush_all()
        self.authenticate("ada", "ada-password")
        page = self.authorize(scope="openid email stock:read")
        for scope, text in (("email", "Ihre E-Mail-Adresse"), ("stock:read", "What is in stock")):
            self.assertRegex(page.text, rf'data-scope="{scope}"[^>]*>\s*(<[^>]+>\s*)*{text}')
        self.assertNotIn("Your e-mail address", page.text)
        self.press(page, "allow")
        own.unlink()
        self.env.flush_all()
        granted = self.granted("de_DE")
        self.assertIn("Ihre E-Mail-Adresse", granted)
        self.assertTrue(granted.endswith(", stock:read"), granted)

    def granted(self, language):
        """What Odoo's web client shows a person of the application that has their consent."""
        params = {
            "model": "oauth2.provider.consent",
            "method": "search_read",
            "args": [[], ["scope_description"]],
            "kwargs": {"context": {"lang": language}},
        }
        [consent] = self.make_jsonrpc_request("/web/dataset/call_kw", params)
        return consent["scope_description"]

    def test_french(self):
        page = self.consent_page_in("fr_FR")
        self.assertIn("souhaite utiliser votre compte", page)
        self.assertIn("Votre adresse e-mail", page)

    def test_arabic_is_written_from_right_to_left(self):
        page = self.consent_page_in("ar_001")
        self.assertIn("يريد استخدام حسابك", page)
        self.assertRegex(page, r'<div id="oauth2_page" lang="ar-001" dir="rtl">')

    def test_the_page_that_posts_itself(self):
        self.load("de_DE")
        page = (
            self.env["ir.qweb"]
            .with_context(lang="de_DE")
            ._render(f"{MODULE}.form_post_page", {"lang": "de-DE", "fields": [], "action": "/"})
        )
        self.assertTrue(page.startswith("<!DOCTYPE html>"), page)
        self.assertIn("<title>Einen Moment bitte</title>", page)
        self.assertIn("Weiter", page)
