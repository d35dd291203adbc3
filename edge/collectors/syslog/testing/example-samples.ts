import type { Sample } from '../../../../contract/sample.ts';
import type { CollectorDeps } from '../../collector.ts';
import { SyslogIntake } from '../intake.ts';

const MESSAGES = [
  '<187>45: *Mar  1 00:00:01.123 UTC: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down',
  '<34>1 2026-10-11T22:14:15.003Z app-01 su - ID47 [a@1 b="]"] \uFEFF\u2019su root\u2019 failed',
  '<10>Oct 11 22:14:15 app-01 kernel: Out of memory: Killed process 1234 (java)',
  '<190>date=2026-11-30 time=02:10:00 devname="fw-1" logid="0100020099" type="event"',
  'no syslog at all',
];

export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const senders = [{ device: 'node-1', address: '10.26.1.1' }];
  const intake = new SyslogIntake({ senders, leastSeverity: 'informational' }, deps);
  for (const message of MESSAGES) intake.receive('node-1', Buffer.from(message));
  return intake.book.take();
}
