import type { TargetGuard } from '../../../../runtime/dial/target-guard.ts';
import { messageOf } from '../../../../runtime/errors.ts';
import { AnswerSize } from '../../../protocols/snmp/answer-size.ts';
import { ColumnMemory, Conversation } from '../../../protocols/snmp/conversation.ts';
import { readCredentials, type CredentialsConfig } from '../../../protocols/snmp/credentials.ts';
import type { OpenSession } from '../../../protocols/snmp/open-session.ts';
import { isFinal, type SnmpSession } from '../../../protocols/snmp/session.ts';
import type { RadioSource, SourceReading } from '../radio-source.ts';
import {
  MODEM_COLUMNS,
  MODEM_SCALARS,
  teltonikaState,
  type ModemColumn,
  type ModemRow,
} from './modem-row.ts';

export interface TeltonikaOptions {
  readonly address: string;
  readonly port: number;
  readonly guard: TargetGuard | undefined;
  readonly credentials: CredentialsConfig;
  readonly replyTimeoutMs: number;
  /** Its row in the router's table; undefined: the only one. */
  readonly modem: number | undefined;
}

const ANSWER_SIZE = { start: 10, most: 10 };
/** Where each value of the modem is read. */
type Objects = Readonly<Record<ModemColumn, string>>;

/** The modem in a Teltonika router or gateway, over SNMP; one request a reading. */
export class TeltonikaSource implements RadioSource {
  readonly target: string;
  readonly #options: TeltonikaOptions;
  readonly #open: OpenSession;
  readonly #memory = new ColumnMemory(new AnswerSize(ANSWER_SIZE));
  #session: SnmpSession | undefined;
  #objects: Objects | undefined;

  constructor(options: TeltonikaOptions, deps: { readonly open: OpenSession }) {
    const { address, port } = options;
    this.target = port === 161 ? address : `${address}:${port}`;
    this.#options = options;
    this.#open = deps.open;
  }

  async read(signal: AbortSignal): Promise<SourceReading> {
    try {
      const session = (this.#session ??= await this.#openSession(signal));
      const conversation = new Conversation({ session, memory: this.#memory, signal, retriesEmpty: true });
      this.#objects ??= await this.#findObjects(conversation);
      return { state: teltonikaState(await this.#readRow(conversation, this.#objects)), problems: [] };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Error) || isFinal(error)) await this.close();
      return { problems: [messageOf(error)] };
    }
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.#objects = undefined;
    await session?.close();
  }

  #openSession(signal: AbortSignal): Promise<SnmpSession> {
    const { address, port, guard, replyTimeoutMs, credentials } = this.#options;
    const read = readCredentials('teltonika', credentials, process.env);
    return this.#open({ address, port, guard, replyTimeoutMs, credentials: read }, signal);
  }

  async #findObjects(conversation: Conversation): Promise<Objects> {
    const { cells, error } = await conversation.column(MODEM_COLUMNS.registration);
    if (error !== undefined) throw error;
    const known = [...cells.keys()].slice(0, 8).join(', ');
    const { modem } = this.#options;
    const [only] = cells.keys();
    if (only === undefined) return this.#findScalars(conversation);
    if (modem === undefined && cells.size === 1) return inRow(only);
    if (modem === undefined) throw new Error(`it has ${cells.size} modems (${known}): say which with modem`);
    if (!cells.has(String(modem))) throw new Error(`it has no modem ${modem}, only ${known}`);
    return inRow(String(modem));
  }

  /** Firmware from before the table has one modem. */
  async #findScalars(conversation: Conversation): Promise<Objects> {
    const { modem } = this.#options;
    const found = await conversation.get([MODEM_SCALARS.registration]);
    // In firmware with the table the same object counts bytes.
    if (!Buffer.isBuffer(found.get(MODEM_SCALARS.registration)))
      throw new Error('it has no modem in its table, nor the values of older firmware');
    if (modem === undefined || modem === 1) return MODEM_SCALARS;
    throw new Error(`it has no modem ${modem}: its firmware has no table and knows one modem`);
  }

  async #readRow(conversation: Conversation, objects: Objects): Promise<ModemRow> {
    const named = Object.entries(objects) as [ModemColumn, string][];
    const values = await conversation.get(named.map(([, oid]) => oid));
    const row = Object.fromEntries(
      named.flatMap(([name, oid]) => {
        const value = values.get(oid);
        return value === undefined ? [] : [[name, value]];
      }),
    ) as ModemRow;
    if (row.registration !== undefined) return row;
    this.#objects = undefined;
    throw new Error(goneText(objects));
  }
}

function inRow(index: string): Objects {
  const cells = Object.entries(MODEM_COLUMNS).map(([name, column]) => [name, `${column}.${index}`]);
  return Object.fromEntries(cells) as Objects;
}

function goneText({ registration }: Objects): string {
  const index = registration.slice(registration.lastIndexOf('.') + 1);
  return registration === MODEM_SCALARS.registration
    ? 'its modem is gone'
    : `modem ${index} is gone from its table`;
}
