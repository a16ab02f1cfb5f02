// The operations of serving endpoints that we call, as rows. https://docs.databricks.com/api/workspace/servingendpoints
import type { Operation } from './operation';

const BASE = '/api/2.0/serving-endpoints';
const ACL = '/api/2.0/permissions/serving-endpoints/{id}';

export const LIST: Operation = {
  id: 'serving-endpoints.list',
  method: 'GET',
  path: BASE,
  retry: 'read',
  pace: 'read',
};
export const GET: Operation = {
  id: 'serving-endpoints.get',
  method: 'GET',
  path: `${BASE}/{name}`,
  retry: 'read',
  pace: 'read',
};
export const CREATE: Operation = {
  id: 'serving-endpoints.create',
  method: 'POST',
  path: BASE,
  retry: 'create',
  pace: 'write',
};
/** Provisioned throughput in model units has routes of its own. */
export const CREATE_UNITS: Operation = {
  id: 'serving-endpoints.create-units',
  method: 'POST',
  path: `${BASE}/pt`,
  retry: 'create',
  pace: 'write',
};
export const PUT_CONFIG: Operation = {
  id: 'serving-endpoints.put-config',
  method: 'PUT',
  path: `${BASE}/{name}/config`,
  retry: 'read-back',
  pace: 'write',
};
export const PUT_UNITS_CONFIG: Operation = {
  id: 'serving-endpoints.put-units-config',
  method: 'PUT',
  path: `${BASE}/pt/{name}/config`,
  retry: 'read-back',
  pace: 'write',
};
export const PUT_AI_GATEWAY: Operation = {
  id: 'serving-endpoints.put-ai-gateway',
  method: 'PUT',
  path: `${BASE}/{name}/ai-gateway`,
  retry: 'desired-state',
  pace: 'patch',
};
export const PATCH_TAGS: Operation = {
  id: 'serving-endpoints.patch-tags',
  method: 'PATCH',
  path: `${BASE}/{name}/tags`,
  retry: 'desired-state',
  pace: 'patch',
};
export const PATCH_NOTIFICATIONS: Operation = {
  id: 'serving-endpoints.patch-notifications',
  method: 'PATCH',
  path: `${BASE}/{name}/notifications`,
  retry: 'desired-state',
  pace: 'patch',
};
export const PATCH_TELEMETRY: Operation = {
  id: 'serving-endpoints.patch-telemetry',
  method: 'PATCH',
  path: `${BASE}/{name}/telemetry-config`,
  retry: 'desired-state',
  pace: 'patch',
};
export const DELETE: Operation = {
  id: 'serving-endpoints.delete',
  method: 'DELETE',
  path: `${BASE}/{name}`,
  retry: 'delete',
  pace: 'patch',
};
/** Addressed by the endpoint's id; its name is refused. https://docs.databricks.com/api/workspace/servingendpoints/setpermissions */
export const GET_PERMISSIONS: Operation = {
  id: 'serving-endpoints.get-permissions',
  method: 'GET',
  path: ACL,
  retry: 'read',
  pace: 'permissions-read',
};
export const PUT_PERMISSIONS: Operation = {
  id: 'serving-endpoints.put-permissions',
  method: 'PUT',
  path: ACL,
  retry: 'desired-state',
  pace: 'permissions-write',
};
export const PATCH_PERMISSIONS: Operation = {
  id: 'serving-endpoints.patch-permissions',
  method: 'PATCH',
  path: ACL,
  retry: 'desired-state',
  pace: 'permissions-write',
};

export const OPERATIONS: readonly Operation[] = [
  LIST,
  GET,
  CREATE,
  CREATE_UNITS,
  PUT_CONFIG,
  PUT_UNITS_CONFIG,
  PUT_AI_GATEWAY,
  PATCH_TAGS,
  PATCH_NOTIFICATIONS,
  PATCH_TELEMETRY,
  DELETE,
  GET_PERMISSIONS,
  PUT_PERMISSIONS,
  PATCH_PERMISSIONS,
];
