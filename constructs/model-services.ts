// A model service of Unity AI Gateway as a construct: a name in Unity Catalog for models, with a split, fallback and limits.
import type { Construct } from 'constructs';
import type { ModelServiceConfig } from '../src/config/generated/types';
import type { JsonObject } from '../src/model/json';
import type { ModelServiceProps } from './generated/props';
import { UnityService } from './unity-services';

export class ModelService extends UnityService {
  /** An entry in the API's own spelling. */
  static fromApi(scope: Construct, name: string, entry: ModelServiceConfig): ModelService {
    return new ModelService(scope, name, { verbatim: entry } as ModelServiceProps);
  }

  /** The id is the name, CATALOG.SCHEMA.NAME. */
  constructor(scope: Construct, name: string, props: ModelServiceProps = {}) {
    const { verbatim } = props as { readonly verbatim?: JsonObject };
    super(
      scope,
      name,
      verbatim ?? props,
      'model_services',
      verbatim === undefined ? 'ModelServiceProps' : 'Verbatim',
    );
  }
}
