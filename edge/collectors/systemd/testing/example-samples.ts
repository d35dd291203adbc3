import type { Sample } from '../../../../contract/sample.ts';
import type { CollectorDeps } from '../../collector.ts';
import type { Systemctl } from '../systemctl.ts';
import { createSystemdCollector, systemdKind } from '../systemd.ts';

const LIST = `ssh.service loaded active running OpenSSH
● web.service loaded failed failed Web
db.service loaded activating auto-restart Database`;

const SHOW = `Id=web.service
LoadState=loaded
ActiveState=failed
SubState=failed
UnitFileState=enabled
UnitFilePreset=enabled
NRestarts=5
StatusErrno=0
MainPID=0
MemoryCurrent=[not set]

Id=ssh.service
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
UnitFilePreset=enabled
NRestarts=0
StatusErrno=0
MainPID=812
MemoryCurrent=5545984
MemoryPeak=8392704
MemoryAvailable=18446744073709551615
MemorySwapCurrent=0
MemorySwapPeak=4096
`;

/** Of a machine with a failed unit and one that is named in the settings. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const printed = async (stdout: string) => ({ error: null, stdout, stderr: '' });
  const systemctl: Systemctl = { list: () => printed(LIST), show: () => printed(SHOW) };
  const config = systemdKind.configSchema.parse({ units: ['ssh.service'] });
  const collector = createSystemdCollector(config, systemctl, deps);
  return (await collector.collect(new AbortController().signal)).samples;
}
