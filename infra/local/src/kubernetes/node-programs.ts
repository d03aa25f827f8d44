import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { busyboxEntries } from '../images/busybox.js';
import { assembleImage } from '../images/container-image.js';
import { dockerArchive } from '../images/docker-archive.js';
import type { LocalContext } from '../support/context.js';
import { unpackDebianPackages } from '../support/debian-packages.js';
import { buildKubernetes } from './build-binary.js';
import { PAUSE_IMAGE } from './containerd-config.js';

const NODE_PACKAGES = ['containerd', 'runc', 'containernetworking-plugins', 'libseccomp2'];

/** What native clusters are made of; paths in `.local`. */
export interface NodePrograms {
  /** etcd, the control plane, the kubelet and kubectl in one. */
  readonly kubernetes: string;
  /** Root of the unpacked Debian packages. */
  readonly nodeParts: string;
  /** docker-archive with the image of the container that holds a pod's namespaces. */
  readonly pauseArchive: string;
}

/** Unpacks and builds what is missing, and leaves `.local/bin/kubectl` for people. */
export async function prepareNodePrograms(context: LocalContext): Promise<NodePrograms> {
  const nodeParts = await unpackDebianPackages(context, 'node', NODE_PACKAGES);
  const kubernetes = await buildKubernetes(context);
  writeKubectl(join(context.localDir, 'bin'), kubernetes);
  return { kubernetes, nodeParts, pauseArchive: await writePauseImage(context) };
}

function writeKubectl(dir: string, kubernetes: string): void {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'kubectl');
  writeFileSync(file, `#!/bin/sh\nexec '${kubernetes}' kubectl "$@"\n`);
  chmodSync(file, 0o755);
}

async function writePauseImage(context: LocalContext): Promise<string> {
  const dir = join(context.localDir, 'images');
  mkdirSync(dir, { recursive: true });
  const archive = join(dir, 'pause.tar');
  const image = assembleImage({ entries: await busyboxEntries(context), command: ['/bin/sleep', '2147483647'] });
  writeFileSync(archive, dockerArchive(image, [PAUSE_IMAGE]));
  return archive;
}
