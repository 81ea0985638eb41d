// What oidc-provider asks of a store, over PostgreSQL: a row per object, its payload as jsonb.
import pg from "pg";

// Host, port, user and database come from the PG* variables.
export const pool = new pg.Pool();

export const TABLES = `
  CREATE TABLE stored (
    model text NOT NULL,
    id text NOT NULL,
    payload jsonb NOT NULL,
    grant_id text,
    uid text,
    user_code text,
    expires_at timestamptz,
    consumed_at timestamptz,
    PRIMARY KEY (model, id)
  );
  CREATE INDEX ON stored (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX ON stored (uid) WHERE uid IS NOT NULL;
  CREATE INDEX ON stored (user_code) WHERE user_code IS NOT NULL;
  CREATE TABLE person (id text PRIMARY KEY, name text NOT NULL, email text NOT NULL);
`;

// A statement with a name is planned once per connection.
const PAYLOAD = "SELECT payload, extract(epoch FROM consumed_at)::int AS consumed FROM stored WHERE model = $1";
const FIND = { name: "find", text: `${PAYLOAD} AND id = $2` };
const FIND_BY_UID = { name: "find_by_uid", text: `${PAYLOAD} AND uid = $2` };
const FIND_BY_USER_CODE = { name: "find_by_user_code", text: `${PAYLOAD} AND user_code = $2` };
const UPSERT = {
    name: "upsert",
    text: `
    INSERT INTO stored (model, id, payload, grant_id, uid, user_code, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
    ON CONFLICT (model, id) DO UPDATE
       SET payload = EXCLUDED.payload, grant_id = EXCLUDED.grant_id, uid = EXCLUDED.uid,
           user_code = EXCLUDED.user_code, expires_at = EXCLUDED.expires_at`,
};
const CONSUME = {
    name: "consume",
    text: "UPDATE stored SET consumed_at = now() WHERE model = $1 AND id = $2",
};
const DESTROY = { name: "destroy", text: "DELETE FROM stored WHERE model = $1 AND id = $2" };
const REVOKE = { name: "revoke", text: "DELETE FROM stored WHERE model = $1 AND grant_id = $2" };
const PERSON = { name: "person", text: "SELECT name, email FROM person WHERE id = $1" };

export class Adapter {
    constructor(model) {
        this.model = model;
    }

    async #first(statement, value) {
        const {
            rows: [row],
        } = await pool.query({ ...statement, values: [this.model, value] });
        return row && (row.consumed ? { ...row.payload, consumed: row.consumed } : row.payload);
    }

    find(id) {
        return this.#first(FIND, id);
    }

    findByUid(uid) {
        return this.#first(FIND_BY_UID, uid);
    }

    findByUserCode(userCode) {
        return this.#first(FIND_BY_USER_CODE, userCode);
    }

    async upsert(id, payload, expiresIn) {
        const { grantId, uid, userCode } = payload;
        await pool.query({
            ...UPSERT,
            values: [this.model, id, payload, grantId, uid, userCode, expiresIn],
        });
    }

    async consume(id) {
        await pool.query({ ...CONSUME, values: [this.model, id] });
    }

    async destroy(id) {
        await pool.query({ ...DESTROY, values: [this.model, id] });
    }

    async revokeByGrantId(grantId) {
        await pool.query({ ...REVOKE, values: [this.model, grantId] });
    }
}

export async function person(id) {
    const {
        rows: [row],
    } = await pool.query({ ...PERSON, values: [id] });
    return row;
}
