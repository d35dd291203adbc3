import { centralConfigSchema } from '../central/config/config.ts';
import { createCentral } from '../central/main.ts';
import { loadConfig } from '../runtime/config.ts';
import { keepHeapSmall } from '../runtime/heap.ts';
import { createLogger } from '../runtime/logger.ts';
import { runServices } from '../runtime/service.ts';
import { systemdNotifier } from '../runtime/systemd.ts';
import { checkAgentConfig } from './check-agent-config.ts';
import { keepFilesPrivate } from './file-modes.ts';
import { VERSION } from './version.ts';
import { print, terminalJson } from './terminal.ts';
import { readYaml } from './yaml-thread.ts';

const STOP_TIMEOUT_MS = 30_000;

export async function runCentralCommand(
  options: { readonly config: string; readonly json?: true },
  shutdownOn: (onHangUp: () => boolean) => AbortSignal,
): Promise<void> {
  keepHeapSmall();
  keepFilesPrivate();
  let reread = (): boolean => false;
  const shutdown = shutdownOn(() => reread());
  const config = loadConfig(options.config, centralConfigSchema);
  const log = createLogger({ name: 'central', level: config.log.level });
  const central = createCentral(config, {
    log,
    version: VERSION,
    env: process.env,
    checkAgentConfig,
    readYaml,
  });
  reread = () => central.rereadFiles();
  const systemd = systemdNotifier(process.env, log);
  await runServices([central, ...(systemd === undefined ? [] : [systemd])], {
    log,
    shutdown,
    stopTimeoutMs: STOP_TIMEOUT_MS,
    onReady: () => {
      const ready = { apiUrl: central.apiUrl(), brokerUrl: central.brokerUrl(), store: central.storeName() };
      if (options.json === true) print(terminalJson({ event: 'ready', ...ready }));
      log.info(ready, 'ready');
    },
  });
}
