import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { ServerTCP, type IServiceVector } from 'modbus-serial';

export interface ModbusServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Registers by table, then by address; a unit that is missing does not answer. */
export type Units = Readonly<
  Record<
    number,
    { readonly [table in 'holding' | 'input' | 'coil' | 'discrete']?: Readonly<Record<number, number>> }
  >
>;

/** The library's own server, on a port that the system chooses. */
export async function startModbusServer(units: Units): Promise<ModbusServer> {
  const read =
    (table: 'holding' | 'input' | 'coil' | 'discrete') =>
    (address: number, unitId: number): Promise<number> => {
      const unit = units[unitId];
      if (unit === undefined) return new Promise(() => undefined);
      const value = unit[table]?.[address];
      if (value === undefined)
        return Promise.reject(Object.assign(new Error('illegal'), { modbusErrorCode: 2 }));
      return Promise.resolve(value);
    };
  const bit = (table: 'coil' | 'discrete') => async (address: number, unitId: number) =>
    (await read(table)(address, unitId)) === 1;
  const vector: IServiceVector = {
    getHoldingRegister: read('holding'),
    getInputRegister: read('input'),
    getCoil: bit('coil'),
    getDiscreteInput: bit('discrete'),
  };
  // As a text: it takes the number 0 for none.
  const server = new ServerTCP(vector, { host: '127.0.0.1', port: '0' as unknown as number });
  await once(server, 'initialized');
  const { _server: listening } = server as unknown as { readonly _server: Server };
  return {
    port: (listening.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A float as two registers, the highest bits first. */
export function floatAt(address: number, value: number): Readonly<Record<number, number>> {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return { [address]: bytes.readUInt16BE(0), [address + 1]: bytes.readUInt16BE(2) };
}
