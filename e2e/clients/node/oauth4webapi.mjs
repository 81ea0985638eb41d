// The same with oauth4webapi, which checks each answer of the server to the letter.
import readline from "node:readline";
import * as oauth from "oauth4webapi";

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const hear = async () => JSON.parse((await lines.next()).value);
const tell = (message) => console.log(JSON.stringify(message));

const { registration, want } = await hear();
const issuer = new URL(registration.issuer);
const algorithm = want.discovery ?? "oidc";
const server = await oauth
    .discoveryRequest(issuer, { algorithm })
    .then((response) => oauth.processDiscoveryResponse(issuer, response));
const client = { ...registration };
const authentication = registration.client_secret
    ? oauth.ClientSecretBasic(registration.client_secret)
    : oauth.None();
const DPoP = want.dpop ? oauth.DPoP(client, await oauth.generateKeyPair("ES256")) : undefined;

const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const nonce = oauth.generateRandomNonce();
const redirectUri = registration.redirect_uris[0];
const parameters = {
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: want.scope,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...(want.max_age === undefined ? {} : { max_age: String(want.max_age) }),
};
let address = new URL(server.authorization_endpoint);
address.search = new URLSearchParams(parameters);
if (want.par) {
    const pushed = await oauth
        .pushedAuthorizationRequest(server, client, authentication, parameters, { DPoP })
        .then((response) => oauth.processPushedAuthorizationResponse(server, client, response));
    address.search = new URLSearchParams({ client_id: client.client_id, request_uri: pushed.request_uri });
}
tell({ open: address.href });

const { arrived } = await hear();
const answer = oauth.validateAuthResponse(server, client, new URL(arrived), state);
const response = await oauth.authorizationCodeGrantRequest(
    server, client, authentication, answer, redirectUri, verifier, { DPoP },
);
const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
    ...(want.max_age === undefined ? {} : { maxAge: want.max_age }),
});
await oauth.validateApplicationLevelSignature(server, response);
const claims = oauth.getValidatedIdTokenClaims(tokens);
const userOf = async (token) =>
    oauth
        .userInfoRequest(server, client, token, { DPoP })
        .then((response) => oauth.processUserInfoResponse(server, client, claims.sub, response));
const user = await userOf(tokens.access_token);
const renewed = await oauth
    .refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, { DPoP })
    .then((response) => oauth.processRefreshTokenResponse(server, client, response));
const userAgain = await userOf(renewed.access_token);
await oauth
    .revocationRequest(server, client, authentication, renewed.refresh_token ?? tokens.refresh_token)
    .then((response) => oauth.processRevocationResponse(response));
const refused = await userOf(renewed.access_token).then(
    () => "still accepted",
    (error) => error.cause?.[0]?.parameters?.error ?? error.code,
);
tell({ claims, user, userAgain, refused, tokenType: tokens.token_type });
process.exit(0);
