import { expect, it } from 'vitest';
import { isPortName } from './port-names.ts';

it.each([
  'ge-0/0/1',
  'et-0/0/0:1',
  'Te1/1',
  'GigabitEthernet1/0/48',
  'ether5',
  'enp3s0f0',
  'p1p1',
  'eno1np0',
  'Vlan100',
  'port-channel 12',
  '1/1/c1/1',
  '24',
])('%s is what a maker calls a port', (name) => {
  expect(isPortName(name)).toBe(true);
});

it.each(['ether5-police', 'Bà Tư', 'KH-0903123456', 'CA-QH-UB', 'UB', 'ge-0/0/1 10.20.30.40', 'uplink UBND'])(
  '%s is a name that somebody gave',
  (name) => {
    expect(isPortName(name)).toBe(false);
  },
);
