import { messageOf } from '../../../../runtime/errors.ts';
import type { AtPort, OpenAtPort } from './at-port.ts';

/**
 * A tty, locked for this process. The library has a native part, so it is loaded only when needed: an agent on a platform
 * without that part still starts.
 */
export const openSerialPort: OpenAtPort = async ({ path, baudRate }) => {
  const { SerialPort } = await loadLibrary();
  const port = new SerialPort({ path, baudRate, autoOpen: false, lock: true });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(new Error(describeError(error)))));
  });
  return wrap(port);
};

type Library = typeof import('serialport');

async function loadLibrary(): Promise<Library> {
  try {
    return await import('serialport');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
      // The agent in one file has no libraries with a native part.
      const message =
        'serial ports need a library: run "npm install serialport@13" in the directory of the agent';
      throw new Error(message, { cause: error });
    }
    throw new Error(`serial ports cannot be used on this platform: ${messageOf(error)}`, { cause: error });
  }
}

function describeError({ message }: Error): string {
  if (message.includes('Permission denied')) {
    return 'permission denied: the agent’s user must be in the group of the port, usually dialout';
  }
  if (message.includes('No such file')) return 'no such port: the modem is disconnected, or has another name';
  if (/lock port|Resource temporarily unavailable|busy/i.test(message)) return 'in use by another program';
  return message.replace(/^Error: /, '').slice(0, 120);
}

function wrap(port: InstanceType<Library['SerialPort']>): AtPort {
  port.on('error', () => undefined); // a broken port also emits 'close'
  return {
    write: (bytes) => void port.write(bytes, 'latin1'),
    listen(onBytes, onEnd) {
      port.on('data', onBytes);
      port.once('close', (error: Error | null | undefined) => onEnd(error?.message ?? 'closed'));
    },
    close: () =>
      new Promise((resolve) => {
        if (!port.isOpen) resolve();
        else port.close(() => resolve());
      }),
  };
}
