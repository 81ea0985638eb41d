from . import (
    test_administration,
    test_documents,
    test_logos,
    test_registration,
    test_registration_of_keys,
    test_translations,
)
