// A serving endpoint of ours as a construct: what a YAML entry says, typed. `null` removes, what is left out stays as it
// is in the workspace.
import type { Construct } from 'constructs';
import type { ServingEndpointConfig } from '../src/config/generated/types';
import type { JsonObject } from '../src/model/json';
import type { ServedEntity, ServingEndpointProps } from './generated/props';
import { GovernedEndpoint } from './governed-endpoint';
import type { ExternalProvider } from './provider';
import { apiSpelling } from './spelling';

export interface ExternalModelOptions {
  /** Who serves it, and how it is reached: `Provider.openai({ apiKey })`. */
  readonly provider: ExternalProvider;
  /** The name of the model at its provider. */
  readonly model: string;
  /** What it is asked for: `Task.CHAT`. The same for every external model of an endpoint. */
  readonly task: string;
  /** Its share of the requests, 0 to 100; 0 is for fallback only. @default all of them, for an only model */
  readonly traffic?: number;
}

export interface ModelOptions extends Omit<ServedEntity, 'name' | 'trafficPercentage' | 'externalModel'> {
  /** The model in Unity Catalog, `catalog.schema.name`. */
  readonly entityName: string;
  /** Its share of the requests, 0 to 100. @default all of them, for an only model */
  readonly traffic?: number;
}

const ENTITIES = ['config', 'served_entities'];

export class ServingEndpoint extends GovernedEndpoint {
  /** An entry in the API's own spelling: what a file says, or what `get -o json` answered. */
  static fromApi(scope: Construct, id: string, entry: ServingEndpointConfig): ServingEndpoint {
    return new ServingEndpoint(scope, id, { verbatim: entry } as ServingEndpointProps);
  }

  constructor(scope: Construct, id: string, props: ServingEndpointProps = {}) {
    const { verbatim } = props as { readonly verbatim?: JsonObject };
    super(scope, id, verbatim ?? props, {
      section: 'serving_endpoints',
      type: verbatim === undefined ? 'ServingEndpointProps' : 'Verbatim',
    });
  }

  /** Serves a model of another company. Models are tried in the order in which they were added. */
  addExternalModel(name: string, { provider, model, task, traffic }: ExternalModelOptions): this {
    return this.#add({
      name,
      ...(traffic === undefined ? {} : { trafficPercentage: traffic }),
      externalModel: { ...provider, name: model, task },
    });
  }

  /** Serves a model of the workspace. */
  addModel(name: string, { traffic, ...options }: ModelOptions): this {
    return this.#add({ name, ...(traffic === undefined ? {} : { trafficPercentage: traffic }), ...options });
  }

  /** Tries the next model when one does not answer. External models only. */
  enableFallback(): this {
    this.say(['ai_gateway', 'fallback_config'], { enabled: true });
    return this;
  }

  #add(entity: ServedEntity): this {
    this.append(ENTITIES, apiSpelling(entity, 'ServedEntity'));
    return this;
  }
}
