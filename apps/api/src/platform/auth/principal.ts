/** Who a request comes from, as proven by a session cookie or an API token. Never changed once made. */
export interface Principal {
  kind: 'session' | 'token';
  ulbId: number;
  ulbCode: string;
  userId: string;
  login: string;
  name: string;
  role: string;
  /** What the role allows; for a token, only what the token names as well. */
  permissions: ReadonlySet<string>;
  /** Null: the whole municipality. */
  wardNumbers: readonly string[] | null;
  /** What a changing request of a session must repeat in its header; null for a token. */
  csrfToken: string | null;
  /** Names the session or token without being it. */
  tokenHash: string;
}
