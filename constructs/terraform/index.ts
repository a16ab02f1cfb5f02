// `gatewright/constructs/terraform`: declarations as a cdktf stack. Needs the optional peers cdktf and
// @cdktf/provider-databricks; nothing else of this package loads them.
export { type DesiredOptions, desiredBy, desiredIn, InvalidProject } from './desired';
export { GatewayStack, type GatewayStackProps } from './gateway-stack';
