// An operation of the API as a row: what to call, how it may be retried, which pace it counts against.
export type RetryClass = 'read' | 'desired-state' | 'read-back' | 'create' | 'delete';
export type PaceClass = 'read' | 'permissions-read' | 'permissions-write' | 'write' | 'patch';
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly retry: RetryClass;
  readonly pace: PaceClass;
}
export function pathOf(operation: Operation, params: Readonly<Record<string, string>>): string {
  return operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''));
}
