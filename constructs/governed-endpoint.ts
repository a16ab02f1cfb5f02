// What can be governed of a serving endpoint, ours or not: limits, guardrails, logging, fallback, permissions, tags. Each
// method owns what it names and adds; where the props gave a whole list, it adds to that list.
import type { Json } from '../src/model/json';
import { Declaration } from './declaration';
import type { Permission } from './generated/props';
import type { Principal } from './references';

export interface LimitOptions {
  /** Who is limited: all together (endpoint), each user by default (user), or somebody. */
  readonly per: 'endpoint' | 'user' | Principal;
  /** Calls a minute; 0 refuses all. @default left as it is */
  readonly calls?: number;
  /** Tokens a minute; 0 refuses all. @default left as it is */
  readonly tokens?: number;
}

export interface FilterOptions {
  /** NONE: no filter. MASK: hide personal data. BLOCK: refuse the request. @default left as it is */
  readonly pii?: 'NONE' | 'MASK' | 'BLOCK';
  /** Refuse unsafe content. @default left as it is */
  readonly safety?: boolean;
}

export interface GuardOptions {
  /** What is asked. @default left as it is */
  readonly input?: FilterOptions;
  /** What is answered. @default left as it is */
  readonly output?: FilterOptions;
}

export interface LogOptions {
  /** The table is `<prefix>_payload`. @default the endpoint's name */
  readonly prefix?: string;
}

export type PermissionLevel = Extract<Permission['permissionLevel'], string>;

export abstract class GovernedEndpoint extends Declaration {
  /** Limits calls, tokens or both by the minute. */
  limit({ per, calls, tokens }: LimitOptions): this {
    const amounts = given({ calls, tokens });
    if (Object.keys(amounts).length === 0)
      throw new Error(`a limit of ${this.node.path} names neither calls nor tokens`);
    const key = typeof per === 'string' ? per : `${LIMITED_AS[per.sort]}:${per.name}`;
    const item = typeof per === 'string' ? { key: per } : { key: LIMITED_AS[per.sort], principal: per.name };
    this.sayItem(['ai_gateway', 'rate_limits'], key, amounts, { ...item, ...amounts });
    return this;
  }

  /** Filters what is asked and what is answered. */
  guard({ input, output }: GuardOptions): this {
    const filter = ({ pii, safety }: FilterOptions = {}) =>
      given({ pii: pii === undefined ? undefined : { behavior: pii }, safety });
    this.say(
      ['ai_gateway', 'guardrails'],
      given({ input: input && filter(input), output: output && filter(output) }),
    );
    return this;
  }

  /** Logs each request and answer into a table of a schema, `catalog.schema`. */
  logTo(schema: string, { prefix }: LogOptions = {}): this {
    const [catalog, name, ...rest] = schema.match(/(?:\$\{[^}]*\}|[^.])+/g) ?? [];
    if (!catalog || !name || rest.length > 0) throw new Error(`"${schema}" is not CATALOG.SCHEMA`);
    this.say(
      ['ai_gateway', 'inference_table_config'],
      given({ enabled: true, catalog_name: catalog, schema_name: name, table_name_prefix: prefix }),
    );
    return this;
  }

  /** Counts requests and tokens in the system tables. */
  trackUsage(): this {
    this.say(['ai_gateway', 'usage_tracking_config'], { enabled: true });
    return this;
  }

  /** Lets others view the endpoint. */
  grantView(...who: readonly Principal[]): this {
    return this.grant('CAN_VIEW', ...who);
  }

  /** Lets others view and call the endpoint. */
  grantQuery(...who: readonly Principal[]): this {
    return this.grant('CAN_QUERY', ...who);
  }

  /** Lets others view, call and change the endpoint. */
  grantManage(...who: readonly Principal[]): this {
    return this.grant('CAN_MANAGE', ...who);
  }

  grant(level: PermissionLevel, ...who: readonly Principal[]): this {
    for (const { sort, name } of who)
      this.sayItem(['permissions'], `${sort}:${name}`, level, {
        [GRANTED_AS[sort]]: name,
        permission_level: level,
      });
    return this;
  }

  /** Tags reach the billing logs. */
  tag(key: string, value = ''): this {
    this.sayItem(['tags'], key, value, { key, value });
    return this;
  }
}

const LIMITED_AS = { user: 'user', group: 'user_group', service_principal: 'service_principal' } as const;
const GRANTED_AS = {
  user: 'user_name',
  group: 'group_name',
  service_principal: 'service_principal_name',
} as const;

function given(members: Readonly<Record<string, Json | undefined>>): { readonly [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}
