import { messageOf } from '../../../runtime/errors.ts';
import { chassisSchema, collectionSchema, powerSchema, sensorSchema, thermalSchema } from './resources.ts';
import { powerReadings, sensorReading, thermalReadings, type Reading } from './readings.ts';
import { RedfishOverError, type RedfishSession } from './redfish-session.ts';

export interface ServerReadings {
  readonly readings: readonly Reading[];
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  /** Parts that could not be read. */
  readonly problems: readonly string[];
}

/** A server has one or a few; an enclosure of blades some. */
const MAX_CHASSIS = 8;
/** Each is a resource of its own, and a request. */
const MAX_SENSORS = 96;

/**
 * All sensors of a service. A resource that cannot be read is lost alone; rejects when no chassis can be read, and with a RedfishOverError.
 */
export async function readServer(session: Pick<RedfishSession, 'get'>): Promise<ServerReadings> {
  const { Members } = await session.get('/redfish/v1/Chassis', collectionSchema);
  // Once each: beyond the bound of a run every resource is lost for the same reason.
  const problems = new Set<string>();
  if (Members.length > MAX_CHASSIS)
    problems.add(`${Members.length} chassis, of which ${MAX_CHASSIS} are read`);
  const parts: { readings: readonly Reading[]; vendor: string | undefined; model: string | undefined }[] = [];
  let lost: Error | undefined;
  for (const { '@odata.id': path } of Members.slice(0, MAX_CHASSIS)) {
    try {
      const chassis = await session.get(path, chassisSchema);
      const readings = await readChassis(session, chassis, (problem) => problems.add(problem));
      parts.push({ readings, vendor: chassis.Manufacturer ?? undefined, model: chassis.Model ?? undefined });
    } catch (error) {
      if (error instanceof RedfishOverError) throw error;
      lost ??= error instanceof Error ? error : new Error(messageOf(error));
      problems.add(messageOf(error));
    }
  }
  if (parts.length === 0 && lost !== undefined) throw lost;
  // Drawers and mezzanines are chassis, too: the first with sensors is the server.
  const main = parts.find(({ readings }) => readings.length > 0) ?? parts[0];
  return {
    readings: parts.flatMap(({ readings }) => readings),
    vendor: main?.vendor,
    model: main?.model,
    problems: [...problems],
  };
}

type Report = (problem: string) => void;

async function readChassis(
  session: Pick<RedfishSession, 'get'>,
  { Thermal, Power, Sensors }: ReturnType<typeof chassisSchema.parse>,
  report: Report,
): Promise<readonly Reading[]> {
  // Newer controllers have both: the old resources need two requests instead of one for each sensor.
  const thermal = Thermal ?? undefined;
  const power = Power ?? undefined;
  if (thermal !== undefined || power !== undefined) {
    return [
      ...(thermal === undefined
        ? []
        : await attempt(
            async () => thermalReadings(await session.get(thermal['@odata.id'], thermalSchema)),
            report,
          )),
      ...(power === undefined
        ? []
        : await attempt(
            async () => powerReadings(await session.get(power['@odata.id'], powerSchema)),
            report,
          )),
    ];
  }
  const sensors = Sensors ?? undefined;
  if (sensors === undefined) return [];
  return attempt(() => readSensors(session, sensors['@odata.id'], report), report);
}

async function readSensors(
  session: Pick<RedfishSession, 'get'>,
  path: string,
  report: Report,
): Promise<readonly Reading[]> {
  const { Members } = await session.get(path, collectionSchema);
  if (Members.length > MAX_SENSORS)
    report(`${path}: ${Members.length} sensors, of which ${MAX_SENSORS} are read`);
  const readings: Reading[] = [];
  for (const { '@odata.id': sensor } of Members.slice(0, MAX_SENSORS))
    readings.push(
      ...(await attempt(async () => [sensorReading(await session.get(sensor, sensorSchema))], report)),
    );
  return readings;
}

/** What cannot be read is told and left out, unless nothing else can be read either. */
async function attempt(read: () => Promise<readonly Reading[]>, report: Report): Promise<readonly Reading[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RedfishOverError) throw error;
    report(messageOf(error));
    return [];
  }
}
