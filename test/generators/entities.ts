// Arbitrary served entities: what a file says of one, what the workspace has of it, and which of that nobody manages.
// What a write would refuse is never made: a sort of its own, complete, without two members that exclude each other.
import fc from 'fast-check';
import { PROVIDERS, type ProviderShape } from './providers';

export type Block = Record<string, unknown>;

/** What an endpoint serves; the two styles of provisioned throughput are written by different requests. */
export type Serves = 'external' | 'custom' | 'units' | 'throughput';

export interface Entity {
  readonly name: string;
  /** All of it, in authoring form: enough to make it. */
  readonly declared: Block;
  /** A part of it: enough where it is live. */
  readonly part: Block;
  /** As it is live, in the shape of an answer. */
  readonly live: Block;
  /** Live values that neither `declared` nor `part` names, by path in the entity. */
  readonly kept: readonly { readonly path: readonly string[]; readonly value: unknown }[];
}

/** What `${env.NAME}` stands for in generated configs. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  GENERATED_KEY: 'generated-credential-1',
  GENERATED_SECRET: 'generated-credential-2',
};

type Kept = Entity['kept'][number];

const scope = fc.constantFrom('llm', 'other');
const reference = fc.tuple(scope, fc.constantFrom('a', 'b')).map(([s, key]) => `{{secrets/${s}/${key}}}`);

/** A credential under one of its two names. */
const credential = (field: string): fc.Arbitrary<Block> =>
  fc.oneof(
    { weight: 3, arbitrary: reference.map((value) => ({ [field]: value })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(...Object.keys(ENVIRONMENT))
        .map((name) => ({ [`${field}_plaintext`]: `\${env.${name}}` })),
    },
  );

const TASK = 'llm/v1/chat';
const modelName = fc.constantFrom('model-a', 'model-b', 'model.c');

function blockOf(shape: ProviderShape, credentials: readonly Block[]): Block {
  const secrets = Object.assign({}, ...credentials) as Block;
  return shape.below === undefined
    ? { ...shape.fixed, ...secrets }
    : { ...shape.fixed, [shape.below]: secrets };
}

/** Without what is never answered. */
function answered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.endsWith('_plaintext'))
      .map(([name, inner]) => [name, answered(inner)]),
  );
}

function external(name: string): fc.Arbitrary<Entity> {
  const shape = fc.constantFrom(...PROVIDERS);
  return fc
    .record({
      shape,
      model: modelName,
      liveModel: modelName,
      same: fc.integer({ min: 0, max: 3 }),
      other: shape,
    })
    .chain(({ shape, model, liveModel, same, other }) => {
      const from = same > 0 ? shape : other;
      const references = fc.tuple(
        ...from.credentials.map((field) => reference.map((value) => ({ [field]: value }))),
      );
      return fc
        .record({
          credentials: fc.tuple(...shape.credentials.map(credential)),
          liveCredentials: same > 1 ? fc.constant(undefined) : references,
          optional: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
        })
        .map(({ credentials, liveCredentials, optional }): Entity => {
          const declaredBlock = blockOf(shape, credentials);
          // A plain-text credential that is live is not answered: its block comes without it.
          const liveBlock =
            liveCredentials === undefined
              ? (answered(declaredBlock) as Block)
              : blockOf(from, liveCredentials);
          const kept: Kept[] = [];
          if (from === shape && shape.optional !== undefined && optional !== undefined) {
            liveBlock[shape.optional] = optional;
            kept.push({ path: ['external_model', shape.block, shape.optional], value: optional });
          }
          return {
            name,
            declared: {
              external_model: {
                name: model,
                provider: shape.provider,
                task: TASK,
                [shape.block]: declaredBlock,
              },
            },
            part: { external_model: { name: model } },
            live: {
              external_model: {
                name: liveModel,
                provider: from.provider,
                task: TASK,
                [from.block]: liveBlock,
              },
            },
            kept,
          };
        });
    });
}

const variable = fc.oneof(fc.constantFrom('info', 'debug', ''), reference);
const size: fc.Arbitrary<Block> = fc.oneof(
  fc.constant({}),
  fc.constantFrom('Small', 'Medium').map((workload_size) => ({ workload_size })),
  fc
    .constantFrom(4, 8)
    .map((least) => ({ min_provisioned_concurrency: least, max_provisioned_concurrency: 16 })),
);
const machine = fc.option(fc.constantFrom('CPU', 'GPU_SMALL'), { nil: undefined });
const zero = fc.option(fc.boolean(), { nil: undefined });

function present(block: Block): Block {
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined));
}

function custom(name: string): fc.Arbitrary<Entity> {
  const version = fc.constantFrom('1', '2', '3');
  return fc
    .record({
      version,
      liveVersion: version,
      asNumber: fc.boolean(),
      size,
      liveSize: size,
      machine,
      liveMachine: machine,
      zero,
      liveZero: zero,
      profile: fc.option(fc.constant('arn:aws:iam::1:x'), { nil: undefined }),
      variables: fc.dictionary(fc.constantFrom('LOG', 'MODE'), fc.option(variable, { nil: null, freq: 5 }), {
        maxKeys: 2,
      }),
      // Weighed towards variables that no file names.
      liveVariables: fc.dictionary(fc.constantFrom('LOG', 'KEPT', 'KEPT_TOO'), variable, {
        minKeys: 1,
        maxKeys: 3,
      }),
    })
    .map((made): Entity => {
      const sized = Object.keys(made.size).length > 0;
      const live = present({
        entity_name: 'ml.models.own',
        entity_version: made.liveVersion,
        ...made.liveSize,
        workload_type: made.liveMachine,
        scale_to_zero_enabled: made.liveZero,
        instance_profile_arn: made.profile,
        environment_vars: made.liveVariables,
      });
      const part = present({
        entity_version: made.asNumber ? Number(made.version) : made.version,
        ...made.size,
        workload_type: made.machine,
        scale_to_zero_enabled: made.zero,
        environment_vars: Object.keys(made.variables).length > 0 ? made.variables : undefined,
      });
      const unnamed = [
        'instance_profile_arn',
        'workload_type',
        'scale_to_zero_enabled',
        ...(sized ? [] : Object.keys(made.liveSize)),
      ];
      const kept = [
        ...unnamed
          .filter((field) => live[field] !== undefined && part[field] === undefined)
          .map((field) => ({ path: [field], value: live[field] })),
        ...Object.entries(made.liveVariables)
          .filter(([variableName]) => !Object.hasOwn(made.variables, variableName))
          .map(([variableName, value]) => ({ path: ['environment_vars', variableName], value })),
      ];
      return { name, declared: { entity_name: 'ml.models.own', ...part }, part, live, kept };
    });
}

function provisioned(name: string, style: 'units' | 'throughput'): fc.Arbitrary<Entity> {
  const amount: fc.Arbitrary<Block> =
    style === 'units'
      ? fc.constantFrom(50, 100).map((provisioned_model_units) => ({ provisioned_model_units }))
      : fc.oneof(
          fc.constantFrom(100, 200).map((max_provisioned_throughput) => ({ max_provisioned_throughput })),
          fc.constantFrom(0, 100).map((min_provisioned_throughput) => ({
            min_provisioned_throughput,
            max_provisioned_throughput: 200,
          })),
        );
  return fc
    .record({
      amount,
      liveAmount: amount,
      version: fc.constantFrom('1', '2'),
      liveVersion: fc.constantFrom('1', '2'),
    })
    .map(({ amount, liveAmount, version, liveVersion }): Entity => {
      const kept = Object.entries(liveAmount)
        .filter(([field]) => !Object.hasOwn(amount, field))
        .map(([field, value]) => ({ path: [field], value }));
      return {
        name,
        declared: { entity_name: 'system.ai.fm', entity_version: version, ...amount },
        part: { entity_version: version, ...amount },
        live: { entity_name: 'system.ai.fm', entity_version: liveVersion, ...liveAmount },
        kept,
      };
    });
}

export function entity(serves: Serves, name: string): fc.Arbitrary<Entity> {
  if (serves === 'external') return external(name);
  return serves === 'custom' ? custom(name) : provisioned(name, serves);
}
