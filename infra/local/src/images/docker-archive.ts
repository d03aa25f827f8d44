import type { ContainerImage } from './container-image.js';
import { tarArchive, type TarEntry } from './tar-archive.js';

/** The image as a `docker load` / `ctr images import` archive under the given names, such as `example.org/tool:1`. */
export function dockerArchive(image: ContainerImage, repoTags: readonly string[]): Buffer {
  const configPath = `${image.config.digest.slice('sha256:'.length)}.json`;
  const manifest = [{ Config: configPath, RepoTags: repoTags, Layers: ['layer.tar'] }];
  return tarArchive([
    file('layer.tar', image.layerTar),
    file(configPath, image.config.bytes),
    file('manifest.json', Buffer.from(JSON.stringify(manifest))),
  ]);
}

function file(path: string, bytes: Buffer): TarEntry {
  return { path, mode: 0o644, content: { file: bytes } };
}
