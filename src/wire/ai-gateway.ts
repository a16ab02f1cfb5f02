// The `ai_gateway` block on the wire: which members the API documents. A member that is not here may be
// read but never sent back by us, because what it means cannot be known.
// https://github.com/databricks/databricks-sdk-go/blob/main/service/serving/model.go (AiGatewayConfig)
import type { Members } from './members';

const GUARDRAILS: Members = {
  pii: { behavior: true },
  safety: true,
  invalid_keywords: true,
  valid_topics: true,
};

export const AI_GATEWAY_MEMBERS: Members = {
  fallback_config: { enabled: true },
  guardrails: { input: GUARDRAILS, output: GUARDRAILS },
  inference_table_config: { enabled: true, catalog_name: true, schema_name: true, table_name_prefix: true },
  rate_limits: [{ calls: true, tokens: true, key: true, principal: true, renewal_period: true }],
  usage_tracking_config: { enabled: true },
};
