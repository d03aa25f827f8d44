/**
 * Everything a service does that outlives it. Fault tests end the process just before and just after each, as kill -9 or
 * a power failure would; what lies between two of them only reads, and leaves nothing behind.
 */
export const CRASH_STEPS = {
  api: ['store job', 'record request', 'hide job', 'hint'],
  dispatcher: [
    'claim',
    'place',
    'record PLACEMENT_UNDONE',
    'record DISPATCH_REFUSED',
    'record ARMED',
    'record INTENT_APPLIED',
    'record KUBERNETES_JOB_GONE',
    'record CLUSTER_UNREACHABLE',
    'record CLEANED',
    'post Kubernetes Job',
    'inherit tasks',
    'post Secrets',
    'change intent',
    'delete Kubernetes Job',
    'remove row',
    'release claim',
  ],
  watcher: ['record observation', 'record gone', 'store logs', 'settle', 'save capacity'],
} as const;

export type CrashStep<Service extends keyof typeof CRASH_STEPS> = (typeof CRASH_STEPS)[Service][number];

/** Where a process ends itself: `before <step>` or `after <step>`. */
export function crashPointsOf(service: keyof typeof CRASH_STEPS): string[] {
  return CRASH_STEPS[service].flatMap((step) => [`before ${step}`, `after ${step}`]);
}

/** Does a step, with a crash point on either side of it. */
export type AtRisk<Service extends keyof typeof CRASH_STEPS> = <T>(
  step: CrashStep<Service>,
  work: () => Promise<T>,
) => Promise<T>;

/** The ordinary case: nothing crashes. */
export const withoutCrash = <T>(_step: string, work: () => Promise<T>): Promise<T> => work();

/**
 * @param setting `<point>#<n>`: the process is to die when it comes to this point for the n-th time; undefined: never
 * @param die ends the process at once, without any of its hooks
 */
export function crashingAt<Service extends keyof typeof CRASH_STEPS>(
  service: Service,
  setting: string | undefined,
  die: () => void = () => process.kill(process.pid, 'SIGKILL'),
): AtRisk<Service> {
  if (setting === undefined) return withoutCrash;
  const [, point = '', times = ''] = /^(.+)#([1-9]\d*)$/.exec(setting) ?? [];
  if (!crashPointsOf(service).includes(point)) throw new Error(`${setting} is no crash point of the ${service}`);
  let left = Number(times);
  const pass = (name: string): void => {
    if (name !== point) return;
    left -= 1;
    if (left === 0) die();
  };
  return async (step, work) => {
    pass(`before ${step}`);
    const result = await work();
    pass(`after ${step}`);
    return result;
  };
}
