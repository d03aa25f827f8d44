import { Redis } from 'ioredis';

/** Everything that is said to Redis under a prefix, keys that are gone at once and messages too. */
export interface OverheardRedis {
  commands(): number;
  text(): string;
  stop(): void;
}

export async function overhearRedis(url: string, prefix: string): Promise<OverheardRedis> {
  const redis = new Redis(url, { maxRetriesPerRequest: 3 });
  const monitor = await redis.monitor();
  const said: string[] = [];
  monitor.on('monitor', (_: string, args: readonly string[]) => {
    const command = args.join(' ');
    if (command.includes(prefix)) said.push(command);
  });
  return {
    commands: () => said.length,
    text: () => said.join('\n'),
    stop: () => {
      monitor.disconnect();
      redis.disconnect();
    },
  };
}
