import { z } from 'zod';
import type { Sample } from '../../../contract/sample.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Collected, CollectorDeps, CollectorKind } from '../collector.ts';
import { fileSetting } from '../../protocols/reach.ts';
import { namePattern } from '../name-pattern.ts';
import { diskReadings } from './disk-readings.ts';
import { MAX_DISKS, type DiskAnswer, type DiskSource } from './disk-source.ts';
import { createReportFilesSource } from './report-files.ts';
import { evaluateReport, Report } from './report.ts';
import { createSmartctlSource } from './smartctl.ts';

const devicePath = z.string().startsWith('/dev/', 'expected a path below /dev').max(255);

const configSchema = z
  .strictObject({
    /** Default: those that `smartctl --scan` finds. */
    devices: z
      .array(
        z.union([
          devicePath.transform((device) => ({ device })),
          z.strictObject({
            device: devicePath,
            /** smartctl's `-d`, such as `megaraid,0`. */
            type: z
              .string()
              .regex(/^[a-z0-9][a-z0-9,+/_-]{0,63}$/, 'expected a device type of smartctl')
              .optional(),
          }),
        ]),
      )
      .min(1)
      .max(MAX_DISKS)
      .optional(),
    /** Devices that are skipped, `*` and `?` as in a shell. */
    ignore: z.array(z.string().min(1).max(255)).max(64).default([]),
    /** Reads the reports of the helper wardwatch-smart here, and runs no program. */
    reportsDirectory: z.string().startsWith('/', 'expected an absolute path').optional(),
  })
  .refine((config) => config.devices === undefined || config.reportsDirectory === undefined, {
    message: 'expected either devices or reportsDirectory: the helper finds disks itself',
    path: ['devices'],
  });
export type SmartConfig = z.infer<typeof configSchema>;

/** Health of disks by SMART, Telegraf's `smart_device` and `smart_attribute`. */
export const smartKind: CollectorKind<SmartConfig> = {
  kind: 'smart',
  configSchema,
  defaultIntervalMs: 300_000,
  reaches: ({ devices = [], reportsDirectory }) => ({
    targets: [],
    files: [
      ...devices.map(({ device }, at) => ({
        setting: `devices[${at}]`,
        path: device,
        isDevice: true as const,
      })),
      ...fileSetting('reportsDirectory', reportsDirectory),
    ],
  }),
  create: (config, deps) => {
    const source =
      config.reportsDirectory === undefined
        ? createSmartctlSource(config.devices, { clock: deps.clock })
        : createReportFilesSource(config.reportsDirectory, deps);
    return {
      name: 'smart',
      collect: (signal) => collectDisks(source, config, deps, signal),
      close: async () => undefined,
    };
  },
};

export async function collectDisks(
  source: DiskSource,
  config: Pick<SmartConfig, 'ignore'>,
  deps: CollectorDeps,
  signal: AbortSignal,
): Promise<Collected> {
  const ignored = config.ignore.map(namePattern);
  const samples: Sample[] = [];
  const errors: Error[] = [];
  for (const answer of await source.answers(signal)) {
    if (ignored.some((matches) => matches(answer.name))) continue;
    try {
      samples.push(...samplesOf(answer, deps));
    } catch (error) {
      errors.push(new Error(`smart ${answer.name}: ${messageOf(error)}`, { cause: error }));
    }
  }
  return { samples, errors };
}

const RIGHTS =
  'reading a disk needs rights that the agent should not have: use wardwatch-smart, see the README';

/** Empty for a disk in standby: it is not woken, and its alerts keep their state. */
function samplesOf(answer: DiskAnswer, { commonTags }: CollectorDeps): Sample[] {
  if ('problem' in answer) throw new Error(answer.problem);
  const report = Report.parse(answer.text);
  const verdict = evaluateReport(report);
  if (verdict.kind === 'asleep') return [];
  if (verdict.kind === 'failed') {
    const isForbidden = /Permission denied|Operation not permitted/.test(verdict.problem);
    throw new Error(isForbidden ? `${verdict.problem} (${RIGHTS})` : verdict.problem);
  }
  return diskReadings(report).map((reading) => ({
    ...reading,
    tags: { ...commonTags, ...reading.tags },
    timeMs: answer.readAtMs,
  }));
}
