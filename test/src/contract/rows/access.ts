import { provedBy, type ContractRow } from '../contract-row.js';

const organizations = 'services/api/src/access/organizations.integration.test.ts';
const apiKeys = 'services/api/src/access/api-keys.integration.test.ts';

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
];
