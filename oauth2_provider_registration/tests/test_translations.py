"""The texts for people who are asked for their consent, in other languages."""

from odoo.addons.oauth2_provider.tests import translations
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTranslations(translations.TranslationCase):
    module = "oauth2_provider_registration"
    known_texts = {
        "<strong>Not verified.</strong> <span>This application registered itself. Nobody here has checked who is "
        "behind it: its name and its picture may be those of somebody else.</span>"
    }
