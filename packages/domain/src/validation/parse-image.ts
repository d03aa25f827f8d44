import { z } from 'zod';
import { obeying, patternText } from './fields.js';

const MAX_URL_CHARACTERS = 255;
const DOCKER_HUB = 'https://index.docker.io/v1/';
const DIGEST = /^sha256:[a-f0-9]{64}$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

// The grammar of the OCI distribution reference: [host[:port]/]path, where upper case is for hosts only.
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const HOST = `(?:${LABEL}(?:\\.${LABEL})*|\\[[A-Fa-f0-9:]+\\])(?::[0-9]+)?`;
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^(?:${HOST}/)?${COMPONENT}(?:/${COMPONENT})*$`);

export const imageUrlField = z.string().superRefine(obeying(findBrokenUrlRule));

export const imageTagField = patternText(
  new RegExp(`${TAG.source}|${DIGEST.source}`),
  128,
  'must be a tag (1 to 128 letters, digits, "_", "." and "-", not beginning with "." or "-") or a digest (sha256: and 64 lower-case hexadecimal digits)',
);

function findBrokenUrlRule(imageUrl: string): string | null {
  if (imageUrl.length > MAX_URL_CHARACTERS) return `must have at most ${MAX_URL_CHARACTERS} characters`;
  if (REPOSITORY.test(imageUrl)) return null;
  if (imageUrl.includes('://')) return 'must be without a scheme, such as registry.example.com/team/image';
  if (imageUrl.includes('@')) return 'must be without a digest, which belongs in imageTag';
  if (/[^:/]:[\w.-]+$/.test(imageUrl)) return 'must be without a tag, which belongs in imageTag';
  return 'must be an image repository: [host[:port]/]path, the path in lower case, such as registry.example.com/team/image';
}

/**
 * The registry that an image's pull secret is for, as a key of a `.dockerconfigjson`: `host[:port]`, or Docker Hub's
 * address where the image names no host.
 * @param imageUrl a parsed `imageUrl`
 */
export function registryHost(imageUrl: string): string {
  const slash = imageUrl.indexOf('/');
  const first = imageUrl.slice(0, Math.max(slash, 0));
  // Docker's own rule: anything else before the first slash is a part of a path on Docker Hub.
  const isHost = first === 'localhost' || /[.:A-Z]/.test(first);
  return !isHost || first === 'docker.io' || first === 'index.docker.io' ? DOCKER_HUB : first;
}

/** `url:tag`, or `url@sha256:…` where the tag is a digest. */
export function imageReference(imageUrl: string, imageTag: string): string {
  return DIGEST.test(imageTag) ? `${imageUrl}@${imageTag}` : `${imageUrl}:${imageTag}`;
}
