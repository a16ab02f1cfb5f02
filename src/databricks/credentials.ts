// What a client needs of a credential, whatever its method. Implementations stand in auth/, one file per method.

export interface Credentials {
  /** The method as the official SDKs name it: `pat`, `oauth-m2m`. */
  readonly authType: string;
  /** The headers of one request. */
  headers(): Promise<Record<string, string>>;
  /**
   * After a 401: fetches a new token if the method can and nobody else has since; false when there is nothing newer to
   * try. `refused`: the authorization header that was sent.
   */
  refresh(refused: string | undefined): Promise<boolean>;
  /** Every text that must never be shown. Grows as tokens are fetched. */
  secrets(): readonly string[];
}
