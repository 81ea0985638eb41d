-- A copy of the database must not take registrations for the original, nor changes of those that were made there.
DELETE FROM oauth2_provider_initial_access_token;
UPDATE oauth2_provider_client SET registration_token_hash = NULL;
DELETE FROM ir_config_parameter
 WHERE key IN ('oauth2_provider_registration.access', 'oauth2_provider_registration.documents');
