import { buildGo } from '../support/build-go.js';
import type { LocalContext } from '../support/context.js';

/** The program that simulates nodes, built from `infra/kwok`. Gives its path. */
export function buildKwok(context: LocalContext): Promise<string> {
  return buildGo(context, {
    name: 'kwok',
    title: 'KWOK',
    sources: ['go.mod', 'go.sum'],
    package: 'sigs.k8s.io/kwok/cmd/kwok',
    variables: [],
    notice: 'KWOK, which simulates nodes, is built from source once: a minute or two on 2 cores',
  });
}
