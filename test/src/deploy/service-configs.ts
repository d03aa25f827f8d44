import { repository } from '../image/dockerfile.js';

export const SERVICES = ['api', 'dispatcher', 'watcher'] as const;
export type ServiceName = (typeof SERVICES)[number];
type Variables = Readonly<Record<string, string | undefined>>;

/** What of a service's configuration depends on how it is deployed. */
export interface ParsedConfig {
  /** Of its health server; the api has one server for all. */
  readonly health?: { readonly host: string; readonly port: number };
  readonly host?: string;
  readonly port?: number;
  readonly drainMs?: number;
  readonly watcherName?: string;
}

/** As the service's own code reads it: throws what is missing or wrong. */
export async function readConfig(service: ServiceName, variables: Variables): Promise<ParsedConfig> {
  const source = new URL(`services/${service}/src/config.ts`, `file://${repository}`).href;
  const { parseConfig } = (await import(source)) as {
    parseConfig: (variables: Variables, processName: string) => ParsedConfig;
  };
  return parseConfig(variables, 'host-1');
}

/** Every variable that the service asks for, with those that name files. */
export async function knownVariables(service: ServiceName): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  const recording = new Proxy<Variables>(
    {},
    {
      get: (_, name) => {
        known.add(String(name));
        return undefined;
      },
    },
  );
  await readConfig(service, recording).catch(() => undefined);
  return known;
}
