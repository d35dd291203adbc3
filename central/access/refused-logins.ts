import { addressPrefix } from '../../runtime/address-prefix.ts';
import { BackOffLog } from '../../runtime/back-off-log.ts';
import { RefusalAudit, type RefusalAuditDeps } from './refusal-audit.ts';

export interface RefusedLogin {
  readonly address: string;
  /** Who it says it is; not verified. */
  readonly claimed: string;
  readonly reason: string;
}

/** Refused logins at the embedded broker in the audit log: an address (IPv6: its /64) at its 1st, 10th, 100th, …. */
export class RefusedLogins {
  readonly #deps: RefusalAuditDeps;
  readonly #audit: RefusalAudit;
  readonly #counts: BackOffLog;

  constructor(deps: RefusalAuditDeps) {
    this.#deps = deps;
    this.#audit = new RefusalAudit(deps, 'login.refused');
    this.#counts = new BackOffLog(deps.clock.monotonicMs());
  }

  record({ address, claimed, reason }: RefusedLogin): void {
    const count = this.#counts.count(addressPrefix(address), this.#deps.clock.monotonicMs());
    if (count === undefined) return;
    const as = JSON.stringify(claimed.slice(0, 64));
    this.#audit.append(address, `refused login no. ${count} of this address, as ${as}: ${reason}`);
  }
}
