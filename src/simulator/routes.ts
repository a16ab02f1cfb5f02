// Every operation of the workspace, one row each.
import { putAiGateway } from './ai-gateway';
import { getHostMetadata } from './host-metadata';
import type { Route } from './routing';
import { getMe } from './scim';
import { getEndpoint, listEndpoints } from './serving-endpoints';
import { patchTags } from './tags';

const ENDPOINTS = '/api/2.0/serving-endpoints';
const ENDPOINT = `${ENDPOINTS}/{name}`;

export const ROUTES: readonly Route[] = [
  { operation: 'serving-endpoints.list', method: 'GET', path: ENDPOINTS, handler: listEndpoints },
  { operation: 'serving-endpoints.get', method: 'GET', path: ENDPOINT, handler: getEndpoint },
  {
    operation: 'serving-endpoints.put-ai-gateway',
    method: 'PUT',
    path: `${ENDPOINT}/ai-gateway`,
    handler: putAiGateway,
  },
  {
    operation: 'serving-endpoints.patch-tags',
    method: 'PATCH',
    path: `${ENDPOINT}/tags`,
    handler: patchTags,
  },
  { operation: 'scim.me', method: 'GET', path: '/api/2.0/preview/scim/v2/Me', handler: getMe },
  {
    operation: 'host-metadata.get',
    method: 'GET',
    path: '/.well-known/databricks-config',
    open: true,
    handler: getHostMetadata,
  },
];
