import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalsOf } from '../testing/issues.js';
import { resultOf } from '../testing/result-of.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';
import { connectTestCaller } from '../testing/test-caller.js';
import { MAX_VALID_KEYS } from './create-api-key.js';

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  secret apiKey { id name role createdAt createdBy expiresAt lastUsedAt revokedAt } } }`;
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) }';
const LIST = 'query ($organizationId: ID) { apiKeys(organizationId: $organizationId) { id name role revokedAt } }';
const NOBODY = 'org_00000000000000000000000000';

interface Key {
  readonly id: string;
  readonly name: string;
  readonly revokedAt: string | null;
}

describe('API keys', () => {
  let api: TestApi;
  let admin: TestCaller;
  let operator: TestCaller;

  beforeAll(async () => {
    api = await startTestApi();
    admin = await api.newCaller('acme', 'ADMIN');
    operator = await api.newCaller('house', 'OPERATOR');
  });

  afterAll(() => api.stop());

  const create = (by: TestCaller, input: object) => by.ask(CREATE, { input: { name: 'ci', role: 'VIEWER', ...input } });
  const newKey = async (by: TestCaller, input: object) => {
    const { secret, apiKey } = resultOf(await create(by, input), 'createApiKey') as { secret: string; apiKey: Key };
    const caller = connectTestCaller(api.address, { key: secret, organizationId: admin.organizationId });
    return { ...apiKey, secret, caller };
  };
  const list = async (by: TestCaller, organizationId?: string) =>
    (await by.get<{ apiKeys: Key[] }>(LIST, { organizationId })).apiKeys;

  it('are created with a role and an end, and open what the role may', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { secret, apiKey } = resultOf(
      await create(admin, { name: 'ci 2', role: 'SUBMITTER', expiresAt }),
      'createApiKey',
    ) as { secret: string; apiKey: object };
    expect(secret).toMatch(/^cck_[\w-]{43}$/);
    expect(apiKey).toEqual({
      id: expect.stringMatching(/^key_/),
      name: 'ci 2',
      role: 'SUBMITTER',
      createdAt: expect.stringMatching(/Z$/),
      createdBy: 'admin of acme',
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    });
    const caller = connectTestCaller(api.address, { key: secret, organizationId: admin.organizationId });
    expect((await caller.ask('{ viewer { principal role organization { name } } }')).data).toEqual({
      viewer: { principal: 'ci 2', role: 'SUBMITTER', organization: { name: 'acme' } },
    });
  });

  it('have their secret in the answer only: neither stored nor logged nor listed', async () => {
    const { secret } = await newKey(admin, { name: 'hidden' });
    const { rows } = await api.database.pool.query('select row_to_json(api_keys)::text as row from api_keys');
    expect(JSON.stringify([rows, await list(admin), api.logged()])).not.toContain(secret.slice(4));
  });

  it('are listed to the admins of their organization only, valid ones first', async () => {
    const gone = await newKey(admin, { name: 'gone' });
    await admin.ask(REVOKE, { id: gone.id });
    const newest = await newKey(admin, { name: 'newest' });
    const keys = await list(admin);
    expect([keys[0]?.id, keys.at(-1)?.id]).toEqual([newest.id, gone.id]);
    const stranger = await api.newCaller('umbrella', 'ADMIN');
    expect((await list(stranger)).map(({ name }) => name)).toEqual(['admin of umbrella']);
    expect(await list(operator, admin.organizationId)).toEqual(keys);
    expect(await list(operator, NOBODY)).toEqual([]);
    for (const organizationId of [admin.organizationId, NOBODY]) {
      expect(refusalsOf(await stranger.ask(LIST, { organizationId }))).toEqual(['FORBIDDEN']);
    }
  });

  it('never have a role above that of who creates them', async () => {
    expect(refusalsOf(await create(admin, { role: 'OPERATOR' }))).toEqual(['FORBIDDEN']);
    expect(refusalsOf(await create(admin, { role: 'ADMIN' }))).toEqual([]);
    expect(refusalsOf(await create(operator, { role: 'OPERATOR' }))).toEqual([]);
  });

  it('are created for another organization by operators only', async () => {
    const umbrella = await api.newCaller('umbrella', 'VIEWER');
    for (const organizationId of [umbrella.organizationId, NOBODY, '\0']) {
      expect(refusalsOf(await create(admin, { organizationId }))).toEqual([
        organizationId === '\0' ? 'organizationId: INVALID' : 'FORBIDDEN',
      ]);
    }
    expect(refusalsOf(await create(admin, { organizationId: admin.organizationId }))).toEqual([]);
    expect(refusalsOf(await create(operator, { organizationId: NOBODY }))).toEqual(['NOT_FOUND']);
    const { caller } = await newKey(operator, { organizationId: umbrella.organizationId });
    expect((await caller.ask('{ viewer { organization { name } } }')).data).toEqual({
      viewer: { organization: { name: 'umbrella' } },
    });
  });

  it('are refused with everything that is wrong with them', async () => {
    const answer = await create(admin, { name: '', expiresAt: '2020-01-01T00:00:00Z', organizationId: '\0' });
    expect(refusalsOf(answer)).toEqual(['name: INVALID', 'expiresAt: INVALID', 'organizationId: INVALID']);
  });

  it('open nothing within six seconds of being revoked, on another api too; the first time stays', async () => {
    const { id, caller } = await newKey(admin, { name: 'short-lived' });
    const other = await api.startAnother();
    try {
      const elsewhere = other.callerOf(caller);
      for (const each of [caller, elsewhere]) expect(refusalsOf(await each.ask('{ viewer { role } }'))).toEqual([]);
      expect((await admin.ask(REVOKE, { id })).data).toEqual({ revokeApiKey: id });
      const atMs = performance.now();
      const first = (await list(admin)).find((key) => key.id === id)?.revokedAt;
      expect(first).not.toBeNull();
      for (const each of [caller, elsewhere]) {
        await expect
          .poll(() => each.ask('{ viewer { role } }'), { timeout: 6_000, interval: 200 })
          .toMatchObject({
            status: 401,
          });
      }
      expect(performance.now() - atMs).toBeLessThan(6_500);
      expect((await admin.ask(REVOKE, { id })).data).toEqual({ revokeApiKey: id });
      expect((await list(admin)).find((key) => key.id === id)?.revokedAt).toBe(first);
    } finally {
      await other.stop();
    }
  });

  it('are revoked by admins of their organization and by operators, and never from below', async () => {
    const stranger = await api.newCaller('umbrella', 'ADMIN');
    const { id } = await newKey(admin, {});
    const none = await stranger.ask(REVOKE, { id: 'key_none' });
    const foreign = await stranger.ask(REVOKE, { id });
    expect(JSON.stringify(foreign).replaceAll(id, 'key_none')).toBe(JSON.stringify(none));
    expect(refusalsOf(foreign)).toEqual(['NOT_FOUND']);
    expect(refusalsOf(await operator.ask(REVOKE, { id }))).toEqual([]);
    const above = await newKey(operator, { role: 'OPERATOR', organizationId: admin.organizationId });
    expect(refusalsOf(await admin.ask(REVOKE, { id: above.id }))).toEqual(['FORBIDDEN']);
    expect(refusalsOf(await above.caller.ask('{ viewer { role } }'))).toEqual([]);
  });

  it('have their use noted at most once a minute', async () => {
    const { id, caller } = await newKey(admin, { name: 'used' });
    const used = async () => {
      const { rows } = await api.database.pool.query('select last_used_at, xmin::text from api_keys where id = $1', [
        id,
      ]);
      return rows[0] as { last_used_at: Date | null; xmin: string };
    };
    await caller.ask('{ viewer { role } }');
    const first = await used();
    expect(Math.abs(Date.now() - Number(first.last_used_at))).toBeLessThan(10_000);
    // Another api process has nothing in its memory.
    const other = await api.startAnother();
    await other.callerOf(caller).ask('{ viewer { role } }');
    expect(await used()).toEqual(first);
    await api.database.pool.query(`update api_keys set last_used_at = now() - interval '61 seconds' where id = $1`, [
      id,
    ]);
    const third = await api.startAnother();
    await third.callerOf(caller).ask('{ viewer { role } }');
    expect(Number((await used()).last_used_at)).toBeGreaterThanOrEqual(Number(first.last_used_at));
    await Promise.all([other.stop(), third.stop()]);
  });

  it(`are at most ${MAX_VALID_KEYS} at once in an organization`, async () => {
    const { id: organizationId } = resultOf(
      await operator.ask('mutation { createOrganization(input: { name: "full" }) { id } }'),
      'createOrganization',
    ) as { id: string };
    await api.database.pool.query(
      `insert into api_keys (id, organization_id, name, role, secret_hash, created_by)
        select 'key_' || n, $1, 'filler', 'VIEWER', decode(lpad(n::text, 64, '0'), 'hex'), 'test'
        from generate_series(1, $2 - 1) as n`,
      [organizationId, MAX_VALID_KEYS],
    );
    const answers = await Promise.all(Array.from({ length: 4 }, () => create(operator, { organizationId })));
    expect(answers.flatMap(refusalsOf)).toEqual(Array<string>(3).fill(': LIMIT_EXCEEDED'));
    await operator.ask(REVOKE, { id: 'key_1' });
    expect(refusalsOf(await create(operator, { organizationId }))).toEqual([]);
  });
});
