// A web application written with openid-client. Reads its registration from the first line of standard input, says which
// address the browser has to open, reads the address at which the browser came back, and tells what it learnt.
import readline from "node:readline";
import * as client from "openid-client";

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const hear = async () => JSON.parse((await lines.next()).value);
const tell = (message) => console.log(JSON.stringify(message));

const { registration, want } = await hear();
const ownKey = async () => {
    const { alg, kid } = want.jwk;
    const kind = { ES256: { name: "ECDSA", namedCurve: "P-256" }, PS256: { name: "RSA-PSS", hash: "SHA-256" } }[alg];
    return { key: await crypto.subtle.importKey("jwk", want.jwk, kind, false, ["sign"]), kid };
};
const authentication = async () => {
    if (want.jwk) return client.PrivateKeyJwt(await ownKey());
    if (want.post) return client.ClientSecretPost(registration.client_secret);
    return registration.client_secret ? client.ClientSecretBasic(registration.client_secret) : client.None();
};
const { client_id, issuer, ...metadata } = registration;
const config = await client.discovery(new URL(issuer), client_id, metadata, await authentication());
if (want.jarm) client.useJwtResponseMode(config);
if (want.hybrid) client.useCodeIdTokenResponseType(config);
const DPoP = want.dpop ? client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256")) : undefined;

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedState = client.randomState();
const expectedNonce = client.randomNonce();
let parameters = {
    redirect_uri: registration.redirect_uris[0],
    scope: want.scope,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
};
if (want.jar) {
    const signed = await client.buildAuthorizationUrlWithJAR(config, parameters, await ownKey());
    parameters = Object.fromEntries(signed.searchParams);
}
const start = want.par ? client.buildAuthorizationUrlWithPAR : client.buildAuthorizationUrl;
const address = await start(config, parameters, { DPoP });
tell({ open: address.href });

const { arrived } = await hear();
const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
const tokens = await client.authorizationCodeGrant(config, new URL(arrived), checks, undefined, { DPoP });
const claims = tokens.claims();
const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub, { DPoP });
const renewed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
const userAgain = await client.fetchUserInfo(config, renewed.access_token, claims.sub, { DPoP });
const seen = registration.client_secret ? await client.tokenIntrospection(config, renewed.access_token) : undefined;
await client.tokenRevocation(config, renewed.refresh_token ?? tokens.refresh_token);
const refused = await client
    .fetchUserInfo(config, renewed.access_token, claims.sub, { DPoP })
    .then(() => "still accepted", (error) => error.code);
const logout = client.buildEndSessionUrl(config, {
    id_token_hint: renewed.id_token ?? tokens.id_token,
    post_logout_redirect_uri: registration.post_logout_redirect_uris[0],
});
tell({ claims, user, userAgain, seen, refused, logout: logout.href, tokenType: tokens.token_type });
process.exit(0);
