import type { ImageName } from '../clusters/cluster.js';
import type { ApiAddress } from './connection.js';

/** The addresses, the key and three commands to try. */
export function welcomeLines(address: ApiAddress, image: ImageName, connectionFile: string): string[] {
  return [
    '',
    `GraphQL        ${address.graphqlUrl}  (in a browser: GraphiQL)`,
    `Subscriptions  ${address.subscriptionsUrl}`,
    `API key        ${address.apiKey}  (OPERATOR of organization default)`,
    `For tools      ${connectionFile}`,
    '',
    'To try:',
    '',
    `export CCLUSTER_API_KEY=${address.apiKey}`,
    curl(address, createJobQuery(image)),
    curl(address, '{ jobs(first: 5) { edges { node { id name status counts { succeeded failed } } } } }'),
    curl(address, '{ jobByName(name: \\"hello\\") { status logs(first: 20) { edges { node { index text } } } } }'),
    '',
    'Ctrl-C stops everything.',
  ];
}

function createJobQuery({ url, tag }: ImageName): string {
  const command = 'echo hello from a pod';
  const fields = Object.entries({ name: 'hello', imageUrl: url, imageTag: tag, command });
  const input = fields.map(([name, value]) => `${name}: \\"${value}\\"`).join(', ');
  return `mutation { createJob(input: {${input}}) { id status } }`;
}

function curl({ graphqlUrl }: ApiAddress, query: string): string {
  return [
    `curl -s ${graphqlUrl} -H 'content-type: application/json' -H "authorization: Bearer $CCLUSTER_API_KEY" \\`,
    `  -d '{"query": "${query}"}'`,
  ].join('\n');
}
