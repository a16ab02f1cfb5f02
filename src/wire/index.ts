// The kinds on the wire, by name. Adding a kind is a file and a line here.
import { mcpServices } from './mcp-services';
import { modelProviderServices } from './model-provider-services';
import { modelServices } from './model-services';
import type { Operation } from './operation';
import { servingEndpoints } from './serving-endpoints';
import type { KindWire } from './step';

export const WIRES: readonly KindWire[] = [
  servingEndpoints,
  modelServices,
  modelProviderServices,
  mcpServices,
];

export function wireOf(kind: string): KindWire {
  const found = WIRES.find((wire) => wire.kind === kind);
  if (found === undefined) throw new Error(`no such kind: ${kind}`);
  return found;
}

export function operationOf(kind: string, id: string): Operation {
  const found = wireOf(kind).operations.find((operation) => operation.id === id);
  if (found === undefined) throw new Error(`no such operation: ${id}`);
  return found;
}
