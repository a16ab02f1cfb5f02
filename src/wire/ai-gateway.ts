// The `ai_gateway` block on the wire: which members the API documents. A member that is not here may be
// read but never sent back by us, because what it means cannot be known.
// https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (AiGatewayConfig)
import { isList, isObject, type Json } from '../model/json';

/** Members by name; `true` is a leaf or a list of leaves, a one-element tuple the shape of each list item. */
export interface Members {
  readonly [name: string]: true | Members | readonly [Members];
}

const GUARDRAILS: Members = {
  pii: { behavior: true },
  safety: true,
  invalid_keywords: true,
  valid_topics: true,
};

export const AI_GATEWAY_MEMBERS: Members = {
  fallback_config: { enabled: true },
  guardrails: { input: GUARDRAILS, output: GUARDRAILS },
  inference_table_config: { enabled: true, catalog_name: true, schema_name: true, table_name_prefix: true },
  rate_limits: [{ calls: true, tokens: true, key: true, principal: true, renewal_period: true }],
  usage_tracking_config: { enabled: true },
};

/** Paths of members that `known` does not list, as text: `ai_gateway.rate_limits[].burst`. */
export function unknownMembers(value: Json | undefined, known: Members, at: string): string[] {
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((name) => {
    const shape = Object.hasOwn(known, name) ? known[name] : undefined;
    const path = `${at}.${name}`;
    if (shape === undefined) return value[name] === null ? [] : [path];
    if (shape === true) return [];
    if (!Array.isArray(shape)) return unknownMembers(value[name], shape as Members, path);
    const items = value[name];
    const found = isList(items) ? items.flatMap((item) => unknownMembers(item, shape[0], `${path}[]`)) : [];
    return [...new Set(found)];
  });
}
