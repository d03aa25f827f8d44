import { Readable } from 'node:stream';
import { DomainError, InputRefused } from '@ccluster/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireRole } from '../access/principal.js';
import { getJob } from '../jobs/get-job.js';
import { getPod } from '../jobs/get-pod.js';
import { readLogFile, type LogFileRequest } from '../jobs/logs/read-log-file.js';
import { RateLimited } from '../rate-limited.js';
import { admitRequest, type AdmissionOptions } from './graphql-route.js';
import { DOWNLOAD_PRICE } from './rate/price.js';
import type { RequestContext } from './request-context.js';

/** Each holds some megabytes of text. */
const MAX_DOWNLOADS = 32;
/** A reader that takes nothing for so long is cut off; it can go on from there. */
const STALLED_MS = 120_000;

const parameters = z.object({ jobId: z.string(), podId: z.string().optional() });
const query = z.strictObject({
  timestamps: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  offset: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number of bytes')
    .default('0')
    .transform(Number),
});

/**
 * `GET /jobs/<id>/log` and `/jobs/<id>/pods/<podId>/log`: a log as a text file, for whoever may see the job.
 */
export function addLogRoutes(http: FastifyInstance, admission: AdmissionOptions): void {
  const stopping = new AbortController();
  let downloads = 0;
  // Downloads would hold up the end of the process; they go on at another one, from their offset.
  http.addHook('preClose', async () => stopping.abort());
  const download = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const context = await admitRequest(request, admission, DOWNLOAD_PRICE);
    requireRole(context.principal, 'VIEWER');
    const wanted = parseRequest(request);
    const name = await nameOf(context, wanted);
    if (downloads >= MAX_DOWNLOADS) {
      throw new RateLimited(`At most ${MAX_DOWNLOADS} logs can be downloaded at once; try again soon`);
    }
    const file = Readable.from(reported(context, readLogFile(context, wanted, stopping.signal), stopping.signal), {
      objectMode: false,
    });
    downloads += 1;
    const unwatch = context.watchSession(() => reply.raw.destroy());
    file.once('close', () => {
      unwatch();
      downloads -= 1;
    });
    reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy());
    return reply
      .type('text/plain; charset=utf-8')
      .headers({
        'content-disposition': `attachment; filename="${name}"`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
      .send(file);
  };
  for (const path of ['/jobs/:jobId/log', '/jobs/:jobId/pods/:podId/log']) {
    http.get(path, { exposeHeadRoute: false }, download);
  }
}

/** Throws BAD_USER_INPUT. */
function parseRequest(request: FastifyRequest): LogFileRequest {
  const scope = parameters.parse(request.params);
  const parsed = query.safeParse(request.query);
  if (!parsed.success) {
    throw new InputRefused(
      parsed.error.issues.map(({ path, message }) => ({ path: path.map(String), code: 'INVALID', message })),
    );
  }
  return { scope, withTimestamps: parsed.data.timestamps === '1', offset: parsed.data.offset };
}

/** Throws NOT_FOUND. The names of jobs are DNS labels, so nothing needs quoting. */
async function nameOf(context: RequestContext, { scope: { jobId, podId } }: LogFileRequest): Promise<string> {
  const job = await getJob(context.services.database.db, context.principal.organizationId, jobId);
  if (podId === undefined) return `${job.name}.log`;
  const pod = await getPod(context, jobId, podId);
  return `${job.name}-${pod.index}-${pod.attempt}.log`;
}

/** The answer has begun, so an error can only cut it off: the reader sees that it is not whole, and we why. */
async function* reported(
  { services: { log } }: RequestContext,
  file: AsyncIterable<Buffer>,
  stopping: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* file;
  } catch (error) {
    if (!stopping.aborted && !(error instanceof DomainError)) log.error({ error }, 'the download of a log broke off');
    throw error;
  }
}
