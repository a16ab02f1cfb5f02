// Terraform's JSON for what its provider documents and tests, and a state as `terraform show -json` prints it.
// https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/model_serving.md (Apache-2.0)
import type { JsonObject } from '../../src/model/json';

interface Case {
  readonly root: JsonObject;
  readonly not?: readonly string[];
  readonly endpoints?: number;
}

const serving = (label: string, body: JsonObject, more: JsonObject = {}): JsonObject => ({
  resource: { databricks_model_serving: { [label]: body }, ...more },
});

export const CONFIGS: Readonly<Record<string, Case>> = {
  'two versions, 90 to 10': {
    root: serving('this', {
      name: 'ads-serving-endpoint',
      config: {
        served_entities: [
          {
            name: 'prod_model',
            entity_name: 'ads-model',
            entity_version: '2',
            workload_size: 'Small',
            scale_to_zero_enabled: true,
          },
          {
            name: 'candidate_model',
            entity_name: 'ads-model',
            entity_version: '4',
            workload_size: 'Small',
            scale_to_zero_enabled: false,
          },
        ],
        traffic_config: {
          routes: [
            { served_model_name: 'prod_model', traffic_percentage: 90 },
            { served_model_name: 'candidate_model', traffic_percentage: 10 },
          ],
        },
      },
    }),
  },
  'a foundation model by throughput': {
    root: serving('llama', {
      name: 'llama_3_2_3b_instruct',
      ai_gateway: { usage_tracking_config: { enabled: true } },
      config: [
        {
          served_entities: [
            {
              name: 'meta_llama_v3_2_3b_instruct-3',
              entity_name: 'system.ai.llama_v3_2_3b_instruct',
              entity_version: '2',
              scale_to_zero_enabled: true,
              max_provisioned_throughput: 44000,
            },
          ],
        },
      ],
    }),
  },
  'an external model with the whole gateway': {
    root: serving('gpt_4o', {
      name: 'gpt-4o-mini',
      ai_gateway: {
        usage_tracking_config: { enabled: true },
        rate_limits: { calls: 10, key: 'endpoint', renewal_period: 'minute' },
        inference_table_config: {
          enabled: true,
          table_name_prefix: 'gpt-4o-mini',
          catalog_name: 'ml',
          schema_name: 'ai_gateway',
        },
        guardrails: {
          input: { invalid_keywords: ['SuperSecretProject'], pii: { behavior: 'BLOCK' } },
          output: { pii: { behavior: 'BLOCK' } },
        },
      },
      config: {
        served_entities: {
          name: 'gpt-4o-mini',
          external_model: {
            name: 'gpt-4o-mini',
            provider: 'openai',
            task: 'llm/v1/chat',
            openai_config: { openai_api_key: '{{secrets/llm_scope/openai_api_key}}' },
          },
        },
      },
    }),
  },
  'a credential by the resource of its secret': {
    root: serving(
      'endpoint',
      {
        name: 'terraform-test-em',
        config: {
          served_entities: {
            name: 'prod_model',
            external_model: {
              provider: 'anthropic',
              name: 'claude-2.0',
              task: 'llm/v1/chat',
              anthropic_config: { anthropic_api_key: '${databricks_secret.key.config_reference}' },
            },
          },
          traffic_config: { routes: { served_model_name: 'prod_model', traffic_percentage: 100 } },
        },
      },
      {
        databricks_secret_scope: { scope: { name: 'terraform-test-em' } },
        databricks_secret: {
          key: { key: 'api_key', string_value: 'never', scope: '${databricks_secret_scope.scope.id}' },
        },
      },
    ),
  },
  'model units': {
    root: {
      resource: {
        databricks_model_serving_provisioned_throughput: {
          endpoint: {
            name: 'terraform-test-pt',
            config: {
              served_entities: {
                name: 'prod_model',
                entity_name: 'system.ai.llama-4-maverick',
                entity_version: '1',
                provisioned_model_units: 100,
              },
              traffic_config: { routes: { served_model_name: 'prod_model', traffic_percentage: 100 } },
            },
            ai_gateway: { guardrails: { input: { safety: true } } },
            tags: { key: 'env', value: 'prod' },
          },
        },
      },
    },
  },
  'Azure by a variable in plain text': {
    root: serving('azure_chat', {
      provider: 'databricks.workspace',
      name: '${var.endpoint_name}',
      config: {
        served_entities: {
          name: 'azure',
          external_model: {
            name: '${var.deployment}',
            provider: 'openai',
            task: 'llm/v1/chat',
            openai_config: {
              openai_api_type: 'azure',
              openai_api_key_plaintext: '${var.key}',
              openai_api_base: 'https://example.com',
              openai_api_version: '${var.api_version}',
              openai_deployment_name: '${var.deployment}',
            },
          },
        },
      },
    }),
  },
  'an endpoint that is made several times': {
    root: serving('each', { for_each: '${toset(["a"])}', name: '${each.key}' }),
    not: [''],
    endpoints: 0,
  },
  'what others may change, and what is deprecated': {
    root: serving('old', {
      name: 'old',
      lifecycle: { prevent_destroy: true, ignore_changes: ['ai_gateway'] },
      ai_gateway: { usage_tracking_config: { enabled: true } },
      rate_limits: [{ calls: 1, renewal_period: 'minute' }],
      config: {
        served_models: {
          name: 'm',
          model_name: 'ml.models.m',
          model_version: '1',
          workload_size: 'Small',
          scale_to_zero_enabled: true,
        },
        auto_capture_config: { catalog_name: 'ml', schema_name: 's', enabled: true },
      },
    }),
    not: ['ai_gateway', 'rate_limits', 'config.auto_capture_config'],
  },
};

const CHAT: JsonObject = {
  id: 'chat-eu',
  name: 'chat-eu',
  serving_endpoint_id: 'abc123',
  endpoint_url: 'https://example.com',
  description: '',
  budget_policy_id: '',
  route_optimized: false,
  email_notifications: [],
  rate_limits: [],
  tags: [{ key: 'note', value: 'costs ${5}' }],
  timeouts: null,
  ai_gateway: [
    {
      fallback_config: [],
      guardrails: [
        { input: [{ invalid_keywords: null, pii: [], safety: true, valid_topics: [] }], output: [] },
      ],
      inference_table_config: [],
      rate_limits: [{ calls: 60, tokens: 0, key: 'user', principal: '', renewal_period: 'minute' }],
      usage_tracking_config: [{ enabled: true }],
    },
  ],
  config: [
    {
      auto_capture_config: [],
      served_models: [],
      served_entities: [
        {
          name: 'gpt',
          entity_name: '',
          entity_version: '',
          environment_vars: null,
          workload_size: '',
          workload_type: 'CPU',
          scale_to_zero_enabled: true,
          min_provisioned_throughput: 0,
          external_model: [
            {
              name: 'gpt-5',
              provider: 'openai',
              task: 'llm/v1/chat',
              anthropic_config: [],
              openai_config: [
                { openai_api_key: '', openai_api_key_plaintext: 'state-credential', openai_organization: '' },
              ],
            },
          ],
        },
      ],
      traffic_config: [
        { routes: [{ served_entity_name: 'gpt', served_model_name: 'gpt', traffic_percentage: 100 }] },
      ],
    },
  ],
};
const GRANTS: JsonObject = {
  id: '/serving-endpoints/abc123',
  object_type: 'serving-endpoint',
  serving_endpoint_id: 'abc123',
  access_control: [
    { group_name: 'ops', user_name: '', service_principal_name: '', permission_level: 'CAN_QUERY' },
  ],
};

export const STATE: JsonObject = {
  format_version: '1.0',
  terraform_version: '1.11.4',
  values: {
    root_module: {
      resources: [],
      child_modules: [
        {
          address: 'module.llm',
          resources: [
            {
              address: 'module.llm.databricks_model_serving.chat["eu"]',
              mode: 'managed',
              type: 'databricks_model_serving',
              name: 'chat',
              index: 'eu',
              values: CHAT,
            },
            {
              address: 'module.llm.databricks_permissions.chat["eu"]',
              mode: 'managed',
              type: 'databricks_permissions',
              name: 'chat',
              values: GRANTS,
            },
            {
              address: 'module.llm.data.databricks_serving_endpoints.all',
              mode: 'data',
              type: 'databricks_serving_endpoints',
              name: 'all',
              values: {},
            },
          ],
        },
      ],
    },
  },
};

export const RAW_STATE: JsonObject = {
  version: 4,
  resources: [
    {
      module: 'module.llm',
      mode: 'managed',
      type: 'databricks_model_serving',
      name: 'chat',
      instances: [{ index_key: 'eu', attributes: CHAT }],
    },
    {
      module: 'module.llm',
      mode: 'managed',
      type: 'databricks_permissions',
      name: 'chat',
      instances: [{ index_key: 'eu', attributes: GRANTS }],
    },
  ],
};

export const STATE_AS_OURS = `project: p
serving_endpoints:
  chat-eu:
    tags:
      - { key: note, value: "costs $\${5}" }
    ai_gateway:
      guardrails: { input: { safety: true } }
      rate_limits:
        - { calls: 60, key: user, renewal_period: minute }
      usage_tracking_config: { enabled: true }
    config:
      served_entities:
        gpt: { external_model: { name: gpt-5, provider: openai, task: llm/v1/chat } }
    permissions:
      - { group_name: ops, permission_level: CAN_QUERY }
`;
