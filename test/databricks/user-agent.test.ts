// The name under which we come.
import { userAgent } from '../../src/databricks/user-agent';

const parts = { version: '1.2.3', node: '20.18.1', platform: 'linux', authType: 'pat' };

test.each([
  [{}, 'gatewright/1.2.3 nodejs/20.18.1 os/linux auth/pat'],
  [{ GITHUB_ACTIONS: 'true' }, 'gatewright/1.2.3 nodejs/20.18.1 os/linux auth/pat cicd/github'],
  [
    { GITHUB_ACTIONS: 'no', GITLAB_CI: 'true' },
    'gatewright/1.2.3 nodejs/20.18.1 os/linux auth/pat cicd/gitlab',
  ],
  [
    { JENKINS_URL: 'https://ci.example.com' },
    'gatewright/1.2.3 nodejs/20.18.1 os/linux auth/pat cicd/jenkins',
  ],
  [{ PROJECT_ID: 'x', BUILD_ID: 'y' }, 'gatewright/1.2.3 nodejs/20.18.1 os/linux auth/pat'],
])('%j', (env, text) => {
  expect(userAgent({ ...parts, env })).toBe(text);
});

test('no part can break out of its place', () => {
  const text = userAgent({
    ...parts,
    version: '1.0.0-next.1+b',
    platform: 'win32',
    authType: 'a\r\nx: y z',
    env: {},
  });
  expect(text).toBe('gatewright/1.0.0-next.1+b nodejs/20.18.1 os/windows auth/a--x--y-z');
});
