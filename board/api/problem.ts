/** Why a request failed. `status` 0: central was not reached. */
export class ApiProblem extends Error {
  readonly status: number;
  /** Of central's list, such as `ALERT_OVER`; '' where central gave none. */
  readonly code: string;
  /** All that is wrong with what was sent, one line each. */
  readonly problems: readonly string[];
  /** 0: central named none. */
  readonly retryAfterS: number;

  constructor(
    status: number,
    code: string,
    detail: string,
    more: { readonly problems?: readonly string[]; readonly retryAfterS?: number } = {},
  ) {
    super(detail);
    this.problems = more.problems ?? [];
    this.retryAfterS = more.retryAfterS ?? 0;
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
  }
}

/** From an answer of central (RFC 9457), or of a proxy that speaks otherwise. Pure. */
export function problemOf(status: number, text: string, retryAfterS = 0): ApiProblem {
  const { code, detail, title, problems } = parseObject(text);
  const words = [detail, title].find((each) => typeof each === 'string');
  const lines = Array.isArray(problems) ? problems.filter((each) => typeof each === 'string') : [];
  const more = { problems: lines, retryAfterS: Number.isFinite(retryAfterS) ? retryAfterS : 0 };
  return new ApiProblem(status, typeof code === 'string' ? code : '', words ?? `HTTP ${status}`, more);
}

function parseObject(text: string): {
  code?: unknown;
  detail?: unknown;
  title?: unknown;
  problems?: unknown;
} {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
