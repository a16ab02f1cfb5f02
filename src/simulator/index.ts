// The public face of the simulator. README.md beside this file says what it promises and why.
export { Simulator } from './simulator';
export type {
  Bookkeeping,
  EndpointKind,
  Fault,
  FaultAction,
  Feature,
  Me,
  RecordedRequest,
  SeededEndpoint,
  SeededService,
  Settings,
  SimulatorOptions,
  WorkspaceState,
} from './types';
