"""What the tests of each add-on's translations share."""

import io
import re

import polib
from odoo.tests import TransactionCase
from odoo.tools.misc import file_path
from odoo.tools.translate import trans_export

LANGUAGES = ("pt", "es", "fr", "de", "nl", "it", "ar", "zh_CN", "hi", "tr")

_DATES_HAVE_LATIN_LETTERS = "dates are asked for in Latin letters there as well"
EQUAL_ON_PURPOSE = {
    "fr": {"Application": "the same word", "Applications": "the same word"},
    "it": {"Password": "Italian uses the English word"},
    "ar": {"YYYY-MM-DD": _DATES_HAVE_LATIN_LETTERS},
    "hi": {"YYYY-MM-DD": _DATES_HAVE_LATIN_LETTERS},
    "zh_CN": {"YYYY-MM-DD": _DATES_HAVE_LATIN_LETTERS},
}
EQUAL_EVERYWHERE = {
    "https://…": "how every address begins",
    "XXXX-XXXX": "the shape of a code, which has Latin letters everywhere",
}
PLACEHOLDER = re.compile(r"%s|%\(\w+\)s|\{\{\d+\}\}")


class TranslationCase(TransactionCase):
    """Every text that an end-user sees is translated, and the translation files hold the texts that there are."""

    allow_inherited_tests_method = True

    module: str
    # Where texts for end-users come from, beside the pages: what an export tells of one begins so.
    end_user_sources: tuple = ()
    # A text of each kind: one that the export does not know would go unnoticed.
    known_texts: frozenset = frozenset()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = io.BytesIO()
        trans_export(None, [cls.module], exported, "po", cls.env)
        cls.exported = polib.pofile(exported.getvalue().decode())

    def test_end_user_texts_are_translated(self):
        texts = self._end_user_texts()
        self.assertLessEqual(self.known_texts, texts)
        for language in LANGUAGES:
            with self.subTest(language=language):
                file = self._file(f"{language}.po")
                translations = {entry.msgid: entry.msgstr for entry in file.translated_entries()}
                untranslated = {
                    text for text in texts if translations.get(text) in (None, "", text)
                }
                on_purpose = {*EQUAL_ON_PURPOSE.get(language, {}), *EQUAL_EVERYWHERE}
                self.assertEqual(
                    untranslated,
                    on_purpose & texts,
                    f"put what is missing into i18n/{language}.po; "
                    "what is the same as in English on purpose belongs into translations.py",
                )

    def test_every_text_is_in_the_template_for_translators(self):
        self.assertEqual(
            self._own_texts(self._file(f"{self.module}.pot")),
            self._own_texts(self.exported),
            "the texts have changed: run `make translations`, translate what is new for "
            f"end-users, and commit {self.module}/i18n",
        )

    def test_markup_and_placeholders_are_kept(self):
        for language in LANGUAGES:
            for entry in self._file(f"{language}.po").translated_entries():
                with self.subTest(language=language, text=entry.msgid):
                    self.assertEqual(
                        self._fixed_parts(entry.msgstr), self._fixed_parts(entry.msgid)
                    )

    def _file(self, name):
        return polib.pofile(file_path(f"{self.module}/i18n/{name}"))

    def _fixed_parts(self, text):
        tags = [part.partition(">")[0] for part in text.split("<")[1:]]
        return sorted(PLACEHOLDER.findall(text)), tags

    def _end_user_texts(self):
        pages = self.env["ir.ui.view"].search([("type", "=", "qweb")])
        sources = (
            *(
                f"model_terms:ir.ui.view,arch_db:{name}"
                for name in pages.get_external_id().values()
            ),
            f"model:oauth2.provider.scope,description:{self.module}.scope_",
        )
        return {
            entry.msgid
            for entry in self.exported
            for source, _line in entry.occurrences
            if source in sources or source.startswith((sources[-1], *self.end_user_sources))
        }

    def _own_texts(self, file):
        """Without the fields of other modules: which of them a model inherits depends on what is installed."""
        own_fields = {
            f"{self.module}.field_{model._name.replace('.', '_')}__{name}"
            for model in self.env.values()
            for name, field in model._fields.items()
            if self.module in field._modules
        }
        return {
            entry.msgid
            for entry in file
            for source, _line in entry.occurrences
            if not source.startswith("model:ir.model.fields,")
            or source.rpartition(":")[2] in own_fields
        }
