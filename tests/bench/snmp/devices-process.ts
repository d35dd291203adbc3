import { startSnmpAgent } from '../../../simulators/devices/snmp/agent.ts';
import { TAG } from '../../../simulators/devices/snmp/ber.ts';
import { parseRequest } from '../../../simulators/devices/snmp/message.ts';
import { portSwitchRecording, steadyTraffic } from '../../../simulators/devices/snmp/port-switch.ts';
import type { DeviceRequest, DevicesReady, RoundsReport } from './device-messages.ts';
import { Rounds } from './rounds.ts';

/** Switches in a separate process, so that their cost is not measured as the edge's. */
let rounds = new Rounds(0);
let living = 0;

process.on('message', (message) => {
  const request = message as DeviceRequest;
  if (request.kind === 'start') void start(request);
  if (request.kind === 'reset') rounds = new Rounds(living);
  if (request.kind === 'rounds') process.send?.({ rounds: rounds.complete() } satisfies RoundsReport);
});
process.on('disconnect', () => process.exit(0));

async function start(options: Extract<DeviceRequest, { kind: 'start' }>): Promise<void> {
  const recording = portSwitchRecording(options.ports);
  living = options.devices - options.dead;
  rounds = new Rounds(living);
  const ports: number[] = [];
  for (let device = 0; device < options.devices; device++) {
    const agent = await startSnmpAgent({ recording, motion: steadyTraffic });
    if (device >= living) agent.behave({ isDead: true });
    else {
      agent.behave({
        mangle: (answer, request) => {
          // Every poll begins with a GET.
          rounds.record(device, parseRequest(request).pdu === TAG.get, performance.now());
          return [answer];
        },
      });
    }
    ports.push(agent.port);
  }
  process.send?.({ ports } satisfies DevicesReady);
}
