// Who asks: the principal behind the credential, as an access control list would name it.
// https://docs.databricks.com/api/workspace/currentusermanagement/me
import { isObject, type Json } from '../model/json';
import type { Operation } from './operation';

export const ME: Operation = {
  id: 'scim.me',
  method: 'GET',
  path: '/api/2.0/preview/scim/v2/Me',
  retry: 'read',
  pace: 'read',
};

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A user's `userName` is an e-mail, a service principal's its application id, a UUID. */
export function callerKeys(answer: Json | undefined): string[] {
  const name = isObject(answer) && typeof answer.userName === 'string' ? answer.userName : undefined;
  if (name === undefined) return [];
  return [`${UUID.test(name) ? 'service_principal' : 'user'}:${name}`];
}
