// The parameters of all rules, each once, so that one name means one thing. An empty list says "not stated": a rule that
// needs it does not apply.
import type { ParamSpec } from './rule';
import type { Self } from './self';

export const PARAMS = {
  production_targets: {
    type: 'texts',
    default: ['prod', 'production'],
    says: 'Targets that count as production. An entry may say otherwise with the label `env`.',
  },
  everyone_groups: {
    type: 'texts',
    default: ['users', 'account users'],
    says: 'Groups that everybody is in.',
  },
  admin_principals: {
    type: 'texts',
    default: [],
    says: 'Who may manage: names of groups and service principals. Not stated: the rule does not apply.',
  },
  secret_scopes: { type: 'texts', default: [], says: 'Secret scopes that may be used. Not stated: any.' },
  provider_hosts: {
    type: 'texts',
    default: [],
    says: 'Hosts, as globs, that requests may be sent to. Not stated: any, but by https.',
  },
  log_locations: {
    type: 'texts',
    default: [],
    says: 'Places for payload logs, CATALOG.SCHEMA as globs. Not stated: the rule does not apply.',
  },
  protected_classes: {
    type: 'texts',
    default: ['confidential', 'restricted'],
    says: 'Values of the label `data_class` that call for filters of personal data.',
  },
  facing_users: {
    type: 'texts',
    default: ['external', 'public', 'customers'],
    says: 'Values of the label `exposure` of what people outside of the company talk to.',
  },
  top_tiers: {
    type: 'texts',
    default: ['tier-1'],
    says: 'Values of the label `tier` of what has to stay up.',
  },
  retention_days_min: {
    type: 'number',
    default: 183,
    says: 'Least days that payload logs are kept.',
  },
  retention_days_max: { type: 'number', default: 400, says: 'Most days that payload logs are kept.' },
  overcommit: {
    type: 'number',
    default: 4,
    says: 'How many times the limit of the endpoint the limits of groups and applications may add up to.',
  },
  batch_principals: {
    type: 'texts',
    default: [],
    says: 'Applications and groups that must have a limit of their own wherever they may query.',
  },
  required_tags: {
    type: 'texts',
    default: [],
    says: 'Tags that everything carries. Not stated: the rule does not apply.',
  },
  approved_models: {
    type: 'texts',
    default: [],
    says: 'Models that may be used, PROVIDER/MODEL as globs. Not stated: the rule does not apply.',
  },
  allowed_regions: {
    type: 'texts',
    default: [],
    says: 'Regions that requests may go to. Not stated: the rule does not apply.',
  },
  name_pattern: { type: 'text', default: '', says: 'A glob that names match. Not stated: any name.' },
  max_raise: {
    type: 'number',
    default: 2,
    says: 'How many times its old value a limit may be in one change.',
  },
  max_step: { type: 'number', default: 25, says: 'Points of traffic that one change may move.' },
} as const satisfies Readonly<Record<string, ParamSpec>>;

export type ParamName = keyof typeof PARAMS;

/** Only those named, with their types. */
export function params<N extends ParamName>(...names: readonly N[]): Pick<typeof PARAMS, N> {
  return Object.fromEntries(names.map((name) => [name, PARAMS[name]])) as Pick<typeof PARAMS, N>;
}

export function inProduction(self: Self, production: readonly string[]): boolean {
  return production.includes(self.labels.env ?? self.target);
}
