import type { Catalogue } from '../../../contract/catalogue.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { AuditLog } from '../../access/audit.ts';
import type { AlertEngine } from '../engine/engine.ts';
import type { RuleVersions } from '../history/rule-versions.ts';
import { loadRules, overrideRules } from '../rules/load-rules.ts';
import { warnOfFormerKinds } from '../rules/former-kinds.ts';
import type { AlertRule } from '../rules/rule.ts';
import { changesOf, changesText } from './rule-changes.ts';
import { RuleDirectoryWatch, type RefusedAtStart, type RefusedRules } from './rule-directory-watch.ts';

/** Where own rules were read from. */
export interface ReadRules {
  readonly directory: string;
  /** What it was then. */
  readonly standing: string;
  /** What own rules are added to. Not read again: files of a newer version may lie there while this one runs. */
  readonly shipped: readonly AlertRule[];
  /** Why they do not run: those that ran before this start do. */
  readonly refused?: RefusedAtStart | undefined;
}

export interface RuleReloadDeps {
  /** Undefined: there are no own rules. */
  readonly own: ReadRules | undefined;
  readonly catalogue: Catalogue;
  readonly alerts: Pick<AlertEngine, 'rules' | 'replaceRules'>;
  readonly versions: Pick<RuleVersions, 'record'>;
  readonly audit: Pick<AuditLog, 'append'>;
  /** Problems of a set with the ids, such as a route that names a rule which is gone. */
  readonly problemsOf: (ids: readonly string[]) => readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
}

export interface RuleReload {
  /** Of own rules; undefined: there are none. */
  readonly directory?: string;
  /** Every few seconds. */
  check(): void;
  /** Reads the files at once; false: there is no directory. */
  reread(): boolean;
  /** Why the files as they are now do not run; undefined: they do. */
  refused(): RefusedRules | undefined;
}

/** Own rules follow their directory while central runs. */
export function createRuleReload(deps: RuleReloadDeps): RuleReload {
  const { own, alerts } = deps;
  if (own === undefined) return { check: () => undefined, reread: () => false, refused: () => undefined };
  const watch = new RuleDirectoryWatch({
    directory: own.directory,
    standing: own.standing,
    refused: own.refused,
    read: () => readSet(own, deps),
    running: () => alerts.rules.all(),
    replace: (rules) => replace(rules, own.directory, deps),
    clock: deps.clock,
    log: deps.log,
  });
  return {
    directory: own.directory,
    check: () => watch.check(),
    reread: () => {
      watch.reread();
      return true;
    },
    refused: () => watch.refused,
  };
}

function readSet(
  { shipped, directory }: ReadRules,
  { catalogue, problemsOf }: RuleReloadDeps,
): readonly AlertRule[] {
  const rules = overrideRules(shipped, loadRules(directory, catalogue));
  const problems = problemsOf(rules.map(({ id }) => id));
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return rules;
}

function replace(rules: readonly AlertRule[], directory: string, deps: RuleReloadDeps): void {
  const { alerts, versions, audit, clock, log } = deps;
  const nowMs = clock.now();
  const changes = changesText(changesOf(alerts.rules.all(), rules));
  const recorded = versions.record(rules, nowMs);
  audit.append({
    atMs: nowMs,
    actor: `file ${directory}`,
    action: 'rules.reload',
    target: changes ?? 'no change',
  });
  alerts.replaceRules(recorded);
  warnOfFormerKinds(recorded, log);
}
