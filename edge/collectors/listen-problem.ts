import { codeOf, messageOf } from '../../runtime/errors.ts';

/** What usually has these ports on a server. */
const USUAL_PROGRAMS: ReadonlyMap<number, string> = new Map([
  [162, 'snmptrapd'],
  [514, 'rsyslogd or syslog-ng'],
  [6_514, 'rsyslogd or syslog-ng'],
]);

/** Why a port cannot be listened on, and what to do. Pure. */
export function listenProblem(error: unknown): string {
  const { port, syscall } = error as { readonly port?: unknown; readonly syscall?: unknown };
  if (typeof port !== 'number' || port <= 0) return messageOf(error);
  switch (codeOf(error)) {
    case 'EADDRINUSE': {
      const usual = USUAL_PROGRAMS.get(port);
      const such = usual === undefined ? '' : `, such as ${usual}`;
      // Node binds UDP and listens on TCP.
      const ss = `ss -l${syscall === 'bind' ? 'u' : 't'}np 'sport = :${port}'`;
      return `another program or collector has this port${such} (as root, "${ss}" names it): stop it, or set another port here and at the senders`;
    }
    case 'EACCES':
      return `the agent's user may not listen on this port (below 1024 that takes CAP_NET_BIND_SERVICE, which "systemctl edit wardwatch-edge" adds): give it the right, or set another port here and at the senders`;
    case 'EADDRNOTAVAIL':
      return `this machine does not have this address (${messageOf(error)}): correct it, or use 0.0.0.0 for all`;
    default:
      return messageOf(error);
  }
}
