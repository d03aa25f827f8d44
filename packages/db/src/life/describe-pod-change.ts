import type { PodStatus } from '../schema/pods.js';

interface PodWords {
  readonly index: number;
  readonly attempt: number;
  readonly status: PodStatus;
  readonly reason: { readonly code: string; readonly message: string } | null;
  readonly nodeName: string | null;
}

/** The sentence for a pod that is new or changed; null where neither its status nor the code of its reason did. */
export function describePodChange(old: PodWords | undefined, pod: PodWords): string | null {
  if (old !== undefined && old.status === pod.status && old.reason?.code === pod.reason?.code) return null;
  const subject = `Index ${pod.index}, attempt ${pod.attempt},`;
  const words = pod.reason === null ? '' : `: ${pod.reason.message}`;
  switch (pod.status) {
    case 'PENDING':
      return `${subject} is being prepared${pod.nodeName === null ? '' : ` on ${pod.nodeName}`}${words}`;
    case 'RUNNING':
      return `${subject} is running on ${pod.nodeName ?? 'an unknown node'}${words}`;
    case 'SUCCEEDED':
      return `${subject} succeeded${words}`;
    case 'FAILED':
      return `${subject} failed${words}`;
    case 'LOST':
      return `${subject} was lost${words}`;
  }
}
