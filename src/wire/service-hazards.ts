// What an update of a Unity Catalog service would do, or fail to do, that its sender does not mean.
import type { Assignment } from '../model/assign';
import { isObject, type JsonObject } from '../model/json';
import type { LiveResource } from '../model/resource';
import { leafOf, type Mask } from './service-spec';
import type { Hazard } from './step';

/** A place in the body that no mask leads to, or none that the platform lets others use. */
export function maskHazards(place: string, masks: readonly Mask[], live: LiveResource): Hazard[] {
  const mask = masks.find(({ mask: path, at = [path] }) => at.includes(place));
  if (mask === undefined) {
    const help = 'Take it out of `preview:`, or set it by hand.';
    const message = `no update of ${live.name} can say ${place} alone, and one that says the whole config could take away what is not known here`;
    return [{ guard: 'no-mask', message, help }];
  }
  if (!live.systemOwned || mask.system === true) return [];
  const message = `${live.name} was made by the platform, which alone decides its ${place}`;
  return [{ guard: 'system-owned', message, help: 'Take that field out of the declaration.' }];
}

/** https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (InferenceTableConfig) */
export function tableHazards(config: JsonObject, ours: readonly Assignment[], live: LiveResource): Hazard[] {
  if (!ours.some(({ path }) => path[0] === 'config' && path[1] === 'inference_table')) return [];
  const before = isObject(live.raw.config) ? live.raw.config.inference_table : undefined;
  const after = config.inference_table;
  if (!isObject(before) || before.is_deleted === true || !isObject(after)) return [];
  const prefix = ({ table_name_prefix: text }: JsonObject) =>
    typeof text === 'string' && text !== '' ? text : leafOf(live.name);
  if (before.parent === after.parent && prefix(before) === prefix(after)) return [];
  return [
    {
      guard: 'table-moves',
      message: `the inference table of ${live.name} exists, and neither its schema nor its prefix can be changed`,
      help: 'Set inference_table to null in a change of its own, then declare the new place: nothing is logged in between.',
    },
  ];
}
