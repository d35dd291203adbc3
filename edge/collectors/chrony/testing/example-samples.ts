import type { Sample } from '../../../../contract/sample.ts';
import type { ProgramResult } from '../../../protocols/system/run-program.ts';
import type { CollectorDeps } from '../../collector.ts';
import { createChronyCollector } from '../chrony.ts';
import type { ClockAnswers } from '../clock-answers.ts';

const printed = (stdout: string): ProgramResult => ({ error: null, stdout, stderr: '' });
const missing: ProgramResult = {
  error: Object.assign(new Error('not found'), { code: 'ENOENT' }),
  stdout: '',
  stderr: '',
};

/** Printed by chronyc 4.3: synchronised, and not. */
const TRACKING =
  '7F000001,127.0.0.1,6,1795529866.086603197,-0.000001538,0.000000003,0.000000102,0.028,0.000,0.280,0.000004464,0.000001129,0.5,Normal\n';
const UNSYNCHRONISED =
  '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised\n';

const ANSWERS: readonly ClockAnswers[] = [
  { chrony: printed(TRACKING), timedatectl: undefined },
  { chrony: printed(UNSYNCHRONISED), timedatectl: undefined },
  { chrony: missing, timedatectl: printed('yes\n') },
];

/** By chrony and by systemd. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const signal = new AbortController().signal;
  const runs = await Promise.all(
    ANSWERS.map((answers) => createChronyCollector(async () => answers, deps).collect(signal)),
  );
  return runs.flatMap(({ samples }) => samples);
}
