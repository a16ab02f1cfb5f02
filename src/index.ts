// The public API: what a program may build on. Re-exports only.

export type { FileSource, LoadedProject, ProjectRequest } from './config';
export { desiredDocument, diskSource, loadProject, readDesiredDocument } from './config';
export type { Diagnostic, Location, Severity } from './model/diagnostic';
export type { Json, JsonObject } from './model/json';
export type { Desired, DesiredResource, Direction, LiveResource, Manage, Origin } from './model/resource';
export type { LiveEstate } from './plan/estate';
export type { Planned, PlanRequest } from './plan/plan';
export { makePlan } from './plan/plan';
export type * from './plan/types';
