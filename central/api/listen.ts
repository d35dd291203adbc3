import { codeOf, EXIT, UserError } from '../../runtime/errors.ts';
import type { App } from './fastify-app.ts';

/** Resolves with the URL of the API. Throws a UserError if the address cannot be used. */
export async function listen(
  app: App,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const where = `${host}:${port}`;
    const code = codeOf(error);
    if (code === 'EADDRINUSE') {
      throw new UserError(EXIT.portInUse, [`api: port ${where} is in use by another process`], error);
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new UserError(EXIT.badConfig, [`api: cannot listen on ${where}: ${code}`], error);
    }
    throw error;
  }
}
