import type { Clock } from '../../runtime/clock.ts';
import type { AuditLog } from '../access/audit.ts';
import type { Caller } from '../access/sessions.ts';

export interface AuditDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Pick<AuditLog, 'append'>;
}

export interface AuditedRequest {
  readonly caller?: Caller;
  readonly ip: string;
}

export function actorOf({ caller }: AuditedRequest): string {
  return caller?.name ?? 'unknown';
}

/** To be called once the change is done. */
export function recordAudit(deps: AuditDeps, request: AuditedRequest, action: string, target: string): void {
  deps.audit.append({
    atMs: deps.clock.now(),
    actor: actorOf(request),
    action,
    target,
    from: request.ip,
  });
}
