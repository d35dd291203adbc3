import { createSession, createV3Session, Version1, Version2c, type Session, type User } from 'net-snmp';

export interface SentVarbind {
  readonly oid: string;
  /** As net-snmp has them; see TYPE. */
  readonly type: number;
  readonly value: string | number;
}

/** Sends as net-snmp does, from 127.0.0.1; closes its socket. An inform resolves when it is answered, or rejects. */
export async function sendNotification(
  port: number,
  how: {
    readonly version: 1 | 2 | 3;
    readonly kind: 'trap' | 'inform';
    readonly community?: string;
    readonly user?: object;
    readonly trapOid: string;
    readonly varbinds?: readonly SentVarbind[];
  },
): Promise<void> {
  const options = { port, trapPort: port, retries: 0, timeout: 2_000 };
  const session: Session =
    how.version === 3
      ? createV3Session('127.0.0.1', how.user as User, options)
      : createSession('127.0.0.1', how.community ?? 'public', {
          ...options,
          version: how.version === 1 ? Version1 : Version2c,
        });
  try {
    await new Promise<void>((resolve, reject) => {
      const done = (error: Error | null | undefined): void => {
        if (error === null || error === undefined) resolve();
        else reject(error);
      };
      const varbinds = [...(how.varbinds ?? [])];
      if (how.kind === 'inform') session.inform(how.trapOid, varbinds, done);
      else session.trap(how.trapOid, varbinds, done);
    });
  } finally {
    session.close();
  }
}
