import { z } from 'zod';
import type { JobSecrets, JobSpec, Warning } from '../job-spec.js';
import { SecretText } from '../secret-text.js';
import { annotationsField } from './annotations-field.js';
import { checkParallelism, checkReservedKeys, type CreateJobLimits } from './create-job-limits.js';
import { environmentField } from './environment-field.js';
import { integer, kebabName, listOf, shortText, storableText, withDefault } from './fields.js';
import { imagePullSecretField } from './image-pull-secret-field.js';
import type { InputPath } from './issue.js';
import { argvWarnings, commandField } from './parse-command.js';
import { imageTagField, imageUrlField } from './parse-image.js';
import { parseInput } from './parse-input.js';
import { requestedPlacementField } from './parse-requested-placement.js';
import { countBytes } from './text.js';

const MAX_COMPLETIONS = 100_000;
const MAX_WORDS = 10_000;
const MAX_ARGV_BYTES = 64 * 1024;

export interface ParsedCreateJob {
  readonly spec: JobSpec;
  readonly secrets: JobSecrets;
  /** The caller's idempotency key. */
  readonly requestId: string | null;
  readonly warnings: readonly Warning[];
}

/** Measured as the command that it would be. */
const argvField = listOf(storableText, MAX_WORDS).refine(
  (argv) => countBytes(argv.join(' ')) <= MAX_ARGV_BYTES,
  'must have at most 64 KiB, with a blank between words',
);

const createJobInput = z
  .object({
    requestId: withDefault(shortText(128), null),
    name: kebabName(20),
    imageUrl: imageUrlField,
    imageTag: imageTagField,
    imagePullSecret: imagePullSecretField,
    completions: withDefault(integer(1, MAX_COMPLETIONS), 1),
    parallelism: withDefault(integer(1), 1),
    backoffLimit: withDefault(integer(0), 3),
    activeDeadlineSeconds: withDefault(integer(1), null),
    command: withDefault(commandField, null),
    commandArgv: withDefault(argvField, null),
    enableLogging: withDefault(z.boolean(), true),
    env: environmentField,
    annotations: annotationsField,
    placement: requestedPlacementField,
  })
  .superRefine((input, context) => {
    if (input.parallelism > input.completions && input.completions >= 1) {
      const message = `must be at most completions (${input.completions})`;
      context.addIssue({ code: 'custom', path: ['parallelism'], message });
    }
    if (input.command !== null && input.commandArgv !== null) {
      context.addIssue({ code: 'custom', path: ['commandArgv'], message: 'must not be given together with command' });
    }
  });

type CreateJobInput = z.output<typeof createJobInput>;

/**
 * A `CreateJobInput` with its defaults filled in; absent and `null` are the default everywhere.
 * @throws InputRefused with all that is wrong with it
 */
export function parseCreateJob(unsafeInput: unknown, limits: CreateJobLimits): ParsedCreateJob {
  const limited = createJobInput
    .superRefine(checkParallelism(limits.maxParallelism))
    .superRefine(checkReservedKeys(limits.reservedAnnotationPrefix));
  const input = parseInput(limited, unsafeInput, isSecret);
  const spec = jobSpec(input);
  return { spec, secrets: jobSecrets(input), requestId: input.requestId, warnings: argvWarnings(spec.argv) };
}

function isSecret(path: InputPath): boolean {
  return path[0] === 'imagePullSecret' || (path[0] === 'env' && path.at(-1) !== 'name');
}

function jobSpec(input: CreateJobInput): JobSpec {
  return {
    name: input.name,
    imageUrl: input.imageUrl,
    imageTag: input.imageTag,
    completions: input.completions,
    parallelism: input.parallelism,
    backoffLimit: input.backoffLimit,
    activeDeadlineSeconds: input.activeDeadlineSeconds,
    command: input.command?.text ?? null,
    argv: input.command?.argv ?? input.commandArgv ?? [],
    enableLogging: input.enableLogging,
    env: input.env.map(({ name, secret, value }) => (secret ? { name, secret } : { name, secret, value })),
    annotations: input.annotations,
    requestedPlacement: input.placement,
  };
}

function jobSecrets(input: CreateJobInput): JobSecrets {
  const secret = input.env.filter((variable) => variable.secret);
  return {
    imagePull: input.imagePullSecret,
    env: Object.fromEntries(secret.map(({ name, value }) => [name, new SecretText(value)])),
  };
}
