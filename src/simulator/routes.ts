// Every operation of the workspace, one row each: the name that faults and the log use, method, path, handler.
import { putAiGateway } from './ai-gateway';
import { getCatalog, getSchema, listCatalogs, listSchemas } from './catalogs';
import { putConfig, putPtConfig } from './config';
import { getGatewayEndpoint, listGatewayEndpoints } from './gateway-endpoints-v2';
import { getEffectiveGrants, getGrants, patchGrants } from './grants';
import { getHostMetadata } from './host-metadata';
import { createEndpoint, createPtEndpoint, deleteEndpoint } from './lifecycle';
import { patchNotifications } from './notifications';
import { getAuthorizationServer, postToken } from './oidc';
import { getPermissionLevels, getPermissions, setPermissions, updatePermissions } from './permissions';
import { putRateLimits } from './rate-limits';
import type { Handler, Route } from './routing';
import { getMe } from './scim';
import { KINDS } from './securable-kinds';
import { getEndpoint, listEndpoints } from './serving-endpoints';
import { patchTags } from './tags';
import { patchTelemetry } from './telemetry';
import { getLogs, getMetrics, getOpenApi } from './texts';
import { create, get, list, patch, remove } from './unity-services';

const ENDPOINTS = '/api/2.0/serving-endpoints';
const ENDPOINT = `${ENDPOINTS}/{name}`;
const ENTITY = `${ENDPOINT}/served-models/{entity}`;
const PERMISSIONS = '/api/2.0/permissions/serving-endpoints/{id}';

const UNITY = '/api/2.1/unity-catalog';
const GRANTS = `${UNITY}/permissions/{type}/{name}`;
const GATEWAY_V2 = '/api/ai-gateway/v2/endpoints';

type Row = readonly [operation: string, method: string, path: string, handler: Handler];

/** `pt` stands before `{name}`, which would take it for a name. */
const ROWS: readonly Row[] = [
  ['serving-endpoints.list', 'GET', ENDPOINTS, listEndpoints],
  ['serving-endpoints.create', 'POST', ENDPOINTS, createEndpoint],
  ['serving-endpoints.create-pt', 'POST', `${ENDPOINTS}/pt`, createPtEndpoint],
  ['serving-endpoints.put-pt-config', 'PUT', `${ENDPOINTS}/pt/{name}/config`, putPtConfig],
  ['serving-endpoints.get', 'GET', ENDPOINT, getEndpoint],
  ['serving-endpoints.delete', 'DELETE', ENDPOINT, deleteEndpoint],
  ['serving-endpoints.put-config', 'PUT', `${ENDPOINT}/config`, putConfig],
  ['serving-endpoints.put-ai-gateway', 'PUT', `${ENDPOINT}/ai-gateway`, putAiGateway],
  ['serving-endpoints.put-rate-limits', 'PUT', `${ENDPOINT}/rate-limits`, putRateLimits],
  ['serving-endpoints.patch-tags', 'PATCH', `${ENDPOINT}/tags`, patchTags],
  ['serving-endpoints.patch-notifications', 'PATCH', `${ENDPOINT}/notifications`, patchNotifications],
  ['serving-endpoints.patch-telemetry', 'PATCH', `${ENDPOINT}/telemetry-config`, patchTelemetry],
  ['serving-endpoints.get-openapi', 'GET', `${ENDPOINT}/openapi`, getOpenApi],
  ['serving-endpoints.get-metrics', 'GET', `${ENDPOINT}/metrics`, getMetrics],
  ['serving-endpoints.get-logs', 'GET', `${ENTITY}/logs`, getLogs],
  ['serving-endpoints.get-build-logs', 'GET', `${ENTITY}/build-logs`, getLogs],
  ['permissions.get', 'GET', PERMISSIONS, getPermissions],
  ['permissions.set', 'PUT', PERMISSIONS, setPermissions],
  ['permissions.update', 'PATCH', PERMISSIONS, updatePermissions],
  ['permissions.get-levels', 'GET', `${PERMISSIONS}/permissionLevels`, getPermissionLevels],
  ...KINDS.flatMap((kind): Row[] => {
    const all = `${UNITY}/${kind.path}`;
    return [
      [`${kind.path}.list`, 'GET', all, list(kind)],
      [`${kind.path}.create`, 'POST', all, create(kind)],
      [`${kind.path}.get`, 'GET', `${all}/{name}`, get(kind)],
      [`${kind.path}.patch`, 'PATCH', `${all}/{name}`, patch(kind)],
      [`${kind.path}.delete`, 'DELETE', `${all}/{name}`, remove(kind)],
    ];
  }),
  ['grants.get', 'GET', GRANTS, getGrants],
  ['grants.patch', 'PATCH', GRANTS, patchGrants],
  ['effective-grants.get', 'GET', `${UNITY}/effective-permissions/{type}/{name}`, getEffectiveGrants],
  ['catalogs.list', 'GET', `${UNITY}/catalogs`, listCatalogs],
  ['catalogs.get', 'GET', `${UNITY}/catalogs/{name}`, getCatalog],
  ['schemas.list', 'GET', `${UNITY}/schemas`, listSchemas],
  ['schemas.get', 'GET', `${UNITY}/schemas/{name}`, getSchema],
  ['gateway-endpoints-v2.list', 'GET', GATEWAY_V2, listGatewayEndpoints],
  ['gateway-endpoints-v2.get', 'GET', `${GATEWAY_V2}/{name}`, getGatewayEndpoint],
  ['scim.me', 'GET', '/api/2.0/preview/scim/v2/Me', getMe],
];

/** These answer without a token. */
const OPEN: readonly Row[] = [
  ['host-metadata.get', 'GET', '/.well-known/databricks-config', getHostMetadata],
  ['oidc.discover', 'GET', '/oidc/.well-known/oauth-authorization-server', getAuthorizationServer],
  ['oidc.token', 'POST', '/oidc/v1/token', postToken],
];

const row = ([operation, method, path, handler]: Row): Route => ({ operation, method, path, handler });

export const ROUTES: readonly Route[] = [
  ...ROWS.map(row),
  ...OPEN.map((one): Route => ({ ...row(one), open: true })),
];
