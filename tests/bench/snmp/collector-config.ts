/** Credentials and devices of the SNMP collector for simulated switches, one per UDP port of 127.0.0.1. */
export function snmpSwitches(ports: readonly number[]): object {
  return {
    credentials: { lan: { version: '2c', community: { value: 'public' } } },
    devices: ports.map((port, number) => ({
      device: `switch-${number}`,
      address: '127.0.0.1',
      port,
      credentials: 'lan',
    })),
  };
}
