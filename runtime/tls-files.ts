import { createPrivateKey, X509Certificate } from 'node:crypto';
import { EXIT, messageOf, UserError } from './errors.ts';

export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Throws a UserError (exit 2) that names the settings under `path` that are not PEM, or a key that does not match. */
export function checkTlsFiles(path: string, { ca, cert, key }: TlsFiles): void {
  const problems: string[] = [];
  const parse = <Parsed>(name: string, text: string | undefined, parser: (text: string) => Parsed) => {
    try {
      return text === undefined ? undefined : parser(text);
    } catch (error) {
      problems.push(`${path}.${name}: expected PEM: ${messageOf(error)}`);
      return undefined;
    }
  };
  parse('caFile', ca, (text) => new X509Certificate(text));
  const certificate = parse('certFile', cert, (text) => new X509Certificate(text));
  const privateKey = parse('keyFile', key, (text) => createPrivateKey(text));
  if (privateKey !== undefined && certificate?.checkPrivateKey(privateKey) === false) {
    problems.push(`${path}.keyFile: expected the key of the certificate in certFile`);
  }
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
}
