// What sort of endpoint a body describes, and which gateway features each sort has. Rows, read by everyone
// who must refuse; knows no request.
//
// Features: https://docs.databricks.com/aws/en/ai-gateway/overview-serving-endpoints and the text of `ai_gateway` in
// https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go
import { isObject, type JsonObject, objectsOf, textOf } from './json';
import type { EndpointKind, Feature, Settings } from './types';

const ALL: readonly Feature[] = [
  'rate_limits',
  'inference_tables',
  'usage_tracking',
  'guardrails',
  'fallbacks',
];
const without = (...features: Feature[]) => ALL.filter((feature) => !features.includes(feature));

/** An endpoint without config may still become any sort: nothing is refused to it. */
const OFFERED: Readonly<Record<EndpointKind, readonly Feature[]>> = {
  external: ALL,
  provisioned_throughput: without('fallbacks'),
  pay_per_token: without('fallbacks'),
  custom: without('fallbacks', 'guardrails'),
  agent: ['inference_tables'],
  none: ALL,
};

export function offers(kind: EndpointKind, feature: Feature, settings: Settings): boolean {
  const off = settings.feature_disabled?.some(
    (row) => row.feature === feature && (row.kind === kind || row.kind === '*'),
  );
  return !off && OFFERED[kind].includes(feature);
}

/** The served entities of a config, under whichever of its two names; `model_name` reads as `entity_name`. */
export function entitiesOf(config: unknown): JsonObject[] {
  if (!isObject(config)) return [];
  const entities = objectsOf(config.served_entities);
  if (entities.length > 0) return entities;
  return objectsOf(config.served_models).map((model) => ({ ...model, entity_name: model.model_name }));
}

export function kindOf(body: JsonObject): EndpointKind {
  const serving = entitiesOf(body.config);
  const entities = serving.length > 0 ? serving : entitiesOf(body.pending_config);
  const owned = textOf(body.id) !== undefined || textOf(body.creator) !== undefined;
  if (body.endpoint_type === 'FOUNDATION_MODEL_API') return 'pay_per_token';
  if (!owned && entities.some((entity) => isObject(entity.foundation_model))) return 'pay_per_token';
  if (entities.some((entity) => isObject(entity.external_model))) return 'external';
  if (entities.some(isProvisioned)) return 'provisioned_throughput';
  if (textOf(body.task)?.startsWith('agent/') || isObject(body.tile_endpoint_metadata)) return 'agent';
  if (isObject(body.config) && Object.keys(body.config).length === 0 && textOf(body.task) === undefined)
    return textOf(body.name)?.startsWith('mas-') ? 'agent' : 'none';
  return entities.length > 0 ? 'custom' : 'none';
}

function isProvisioned(entity: JsonObject): boolean {
  return (
    entity.provisioned_model_units !== undefined ||
    entity.min_provisioned_throughput !== undefined ||
    entity.max_provisioned_throughput !== undefined ||
    (isObject(entity.foundation_model) && textOf(entity.entity_name) !== undefined) ||
    textOf(entity.entity_name)?.startsWith('system.ai.') === true
  );
}

/** Names that only Databricks may give: https://docs.databricks.com/api/workspace/servingendpoints/create */
export function isReserved(name: string): boolean {
  return name.startsWith('databricks-');
}
