// Model targets: what a provider offers, listed by model provider services and chosen by destinations.
//
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (ModelProviderServiceConfigModelTargetConfig)
import { invalid } from './errors';
import { type Json, type JsonObject, objectsOf } from './json';
import type { Shape } from './shapes';

const MOST_TYPES = 64;
const LONGEST_TYPE = 256;
/** No URI template, query or fragment, and relative. */
const ROUTE = /^(?![a-z]+:)[^/?#{}][^?#{}]*$/i;

export const MODEL_TARGET: Shape = {
  fields: { model: 'string', native_api_types: { list: 'string' }, endpoint_route: 'string' },
  required: ['model'],
};

/** The entry of that model, or undefined. */
export function targetOf(config: JsonObject, model: Json | undefined): JsonObject | undefined {
  return objectsOf(config.targets).find((target) => target.model === model);
}

/** @throws ApiError 400 */
export function checkTargetTypes(target: JsonObject, at: string): void {
  if (target.model === '') throw invalid(`${at}.model must not be empty.`);
  const types = (target.native_api_types ?? []) as string[];
  if (types.length > MOST_TYPES || types.some((type) => type.length > LONGEST_TYPE))
    throw invalid(
      `${at}.native_api_types: at most ${MOST_TYPES} entries of ${LONGEST_TYPE} characters are allowed.`,
    );
}

/** The targets of a model provider service. @throws ApiError 400 */
export function checkTargets(config: JsonObject, custom: boolean): void {
  const at = 'config.targets';
  const targets = objectsOf(config.targets);
  if (custom && config.allow_all_targets === true)
    throw invalid(
      'config.allow_all_targets cannot be enabled for a custom provider; list its models in targets.',
    );
  if (targets.length === 0 && config.allow_all_targets !== true)
    throw invalid(`${at}: at least one target is required unless allow_all_targets is true.`);
  const models = new Set<unknown>();
  for (const [index, target] of targets.entries()) {
    checkTargetTypes(target, `${at}[${index}]`);
    if (!Array.isArray(target.native_api_types) || target.native_api_types.length === 0)
      throw invalid(`${at}[${index}].native_api_types: at least one value is required.`);
    if (models.has(target.model)) throw invalid(`${at}[${index}]: '${target.model}' is listed twice.`);
    models.add(target.model);
    if (!target.endpoint_route) continue;
    if (!custom) throw invalid(`${at}[${index}].endpoint_route is only supported for custom providers.`);
    if (!ROUTE.test(target.endpoint_route as string))
      throw invalid(`${at}[${index}].endpoint_route must be a relative path without query or fragment.`);
  }
}
