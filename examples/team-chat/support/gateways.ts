// The support team's gateway: the platform's construct, with a second model to fall back to.
import { GatewayApp, Group, Provider, Secret, Task } from 'gatewright/constructs';
import { TeamChat } from '../library/team-chat.ts';

new TeamChat(new GatewayApp(), 'support-chat', {
  team: 'support',
  callers: [Group.named('support-app')],
  fallback: {
    provider: Provider.anthropic({ apiKey: Secret.scope('llm').key('anthropic') }),
    model: 'claude-4',
    task: Task.CHAT,
  },
});
