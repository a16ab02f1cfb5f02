// What goes wrong before a credential can be used: which one, why, and the way out. Never a secret.
import { DatabricksError } from '../errors';

export type AuthCode =
  | 'auth-type-unknown'
  | 'bad-config-file'
  | 'bad-credential'
  | 'bad-host'
  | 'host-mismatch'
  | 'host-unconfirmed'
  | 'no-credentials'
  | 'no-host'
  | 'profile-ambiguous'
  | 'profile-incomplete'
  | 'profile-unknown'
  | 'token-refused'
  | 'token-unreachable';

export class AuthError extends DatabricksError {
  readonly code: AuthCode;
  readonly help: string;

  constructor(code: AuthCode, message: string, help: string) {
    super(message);
    this.name = 'AuthError';
    this.code = code;
    this.help = help;
  }
}
