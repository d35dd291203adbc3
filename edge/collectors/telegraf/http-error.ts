/** Answer to the sender. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: 400 | 404 | 405 | 413 | 415 | 429 | 503;
  constructor(status: HttpError['status'], message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}
