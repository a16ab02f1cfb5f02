// How we name ourselves to the workspace, in the form of the official SDKs without claiming to be one.
// https://github.com/databricks/databricks-sdk-go/tree/main/useragent

/** First that fits wins: every variable is set, and to the value where one is given. */
const CI_PROVIDERS: readonly {
  readonly name: string;
  readonly env: Readonly<Record<string, string | null>>;
}[] = [
  { name: 'github', env: { GITHUB_ACTIONS: 'true' } },
  { name: 'gitlab', env: { GITLAB_CI: 'true' } },
  { name: 'jenkins', env: { JENKINS_URL: null } },
  { name: 'azure-devops', env: { TF_BUILD: 'True' } },
  { name: 'circle', env: { CIRCLECI: 'true' } },
  { name: 'travis', env: { TRAVIS: 'true' } },
  { name: 'bitbucket', env: { BITBUCKET_BUILD_NUMBER: null } },
  {
    name: 'google-cloud-build',
    env: { PROJECT_ID: null, BUILD_ID: null, PROJECT_NUMBER: null, LOCATION: null },
  },
  { name: 'aws-code-build', env: { CODEBUILD_BUILD_ARN: null } },
  { name: 'tf-cloud', env: { TFC_RUN_ID: null } },
];

/** `gatewright/1.2.3 nodejs/20.18.1 os/linux auth/pat cicd/github`. A part that would not be a token is cleaned. */
export function userAgent(parts: {
  readonly version: string;
  /** `process.versions.node`. */
  readonly node: string;
  /** `process.platform`. */
  readonly platform: string;
  readonly authType: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): string {
  const provider = CI_PROVIDERS.find(({ env }) =>
    Object.entries(env).every(([name, value]) => {
      const found = parts.env[name];
      return value === null ? found !== undefined : found === value;
    }),
  );
  const pairs: [string, string][] = [
    ['gatewright', parts.version],
    ['nodejs', parts.node],
    ['os', parts.platform === 'win32' ? 'windows' : parts.platform],
    ['auth', parts.authType],
    ...(provider === undefined ? [] : ([['cicd', provider.name]] as [string, string][])),
  ];
  return pairs.map(([key, value]) => `${key}/${value.replace(/[^\w.+-]/g, '-')}`).join(' ');
}
