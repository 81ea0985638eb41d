-- A copy of the database must not answer for the original: it has no issuer, no application, no secret, no token.
UPDATE oauth2_provider_client SET active = false;
DELETE FROM oauth2_provider_client_secret;
DELETE FROM oauth2_provider_token;
DELETE FROM oauth2_provider_authorization_code;
DELETE FROM oauth2_provider_authorization_request;
DELETE FROM oauth2_provider_device_code;
UPDATE oauth2_provider_trusted_issuer SET active = false;
DELETE FROM oauth2_provider_session_client;
DELETE FROM oauth2_provider_logout_notice;
DELETE FROM oauth2_provider_logout_request;
DELETE FROM oauth2_provider_authorization;
DELETE FROM oauth2_provider_signing_key;
DELETE FROM oauth2_provider_server_secret;
-- What the copy calls people must tell nothing about what the original calls them.
UPDATE ir_config_parameter SET value = gen_random_uuid()::text || gen_random_uuid()::text
 WHERE key = 'oauth2_provider.pairwise_salt';
DELETE FROM ir_config_parameter
 WHERE key IN ('oauth2_provider.issuer', 'oauth2_provider.issuer_confirmed');
