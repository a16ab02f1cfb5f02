// Limits, logging and access of an endpoint as a service says them. Each tells what becomes of the settings that it reads.
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { KEY_CODECS } from '../model/keys';
import { item, itemKey, type Path, pathPattern } from '../model/path';
import { COUNT_RULES, LEVEL_RULES, LIMIT_RULES, type Outcome, WORKSPACE_GROUP } from './migrate-rows';
import type { Telling } from './migrate-telling';

/** Another period than the minute is not known to be on endpoints: it is told, and nothing is made of it. */
export function limitsOf(telling: Telling, fields: JsonObject): JsonObject[] {
  const limits = new Map<string, JsonObject>();
  const others = otherPeriods(fields);
  for (const setting of telling.below(['ai_gateway', 'rate_limits'])) {
    const { path, value } = setting;
    const key = itemKey(path[2] ?? '[]');
    const colon = key.indexOf(':');
    const head = colon < 0 ? key : key.slice(0, colon + 1);
    const rule = Object.hasOwn(LIMIT_RULES, head) ? LIMIT_RULES[head] : undefined;
    const unit = path[3] ?? '';
    const count = Object.hasOwn(COUNT_RULES, unit) ? COUNT_RULES[unit] : undefined;
    if (
      rule === undefined ||
      count === undefined ||
      others.has(key) ||
      path.length !== 4 ||
      typeof value !== 'number'
    ) {
      telling.tell(setting, 'none', 'services know no such limit');
      continue;
    }
    const to = colon < 0 ? rule.to : `${rule.to}${key.slice(colon + 1)}`;
    limits.set(to, { ...limits.get(to), [count.to]: value });
    const says = [count.says, rule.says].filter((each) => each !== '').join('; ');
    const outcome = rule.says === '' ? count.outcome : 'differs';
    telling.tell(setting, outcome, says, ['config', 'rate_limits', item(to), count.to]);
  }
  return [...limits].flatMap(([key, value]) => KEY_CODECS.service_limit.entries(key, value));
}

function otherPeriods({ ai_gateway: gateway }: JsonObject): Set<string> {
  const list = isObject(gateway) && isList(gateway.rate_limits) ? gateway.rate_limits.filter(isObject) : [];
  const others = list.filter(({ renewal_period: period }) => (period ?? 'minute') !== 'minute');
  return new Set(others.flatMap((limit) => KEY_CODECS.limit.keyOf(limit) ?? []));
}

const TABLE: Path = ['ai_gateway', 'inference_table_config'];

/** `name` is that of the endpoint, whose table has it where no prefix is said. */
export function tableOf(telling: Telling, name: string): JsonObject | undefined {
  const settings = telling.below(TABLE);
  const said = new Map(settings.map(({ path, value }): [string, Json] => [path[2] ?? '', value]));
  const [catalog, schema] = [said.get('catalog_name'), said.get('schema_name')];
  const isOn = said.get('enabled') === true && typeof catalog === 'string' && typeof schema === 'string';
  const before = said.get('table_name_prefix');
  const prefix = typeof before === 'string' && before !== '' ? before : name;
  const after = `${prefix}_service`;
  const parent: Path = ['config', 'inference_table', 'parent'];
  const rows: Readonly<Record<string, readonly [Outcome, string, Path]>> = {
    enabled: [
      'differs',
      `a table of its own, ${after}_payload, with other columns; what was logged before stays where it is`,
      parent,
    ],
    catalog_name: ['equal', '', parent],
    schema_name: ['equal', '', parent],
    table_name_prefix: [
      'differs',
      `${after}, since ${prefix}_payload is the table of the endpoint`,
      ['config', 'inference_table', 'table_name_prefix'],
    ],
  };
  for (const setting of settings) {
    const row = Object.hasOwn(rows, setting.path[2] ?? '') ? rows[setting.path[2] ?? ''] : undefined;
    if (row === undefined || setting.path.length !== 3)
      telling.tell(setting, 'none', 'services do not say it of an inference table');
    else if (isOn) telling.tell(setting, ...row);
    else telling.tell(setting, 'equal', 'nothing is logged, as before');
  }
  return isOn ? { parent: `schemas/${catalog}.${schema}`, table_name_prefix: after } : undefined;
}

export function grantsOf(telling: Telling): JsonObject[] {
  const privileges = new Map<string, readonly string[]>();
  for (const setting of telling.below(['permissions'])) {
    const { path, value } = setting;
    const key = itemKey(path[1] ?? '[]');
    const rule = Object.hasOwn(LEVEL_RULES, String(value)) ? LEVEL_RULES[String(value)] : undefined;
    if (key === WORKSPACE_GROUP) {
      telling.tell(
        setting,
        'none',
        'a group of the workspace, which cannot be granted anything in Unity Catalog',
      );
    } else if (rule === undefined || pathPattern(path) !== 'permissions[]') {
      telling.tell(setting, 'none', 'no privilege is like it');
    } else {
      const who = key.slice(key.indexOf(':') + 1);
      privileges.set(who, [...new Set([...(privileges.get(who) ?? []), ...rule.privileges])].sort());
      telling.tell(setting, 'differs', rule.says, ['grants', item(who)]);
    }
  }
  return [...privileges].map(([principal, held]) => ({ principal, privileges: held }));
}

/** Of endpoints with one place to go to, or none to fall back to. */
export function tellNoFallback(telling: Telling): void {
  for (const setting of telling.below(['ai_gateway', 'fallback_config', 'enabled'])) {
    if (setting.value === true) telling.tell(setting, 'differs', 'there is nothing to fall back to');
    else telling.tell(setting, 'equal', 'there are no destinations to fall back to');
  }
}

export function fallsBack({ fields }: { readonly fields: JsonObject }): boolean {
  const gateway = isObject(fields.ai_gateway) ? fields.ai_gateway : {};
  return isObject(gateway.fallback_config) && gateway.fallback_config.enabled === true;
}
