// What a credential can be made of: one row per setting, with its name in a profile and in the environment. The
// settings of one source are never mixed with another's, but for those that only describe the machine.
// https://docs.databricks.com/aws/en/dev-tools/auth/env-vars

interface SettingRow {
  /** Key in a profile. */
  readonly key: string;
  readonly env: string;
  readonly secret?: true;
  /** Whoever sets it means this credential and no other: the logins of programs are not tried beside it. */
  readonly explicit?: true;
  /** Describes the machine, not an identity: read from the environment for a profile too. */
  readonly machine?: true;
}

const ROWS = [
  { key: 'token', env: 'DATABRICKS_TOKEN', secret: true, explicit: true },
  { key: 'client_id', env: 'DATABRICKS_CLIENT_ID', explicit: true },
  { key: 'client_secret', env: 'DATABRICKS_CLIENT_SECRET', secret: true, explicit: true },
  { key: 'auth_type', env: 'DATABRICKS_AUTH_TYPE', machine: true },
  { key: 'account_id', env: 'DATABRICKS_ACCOUNT_ID' },
  { key: 'audience', env: 'DATABRICKS_TOKEN_AUDIENCE' },
  { key: 'databricks_cli_path', env: 'DATABRICKS_CLI_PATH', machine: true },
  { key: 'actions_id_token_request_url', env: 'ACTIONS_ID_TOKEN_REQUEST_URL', machine: true },
  {
    key: 'actions_id_token_request_token',
    env: 'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    machine: true,
    secret: true,
  },
  { key: 'oidc_token_env', env: 'DATABRICKS_OIDC_TOKEN_ENV', explicit: true },
  { key: 'oidc_token', env: 'DATABRICKS_OIDC_TOKEN', secret: true, explicit: true },
  { key: 'databricks_id_token_filepath', env: 'DATABRICKS_OIDC_TOKEN_FILEPATH', explicit: true },
  { key: 'azure_client_id', env: 'ARM_CLIENT_ID' },
  { key: 'azure_client_secret', env: 'ARM_CLIENT_SECRET', secret: true, explicit: true },
  { key: 'azure_tenant_id', env: 'ARM_TENANT_ID', machine: true },
  { key: 'azure_workspace_resource_id', env: 'DATABRICKS_AZURE_RESOURCE_ID' },
] as const satisfies readonly SettingRow[];

export type SettingKey = (typeof ROWS)[number]['key'];

type Env = Readonly<Record<string, string | undefined>>;

/** The settings of one source, the environment or a profile. */
export class Settings {
  /** The profile's name; undefined for the environment. */
  readonly profile: string | undefined;
  readonly #values: ReadonlyMap<SettingKey, string>;
  readonly #env: Env;

  private constructor(profile: string | undefined, values: Map<SettingKey, string>, env: Env) {
    this.profile = profile;
    this.#values = values;
    this.#env = env;
    const name = values.get('oidc_token_env');
    const token = name === undefined ? undefined : given(env[name]);
    if (token !== undefined) values.set('oidc_token', token);
  }

  static ofEnvironment(env: Env): Settings {
    return new Settings(
      undefined,
      collect((row) => env[row.env]),
      env,
    );
  }

  static ofProfile(name: string, profile: ReadonlyMap<string, string>, env: Env): Settings {
    const values = collect(
      (row) => given(profile.get(row.key)) ?? ('machine' in row ? env[row.env] : undefined),
    );
    return new Settings(name, values, env);
  }

  get(key: SettingKey): string | undefined {
    return this.#values.get(key);
  }

  /** How the reader of an error knows a setting: its variable, or its key in the profile. */
  nameOf(key: SettingKey): string {
    const row = ROWS.find((candidate) => candidate.key === key)!;
    if (key === 'oidc_token') return this.#values.get('oidc_token_env') ?? row.env;
    return this.profile === undefined || 'machine' in row ? row.env : key;
  }

  /** The first of the settings that is not given, as a reason to pass a method over. */
  missing(...keys: SettingKey[]): string | undefined {
    const key = keys.find((candidate) => !this.#values.has(candidate));
    return key === undefined ? undefined : `${this.nameOf(key)} is not set`;
  }

  /** The names of what was set on purpose; empty when only the logins of programs are left to try. */
  explicit(): string[] {
    return ROWS.filter((row) => 'explicit' in row && this.#values.has(row.key)).map((row) =>
      this.nameOf(row.key),
    );
  }

  secrets(): string[] {
    return ROWS.flatMap((row) => {
      const value = 'secret' in row ? this.#values.get(row.key) : undefined;
      return value === undefined ? [] : [value];
    });
  }
}

function collect(read: (row: (typeof ROWS)[number]) => string | undefined): Map<SettingKey, string> {
  const values = new Map<SettingKey, string>();
  for (const row of ROWS) {
    const value = given(read(row));
    if (value !== undefined) values.set(row.key, value);
  }
  return values;
}

/** An empty setting is an unset one. */
export function given(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}
