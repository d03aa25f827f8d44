import { DomainError, InputRefused } from '@ccluster/domain';
import { GraphQLError, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { RequestContext } from '../../http/request-context.js';
import { RateLimited } from '../../rate-limited.js';
import { createAuditTrail, type AuditTrail, type MutationContext } from './audit.js';

/** What callers send for an id may be anything. */
const ID_FORM = /^\w{1,64}$/;

type Arguments = Readonly<Record<string, unknown>>;
type Resolve = GraphQLFieldResolver<unknown, RequestContext, Arguments, Promise<unknown>>;

/**
 * Every mutation of the schema is written down, whoever adds it: by its use case in the transaction of the change, or else
 * here, right after it; and here where it is refused. Inputs that break rules are not: they have done nothing, and nobody
 * was kept from anything.
 */
export function auditMutations(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve as Resolve;
    field.resolve = ((source, args, context, info) =>
      audited(context, field.name, args, (own) => resolve(source, args, own, info))) satisfies Resolve;
  }
  return schema;
}

async function audited(
  context: RequestContext,
  operation: string,
  args: Arguments,
  mutate: (context: MutationContext) => Promise<unknown>,
): Promise<unknown> {
  const audit = createAuditTrail(context, operation);
  try {
    const result = await mutate({ ...context, services: { ...context.services, audit } });
    if (!audit.isRecorded()) await audit.conclude(idOf(args['id']) ?? idOfResult(result), 'OK');
    return result;
  } catch (error) {
    await recordRefusal(context, audit, idOf(args['id']), error);
    throw error;
  }
}

async function recordRefusal(
  { services: { log } }: RequestContext,
  audit: AuditTrail,
  targetId: string | undefined,
  error: unknown,
): Promise<void> {
  if (error instanceof InputRefused || error instanceof GraphQLError || error instanceof RateLimited) return;
  const outcome = error instanceof DomainError ? error.code : 'INTERNAL';
  // Refused it is in any case.
  await audit.conclude(targetId, outcome).catch((cause: unknown) => {
    log.error({ error: cause, outcome }, 'a refusal could not be written into the audit log');
  });
}

/** Of what was made, or of what is gone. */
function idOfResult(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return idOf(result);
  return 'id' in result ? idOf(result.id) : undefined;
}

function idOf(unsafeId: unknown): string | undefined {
  return typeof unsafeId === 'string' && ID_FORM.test(unsafeId) ? unsafeId : undefined;
}
