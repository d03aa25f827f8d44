import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { tarArchive, type TarEntry } from './tar-archive.js';

export interface ImageContent {
  entries: readonly TarEntry[];
  /** What runs when a pod names no command. */
  command: readonly string[];
  labels?: Readonly<Record<string, string>>;
}

/** A blob of an OCI image. */
export interface Blob {
  mediaType: string;
  /** `sha256:<hex>` of the bytes. */
  digest: string;
  bytes: Buffer;
}

/** A one-layer image for this machine's architecture, as a registry and as `docker load` want it. */
export interface ContainerImage {
  config: Blob;
  /** The layer, gzipped. */
  layer: Blob;
  layerTar: Buffer;
  manifest: Blob;
}

export function assembleImage(content: ImageContent): ContainerImage {
  const layerTar = tarArchive(content.entries);
  const layer = blob('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(layerTar));
  const config = jsonBlob('application/vnd.oci.image.config.v1+json', {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { Cmd: content.command, Env: ['PATH=/bin:/usr/bin'], WorkingDir: '/', Labels: content.labels ?? {} },
    rootfs: { type: 'layers', diff_ids: [digest(layerTar)] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'ccluster local environment' }],
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = jsonBlob(mediaType, {
    schemaVersion: 2,
    mediaType,
    config: descriptor(config),
    layers: [descriptor(layer)],
  });
  return { config, layer, layerTar, manifest };
}

function descriptor({ mediaType, digest, bytes }: Blob): object {
  return { mediaType, digest, size: bytes.length };
}

function jsonBlob(mediaType: string, value: unknown): Blob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)));
}

function blob(mediaType: string, bytes: Buffer): Blob {
  return { mediaType, digest: digest(bytes), bytes };
}

function digest(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
