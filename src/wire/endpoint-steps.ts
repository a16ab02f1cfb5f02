// Which requests make a serving endpoint as it is declared, and their bodies. Phases put what tightens before
// the config and what opens after it; see `PHASES`.
import { type Assignment, assign, leavesOf } from '../model/assign';
import type { FieldTable } from '../model/fields';
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { kindOf } from '../model/kinds';
import { itemKey, type Path, pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import { configBody, configFromWire, entityIn, entityNames, unitsConfig } from './endpoint-config';
import * as op from './endpoint-operations';
import { gatewaySteps } from './gateway-steps';
import type { StepDraft, StepLike, Wanted, WantedAssignment } from './step';

export const KIND = 'serving_endpoints';
/** The tag that says whose a fully managed endpoint is. */
export const STAMP_TAG = 'gatewright_project';
export const STAMP_PATH: Path = ['tags', `[${STAMP_TAG}]`];

const UNIT_FIELD = 'provisioned_model_units';
/** What a create carries; the rest has requests of its own. */
export const CREATED = [
  'config',
  'ai_gateway',
  'tags',
  'description',
  'route_optimized',
  'budget_policy_id',
  'email_notifications',
];

/** Of that, what the route for model units does not take. https://docs.databricks.com/api/workspace/servingendpoints/createprovisionedthroughputendpoint */
export const NOT_IN_UNITS = ['description', 'route_optimized'];

export function update({
  live,
  declared,
  assignments,
  stamp,
  fields,
}: Wanted & { readonly live: LiveResource }): StepDraft[] {
  const under = (field: string) => assignments.filter(({ path }) => path[0] === field);
  const sends = (field: string) => withWriteOnly(under(field), declared, field, fields, live.sort);
  const drafts: StepDraft[] = gatewaySteps(under('ai_gateway'), live, fields).map((draft) => ({
    ...draft,
    operation: op.PUT_AI_GATEWAY,
  }));
  const tags: Assignment[] = [
    ...bare(under('tags')),
    ...(stamp === undefined ? [] : [{ path: STAMP_PATH, value: stamp }]),
  ];
  if (tags.length > 0) drafts.push({ operation: op.PATCH_TAGS, phase: 'tighten', ours: tags });
  drafts.push(...permissionSteps(under('permissions')));
  if (under('email_notifications').length > 0) {
    drafts.push({
      operation: op.PATCH_NOTIFICATIONS,
      phase: 'tighten',
      ours: bare(under('email_notifications')),
    });
  }
  if (under('config').length > 0) {
    const operation = inUnits(declared) || inUnits(live.fields) ? op.PUT_UNITS_CONFIG : op.PUT_CONFIG;
    drafts.push({
      operation,
      phase: 'config',
      ours: wholeConfig(under('config'), declared, live, fields),
      settles: true,
    });
  }
  if (under('telemetry_config').length > 0) {
    drafts.push({ operation: op.PATCH_TELEMETRY, phase: 'telemetry', ours: sends('telemetry_config') });
  }
  return drafts;
}

export function create({ declared, stamp, fields }: Wanted): StepDraft[] {
  const sort = 'declared';
  const leaves = leavesOf(declared, fields, sort).filter(({ value }) => value !== null);
  const ours = leaves.filter(({ path }) => CREATED.includes(path[0] ?? ''));
  if (typeof stamp === 'string') ours.push({ path: STAMP_PATH, value: stamp });
  const drafts: StepDraft[] = [
    { operation: inUnits(declared) ? op.CREATE_UNITS : op.CREATE, phase: 'config', ours, settles: true },
  ];
  const permissions = leaves.filter(
    ({ path }) => path[0] === 'permissions' && fields.row(path, sort)?.fixed !== true,
  );
  if (permissions.length > 0)
    drafts.push({ operation: op.PATCH_PERMISSIONS, phase: 'open', ours: permissions });
  const telemetry = leaves.filter(({ path }) => path[0] === 'telemetry_config');
  if (telemetry.length > 0)
    drafts.push({ operation: op.PATCH_TELEMETRY, phase: 'telemetry', ours: telemetry });
  return drafts;
}

export function destroy(live: LiveResource, successor: boolean): StepDraft[] {
  const step: StepDraft = { operation: op.DELETE, phase: 'config', ours: [] };
  return [
    successor ? { ...step, note: `Callers get errors until the new one is ready.${tableNote(live)}` } : step,
  ];
}

/** A payload table outlives its endpoint. Whether the next one may log to it is not documented. */
function tableNote({ fields, name }: LiveResource): string {
  const table = isObject(fields.ai_gateway) ? fields.ai_gateway.inference_table_config : undefined;
  if (!isObject(table) || table.enabled !== true) return '';
  const payload = `${table.catalog_name}.${table.schema_name}.${table.table_name_prefix ?? name}_payload`;
  return ` The table ${payload} stays: where the workspace refuses to log to a table that exists, rename it first.`;
}

/** Taking a right away tightens and goes first; giving one opens and goes last. A patch upserts and cannot remove. */
function permissionSteps(wanted: readonly WantedAssignment[]): StepDraft[] {
  const tightening = wanted.filter(({ direction }) => direction === 'tightens');
  const opening = wanted.filter(({ direction }) => direction !== 'tightens');
  const step = (list: readonly WantedAssignment[], phase: StepDraft['phase']): StepDraft[] => {
    if (list.length === 0) return [];
    const operation = list.some(({ value }) => value === null) ? op.PUT_PERMISSIONS : op.PATCH_PERMISSIONS;
    return [{ operation, phase, ours: bare(list) }];
  };
  return [...step(tightening, 'tighten'), ...step(opening, 'open')];
}

/** A config put is ours as a whole: every declared value, and the removals. A list of entities has its order, a map has the live one. */
function wholeConfig(
  wanted: readonly WantedAssignment[],
  declared: JsonObject,
  live: LiveResource,
  fields: FieldTable,
): Assignment[] {
  const leaves = leavesOf({ config: declared.config ?? null }, fields, live.sort).filter(
    ({ value }) => value !== null,
  );
  const said = new Set(leaves.map(({ path }) => pathText(path)));
  const removed = bare(wanted.filter(({ path }) => !said.has(pathText(path))));
  if (isObject(declared.config) && isList(declared.config.served_entities)) return [...removed, ...leaves];
  const order = entityNames(configOf(live));
  const rank = ({ path }: Assignment) => {
    const index = order.indexOf(entityIn(path) ?? '');
    return index < 0 ? order.length : index;
  };
  return [...removed, ...leaves.sort((a, b) => rank(a) - rank(b))];
}

function withWriteOnly(
  wanted: readonly WantedAssignment[],
  declared: JsonObject,
  field: string,
  fields: FieldTable,
  sort: string,
): Assignment[] {
  const said = new Set(wanted.map(({ path }) => pathText(path)));
  const isSaid = (path: Path) => path.some((_, depth) => said.has(pathText(path.slice(0, depth + 1))));
  const hidden = leavesOf({ [field]: declared[field] ?? null }, fields, sort).filter(
    ({ path, value }) => value !== null && fields.writeOnly(path, sort) !== undefined && !isSaid(path),
  );
  return [...bare(wanted), ...hidden];
}

function bare(list: readonly WantedAssignment[]): Assignment[] {
  return list.map(({ path, value }) => ({ path, value }));
}

function inUnits(fields: JsonObject): boolean {
  const config = isObject(fields.config) ? fields.config : {};
  const entities = isList(config.served_entities)
    ? config.served_entities
    : isObject(config.served_entities)
      ? Object.values(config.served_entities)
      : [];
  return entities.some((entity) => isObject(entity) && entity[UNIT_FIELD] !== undefined);
}

export function body(step: StepLike, name: string, live: LiveResource | undefined): Json | undefined {
  const { fields } = kindOf(KIND);
  const sort = live?.sort ?? 'declared';
  const merged = (field: string, base: Json | undefined): JsonObject => {
    const result = assign(isObject(base) ? { [field]: base } : {}, step.ours, fields, sort)[field];
    return isObject(result) ? result : {};
  };
  switch (step.operation) {
    case op.CREATE.id:
    case op.CREATE_UNITS.id: {
      const made = assign({}, step.ours, fields, sort);
      const inUnits = step.operation === op.CREATE_UNITS.id && isObject(made.config);
      return { name, ...made, ...(inUnits ? { config: unitsConfig(made.config as JsonObject) } : {}) };
    }
    case op.PUT_AI_GATEWAY.id:
      return merged('ai_gateway', live?.raw.ai_gateway);
    case op.PATCH_TAGS.id:
      return tagsBody(step.ours);
    case op.PUT_CONFIG.id:
      return configBody(configOf(live), step.ours, fields, sort);
    case op.PUT_UNITS_CONFIG.id:
      return { config: unitsConfig(configBody(configOf(live), step.ours, fields, sort)) };
    case op.PATCH_NOTIFICATIONS.id:
      return { email_notifications: merged('email_notifications', live?.raw.email_notifications) };
    case op.PATCH_TELEMETRY.id: {
      const telemetry = telemetryBody(merged('telemetry_config', live?.fields.telemetry_config), step.ours);
      return Object.keys(telemetry).length === 0 ? {} : { telemetry_config: telemetry };
    }
    case op.PATCH_PERMISSIONS.id:
      return { access_control_list: entriesOf(assign({}, step.ours, fields, sort)) };
    case op.PUT_PERMISSIONS.id:
      return {
        access_control_list: entriesOf(
          assign({ permissions: live?.fields.permissions ?? [] }, step.ours, fields, sort),
        ),
      };
    default:
      return undefined;
  }
}

/**
 * Names of tables are answered as the profile made of them, and a request may have only one of both.
 * https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (TelemetryConfig)
 */
function telemetryBody(telemetry: JsonObject, ours: readonly Assignment[]): JsonObject {
  const named = ours.some(({ path, value }) => path[1] === 'table_names' && value !== null);
  if (!named) return telemetry;
  const { telemetry_profile_id: _made, ...rest } = telemetry;
  return rest;
}

function entriesOf({ permissions }: JsonObject): Json {
  return permissions ?? [];
}

/** What a put of the config starts from: what serves, or what is to serve when an update is under way. */
export function configOf(live: LiveResource | undefined): JsonObject | undefined {
  return configFromWire(
    live?.settling === 'pending' ? (live.raw.pending_config ?? live.raw.config) : live?.raw.config,
  );
}

function tagsBody(ours: readonly Assignment[]): JsonObject {
  const add = ours.filter(({ value }) => value !== null);
  const remove = ours.filter(({ value }) => value === null);
  const key = ({ path }: Assignment) => itemKey(path[1] ?? '[]');
  return {
    ...(add.length > 0 ? { add_tags: add.map((one) => ({ key: key(one), value: one.value })) } : {}),
    ...(remove.length > 0 ? { delete_tags: remove.map(key) } : {}),
  };
}
