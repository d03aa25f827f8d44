import { z } from 'zod';
import { DEFAULT_REASON_RULES, type RuleSettings } from './default-reason-rules.js';
import { REASON_SOURCES, WAITING_SOURCES, type ReasonRule, type ReasonRules } from './reason-rule.js';

const MAX_GRACE_SECONDS = 31_536_000;

const ruleName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'names are lower case, digits and hyphens');
const code = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'must be a code such as UNSCHEDULABLE');
const pattern = z.string().refine(isPattern, 'must be a regular expression');

/** What is left out stays as it is by default. */
const settings = z.strictObject({
  from: z.enum(REASON_SOURCES).optional(),
  reason: pattern.optional(),
  message: pattern.optional(),
  code: code.optional(),
  failsAfterSeconds: z.number().int().min(0).max(MAX_GRACE_SECONDS).nullable().optional(),
  failsAs: code.optional(),
  continues: z.boolean().optional(),
});
const overrides = z.record(ruleName, settings).default({});
const schema = z.strictObject({ default: overrides, clusters: z.record(z.string(), overrides).default({}) });

type Overrides = z.infer<typeof overrides>;
type Settings = Readonly<Record<string, RuleSettings>>;

/** The rules that hold for a cluster, by its name. */
export interface ReasonTable {
  of(clusterName: string): ReasonRules;
}

/**
 * @param text JSON: `{ default: { <rule>: {…} }, clusters: { <cluster's name>: { <rule>: {…} } } }`. A rule of a known
 * name is changed where something is said of it; one of a new name comes before all others.
 * Throws an Error that names every problem.
 */
export function parseReasonTable(text: string): ReasonTable {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw new Error(parsed.error.issues.map(describe).join('; '));
  const problems: string[] = [];
  const everywhere = withOverrides(DEFAULT_REASON_RULES, parsed.data.default, 'default', problems);
  const inClusters = new Map<string, ReasonRules>();
  for (const [name, own] of Object.entries(parsed.data.clusters))
    inClusters.set(name, rulesOf(withOverrides(everywhere, own, `clusters.${name}`, problems)));
  if (problems.length > 0) throw new Error(problems.join('; '));
  const others = rulesOf(everywhere);
  return { of: (clusterName) => inClusters.get(clusterName) ?? others };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('must be JSON', { cause: error });
  }
}

function withOverrides(known: Settings, own: Overrides, path: string, problems: string[]): Settings {
  const added: Record<string, RuleSettings> = {};
  const changed: Record<string, RuleSettings> = {};
  for (const [name, each] of Object.entries(own)) {
    const { from, code: ruleCode, ...rest } = { ...known[name], ...each };
    if (from === undefined || ruleCode === undefined) {
      problems.push(`${path}.${name}: a new rule needs from and code`);
      continue;
    }
    if (!WAITING_SOURCES.has(from) && rest.failsAfterSeconds != null)
      problems.push(`${path}.${name}: what is over cannot be waited for: no failsAfterSeconds with ${from}`);
    (name in known ? changed : added)[name] = { ...rest, from, code: ruleCode };
  }
  return { ...added, ...known, ...changed };
}

function rulesOf(all: Settings): ReasonRules {
  return Object.entries(all).map(([name, each]): ReasonRule => {
    const { from, reason = '.*', message = '', failsAfterSeconds = null, continues = false } = each;
    return {
      name,
      from,
      reason: new RegExp(`^(?:${reason})$`, 'i'),
      message: new RegExp(message, 'i'),
      code: each.code,
      failsAfterMs: failsAfterSeconds === null ? null : failsAfterSeconds * 1_000,
      failsAs: each.failsAs ?? each.code,
      continues,
    };
  });
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function describe({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
