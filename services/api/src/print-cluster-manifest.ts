import { stringify } from 'yaml';
import { clusterManifest } from './clusters/manifest/cluster-manifest.js';
import { parseManifestOptions } from './clusters/manifest/parse-manifest-options.js';

try {
  const manifests = clusterManifest(parseManifestOptions(process.argv.slice(2)));
  process.stdout.write(
    manifests.map((manifest) => stringify(manifest, { aliasDuplicateObjects: false })).join('---\n'),
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
