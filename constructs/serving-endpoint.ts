// A serving endpoint as a construct: what a YAML entry says, typed. `null` removes, what is left out stays
// as it is in the workspace.
import { Construct } from 'constructs';
import type { JsonObject } from '../src/model/json';
import { type AiGateway, aiGatewayEntry } from './ai-gateway';
import type { Declares } from './gateway-app';

export interface ServingEndpointProps {
  /** @default the construct's id */
  readonly endpointName?: string;
  /** full: ours, stamped · attach: only the named fields are governed · observe: read, never written. @default full */
  readonly manage?: 'full' | 'attach' | 'observe';
  /** Refuse delete and replace. @default false */
  readonly protect?: boolean;
  /** Facts that policies read; never sent. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default left as it is */
  readonly aiGateway?: AiGateway | null;
  /** Only these keys are owned; `null` removes one. @default left as they are */
  readonly tags?: Readonly<Record<string, string | null>>;
}

export class ServingEndpoint extends Construct implements Declares {
  readonly section = 'serving_endpoints';
  readonly key: string;
  readonly #props: ServingEndpointProps;

  constructor(scope: Construct, id: string, props: ServingEndpointProps = {}) {
    super(scope, id);
    this.key = id;
    this.#props = props;
  }

  entry(): JsonObject {
    const { endpointName, manage, protect, labels, aiGateway, tags } = this.#props;
    return {
      ...(endpointName === undefined ? {} : { name: endpointName }),
      ...(manage === undefined ? {} : { manage }),
      ...(protect === undefined ? {} : { protect }),
      ...(labels === undefined ? {} : { labels: { ...labels } }),
      ...(aiGateway === undefined
        ? {}
        : { ai_gateway: aiGateway === null ? null : aiGatewayEntry(aiGateway) }),
      ...(tags === undefined ? {} : { tags: { ...tags } }),
    };
  }
}
