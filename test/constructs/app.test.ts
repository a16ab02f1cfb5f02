// Programs that `app` names, run by the built command: what they hand over, what they see, how they fail.
import { Stage } from './stage';

const YAML = 'project: p\napp: gateways.ts\ntargets: { sandbox: { default: true, host: simulator } }\n';
const CHAT = `import { GatewayApp, ServingEndpoint } from 'gatewright/constructs';
const app: GatewayApp = new GatewayApp();
new ServingEndpoint(app, 'chat')
  .limit({ per: 'user', calls: 60 });
`;

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
  stage.write('package.json', '{"type":"module"}');
  stage.write('gatewright.yaml', YAML);
  stage.write('gateways.ts', CHAT);
});
afterEach(() => stage.close());

test('a plan points at the line of TypeScript, and so does an error', () => {
  stage.write('gateways.ts', CHAT.replace("'chat')", "'chat', { description: 'answers' })"));
  const { code, out, err } = stage.run(['plan']);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('chat') });
  expect(out).toBe('');
  stage.write('gateways.ts', CHAT.replace('calls: 60', 'calls: -1'));
  const invalid = stage.run(['validate']);
  expect(invalid.code).toBe(3);
  expect(invalid.out).toContain('--> gateways.ts:4:4');
  expect(invalid.out).toContain("4 |   .limit({ per: 'user', calls: -1 });");
});
