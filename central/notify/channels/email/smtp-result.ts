import { codeOf, messageOf } from '../../../../runtime/errors.ts';
import { visibleText } from '../../../../runtime/visible-text.ts';

export interface Refusal {
  readonly recipient: string;
  readonly answer: string;
  /** It would be refused again. */
  readonly isFinal: boolean;
}

/** What became of one attempt, for each of its recipients. */
export interface SendingResult {
  readonly taken: readonly string[];
  readonly refusals: readonly Refusal[];
  /** To the message itself; undefined: it was not taken. */
  readonly answer?: string;
}

/** What is read of an error of nodemailer's, and of its result. */
interface SmtpError {
  readonly recipient?: unknown;
  readonly response?: unknown;
  readonly responseCode?: unknown;
  readonly rejectedErrors?: readonly Error[] | undefined;
}

const MAX_SHOWN_CHARS = 200;
/**
 * Login or TLS are asked for or refused (RFC 4954, RFC 3207), or the server as a whole: settings are wrong, not the message.
 * They can be mended while it waits.
 */
const OF_SETTINGS = new Set([521, 523, 530, 534, 535, 538]);

/** Pure. The server took the message for some or all recipients. */
export function resultOfSending(info: {
  readonly accepted: readonly string[];
  readonly rejectedErrors?: readonly Error[] | undefined;
  readonly response: string;
}): SendingResult {
  return {
    taken: info.accepted,
    refusals: (info.rejectedErrors ?? []).map((error) => refusalOf(error)),
    answer: shown(info.response),
  };
}

export interface FailedSending {
  /** What was under way. */
  readonly step: string;
  readonly recipients: readonly string[];
  readonly login?: { readonly user: string; readonly password: string } | undefined;
}

/** Pure. Nobody got it: each recipient has the reason. */
export function resultOfFailure(error: unknown, { step, recipients, login }: FailedSending): SendingResult {
  const { rejectedErrors } = partsOf(error);
  if (rejectedErrors !== undefined && rejectedErrors.length > 0)
    return { taken: [], refusals: rejectedErrors.map(refusalOf) };
  const answer = withoutSecrets(reasonOf(error, step), login);
  const isFinal = isRefusal(error);
  return { taken: [], refusals: recipients.map((recipient) => ({ recipient, answer, isFinal })) };
}

function refusalOf(error: Error): Refusal {
  const { recipient, response } = partsOf(error);
  return {
    recipient: String(recipient),
    answer: shown(typeof response === 'string' ? response : messageOf(error)),
    isFinal: isRefusal(error),
  };
}

/** The server said no for good (5yz, RFC 5321 section 4.2.1) to sender, recipient or content, or it takes none so large. */
function isRefusal(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return false;
  const { responseCode } = partsOf(error);
  if (typeof responseCode !== 'number') return true;
  return responseCode >= 500 && !OF_SETTINGS.has(responseCode);
}

function reasonOf(error: unknown, step: string): string {
  const { response } = partsOf(error);
  switch (codeOf(error)) {
    case 'ETLS':
      if (typeof response === 'string') return `STARTTLS is required, the server said: ${shown(response)}`;
      return `${shown(messageOf(error))} (${step})`;
    case 'EAUTH':
      return `login refused: ${shown(typeof response === 'string' ? response : messageOf(error))}`;
    case 'EENVELOPE':
    case 'EMESSAGE':
      return shown(typeof response === 'string' ? response : messageOf(error));
    case 'ECONNECTION':
    case 'EPROTOCOL':
    case 'ESOCKET':
      return `${shown(typeof response === 'string' ? response : messageOf(error))} (${step})`;
    default:
      return shown(messageOf(error));
  }
}

/** A server that does not know a command may repeat it. */
function withoutSecrets(answer: string, login: FailedSending['login']): string {
  if (login === undefined) return answer;
  const { user, password } = login;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const secrets = [password, base64(password), base64(`\0${user}\0${password}`)];
  return secrets.some((secret) => answer.includes(secret))
    ? 'the server repeated the password in its answer, which is not shown'
    : answer;
}

function partsOf(error: unknown): SmtpError {
  return error instanceof Error ? (error as SmtpError) : {};
}

function shown(text: string): string {
  return visibleText(text.trim().slice(0, MAX_SHOWN_CHARS));
}
