// Which catalogs and schemas there are: those of `settings.catalogs`, or, where that is not said, any that
// somebody names. `system.ai` is always there. Reads only.
import { ApiError, absent } from './errors';
import { isObject, textOf } from './json';
import type { Workspace } from './state';
import { SYSTEM_SCHEMA, schemaOf } from './uc-names';

/** Of this metastore, as every answer names it. */
export const METASTORE_ID = '10000000-0000-4000-8000-000000000001';

export function schemaExists(workspace: Workspace, schema: string): boolean {
  const known = workspace.settings.catalogs;
  return known === undefined || schema === SYSTEM_SCHEMA || known.includes(schema);
}

export function catalogExists(workspace: Workspace, catalog: string): boolean {
  const known = workspace.settings.catalogs;
  return known === undefined || schemasOf(workspace).some((schema) => schema.startsWith(`${catalog}.`));
}

/** @throws ApiError 404 */
export function refuseAbsentSchema(workspace: Workspace, schema: string): void {
  const [catalog] = schema.split('.');
  if (!catalogExists(workspace, catalog!)) throw noCatalog(catalog!);
  if (!schemaExists(workspace, schema)) throw noSchema(schema);
}

export const noCatalog = (name: string) =>
  new ApiError(404, 'CATALOG_DOES_NOT_EXIST', `Catalog '${name}' does not exist.`);
export const noSchema = (name: string) =>
  new ApiError(404, 'SCHEMA_DOES_NOT_EXIST', `Schema '${name}' does not exist.`);
export const noSecurable = (label: string, name: string) => absent(`${label} '${name}' does not exist.`);

/** Names of all schemas, in no order. Where any exists, those that something in the workspace names. */
export function schemasOf(workspace: Workspace): string[] {
  const schemas = new Set([SYSTEM_SCHEMA, ...(workspace.settings.catalogs ?? [])]);
  if (workspace.settings.catalogs !== undefined) return [...schemas];
  for (const { schema, config } of workspace.securables.all) {
    schemas.add(schema);
    const table = isObject(config.inference_table) ? textOf(config.inference_table.parent) : undefined;
    if (table?.startsWith('schemas/')) schemas.add(table.slice('schemas/'.length));
  }
  for (const table of workspace.tables) schemas.add(schemaOf(table));
  return [...schemas];
}
