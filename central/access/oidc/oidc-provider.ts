import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client';
import type { Clock } from '../../../runtime/clock.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { Person } from '../sessions.ts';
import { FailedLogins } from './failed-logins.ts';
import { LoginFlows, ownPathOf, type LoginFlow } from './login-flow.ts';
import type { OidcConfig } from './oidc-config.ts';
import { personOfClaims } from './person-of-claims.ts';
import { createProviderFetch, type ProviderFetch } from './provider-fetch.ts';

const OIDC_START_PATH = '/login/oidc';
const OIDC_CALLBACK_PATH = '/login/oidc/callback';

export interface OidcProviderDeps {
  readonly config: OidcConfig;
  readonly clientSecret: string;
  /** PEM. */
  readonly ca: string | undefined;
  /** As browsers reach central: `https://wardwatch.example`. */
  readonly ownOrigin: string;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly log: Logger;
}

/** Why a login at the provider came to nothing. */
export type OidcFault = 'provider-down' | 'refused' | 'no-role' | 'expired' | 'failed';

/** How long an answer of the provider, or none, says whether it is there. */
const KNOWN_FOR_MS = 30_000;

/**
 * Logins by OpenID Connect: authorisation code with PKCE (RFC 7636), state and nonce; the signature of the ID token is checked
 * whichever way it came. While the provider is away, its logins wait and everything else goes on.
 */
export class OidcProvider {
  readonly name: string;
  readonly startPath = OIDC_START_PATH;
  readonly callbackPath = OIDC_CALLBACK_PATH;
  readonly #deps: OidcProviderDeps;
  readonly #fetch: ProviderFetch;
  readonly #flows = new LoginFlows();
  readonly #failed: FailedLogins;
  #found: { readonly configuration: Configuration | undefined; readonly atMs: number } | undefined;
  #finding: Promise<Configuration | undefined> | undefined;

  constructor(deps: OidcProviderDeps) {
    this.#deps = deps;
    this.name = deps.config.name;
    this.#fetch = createProviderFetch(deps.ca);
    this.#failed = new FailedLogins(deps);
  }

  async isAvailable(): Promise<boolean> {
    return (await this.#configuration()) !== undefined;
  }

  /** Where to send the browser, and what it has to bring back. */
  async begin(to: unknown): Promise<{ readonly url: string; readonly sealed: string } | OidcFault> {
    const configuration = await this.#configuration();
    if (configuration === undefined) return 'provider-down';
    const verifier = randomPKCECodeVerifier();
    const flow: LoginFlow = {
      ...{ state: randomState(), nonce: randomNonce(), verifier, to: ownPathOf(to) },
      startedAtMs: this.#deps.clock.now(),
    };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: `${this.#deps.ownOrigin}${OIDC_CALLBACK_PATH}`,
      scope: this.#deps.config.scopes.join(' '),
      ...{ state: flow.state, nonce: flow.nonce, code_challenge_method: 'S256' },
      code_challenge: await calculatePKCECodeChallenge(verifier),
    });
    return { url: url.href, sealed: this.#flows.seal(flow) };
  }

  /** `query`: as the browser brought it from the provider, with its question mark. */
  async finish(
    query: string,
    sealed: string | undefined,
  ): Promise<{ readonly person: Person; readonly to: string } | OidcFault> {
    const { clock, ownOrigin, config } = this.#deps;
    const flow = this.#flows.open(sealed, clock.now());
    if (flow === undefined) return 'expired';
    const configuration = await this.#configuration();
    if (configuration === undefined) return 'provider-down';
    if (!this.#flows.use(flow, clock.now())) return 'expired';
    try {
      const tokens = await authorizationCodeGrant(
        configuration,
        new URL(`${ownOrigin}${OIDC_CALLBACK_PATH}${query}`),
        {
          ...{ expectedState: flow.state, expectedNonce: flow.nonce, pkceCodeVerifier: flow.verifier },
          idTokenExpected: true,
        },
      );
      this.#flows.confirm(flow, clock.now());
      const claims = tokens.claims() as Readonly<Record<string, unknown>> | undefined;
      const person = claims === undefined ? undefined : personOfClaims(claims, config);
      return person === undefined ? 'no-role' : { person, to: flow.to };
    } catch (error) {
      this.#failed.record(error);
      return error instanceof AuthorizationResponseError ? 'refused' : 'failed';
    }
  }

  /** undefined: the provider has no such page, or was never reached. */
  logoutUrl(): string | undefined {
    const configuration = this.#found?.configuration;
    if (configuration === undefined || !this.#isAddress(configuration.serverMetadata().end_session_endpoint))
      return undefined;
    return buildEndSessionUrl(configuration, { post_logout_redirect_uri: `${this.#deps.ownOrigin}/login` })
      .href;
  }

  /** Asked anew after half a minute: the provider may have come back, or gone. */
  #configuration(): Promise<Configuration | undefined> {
    const known = this.#found;
    const nowMs = this.#deps.clock.monotonicMs();
    if (known !== undefined && nowMs - known.atMs < KNOWN_FOR_MS) return Promise.resolve(known.configuration);
    this.#finding ??= this.#discover().finally(() => (this.#finding = undefined));
    return this.#finding;
  }

  async #discover(): Promise<Configuration | undefined> {
    const { config, clientSecret, clock, log } = this.#deps;
    const before = this.#found;
    let configuration: Configuration | undefined;
    try {
      const metadata = { client_secret: clientSecret, [clockTolerance]: config.clockSkewS };
      const found = await discovery(new URL(config.issuer), config.clientId, metadata, undefined, {
        [customFetch]: this.#fetch,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- without TLS to this machine alone: `issuer` is checked
        execute: [enableNonRepudiationChecks, ...(this.#isPlain ? [allowInsecureRequests] : [])],
      });
      const address: unknown = found.serverMetadata().authorization_endpoint;
      if (!this.#isAddress(address)) throw new Error(wrongAddress('authorization_endpoint', address));
      configuration = found;
      if (before !== undefined && before.configuration === undefined)
        log.info({ issuer: config.issuer }, 'logins at the identity provider are possible again');
    } catch (error) {
      if (before === undefined || before.configuration !== undefined)
        log.warn(
          { issuer: config.issuer, reason: messageOf(error) },
          'logins at the identity provider are not possible',
        );
    }
    this.#found = { configuration, atMs: clock.monotonicMs() };
    return configuration;
  }

  /** Without TLS, which is to this machine alone. */
  get #isPlain(): boolean {
    return this.#deps.config.issuer.startsWith('http:');
  }

  /** Whether a browser may be sent there; the library throws at any other. */
  #isAddress(given: unknown): boolean {
    if (typeof given !== 'string' || !URL.canParse(given)) return false;
    const { protocol } = new URL(given);
    return protocol === 'https:' || (protocol === 'http:' && this.#isPlain);
  }
}

function wrongAddress(field: string, given: unknown): string {
  const shown = given === undefined ? 'nothing' : JSON.stringify(given).slice(0, 100);
  return `${field} of its metadata: expected an https address, got ${shown}`;
}
