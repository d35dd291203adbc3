import { z } from 'zod';
import { INVENTORY_ID_PATTERN } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import {
  deviceStateSchema,
  deviceViews,
  deviceViewSchema,
  type DeviceStateDeps,
  type DeviceView,
} from '../../health/device-states.ts';
import {
  unexpectedDeviceSchema,
  type UnexpectedDevice,
  type UnexpectedDevices,
} from '../../live/unexpected-devices.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';

export interface DeviceRouteDeps extends DeviceStateDeps {
  readonly unexpectedDevices: Pick<UnexpectedDevices, 'list'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** A device may have any name, and a cursor is a key of ours only. */
const UNEXPECTED_KEY: ListKey<UnexpectedDevice> = {
  of: ({ device }) => `device ${device}`,
  pattern: /^device \P{Cc}{1,128}$/u,
};
const KEY: ListKey<DeviceView> = { of: (device) => device.id, pattern: INVENTORY_ID_PATTERN };

export function deviceRoutes(app: App, deps: DeviceRouteDeps): void {
  app.get(
    '/devices',
    {
      schema: {
        tags: ['City'],
        summary: 'Devices of the inventory and their state',
        querystring: z.object({
          ...pageQuery(),
          unit: z.string().optional(),
          state: deviceStateSchema.optional(),
        }),
        response: { 200: pageOf(deviceViewSchema) },
      },
    },
    ({ query }) => {
      const devices = deviceViews(deps, deps.clock.now())
        .filter((device) => query.unit === undefined || device.unit === query.unit)
        .filter((device) => query.state === undefined || device.state === query.state);
      return pageOfSorted(devices, KEY, query);
    },
  );
  app.get(
    '/devices/unexpected',
    {
      schema: {
        tags: ['City'],
        summary: 'Devices that report although the inventory lacks them: stored, but they raise no alert',
        querystring: z.object({ ...pageQuery(), agent: z.string().optional() }),
        response: { 200: pageOf(unexpectedDeviceSchema) },
      },
    },
    ({ query }) => {
      const devices = deps.unexpectedDevices
        .list()
        .filter(({ agents }) => query.agent === undefined || agents.includes(query.agent));
      return pageOfSorted([...devices], UNEXPECTED_KEY, query);
    },
  );
}
