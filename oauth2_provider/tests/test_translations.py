"""Every text that an end-user sees is translated, and the translation files hold the texts that there are."""

import io

import polib
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import trans_export

from .common import ProviderCase
from .untranslated_texts import WAITING

MODULE = "oauth2_provider"
LANGUAGES = ("pt", "es", "fr", "de", "nl", "it", "ar", "zh_CN", "hi", "tr")

# Where the texts for end-users come from, beside the pages: what an export tells of a text begins with one of these.
END_USER_SOURCES = (
    "model:oauth2.provider.scope,description:oauth2_provider.scope_",
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

_NO_LETTERS_OF_ITS_OWN = "dates are asked for in Latin letters there as well"
EQUAL_ON_PURPOSE = {
    "fr": {"Application": "the same word"},
    "it": {"Password": "Italian uses the English word"},
    "ar": {"YYYY-MM-DD": _NO_LETTERS_OF_ITS_OWN},
    "hi": {"YYYY-MM-DD": _NO_LETTERS_OF_ITS_OWN},
    "zh_CN": {"YYYY-MM-DD": _NO_LETTERS_OF_ITS_OWN},
}
EQUAL_EVERYWHERE = {
    "https://…": "how every address begins",
    "XXXX-XXXX": "the shape of a code, which has Latin letters everywhere",
}


def translation_file(name):
    return polib.pofile(file_path(f"{MODULE}/i18n/{name}"))


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = io.BytesIO()
        trans_export(None, [MODULE], exported, "po", cls.env)
        cls.exported = polib.pofile(exported.getvalue().decode())

    def test_end_user_texts_are_translated(self):
        texts = self._end_user_texts()
        # one of each kind: a text that the export does not know would go unnoticed
        self.assertLessEqual(
            {"<span>wants to use your account</span>", "Continue", "Your name", "Disconnect"}, texts
        )
        for language in LANGUAGES:
            with self.subTest(language=language):
                file = translation_file(f"{language}.po")
                translations = {entry.msgid: entry.msgstr for entry in file if not entry.obsolete}
                untranslated = {
                    text for text in texts if translations.get(text) in (None, "", text)
                }
                self.assertEqual(
                    untranslated,
                    {*EQUAL_ON_PURPOSE.get(language, {}), *EQUAL_EVERYWHERE, *WAITING},
                    f"put what is missing into i18n/{language}.po; "
                    "what is the same as in English on purpose belongs in this test",
                )

    def test_every_text_is_in_the_template_for_translators(self):
        self.assertEqual(
            self._own_texts(translation_file(f"{MODULE}.pot")),
            self._own_texts(self.exported),
            "the texts have changed: run `make translations`, translate what is new for end-users, "
            "and commit oauth2_provider/i18n",
        )

    def test_markup_and_placeholders_are_kept(self):
        for language in LANGUAGES:
            for entry in translation_file(f"{language}.po").translated_entries():
                with self.subTest(language=language, text=entry.msgid):
                    self.assertEqual(
                        self._fixed_parts(entry.msgstr), self._fixed_parts(entry.msgid)
                    )

    def _fixed_parts(self, text):
        placeholders = {part for part in ("%s", "%(address)s", "%(reason)s") if part in text}
        return placeholders, [part.partition(">")[0] for part in text.split("<")[1:]]

    def _end_user_texts(self):
        pages = self.env["ir.ui.view"].search([("type", "=", "qweb")]).get_external_id().values()
        of_pages = {f"model_terms:ir.ui.view,arch_db:{page}" for page in pages}
        return {
            entry.msgid
            for entry in self.exported
            for source, _line in entry.occurrences
            if source in of_pages or source.startswith(END_USER_SOURCES)
        }

    def _own_texts(self, file):
        """Without the fields of other modules: which of them a model inherits depends on what is installed."""
        own_fields = {
            f"{MODULE}.field_{model._name.replace('.', '_')}__{name}"
            for model in self.env.values()
            for name, field in model._fields.items()
            if MODULE in field._modules
        }
        return {
            entry.msgid
            for entry in file
            for source, _line in entry.occurrences
            if not source.startswith("model:ir.model.fields,")
            or source.rpartition(":")[2] in own_fields
        }


@tagged("post_install", "-at_install")
class TestTranslationsOfPages(ProviderCase):
    def consent_page_in(self, language):
        self.load(language)
        self.person.lang = language
        self.env.flush_all()
        self.authenticate("ada", "ada-password")
        return self.authorize().text

    def load(self, language):
        self.env["res.lang"]._activate_lang(language)
        module = self.env["ir.module.module"].search([("name", "=", MODULE)])
        module._update_translations([language])

    def test_german(self):
        page = self.consent_page_in("de_DE")
        self.assertIn("möchte Ihr Konto verwenden", page)
        self.assertIn("Ihre E-Mail-Adresse", page)  # from a scope
        self.assertRegex(page, r'<div id="oauth2_page" lang="de-DE" dir="ltr">')

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
