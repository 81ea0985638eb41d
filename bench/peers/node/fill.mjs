// Makes the tables, and puts people, applications and tokens in through its own models.
// Reads the job from standard input (see servers.py), writes what it made to standard output.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

import { pool, Adapter, TABLES } from "./adapter.mjs";
import { makeProvider } from "./provider.mjs";

const WEEK = 7 * 24 * 3600;
const OPENID = "openid profile email offline_access";
const PLAIN = "profile email offline_access";

const job = JSON.parse(await text(process.stdin));
const provider = makeProvider();
await pool.query(TABLES);

const people = Array.from({ length: job.people }, (_, number) => `person${number}`);
for (const [number, id] of people.entries()) {
    await pool.query("INSERT INTO person VALUES ($1, $2, $3)", [id, `Person ${number}`, `${id}@acme.example`]);
}

async function register(name, metadata) {
    const secret = randomBytes(32).toString("base64url");
    const id = name.toLowerCase().replace(" ", "-");
    await new Adapter("Client").upsert(id, {
        client_id: id,
        client_secret: secret,
        client_name: name,
        ...metadata,
    });
    return [id, secret];
}

const service = await register("Service", {
    grant_types: ["client_credentials"],
    response_types: [],
    redirect_uris: [],
    scope: "reports",
});
const applications = [];
for (let number = 0; number < job.applications; number += 1) {
    applications.push(
        await register(`Application ${number}`, {
            grant_types: ["authorization_code", "refresh_token"],
            redirect_uris: [job.redirect_uri],
        }),
    );
}
const clients = await Promise.all(applications.map(([id]) => provider.Client.find(id)));

// An object of `Model` with a grant of its own; what is told of it is its text and the number of its application.
async function issue(Model, number, scope, more) {
    const owner = number % clients.length;
    const common = { accountId: people[number % people.length], client: clients[owner] };
    const grant = new provider.Grant({ ...common, clientId: common.client.clientId, expiresIn: WEEK });
    grant.addOIDCScope(scope);
    const object = new Model({
        ...common,
        grantId: await grant.save(),
        scope,
        expiresIn: WEEK,
        expiresWithSession: false,
        gty: "authorization_code",
        authTime: Math.floor(Date.now() / 1000),
        ...more,
    });
    return [await object.save(), owner];
}

async function issueMany(count, Model, scope, more) {
    const made = [];
    while (made.length < count) {
        const numbers = Array.from({ length: Math.min(50, count - made.length) }, (_, index) => made.length + index);
        made.push(...(await Promise.all(numbers.map((number) => issue(Model, number, scope, more)))));
    }
    return made;
}

const versionOf = (name) => JSON.parse(readFileSync(`../node_modules/${name}/package.json`)).version;

const { AccessToken, RefreshToken, AuthorizationCode } = provider;
const codeOf = {
    redirectUri: job.redirect_uri,
    codeChallenge: job.code_challenge,
    codeChallengeMethod: "S256",
};
const made = {
    service,
    applications,
    live: await issueMany(job.live, AccessToken, OPENID),
    revocable: await issueMany(job.redeemed, AccessToken, OPENID),
    refresh: await issueMany(job.redeemed, RefreshToken, OPENID),
    plain_refresh: await issueMany(job.redeemed, RefreshToken, PLAIN),
    codes: await issueMany(job.redeemed, AuthorizationCode, OPENID, codeOf),
    versions: {
        "Node.js": process.versions.node,
        "oidc-provider": versionOf("oidc-provider"),
        pg: versionOf("pg"),
    },
};
process.stdout.write(JSON.stringify(made));
await pool.end();
