import { openContext } from './support/open-context.js';
import { endRecordedDaemons } from './support/daemon-records.js';
import { startNativePostgres } from './native/postgres.js';
import { startNativeRedis } from './native/redis.js';
import { startNativeRegistries } from './native/registries.js';
import { pushImages } from './images/push-images.js';

const { context, stop } = await openContext('/tmp/a2try', process.env, process.stdout);
for (const s of ['SIGINT', 'SIGTERM'] as const) process.on(s, () => void stop().then((e) => { console.log('stopped', e); process.exit(130); }));
console.log('leftovers', await endRecordedDaemons(context));
try {
  const r = await Promise.all([
    context.progress.run('PostgreSQL', () => startNativePostgres(context)),
    context.progress.run('Redis', () => startNativeRedis(context)),
    context.progress.run('registries', () => startNativeRegistries(context)),
  ]);
  console.log(r);
  console.log(await context.progress.run('images', () => pushImages(context, r[2])));
  const i = setInterval(() => undefined, 1000);
  await new Promise((f) => setTimeout(f, Number(process.argv[2] ?? 3) * 1000));
  clearInterval(i);
} finally { console.log(await stop()); }
