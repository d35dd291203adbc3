import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const CLIENT_ID = 'wardwatch';
export const CLIENT_SECRET = 'a secret of the test';

interface Login {
  readonly redirectUri: string;
  readonly nonce: string;
  readonly challenge: string;
}

/** What the provider does wrong, on purpose. */
export interface Mischief {
  /** It refuses the person (RFC 6749, 4.1.2.1). */
  readonly refuses?: boolean;
  readonly nonce?: string;
  readonly audience?: string;
  readonly issuer?: string;
  /** The ID token is signed with a key that the provider does not publish. */
  readonly foreignKey?: boolean;
  /** Its clock − ours. */
  readonly clockOffsetS?: number;
  /** Over its own; what is undefined is left out. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Of its token endpoint. */
  readonly tokenAnswer?: { readonly status: number; readonly body: object };
}

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

/**
 * A small OpenID provider: discovery, keys, authorisation code with PKCE, ID token, logout. Who comes to its login page is
 * logged in at once, with `claims`.
 */
export class LocalProvider {
  claims: Readonly<Record<string, unknown>> = { sub: 'p-7', preferred_username: 'lan' };
  mischief: Mischief = {};
  /** At its token endpoint, since the start. */
  tokenRequests = 0;
  readonly #keys: Keys;
  readonly #foreign: Keys;
  readonly #server: Server;
  readonly #logins = new Map<string, Login>();
  #port: number | undefined;

  private constructor(keys: Keys, foreign: Keys) {
    this.#keys = keys;
    this.#foreign = foreign;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  }

  static async start(): Promise<LocalProvider> {
    const provider = new LocalProvider(await generateKeyPair('RS256'), await generateKeyPair('RS256'));
    await provider.comeBack();
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.#port ?? 0}`;
  }

  /** Nothing answers at its address any more. */
  async goAway(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** At the same address as before. */
  async comeBack(): Promise<void> {
    this.#server.listen(this.#port ?? 0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    const json = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        json(200, this.#metadata());
        return;
      case '/jwks':
        json(200, {
          keys: [{ ...(await exportJWK(this.#keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }],
        });
        return;
      case '/authorize':
        response.writeHead(302, { location: this.#authorize(url.searchParams) }).end();
        return;
      case '/token': {
        this.tokenRequests++;
        const form = new URLSearchParams(await textOf(request));
        const login = this.#logins.get(form.get('code') ?? '');
        // A code is good once (RFC 6749, 4.1.2).
        this.#logins.delete(form.get('code') ?? '');
        const verifier = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url');
        const isClient = form.get('client_id') === CLIENT_ID && form.get('client_secret') === CLIENT_SECRET;
        const { tokenAnswer } = this.mischief;
        if (tokenAnswer !== undefined) json(tokenAnswer.status, tokenAnswer.body);
        else if (login === undefined || !isClient || verifier !== login.challenge)
          json(400, { error: 'invalid_grant' });
        else json(200, { access_token: 'none', token_type: 'Bearer', id_token: await this.#idToken(login) });
        return;
      }
      default:
        response.writeHead(404).end();
    }
  }

  #metadata(): object {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/jwks`,
      end_session_endpoint: `${this.issuer}/logout`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      code_challenge_methods_supported: ['S256'],
      ...this.mischief.metadata,
    };
  }

  #authorize(query: URLSearchParams): string {
    const redirectUri = query.get('redirect_uri') ?? '';
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    if (this.mischief.refuses === true) {
      back.searchParams.set('error', 'access_denied');
      return back.href;
    }
    const code = randomBytes(16).toString('hex');
    const [nonce, challenge] = [query.get('nonce') ?? '', query.get('code_challenge') ?? ''];
    this.#logins.set(code, { redirectUri, nonce, challenge });
    back.searchParams.set('code', code);
    return back.href;
  }

  #idToken({ nonce }: Login): Promise<string> {
    const { mischief, claims } = this;
    const atS = Math.floor(Date.now() / 1_000) + (mischief.clockOffsetS ?? 0);
    const { privateKey } = mischief.foreignKey === true ? this.#foreign : this.#keys;
    return new SignJWT({ ...claims, nonce: mischief.nonce ?? nonce })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(mischief.issuer ?? this.issuer)
      .setAudience(mischief.audience ?? CLIENT_ID)
      .setIssuedAt(atS)
      .setNotBefore(atS)
      .setExpirationTime(atS + 60)
      .sign(privateKey);
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
