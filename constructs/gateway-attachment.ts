// Governs a serving endpoint that somebody else made, or all whose names match: only what is named is written, and
// nothing is created, deleted or stamped.
import type { Construct } from 'constructs';
import type { ServingEndpointProps } from './generated/props';
import { GovernedEndpoint } from './governed-endpoint';

export interface GatewayAttachmentProps
  extends Pick<
    ServingEndpointProps,
    | 'preset'
    | 'kind'
    | 'onlyIn'
    | 'labels'
    | 'aiGateway'
    | 'tags'
    | 'permissions'
    | 'emailNotifications'
    | 'telemetryConfig'
    | 'preview'
  > {
  /** attach: what is named is written. observe: it is compared and never written. @default 'attach' */
  readonly manage?: 'attach' | 'observe';
}

export class GatewayAttachment extends GovernedEndpoint {
  /** One endpoint, by its name in the workspace. */
  static fromEndpointName(
    scope: Construct,
    name: string,
    props: GatewayAttachmentProps = {},
  ): GatewayAttachment {
    return new GatewayAttachment(scope, name, props);
  }

  /** Every endpoint whose name matches: `databricks-*`. What is said of one by its exact name goes over it. */
  static matching(scope: Construct, pattern: string, props: GatewayAttachmentProps = {}): GatewayAttachment {
    return new GatewayAttachment(scope, pattern, props);
  }

  /** The id is the endpoint's name, or the pattern, wherever in the tree it stands. */
  constructor(scope: Construct, name: string, props: GatewayAttachmentProps = {}) {
    super(
      scope,
      name,
      { manage: 'attach', ...props },
      { section: 'serving_endpoints', type: 'ServingEndpointProps', key: name },
    );
  }
}
