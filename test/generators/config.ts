// Whole endpoints: what a file declares of one in every form it may be written in, beside a live endpoint that is near
// to it or not there yet. Valid by construction: it loads, and what comes of both is what the API takes.
import fc from 'fast-check';
import { type Block, entity, type Serves } from './entities';
import { configGateway, configTags, type Estate, liveGateway, liveTags, type Sort } from './estate';
import { aclEntries, grants, notifications, permissionsConfig, telemetry } from './settings';
import { endpointConfig, type KeptInEntity, liveConfig, withReferences } from './splits';

export { ENVIRONMENT } from './entities';
export { permissionsConfig } from './settings';
export { endpointConfig } from './splits';

/** A live value that no file names: it has to be what it was when everything is applied. */
export interface Kept extends KeptInEntity {
  readonly endpoint: string;
}

export interface WholeEstate extends Estate {
  readonly kept: readonly Kept[];
}

const SORT: Readonly<Record<Serves, Sort>> = {
  external: 'external',
  custom: 'custom',
  units: 'provisioned_throughput',
  throughput: 'provisioned_throughput',
};

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

interface Pair {
  readonly entry: Block;
  readonly live?: Block;
  readonly kept: readonly KeptInEntity[];
}

function withoutUndefined(block: Block): Block {
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined));
}

/** Fallback goes by an order, which a map of entities has not. */
function withoutFallback(gateway: Block | undefined): Block | undefined {
  if (gateway?.fallback_config === undefined || gateway.fallback_config === null) return gateway;
  return { ...gateway, fallback_config: { enabled: false } };
}

/** An endpoint whose config is declared: to be made, or live in another state. */
function managed(name: string): fc.Arbitrary<Pair> {
  return fc
    .constantFrom<Serves>('external', 'external', 'external', 'custom', 'custom', 'units', 'throughput')
    .chain((serves) =>
      fc
        .record({
          config: endpointConfig(serves),
          gateway: maybe(configGateway(SORT[serves])),
          liveGateway: liveGateway(SORT[serves]),
          permissions: maybe(permissionsConfig),
          livePermissions: grants,
          tags: maybe(configTags),
          liveTags,
          stamped: fc.boolean(),
          notifications: maybe(notifications),
          liveNotifications: maybe(notifications),
          telemetry: serves === 'custom' ? maybe(telemetry) : fc.constant(undefined),
          liveTelemetry: serves === 'custom' ? maybe(telemetry) : fc.constant(undefined),
          description: maybe(fc.constantFrom('', 'answers questions')),
          optimised: serves === 'custom' ? maybe(fc.boolean()) : fc.constant(undefined),
          budget: maybe(fc.constant('budget-1')),
        })
        .map(({ config, ...made }): Pair => {
          const isNew = config.live === undefined;
          const mapped = config.form === 'map';
          const entry = withoutUndefined({
            config: config.declared,
            ai_gateway: mapped ? withoutFallback(made.gateway) : made.gateway,
            permissions: made.permissions,
            tags: made.tags,
            email_notifications: made.notifications,
            telemetry_config: made.telemetry,
            description: made.description,
            route_optimized: made.optimised,
            // Never answered and never changed: it can be said of a new endpoint only.
            budget_policy_id: isNew && serves !== 'units' ? made.budget : undefined,
          });
          if (isNew) return { entry: serves === 'units' ? withoutLater(entry) : entry, kept: [] };
          const tags = made.liveTags.map(([key, value]) => ({ key, value }));
          const stamp = made.stamped ? [{ key: 'gatewright_project', value: 'generated' }] : [];
          const live = withoutUndefined({
            name,
            creator: 'ana@example.com',
            config: config.live,
            ai_gateway: Object.keys(made.liveGateway).length > 0 ? made.liveGateway : undefined,
            permissions: aclEntries(made.livePermissions),
            tags: [...tags, ...stamp],
            email_notifications: made.liveNotifications,
            telemetry_config: made.liveTelemetry,
            // What cannot be changed is live as it is declared, or declared nowhere.
            description: made.description,
            route_optimized: made.optimised,
          });
          return { entry, live, kept: config.kept };
        }),
    );
}

/** What cannot be given where model units are created. */
function withoutLater({
  description: _d,
  route_optimized: _r,
  telemetry_config: _t,
  ...entry
}: Block): Block {
  return entry;
}

/** An endpoint of somebody else's, of which some settings are governed. */
function attached(name: string): fc.Arbitrary<Pair> {
  return fc.constantFrom<Serves>('external', 'custom', 'throughput').chain((serves) =>
    fc
      .record({
        config: entity(serves, 'gpt'),
        gateway: configGateway(SORT[serves]),
        liveGateway: liveGateway(SORT[serves]),
        permissions: maybe(grants),
        livePermissions: grants,
        tags: liveTags,
      })
      .map(
        ({ config, gateway, liveGateway, permissions, livePermissions, tags }): Pair => ({
          entry: withoutUndefined({ manage: 'attach', ai_gateway: gateway, permissions }),
          live: withoutUndefined({
            name,
            creator: 'ana@example.com',
            config: liveConfig([{ name: 'gpt', ...withReferences(config.live) }], { gpt: 100 }),
            ai_gateway: Object.keys(liveGateway).length > 0 ? liveGateway : undefined,
            permissions: aclEntries(livePermissions),
            tags: tags.map(([key, value]) => ({ key, value })),
          }),
          kept: [],
        }),
      ),
  );
}

/** One or two endpoints, mostly such that their config is declared. */
export const wholeEstates: fc.Arbitrary<WholeEstate> = fc
  .integer({ min: 1, max: 2 })
  .chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, index) =>
        fc.oneof(
          { weight: 5, arbitrary: managed(`e${index}`) },
          { weight: 1, arbitrary: attached(`e${index}`) },
        ),
      ),
    ),
  )
  .map((pairs) => ({
    live: pairs.flatMap(({ live }) => (live === undefined ? [] : [live])),
    config: {
      project: 'generated',
      serving_endpoints: Object.fromEntries(pairs.map(({ entry }, index) => [`e${index}`, entry])),
    },
    unmanaged: Object.fromEntries(
      pairs.map(({ live, entry }, index) => {
        const had = Object.keys((live?.ai_gateway as Block | undefined) ?? {});
        const gateway = entry.ai_gateway as Block | null | undefined;
        const named = gateway === null ? had : Object.keys(gateway ?? {});
        return [`e${index}`, had.filter((block) => !named.includes(block))];
      }),
    ),
    kept: pairs.flatMap(({ kept }, index) => kept.map((each) => ({ endpoint: `e${index}`, ...each }))),
  }));
