// `gatewright/constructs`: the language as typed constructs.
export type { DeclaredEntry, Step } from './declaration';
export { GatewayApp, type GatewayAppProps } from './gateway-app';
export { GatewayAttachment, type GatewayAttachmentProps } from './gateway-attachment';
export type * from './generated/props';
export type {
  FilterOptions,
  GovernedEndpoint,
  GuardOptions,
  LimitOptions,
  LogOptions,
  PermissionLevel,
} from './governed-endpoint';
export { McpService } from './mcp-services';
export { ModelProviderService } from './model-provider-services';
export { ModelService } from './model-services';
export type { Place } from './place';
export { type ExternalProvider, Provider } from './provider';
export {
  type EnvironmentSource,
  FromEnvironment,
  Group,
  Principal,
  ScopedSecret,
  Secret,
  type SecretSource,
  ServicePrincipal,
  Task,
  User,
  Variable,
} from './references';
export { type ExternalModelOptions, type ModelOptions, ServingEndpoint } from './serving-endpoint';
export type { ServiceLimitOptions, UnityService } from './unity-services';
