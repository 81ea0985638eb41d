// oidc-provider with its defaults, but for what the measured routes need.
import Provider from "oidc-provider";

import { Adapter, person } from "./adapter.mjs";

async function findAccount(ctx, accountId) {
    const found = await person(accountId);
    return found && { accountId, claims: async () => ({ sub: accountId, ...found }) };
}

export function makeProvider() {
    return new Provider(process.env.PEER_ISSUER, {
        adapter: Adapter,
        findAccount,
        jwks: { keys: [JSON.parse(process.env.PEER_KEY)] },
        cookies: { keys: [process.env.PEER_SECRET] },
        clientDefaults: { id_token_signed_response_alg: "ES256" },
        claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
        scopes: ["openid", "offline_access", "reports"],
        // Its default lets a confidential client keep a refresh token until 70 % of its life; ours changes it each time.
        rotateRefreshToken: true,
        features: {
            devInteractions: { enabled: false },
            clientCredentials: { enabled: true },
            introspection: { enabled: true },
            revocation: { enabled: true },
        },
    });
}
