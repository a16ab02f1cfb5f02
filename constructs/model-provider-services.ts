// A model provider service of Unity AI Gateway as a construct: how an external provider is reached, and which models.
import type { Construct } from 'constructs';
import type { ModelProviderServiceConfig } from '../src/config/generated/types';
import type { JsonObject } from '../src/model/json';
import type { ModelProviderServiceProps } from './generated/props';
import { UnityService } from './unity-services';

export class ModelProviderService extends UnityService {
  /** An entry in the API's own spelling. */
  static fromApi(scope: Construct, name: string, entry: ModelProviderServiceConfig): ModelProviderService {
    return new ModelProviderService(scope, name, { verbatim: entry } as ModelProviderServiceProps);
  }

  /** The id is the name, CATALOG.SCHEMA.NAME. */
  constructor(scope: Construct, name: string, props: ModelProviderServiceProps = {}) {
    const { verbatim } = props as { readonly verbatim?: JsonObject };
    super(
      scope,
      name,
      verbatim ?? props,
      'model_provider_services',
      verbatim === undefined ? 'ModelProviderServiceProps' : 'Verbatim',
    );
  }
}
