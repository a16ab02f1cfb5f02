// What the platform team publishes: a chat endpoint that is governed however a team uses it. A team chooses its models,
// its people and, up to a ceiling, its limits; filters, logging and tags come with it.

import { Construct } from 'constructs';
import {
  type ExternalModelOptions,
  type Principal,
  Provider,
  Secret,
  ServingEndpoint,
  Task,
} from 'gatewright/constructs';

export interface TeamChatProps {
  /** The team, as its costs are booked. */
  readonly team: string;
  /** Who calls the endpoint. */
  readonly callers: readonly Principal[];
  /** Tokens a minute for each user, at most 50,000. @default 20,000 */
  readonly tokensPerUser?: number;
  /** What else answers when the first model does not. @default none */
  readonly fallback?: ExternalModelOptions;
}

const CEILING = 50_000;

export class TeamChat extends Construct {
  readonly endpoint: ServingEndpoint;

  constructor(scope: Construct, id: string, props: TeamChatProps) {
    super(scope, id);
    const { team, callers, tokensPerUser = 20_000, fallback } = props;
    this.node.addValidation({
      validate: () =>
        tokensPerUser <= CEILING
          ? []
          : [`${id}: ${tokensPerUser} tokens per user are above the ceiling of ${CEILING}`],
    });
    // Called Default: the endpoint's key and name are the team's id.
    this.endpoint = new ServingEndpoint(this, 'Default', {
      labels: { owner: `team:${team}`, tier: 'tier-2' },
    });
    this.endpoint
      .addExternalModel('gpt', {
        provider: Provider.openai({ apiKey: Secret.scope('llm').key(team) }),
        model: 'gpt-5',
        task: Task.CHAT,
        traffic: 100,
      })
      .limit({ per: 'endpoint', calls: 1000 })
      .limit({ per: 'user', tokens: tokensPerUser })
      .guard({ input: { pii: 'BLOCK', safety: true }, output: { pii: 'MASK', safety: true } })
      .logTo('ml.logs', { prefix: id })
      .trackUsage()
      .tag('team', team)
      .grantQuery(...callers);
    if (fallback !== undefined)
      this.endpoint.addExternalModel('fallback', { ...fallback, traffic: 0 }).enableFallback();
  }
}
