// `gatewright/constructs`: the language as typed constructs.
export type { AiGateway, Guardrails, InferenceTable, Limit } from './ai-gateway';
export { type Declares, GatewayApp, type GatewayAppProps } from './gateway-app';
export { ServingEndpoint, type ServingEndpointProps } from './serving-endpoint';
