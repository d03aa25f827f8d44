import { provedBy, type ContractRow } from '../contract-row.js';

const organizations = 'services/api/src/access/organizations.integration.test.ts';
const apiKeys = 'services/api/src/access/api-keys.integration.test.ts';

const oidc = 'services/api/src/access/oidc/oidc.integration.test.ts';
const issuerKeys = 'services/api/src/access/oidc/issuer-keys.test.ts';
const auditLog = 'services/api/src/access/audit/audit-log.integration.test.ts';
const sessions = 'services/api/src/access/session-watch.integration.test.ts';

/** Organizations, keys, tokens, and what is written down of who did what. */
export const access: readonly ContractRow[] = [
  {
    row: 'Query.organizations',
    rule: 'Lists all organizations, for operators',
    tests: provedBy(organizations, 'are created, and all seen by an operator'),
  },
  {
    row: 'Mutation.createOrganization',
    rule: 'Makes an organization under a name of its own',
    tests: [
      ...provedBy(
        organizations,
        'have a name of their own, also where two are created at once',
        'are refused with everything that is wrong with them, and not stored',
      ),
      ...provedBy('packages/domain/src/validation/parse-organization.test.ts', '%j has wrong: %j'),
    ],
  },
  {
    row: 'Mutation.updateOrganization',
    rule: 'Sets or removes the limit of GPUs; jobs that a higher one lets go are sent at once',
    tests: provedBy(
      organizations,
      'have their limit set and removed; what is not given stays',
      'let jobs go at once, oldest first, that a higher limit allows',
    ),
  },
  {
    row: 'Query.apiKeys',
    rule: "Lists the organization's keys without secrets, for admins; operators name any organization",
    tests: provedBy(apiKeys, 'are listed to the admins of their organization only, valid ones first'),
  },
  {
    row: 'Mutation.createApiKey',
    rule: 'Makes a key with a role, at most the own one, and an end; for another organization by operators only',
    tests: [
      ...provedBy(
        apiKeys,
        'are created with a role and an end, and open what the role may',
        'never have a role above that of who creates them',
        'are created for another organization by operators only',
        'are refused with everything that is wrong with them',
      ),
      ...provedBy('packages/domain/src/validation/parse-create-api-key.test.ts', '%j has wrong: %j'),
    ],
  },
  {
    row: 'Mutation.createApiKey',
    rule: 'Shows the secret in its answer only',
    tests: provedBy(apiKeys, 'have their secret in the answer only: neither stored nor logged nor listed'),
  },
  {
    row: 'Mutation.revokeApiKey',
    rule: 'Ends a key of the own organization; operators end any',
    tests: provedBy(
      apiKeys,
      'open nothing within six seconds of being revoked, on another api too; the first time stays',
      'are revoked by admins of their organization and by operators, and never from below',
    ),
  },
  {
    row: 'API key',
    rule: 'Shows when it was last used, to the minute',
    tests: provedBy(apiKeys, 'have their use noted at most once a minute'),
  },
  {
    row: 'role',
    rule: 'Each operation of the schema, and the download of logs, needs the role that the table says',
    tests: provedBy(
      'services/api/src/access/roles.integration.test.ts',
      'has its place in the table for every operation of the schema',
      '$role may, or may not, do $name',
      'is needed for $name: nobody without a key comes so far',
      '%s may download logs',
    ),
  },
  {
    row: 'token',
    rule: 'A JWT of the configured issuer says who calls: organization and role come from its claims',
    tests: [
      ...provedBy(
        oidc,
        'says who calls, signed by %s',
        'gives the highest role that its claims are mapped to, and no more',
        'opens sockets and downloads too',
      ),
      ...provedBy('services/api/src/access/oidc/token-claims.test.ts', 'refuses %j'),
    ],
  },
  {
    row: 'token',
    rule: 'A JWT counts with a signature of a published key, for this audience, within its time, and no other',
    tests: provedBy(
      oidc,
      '%s is told from those that are not for us',
      'counts with the signature of the issuer only',
      'brings no keys along, and is not looked up where it says',
    ),
  },
  {
    row: 'token',
    rule: 'While the issuer is away, tokens of known keys count; for others UNAUTHENTICATED says when to come again',
    tests: [
      ...provedBy(oidc, 'goes on counting while the issuer is down, for keys that are known'),
      ...provedBy(issuerKeys, 'stay for a day while the issuer does not answer, and no longer'),
    ],
  },
  {
    row: 'session',
    rule: 'Sockets close with 4403 as their key or token ends, within a minute of its revocation or another role',
    tests: provedBy(
      sessions,
      'is closed with 4403 soon after the key is revoked, idle or not, and nothing else is',
      'is closed soon after the key stands for another role',
      'is closed as the token or the key ends, at most a second late',
    ),
  },
  {
    row: 'session',
    rule: 'The client ends there with UNAUTHENTICATED, and comes back where the server only goes away',
    tests: provedBy(
      'packages/client/src/client.test.ts',
      'ends as the server closes its socket with %i: it would say no again',
      'comes back where its socket is closed with %i',
    ),
  },
  {
    row: 'session',
    rule: 'Downloads end within a minute of the revocation of their key',
    tests: provedBy(sessions, 'ends as the key is revoked, a download too that nobody reads on'),
  },
  {
    row: 'Query.auditLog',
    rule: 'Gives who did what, newest first: of the organization for admins, of all for operators',
    tests: [
      ...provedBy(auditLog, 'has who did what, when, to what, in which request'),
      ...provedBy(
        'services/api/src/access/audit/read-audit-log.integration.test.ts',
        'is read page by page, newest first, each entry once',
        'is that of the organization for admins, and of all for operators',
        'is filtered by who, what, outcome and time',
      ),
    ],
  },
  {
    row: 'audit',
    rule: 'Every mutation that was done is in it, and every one that was refused for another reason than its input',
    tests: provedBy(
      auditLog,
      'has every step of a job, done, repeated or refused',
      'has what was done to organizations and keys as the affair of that organization',
      'has each mutation of the schema that a role does not allow: %s',
      'has what its use case does not write down itself',
      'has attempts at what belongs to others under who tried, and not under the owner',
    ),
  },
  {
    row: 'audit',
    rule: 'What cannot be written down is not done',
    tests: [
      ...provedBy(auditLog, 'is written in the transaction of the change: what cannot be written down is not done'),
      ...provedBy(
        'services/api/src/clusters/audited-clusters.integration.test.ts',
        'is not done where it cannot be written down',
        'is written down once',
      ),
    ],
  },
  {
    row: 'audit',
    rule: 'No entry is changed, none deleted but by retention, and none holds a value of an input',
    tests: provedBy(
      auditLog,
      'is neither changed nor deleted nor emptied, but by retention what is older than 30 days',
      'has no values of inputs, no secrets, and no id that is none',
    ),
  },
];
