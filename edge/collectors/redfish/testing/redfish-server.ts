import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Identity } from '../../../protocols/tcp-tls/testing/certificates.ts';
import { listen } from '../../../protocols/testing/servers.ts';

/** By path; a text is sent as it is. */
export type Resources = Readonly<Record<string, unknown>>;

const AUTHORIZATION = `Basic ${Buffer.from('monitor:secret-1').toString('base64')}`;

/** A service with these resources and one user; closed by closeServers(). `onRequest`: sees each request first, and may answer it. */
export function startRedfish(
  identity: Identity,
  resources: Resources,
  onRequest: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
): Promise<number> {
  const server = createServer(identity, (request, response) => {
    if (onRequest(request, response)) return;
    const found = resources[request.url ?? ''];
    if (request.headers.authorization !== AUTHORIZATION) response.writeHead(401).end();
    else if (found === undefined) response.writeHead(404).end('{}');
    else response.writeHead(200).end(typeof found === 'string' ? found : JSON.stringify(found));
  });
  return listen(server);
}

const link = (path: string) => ({ '@odata.id': path });
const OK = { State: 'Enabled', Health: 'OK' };

/** As the schemas Chassis 1.x, Thermal 1.7 and Power 1.7 of DMTF (DSP8010) have it; made up. */
export const OLDER: Resources = {
  '/redfish/v1/Chassis': { Members: [link('/redfish/v1/Chassis/1')] },
  '/redfish/v1/Chassis/1': {
    Manufacturer: 'Acme',
    Model: 'Server 7',
    Thermal: link('/redfish/v1/Chassis/1/Thermal'),
    Power: link('/redfish/v1/Chassis/1/Power'),
    Sensors: link('/redfish/v1/Chassis/1/Sensors'),
  },
  '/redfish/v1/Chassis/1/Thermal': {
    Temperatures: [
      { MemberId: '0', Name: 'Inlet Temp', ReadingCelsius: 24, Status: OK },
      {
        MemberId: '1',
        Name: 'CPU1 Temp',
        ReadingCelsius: 61.5,
        Status: { State: 'Enabled', Health: 'Warning' },
      },
      { MemberId: '2', Name: 'CPU2 Temp', ReadingCelsius: null, Status: { State: 'Absent', Health: null } },
    ],
    Fans: [
      { MemberId: '0', Name: 'Fan 1A', Reading: 7_200, ReadingUnits: 'RPM', Status: OK },
      {
        MemberId: '1',
        FanName: 'Fan 2A',
        Reading: 41,
        ReadingUnits: 'Percent',
        Status: { State: 'Enabled', Health: 'Critical' },
      },
    ],
  },
  '/redfish/v1/Chassis/1/Power': {
    PowerControl: [{ MemberId: '0', Name: 'System Power Control', PowerConsumedWatts: 312 }],
    Voltages: [{ MemberId: '0', Name: 'System Board 12V', ReadingVolts: 12.06, Status: OK }],
    PowerSupplies: [
      { MemberId: '0', Name: 'PS1', LastPowerOutputWatts: 150, LineInputVoltage: 231, Status: OK },
      { MemberId: '1', Name: 'PS1', PowerOutputWatts: 148, Status: OK },
    ],
  },
};

/** As newer ones have it: Sensor 1.9. */
export const NEWER: Resources = {
  '/redfish/v1/Chassis': { Members: [link('/redfish/v1/Chassis/Self')] },
  '/redfish/v1/Chassis/Self': { Model: 'Server 9', Sensors: link('/redfish/v1/Chassis/Self/Sensors') },
  '/redfish/v1/Chassis/Self/Sensors': {
    Members: [link('/redfish/v1/Chassis/Self/Sensors/inlet'), link('/redfish/v1/Chassis/Self/Sensors/fan0')],
  },
  '/redfish/v1/Chassis/Self/Sensors/inlet': {
    Id: 'inlet',
    Name: 'Inlet',
    Reading: 23.5,
    ReadingUnits: 'Cel',
    Status: OK,
  },
  '/redfish/v1/Chassis/Self/Sensors/fan0': { Id: 'fan0', Reading: 5_400, ReadingUnits: '{rev}/min' },
};
