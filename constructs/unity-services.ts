// What the services of Unity AI Gateway have in common: a name of three parts that is their key, and grants. Each kind
// is a class of its own beside this one.
import type { Construct } from 'constructs';
import type { JsonObject } from '../src/model/json';
import { Declaration } from './declaration';
import type { Principal } from './references';

export interface ServiceLimitOptions {
  /** Who is limited: all together (service), each user who has no limit of their own (user_default), or somebody. */
  readonly per: 'service' | 'user_default' | Principal;
  /** The period. @default 'minute' */
  readonly by?: 'minute' | 'hour';
  /** Requests in the period. @default left as it is */
  readonly requests?: number;
  /** Tokens in the period. @default left as it is */
  readonly tokens?: number;
}

const LIMITED_AS = { user: 'user', group: 'user_group', service_principal: 'service_principal' } as const;

export abstract class UnityService extends Declaration {
  /** The name, CATALOG.SCHEMA.NAME, is the id, wherever in the tree it stands. */
  protected constructor(scope: Construct, name: string, props: object, section: string, type: string) {
    super(scope, name, props, { section, type, key: name });
  }

  /** Limits requests, tokens or both. */
  limit({ per, by = 'minute', requests, tokens }: ServiceLimitOptions): this {
    const amounts: JsonObject = {
      ...(requests === undefined ? {} : { requests }),
      ...(tokens === undefined ? {} : { tokens }),
    };
    if (Object.keys(amounts).length === 0)
      throw new Error(`a limit of ${this.node.path} names neither requests nor tokens`);
    const who = typeof per === 'string' ? per : `${LIMITED_AS[per.sort]}:${per.name}`;
    const item = typeof per === 'string' ? { key: per } : { key: LIMITED_AS[per.sort], principal: per.name };
    const key = by === 'hour' ? `${who}/hour` : who;
    this.sayItem(['config', 'rate_limits'], key, amounts, { ...item, renewal_period: by, ...amounts });
    return this;
  }

  /** Lets others call the service; they also need USE_CATALOG and USE_SCHEMA above it. */
  grantExecute(...who: readonly Principal[]): this {
    for (const each of who) this.grant(each, 'EXECUTE');
    return this;
  }

  /** What a principal may do, all of it. https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/privileges */
  grant(who: Principal, ...privileges: readonly string[]): this {
    this.sayItem(['grants'], who.name, privileges, { principal: who.name, privileges });
    return this;
  }
}
