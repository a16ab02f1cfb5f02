// Names in Unity Catalog: `catalog.schema.leaf`, and the resource names that put a kind before them. Knows no
// workspace: whether a thing exists is asked elsewhere.
//
// https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-names
// https://docs.databricks.com/api/workspace/aigateway/createmodelservice ("each component is capped at 255 characters")
import { invalid } from './errors';
import { type Json, textOf } from './json';

const MOST = 255;
const FORBIDDEN = /[\s./\u0000-\u001f\u007f]/;

/** The schema whose services Databricks makes and owns. */
export const SYSTEM_SCHEMA = 'system.ai';

/** @throws ApiError 400 when a name has not so many parts, or one is no name. */
export function checkName(name: string, parts: number, at: string): string {
  const given = name.split('.');
  if (given.length !== parts || given.some((part) => part === '' || FORBIDDEN.test(part)))
    throw invalid(`${at}: '${name}' is not a name of ${parts} part${parts === 1 ? '' : 's'}.`);
  if (given.some((part) => part.length > MOST))
    throw invalid(`${at}: a part of a name has at most ${MOST} characters.`);
  return name;
}

/** What follows the kind in a resource name: `schemas/main.ai` of kind `schemas` is `main.ai`. @throws ApiError 400 */
export function named(kind: string, value: Json | undefined, parts: number, at: string): string {
  const text = textOf(value) ?? '';
  if (text.startsWith(`${kind}/`)) return checkName(text.slice(kind.length + 1), parts, at);
  const form = Array.from({ length: parts }, (_, part) => `{part ${part + 1}}`).join('.');
  throw invalid(`${at} must have the form ${kind}/${form}.`);
}

export function schemaOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

export function leafOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
