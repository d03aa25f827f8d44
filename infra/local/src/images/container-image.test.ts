import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { textFile } from './busybox.js';
import { assembleImage } from './container-image.js';

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe('assembleImage', () => {
  const image = assembleImage({ entries: [textFile('etc/motd', 'hello\n')], command: ['sh'], labels: { a: 'b' } });

  it('names its config and its layer by their digests and sizes', () => {
    expect(JSON.parse(image.manifest.bytes.toString())).toMatchObject({
      schemaVersion: 2,
      config: { digest: sha256(image.config.bytes), size: image.config.bytes.length },
      layers: [{ digest: sha256(image.layer.bytes), size: image.layer.bytes.length }],
    });
  });

  it('names the layer by the digest of what it unpacks to', () => {
    const config = JSON.parse(image.config.bytes.toString()) as object;
    expect(config).toMatchObject({
      config: { Cmd: ['sh'], Labels: { a: 'b' } },
      rootfs: { diff_ids: [sha256(gunzipSync(image.layer.bytes))] },
    });
  });

  it('has another digest for other content', () => {
    const other = assembleImage({ entries: [textFile('etc/motd', 'bye\n')], command: ['sh'] });
    expect(other.manifest.digest).not.toBe(image.manifest.digest);
  });
});
