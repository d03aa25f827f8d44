// Run by register-k3s.sh in the container of an api. Reads a key, two tokens and the cluster's certificate, line by line.
import { readFileSync } from 'node:fs';

const { PORT = '4000' } = process.env;
const cluster = process.argv.at(-1);
const [key, dispatcher, watcher, ...certificate] = readFileSync(0, 'utf8').split('\n');
const credentialsOf = (bearerToken) => ({
  server: `https://${cluster}:6443`,
  caCertificate: certificate.join('\n'),
  bearerToken: bearerToken.trim(),
});

async function ask(query, input) {
  const response = await fetch(`http://127.0.0.1:${PORT}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key.trim()}` },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = await response.json();
  if (errors === undefined) return data;
  console.error(errors.map(({ message, extensions }) => `${extensions?.code}: ${message}`).join('\n'));
  return process.exit(1);
}

const { registerCluster } = await ask(
  'mutation ($input: RegisterClusterInput!) { registerCluster(input: $input) { id name } }',
  {
    name: cluster,
    region: 'here',
    managed: true,
    namespace: 'ccluster-jobs',
    credentials: credentialsOf(dispatcher),
    readerCredentials: credentialsOf(watcher),
  },
);
await ask('mutation ($input: CreateInstanceTypeInput!) { createInstanceType(input: $input) { id } }', {
  clusterId: registerCluster.id,
  name: 'cpu-small',
  gpuCount: 0,
  cpuMillicores: 250,
  memoryMiB: 256,
  pricePerHourCents: 4,
});
console.log(`${registerCluster.name} is ${registerCluster.id}`);
