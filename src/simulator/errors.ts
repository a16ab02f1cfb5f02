// The error answers of the REST API: status, error_code, message, details. Knows no operation.
//
// Codes by status: https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/errors/platform.py
// Body, message of a missing endpoint and `details`: https://github.com/databricks-demos/dbdemos/issues/220
import type { Json } from './json';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export const invalid = (message: string) => new ApiError(400, 'INVALID_PARAMETER_VALUE', message);
export const malformed = (message: string) => new ApiError(400, 'BAD_REQUEST', message);
export const denied = (message: string) => new ApiError(403, 'PERMISSION_DENIED', message);
export const absent = (message: string) => new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', message);
export const taken = (message: string) => new ApiError(409, 'RESOURCE_ALREADY_EXISTS', message);
export const conflict = (message: string) => new ApiError(409, 'RESOURCE_CONFLICT', message);
export const noEndpoint = (name: string) => absent(`Endpoint with name '${name}' does not exist.`);

/** What a fault that names only a status answers. */
const BY_STATUS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['BAD_REQUEST', 'The request is invalid.'],
  401: ['UNAUTHENTICATED', 'The request does not have valid authentication credentials.'],
  403: ['PERMISSION_DENIED', 'You do not have permission to do this.'],
  404: ['RESOURCE_DOES_NOT_EXIST', 'The resource does not exist.'],
  409: ['RESOURCE_CONFLICT', 'The resource is currently being updated.'],
  429: ['REQUEST_LIMIT_EXCEEDED', 'Too many requests, try again later.'],
  499: ['CANCELLED', 'The operation was cancelled.'],
  500: ['INTERNAL_ERROR', 'An internal error occurred.'],
  501: ['NOT_IMPLEMENTED', 'This operation is not offered here.'],
  503: ['TEMPORARILY_UNAVAILABLE', 'The workspace is temporarily unavailable.'],
  504: ['DEADLINE_EXCEEDED', 'The operation took too long.'],
};

export function errorOfStatus(status: number): ApiError {
  const [code, message] = BY_STATUS[status] ?? ['UNKNOWN', `Status ${status}.`];
  return new ApiError(status, code, message);
}

/** The body of an error answer; `request` numbers the request, so that the same run gives the same text. */
export function errorBody(error: ApiError, request: number): Json {
  const id = request.toString(16).padStart(12, '0');
  return {
    error_code: error.code,
    message: error.message,
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.RequestInfo',
        request_id: `00000000-0000-4000-8000-${id}`,
        serving_data: '',
      },
    ],
  };
}
