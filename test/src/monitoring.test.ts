import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '@ccluster/runtime';
import { describe, expect, it } from 'vitest';

const repository = new URL('../..', import.meta.url).pathname;
const names = Object.keys(METRICS);
/** Of Node and the process. */
const DEFAULT_METRICS = new Set(['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes']);

const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const dashboard = JSON.parse(read('infra/monitoring/grafana-dashboard.json')) as {
  panels: { title: string; targets: { expr: string }[] }[];
};
const dashboardText = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n');
const rules = [...read('infra/monitoring/alert-rules.yaml').matchAll(/^ +expr: '(.*)'$/gm)].map(
  ([, expr = '']) => expr,
);

/** Without the endings that Prometheus gives to a histogram's parts. */
function namedIn(text: string): Set<string> {
  const found = text.match(/\b(?:ccluster|nodejs|process)_[a-z0-9_]+/g) ?? [];
  return new Set(found.map((name) => (name in METRICS ? name : name.replace(/_(?:bucket|sum|count)$/, ''))));
}

function sources(folder: string): string[] {
  const entries = readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' });
  return entries
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => read(join(folder, path)));
}

describe('monitoring', () => {
  it.each([
    ['the dashboard', dashboardText],
    ['the alerts', rules.join('\n')],
  ])('%s names every metric of ours, and none that is not there', (_, text) => {
    const named = [...namedIn(text)].filter((name) => !DEFAULT_METRICS.has(name));
    expect(named.toSorted()).toEqual(names.toSorted());
  });

  it('has at least an alert for each metric, each with a threshold', () => {
    expect(rules.length).toBeGreaterThanOrEqual(names.length);
    for (const rule of rules) expect(rule).toMatch(/[<>=]=? [\d.e]+/);
  });

  it('counts every metric somewhere in the services', () => {
    const code = ['services/api/src', 'services/dispatcher/src', 'services/watcher/src', 'packages/runtime/src/metrics']
      .flatMap(sources)
      .filter((text) => !text.includes('export const METRICS'))
      .join('\n');
    expect(names.filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });

  it('uses only labels that the metric has', () => {
    for (const [, name = '', labels = ''] of [dashboardText, ...rules]
      .join('\n')
      .matchAll(/(ccluster_[a-z_]+)\{([^}]*)\}/g)) {
      const known: readonly string[] = METRICS[name as keyof typeof METRICS].labels;
      for (const [, label = ''] of labels.matchAll(/([a-z]+)[!=~]+"/g)) expect(known).toContain(label);
    }
  });
});
