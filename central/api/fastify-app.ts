import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Role, TokenInfo } from '../access/tokens.ts';
import type { ErrorCode } from './error-codes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token it is; undefined on the few routes that need none. */
    caller?: TokenInfo;
  }
  interface FastifyContextConfig {
    /** The lowest role that may call the route; viewer if it is not given. */
    role?: Role;
    /** It answers however often it is asked. */
    unlimited?: true;
    /** It gives no list that could be empty: names that nobody knows are refused before it is asked. */
    namesFirst?: true;
    /** Its `operator` is that of a mobile network, of which the inventory has no list. */
    mobileOperator?: true;
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
