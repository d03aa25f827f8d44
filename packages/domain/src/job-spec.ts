import type { SecretText } from './secret-text.js';

/** What a caller asked for, checked and with defaults filled in. Never changes after `createJob`. */
export interface JobSpec {
  readonly name: string;
  /** OCI repository, without tag or digest. */
  readonly imageUrl: string;
  /** A tag, or `sha256:<64 hex>`. */
  readonly imageTag: string;
  readonly completions: number;
  readonly parallelism: number;
  /** Failed pods the whole job survives. */
  readonly backoffLimit: number;
  /** Seconds from release to the cluster; null: no deadline. */
  readonly activeDeadlineSeconds: number | null;
  /** The text as it was given; null when `commandArgv` or nothing was given. */
  readonly command: string | null;
  /** Exactly what the container runs; empty: the image's own entrypoint. */
  readonly argv: readonly string[];
  readonly enableLogging: boolean;
  /** In the caller's order; the value of a secret one is only in `JobSecrets`. */
  readonly env: readonly EnvironmentVariable[];
  readonly annotations: readonly Annotation[];
  readonly requestedPlacement: RequestedPlacement;
}

export type EnvironmentVariable =
  | { readonly name: string; readonly secret: false; readonly value: string }
  | { readonly name: string; readonly secret: true };

export interface Annotation {
  readonly key: string;
  readonly value: string;
}

/** Every null is "any". */
export interface RequestedPlacement {
  readonly clusterId: string | null;
  readonly instanceTypeId: string | null;
  readonly regions: readonly string[] | null;
  readonly gpuTypes: readonly string[] | null;
  readonly minGpuCount: number | null;
  /** US cents per replica and hour. */
  readonly maxPricePerHourCents: number | null;
}

/** The write-only half of an input; stored only as ciphertext. */
export interface JobSecrets {
  readonly imagePull: { readonly username: string; readonly password: SecretText } | null;
  /** Secret environment values by name. */
  readonly env: Readonly<Record<string, SecretText>>;
}

/** Something accepted that may not be what was meant. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}
