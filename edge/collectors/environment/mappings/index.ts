import type { MessageMapping } from '../mapping.ts';
import { usualNames } from './names.ts';

/** Ready mappings by name, as each project documents its messages. */
export const MAPPINGS: Readonly<Record<string, readonly MessageMapping[]>> = {
  /**
   * https://www.zigbee2mqtt.io/guide/usage/exposes.html : `last_seen` is there if its setting `advanced.last_seen` is on. When
   * it starts it sends its cache again, which may be days old.
   */
  zigbee2mqtt: [
    {
      topic: 'zigbee2mqtt/{device}',
      time: { path: '/last_seen', format: 'iso-or-ms' },
      repeatsOldNews: true,
      fields: usualNames(),
    },
  ],

  /** https://tasmota.github.io/docs/MQTT/ : one object a chip; its `Time` has no zone and is ignored. */
  tasmota: [
    {
      topic: 'tele/{device}/SENSOR',
      fields: [
        { field: 'temperature_celsius', path: '/*/Temperature', unitPath: '/TempUnit' },
        { field: 'humidity_pct', path: '/*/Humidity' },
        { field: 'dew_point_celsius', path: '/*/DewPoint', unitPath: '/TempUnit' },
      ],
    },
  ],

  /** https://shelly-api-docs.shelly.cloud : generation 2 and later (status messages switched on), and generation 1. */
  shelly: [
    ...['0', '100', '101', '102', '103', '104'].flatMap((id): readonly MessageMapping[] => [
      {
        topic: `{device}/status/temperature:${id}`,
        fields: [{ field: 'temperature_celsius', path: '/tC' }],
      },
      { topic: `{device}/status/humidity:${id}`, fields: [{ field: 'humidity_pct', path: '/rh' }] },
    ]),
    { topic: '{device}/status/flood:0', fields: [{ field: 'water_leak', path: '/alarm' }] },
    { topic: '{device}/status/smoke:0', fields: [{ field: 'smoke', path: '/alarm' }] },
    { topic: '{device}/status/devicepower:0', fields: [{ field: 'battery_pct', path: '/battery/percent' }] },
    { topic: 'shellies/{device}/sensor/temperature', fields: [{ field: 'temperature_celsius', path: '' }] },
    { topic: 'shellies/{device}/sensor/humidity', fields: [{ field: 'humidity_pct', path: '' }] },
    { topic: 'shellies/{device}/sensor/flood', fields: [{ field: 'water_leak', path: '' }] },
    { topic: 'shellies/{device}/sensor/smoke', fields: [{ field: 'smoke', path: '' }] },
    { topic: 'shellies/{device}/sensor/state', fields: [{ field: 'door_open', path: '' }] },
    { topic: 'shellies/{device}/sensor/battery', fields: [{ field: 'battery_pct', path: '' }] },
  ],

  /** https://esphome.io/components/mqtt : for sensors named by what they measure. */
  esphome: [
    { topic: '{device}/sensor/temperature/state', fields: [{ field: 'temperature_celsius', path: '' }] },
    { topic: '{device}/sensor/humidity/state', fields: [{ field: 'humidity_pct', path: '' }] },
    { topic: '{device}/sensor/battery/state', fields: [{ field: 'battery_pct', path: '' }] },
    { topic: '{device}/binary_sensor/door/state', fields: [{ field: 'door_open', path: '' }] },
    { topic: '{device}/binary_sensor/water_leak/state', fields: [{ field: 'water_leak', path: '' }] },
    { topic: '{device}/binary_sensor/smoke/state', fields: [{ field: 'smoke', path: '' }] },
  ],

  /** https://www.thethingsindustries.com/docs/integrations/mqtt/ */
  things_stack: [
    {
      topic: 'v3/+/devices/{device}/up',
      time: { path: '/received_at', format: 'iso' },
      fields: [
        ...usualNames('/uplink_message/decoded_payload'),
        { field: 'rssi_dbm', path: '/uplink_message/rx_metadata/0/rssi' },
      ],
    },
  ],

  /** https://www.chirpstack.io/docs/chirpstack/integrations/events.html */
  chirpstack: [
    {
      topic: 'application/+/device/{device}/event/up',
      time: { path: '/time', format: 'iso' },
      fields: [...usualNames('/object'), { field: 'rssi_dbm', path: '/rxInfo/0/rssi' }],
    },
  ],

  /** Flat JSON with the usual names, or the catalogue's own. */
  generic: [{ topic: 'sensors/{device}', fields: usualNames() }],
};
