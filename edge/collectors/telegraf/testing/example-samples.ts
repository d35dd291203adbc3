import type { Sample } from '../../../../contract/sample.ts';
import type { CollectorDeps } from '../../collector.ts';
import { Intake, NANOSECONDS } from '../intake.ts';
import { parseLines } from '../parse-lines.ts';

const LINES = `cpu,cpu=cpu-total usage_idle=97.5,usage_user=1.5
mem total=16777216000i,used_percent=41.5 1800000000000000000
net,interface=eth0 bytes_recv=18446744073709551615u,speed=-1i
mdstat,Name=md0,ActivityState=active DisksActive=2i,DisksTotal=2i
unknown,tag=x value=1
mem used_percent=250
`;

/** Of lines that fit, and of lines from which a value, or all, is refused. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  return new Intake(deps).translate(parseLines(Buffer.from(LINES)), NANOSECONDS);
}
