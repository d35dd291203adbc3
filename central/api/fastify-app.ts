import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Caller } from '../access/sessions.ts';
import type { Role } from '../access/tokens.ts';
import type { ErrorCode } from './error-codes.ts';
import type { Reach } from './limits/reach.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token or session it is; undefined on the few routes that need none. */
    caller?: Caller;
    /** What the token is limited to; undefined: the whole city. */
    reach?: Reach;
  }
  interface FastifyContextConfig {
    /** The lowest role that may call the route; viewer if it is not given. */
    role?: Role;
    /** It answers however often it is asked. */
    unlimited?: true;
    /** A page of which a script reads the query: any parameter may stand there. */
    anyParameters?: true;
    /** It gives no list that could be empty: names that nobody knows are refused before it is asked. */
    namesFirst?: true;
    /** Its `operator` is that of a mobile network, of which the inventory has no list. */
    mobileOperator?: true;
    /**
     * What a limited token may ask of it; nothing without it. `open`: it tells nothing of any place; `filtered`: it leaves out what is outside;
     * `named`: only with a filter that names what is the caller's own.
     */
    limits?: 'open' | 'filtered' | 'named';
    /** Its `id` names one entry of the kind `of` (without it a site), which a limited token may ask for if it is its own. */
    namesById?: true;
    /** Error codes of the route itself; those that any route can answer with are documented without it. */
    problems?: readonly ErrorCode[];
  }
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;
