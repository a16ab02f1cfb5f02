// The gateway of a small platform. `gatewright plan` runs this file; nothing has to be built.
import {
  GatewayApp,
  GatewayAttachment,
  Group,
  Provider,
  Secret,
  ServingEndpoint,
  Task,
} from 'gatewright/constructs';

const app = new GatewayApp({ project: 'llm-platform' });
const llm = Secret.scope('llm');

const chat = new ServingEndpoint(app, 'chat', {
  labels: { tier: 'tier-1', data_class: 'confidential' },
  protect: true,
});
chat.addExternalModel('gpt', {
  provider: Provider.openai({ apiKey: llm.key('openai') }),
  model: 'gpt-5',
  task: Task.CHAT,
  traffic: 80,
});
chat.addExternalModel('claude', {
  provider: Provider.anthropic({ apiKey: llm.key('anthropic') }),
  model: 'claude-4',
  task: Task.CHAT,
  traffic: 20,
});
chat
  .limit({ per: 'user', calls: 60, tokens: 20_000 })
  .limit({ per: Group.named('data-science'), tokens: 200_000 })
  .guard({ input: { pii: 'BLOCK', safety: true }, output: { pii: 'MASK' } })
  .enableFallback()
  .logTo('ml.logs', { prefix: 'chat' })
  .grantQuery(Group.named('support-app'));

GatewayAttachment.matching(app, 'databricks-*', { kind: 'pay_per_token' }).limit({ per: 'user', calls: 30 });
