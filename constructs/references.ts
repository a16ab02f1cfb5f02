// What a declaration refers to and never holds: secrets, variables, people. Data that becomes the text that a YAML file
// would say; knows nothing of constructs.

/** A value that is written as text: `{{secrets/llm/openai}}`, `${var.NAME}`. */
abstract class Text {
  protected constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** A secret of a secret scope. Made by `Secret.scope('llm').key('openai')`. */
export class ScopedSecret extends Text {
  protected readonly sort = 'scoped';

  /** @internal */
  static of(scope: string, key: string): ScopedSecret {
    return new ScopedSecret(`{{secrets/${scope}/${key}}}`);
  }
}

/** A credential that is taken from the environment while applying, and stored nowhere. Made by `Secret.environment('NAME')`. */
export class FromEnvironment extends Text {
  protected readonly sort = 'environment';

  /** @internal */
  static of(name: string): FromEnvironment {
    return new FromEnvironment(`\${env.${name}}`);
  }
}

/** A reference to a secret; as text it is what a file says. */
export type SecretSource = ScopedSecret | `{{secrets/${string}/${string}}}`;
export type EnvironmentSource = FromEnvironment | `\${env.${string}}`;

/** Where credentials come from. There is no way to write one down. */
export const Secret = {
  /** A secret scope of the workspace. https://docs.databricks.com/aws/en/security/secrets/ */
  scope: (scope: string) => ({ key: (key: string): ScopedSecret => ScopedSecret.of(scope, key) }),
  /** An environment variable of whoever applies. The workspace never answers it, so a change of it is not noticed; prefer a scope. */
  environment: (name: string): FromEnvironment => FromEnvironment.of(name),
} as const;

/** A variable of the project: `Variable.named('payload_catalog')`. Inside text: `${Variable.named('stage')}-chat`. */
export class Variable extends Text {
  protected readonly sort = 'variable';

  static named(name: string): Variable {
    return new Variable(`\${var.${name}}`);
  }
}

export type PrincipalSort = 'user' | 'group' | 'service_principal';

/** Somebody who is limited or granted something. Made by `Group.named`, `User.named`, `ServicePrincipal.withId`. */
export class Principal {
  private constructor(
    readonly sort: PrincipalSort,
    readonly name: string,
  ) {}

  /** @internal */
  static of(sort: PrincipalSort, name: string): Principal {
    return new Principal(sort, name);
  }
}

export const Group = { named: (name: string): Principal => Principal.of('group', name) } as const;
export const User = {
  /** By e-mail address. */
  named: (address: string): Principal => Principal.of('user', address),
} as const;
export const ServicePrincipal = {
  /** By application id. */
  withId: (id: string): Principal => Principal.of('service_principal', id),
} as const;

/** What an external model is asked for. https://docs.databricks.com/aws/en/generative-ai/external-models/ */
export const Task = {
  CHAT: 'llm/v1/chat',
  COMPLETIONS: 'llm/v1/completions',
  EMBEDDINGS: 'llm/v1/embeddings',
} as const;
