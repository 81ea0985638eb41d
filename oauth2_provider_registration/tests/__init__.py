from . import test_administration, test_logos, test_registration, test_translations
