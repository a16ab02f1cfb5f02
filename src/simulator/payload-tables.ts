// The inference table of a service: where it lies, what it is called, and that it does not move. Not that of a
// serving endpoint, which is ai-gateway.ts.
//
// https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/service/catalog.py (InferenceTableConfig)
import { invalid } from './errors';
import { isObject, type Json, textOf } from './json';
import { schemaExists } from './metastore';
import type { Draft } from './securable';
import type { Shape } from './shapes';
import { leafOf, named } from './uc-names';

export const INFERENCE_TABLE: Shape = {
  fields: { parent: 'string', table_name_prefix: 'string' },
  required: ['parent'],
};

const AT = 'config.inference_table';

/** The block as GET answers it; notes the table that it starts. @throws ApiError 400 */
export function inferenceTable({
  workspace,
  name,
  before,
  config,
  touches,
  tables,
}: Draft): Json | undefined {
  const wanted = config.inference_table;
  if (!touches('inference_table') || !isObject(wanted)) return wanted;
  const schema = named('schemas', wanted.parent, 2, `${AT}.parent`);
  if (!schemaExists(workspace, schema)) throw invalid(`${AT}.parent: schema '${schema}' does not exist.`);
  const prefix = textOf(wanted.table_name_prefix) || leafOf(name);
  const full = `${schema}.${prefix}_payload`;
  const { is_deleted: _output, ...block } = wanted;
  const stored = { ...block, table: `tables/${full}` };
  const old = before.inference_table;
  if (isObject(old) && old.is_deleted !== true && old.table !== undefined) {
    if (old.table === stored.table) return stored;
    throw invalid(
      `${AT}: parent and table_name_prefix cannot be changed once the table exists (${old.table}). Remove the inference table first.`,
    );
  }
  if (workspace.settings.tables_persist && workspace.tables.has(full))
    throw invalid(`${AT}: table '${full}' already exists.`);
  tables.push(full);
  return stored;
}
