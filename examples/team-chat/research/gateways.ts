// The research team's gateway: the platform's construct, with higher limits, and one more for a group.
import { GatewayApp, Group } from 'gatewright/constructs';
import { TeamChat } from '../library/team-chat.ts';

const { endpoint } = new TeamChat(new GatewayApp(), 'research-chat', {
  team: 'research',
  callers: [Group.named('research')],
  tokensPerUser: 40_000,
});
endpoint.limit({ per: Group.named('interns'), tokens: 5_000 });
