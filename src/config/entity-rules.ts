// What served entities take beyond their schema: how many, of which sorts together, and what each may say. Looks at
// entries after their layers are merged. Sources: https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go
// (ServedEntityInput), and at each rule.
import { isLiteralSecret, shapeOf } from './credentials';
import { checkExternalModel, checkKnown } from './external-rules';
import type { Findings } from './findings';
import {
  isSaid,
  type KeyedValue,
  type LayerValue,
  leafOf,
  type MapValue,
  memberOf,
  numberLeaf,
  textLeaf,
} from './layers';
import { locate } from './node';

/** Docs say 10, the API takes 15. https://github.com/databricks/databricks-sdk-py/issues/1496 */
const MANY_ENTITIES = 10;
const MOST_ENTITIES = 15;
const LIMIT_SOURCE = 'https://github.com/databricks/databricks-sdk-py/issues/1496';

/** Known at the time of writing; more are added. */
export const WORKLOAD_TYPES = [
  'CPU',
  'CPU_MEDIUM',
  'CPU_LARGE',
  'GPU_SMALL',
  'GPU_MEDIUM',
  'GPU_LARGE',
  'GPU_XLARGE',
  'GPU_XLARGE_8',
  'MULTIGPU_MEDIUM',
];

const CONCURRENCY = ['min_provisioned_concurrency', 'max_provisioned_concurrency'] as const;
const THROUGHPUT = ['min_provisioned_throughput', 'max_provisioned_throughput'] as const;
const UNITS = 'provisioned_model_units';

/** Refused beside an external model, also where they say the default. https://github.com/databricks/terraform-provider-databricks/issues/3676 */
const NOT_EXTERNAL = [
  'entity_name',
  'entity_version',
  'workload_size',
  'workload_type',
  'scale_to_zero_enabled',
  ...CONCURRENCY,
  ...THROUGHPUT,
  UNITS,
  'burst_scaling_enabled',
];

/** Entities that are wanted, by name. */
export type Wanted = ReadonlyMap<string, MapValue>;

export function wantedEntities(entities: LayerValue | undefined): Wanted {
  const wanted = new Map<string, MapValue>();
  if (entities?.kind !== 'keyed') return wanted;
  for (const [name, entity] of entities.items) if (entity.kind === 'map') wanted.set(name, entity);
  return wanted;
}

/** `complete` asks for all that the API needs: without it live may have the rest, or nothing is ever written. */
export function checkEntities(entities: KeyedValue, complete: boolean, findings: Findings): void {
  const wanted = wantedEntities(entities);
  checkCount(entities, wanted.size, findings);
  for (const entity of wanted.values()) checkEntity(entity, complete && entities.whole, findings);
  checkTogether([...wanted.values()], findings);
}

function checkCount(entities: KeyedValue, count: number, findings: Findings): void {
  const at = locate(entities.node);
  if (entities.whole && count === 0 && !findings.isBroken(entities.node)) {
    findings.error({ code: 'missing-field', message: 'served_entities needs at least one entity', at });
  } else if (count > MOST_ENTITIES) {
    const message = `${count} served entities, and an endpoint takes ${MOST_ENTITIES}`;
    findings.error({ code: 'too-many-entities', message, at, because: { text: LIMIT_SOURCE } });
  } else if (count > MANY_ENTITIES) {
    const message = `${count} served entities; the documentation says ${MANY_ENTITIES}, endpoints with ${MOST_ENTITIES} were seen`;
    findings.warning({ code: 'too-many-entities', message, at, because: { text: LIMIT_SOURCE } });
  }
}

function checkEntity(entity: MapValue, whole: boolean, findings: Findings): void {
  const model = memberOf(entity, 'external_model');
  checkEnvironment(memberOf(entity, 'environment_vars'), findings);
  if (model?.kind === 'map') {
    checkExternalModel(model, whole, findings);
    for (const field of NOT_EXTERNAL) {
      const value = memberOf(entity, field);
      if (isSaid(value)) excluded(field, value, 'external_model', model, findings);
    }
    return;
  }
  if (whole && !isSaid(memberOf(entity, 'entity_name')) && !findings.isBroken(entity.node)) {
    const message = 'a served entity needs entity_name or external_model';
    findings.error({ code: 'missing-field', message, at: locate(entity.node) });
  }
  checkKnown(memberOf(entity, 'workload_type'), WORKLOAD_TYPES, findings);
  checkBounds(entity, CONCURRENCY, whole, findings);
  checkBounds(entity, THROUGHPUT, false, findings);
  checkThroughput(entity, whole, findings);
}

/** A least and a most: in order, and where they go together, both. */
function checkBounds(
  entity: MapValue,
  [least, most]: readonly [string, string],
  together: boolean,
  findings: Findings,
): void {
  const [low, high] = [memberOf(entity, least), memberOf(entity, most)];
  const alone = isSaid(low) ? (isSaid(high) ? undefined : low) : isSaid(high) ? high : undefined;
  if (alone !== undefined && together && !findings.isBroken(entity.node)) {
    findings.error({
      code: 'missing-field',
      message: `${least} and ${most} go together`,
      at: locate(alone.node),
      help: `Add ${alone === low ? most : least}.`,
    });
  }
  const [from, to] = [numberLeaf(low), numberLeaf(high)];
  if (low === undefined || high === undefined || from === undefined || to === undefined || from <= to) return;
  findings.error({
    code: 'bad-value',
    message: `${least} is more than ${most}`,
    at: locate(low.node),
    because: { text: `${most} stands here`, at: locate(high.node) },
  });
}

/** Provisioned throughput comes in two styles. https://github.com/databricks/terraform-provider-databricks/blob/main/serving/resource_model_serving_provisioned_throughput.go */
function checkThroughput(entity: MapValue, whole: boolean, findings: Findings): void {
  const units = memberOf(entity, UNITS);
  const tokens = THROUGHPUT.map((field) => [field, memberOf(entity, field)] as const).find(([, value]) =>
    isSaid(value),
  );
  const provisioned = isSaid(units) ? units : tokens?.[1];
  if (isSaid(units) && tokens?.[1] !== undefined)
    excluded(tokens[0], tokens[1], 'provisioned_model_units', units, findings);
  if (
    isSaid(units) &&
    whole &&
    !isSaid(memberOf(entity, 'entity_version')) &&
    !findings.isBroken(entity.node)
  ) {
    findings.error({
      code: 'missing-field',
      message: `an entity with ${UNITS} needs entity_version`,
      at: locate(units.node),
    });
  }
  const zero = memberOf(entity, 'scale_to_zero_enabled');
  if (provisioned === undefined || zero === undefined || leafOf(zero) !== true) return;
  findings.warning({
    code: 'no-effect',
    message: 'an entity with provisioned throughput never scales to zero',
    at: locate(zero.node),
    because: { text: 'its throughput is provisioned here', at: locate(provisioned.node) },
    help: 'Remove scale_to_zero_enabled.',
  });
}

/** What one endpoint may serve together. */
function checkTogether(entities: readonly MapValue[], findings: Findings): void {
  const models = entities.map((entity) => memberOf(entity, 'external_model'));
  const external = models.find(isSaid);
  const inner = entities.map((entity) => memberOf(entity, 'entity_name')).find(isSaid);
  if (external !== undefined && inner !== undefined) {
    findings.error({
      code: 'mixed-entities',
      message: 'external models cannot be served together with other entities',
      at: locate(inner.node),
      because: { text: 'an external model stands here', at: locate(external.node) },
      help: 'Give each sort an endpoint of its own.',
    });
  }
  const [first, ...others] = models.map((model) => memberOf(model, 'task')).filter(isSaid);
  const other = others.find((task) => textLeaf(task) !== textLeaf(first));
  if (first !== undefined && other !== undefined) {
    findings.error({
      code: 'mixed-entities',
      message: 'external models of one endpoint share one task',
      at: locate(other.node),
      because: { text: 'another task stands here', at: locate(first.node) },
    });
  }
  const units = entities.map((entity) => memberOf(entity, UNITS)).find(isSaid);
  const without = entities.find(
    (entity) => isSaid(memberOf(entity, 'entity_name')) && !isSaid(memberOf(entity, UNITS)),
  );
  if (units === undefined || without === undefined) return;
  findings.error({
    code: 'mixed-entities',
    message: `an endpoint with ${UNITS} takes them for each of its entities`,
    at: locate(without.node),
    because: { text: 'they are given here', at: locate(units.node) },
  });
}

const REFERENCE = /^\{\{secrets\/[^/{}\s]+\/[^/{}\s]+\}\}$/;

/** Text, or a reference; a credential that came in by a variable is found here, one in the file where it is read. */
function checkEnvironment(variables: LayerValue | undefined, findings: Findings): void {
  if (variables?.kind !== 'map') return;
  for (const [name, value] of variables.members) {
    const text = textLeaf(value);
    if (text === undefined) continue;
    const filled = value.node.kind === 'scalar' && value.node.filledIn === true;
    if (text.startsWith('{{secrets') || text.startsWith('{{ ')) {
      if (REFERENCE.test(text)) continue;
      const message = `${name} looks like a reference to a secret, and is none`;
      const help = 'Write {{secrets/SCOPE/KEY}}.';
      findings.error({ code: 'bad-value', message, at: locate(value.node), help });
    } else if (filled && (isLiteralSecret('environment_vars', name, text) || shapeOf(text) !== undefined)) {
      findings.error({
        code: 'literal-credential',
        message: `${name} holds a literal credential, with its variables filled in`,
        at: locate(value.node),
        help: 'Put it into a secret scope and write {{secrets/SCOPE/KEY}} here.',
      });
    }
  }
}

function excluded(
  field: string,
  value: LayerValue,
  other: string,
  otherValue: LayerValue,
  findings: Findings,
): void {
  findings.error({
    code: 'excluded-field',
    message: `${field} cannot stand beside ${other}`,
    at: locate(value.node),
    because: { text: `${other} stands here`, at: locate(otherValue.node) },
    help: 'Keep one of them; null removes what a lower layer says.',
  });
}
