import { sinrScaleOf, type SinrScale } from '../encodings.ts';
import type { RadioState } from '../radio-state.ts';
import { parseQeng, type ServingCell } from './qeng.ts';
import { parseQcainfo, parseQcsq, parseQgpsloc, parseQnwinfo, parseQtemp } from './quectel-answers.ts';
import { quectelState } from './quectel-state.ts';
import { quickFields } from './quick-signal.ts';
import type { AtSession } from './at-session.ts';
import { readRegistration } from './read-registration.ts';

const SLOW_MS = 10_000;
const TEMPERATURE_MS = 60_000;

/** Reads a Quectel modem: its cell each time, slow values less often. */
export class QuectelReader {
  readonly #session: AtSession;
  readonly #wantsPosition: boolean;
  #sinrScale: SinrScale = 'coarse';

  constructor(session: AtSession, wantsPosition: boolean) {
    this.#session = session;
    this.#wantsPosition = wantsPosition;
  }

  async prepare(): Promise<void> {
    if (this.#wantsPosition) await this.#switchReceiverOn();
  }

  async read(): Promise<RadioState> {
    const session = this.#session;
    const serving = await session.ask({ text: 'AT+QENG="servingcell"', prefix: '+QENG:' }, parseQeng);
    this.#sinrScale = sinrScaleOf(serving?.lte?.sinrRaw, this.#sinrScale);
    const isCellUnknown = serving?.mode === undefined;
    const state = quectelState({
      serving,
      registration: await session.cached('registration', isCellUnknown ? 0 : SLOW_MS, () =>
        readRegistration(session),
      ),
      networks: isCellUnknown
        ? await session.ask({ text: 'AT+QNWINFO', prefix: '+QNWINFO:' }, parseQnwinfo)
        : undefined,
      aggregation: await this.#aggregation(serving),
      temperatures: await session.cached('temperature', TEMPERATURE_MS, () =>
        session.tryAsk({ text: 'AT+QTEMP', prefix: '+QTEMP:' }, parseQtemp),
      ),
      position: this.#wantsPosition ? await this.#position() : undefined,
      sinrScale: this.#sinrScale,
    });
    if (serving !== undefined || state.registered === false) return state;
    const quick = await session.tryAsk({ text: 'AT+QCSQ', prefix: '+QCSQ:' }, parseQcsq);
    return quick === undefined ? state : { ...state, fields: { ...state.fields, ...quickFields(quick) } };
  }

  #aggregation(serving: ServingCell | undefined) {
    if (serving?.lte === undefined) return undefined;
    return this.#session.cached('aggregation', SLOW_MS, () =>
      this.#session.tryAsk({ text: 'AT+QCAINFO', prefix: '+QCAINFO:' }, parseQcainfo),
    );
  }

  /** Refused without a fix, and while the receiver is off, because a busy modem refused to switch it on. */
  #position() {
    return this.#session.cached('position', SLOW_MS, async () => {
      const position = await this.#session.tryAsk(
        { text: 'AT+QGPSLOC=2', prefix: '+QGPSLOC:' },
        parseQgpsloc,
      );
      if (position === undefined) await this.#switchReceiverOn();
      return position;
    });
  }

  /** Refused if it is on already. */
  #switchReceiverOn() {
    return this.#session.tryAsk({ text: 'AT+QGPS=1' }, () => undefined);
  }
}
