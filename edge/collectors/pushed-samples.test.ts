import { beforeEach, describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { PushedSamples, MAX_WAITING_SENDERS, MAX_WAITING_SAMPLES } from './pushed-samples.ts';

const sample: Sample = { measurement: 'mem', tags: {}, fields: { total: 1n }, timeMs: 1 };
interface HandOver {
  readonly samples: number;
  readonly reportDurable: (isDurable: boolean) => void;
}

describe('samples that senders push between two runs', () => {
  let pushed: PushedSamples;
  let handedOver: HandOver[];
  beforeEach(() => {
    handedOver = [];
    pushed = new PushedSamples({
      clock: new ManualClock(),
      handOver: (samples, reportDurable) => handedOver.push({ samples: samples.length, reportDurable }),
    });
  });
  const add = (count: number) => Array.from({ length: count }, () => pushed.add([sample], 10));

  it('wait for the next run while few senders wait for their answer', () => {
    void add(MAX_WAITING_SENDERS - 1);
    for (let datagram = 0; datagram < 100; datagram++) pushed.addUnconfirmed([sample], 10);
    expect(handedOver).toEqual([]);
    expect(pushed.take().samples).toHaveLength(MAX_WAITING_SENDERS - 1 + 100);
  });

  it('are handed over when many senders wait, one write after the other, and each sender gets its own answer', async () => {
    const first = add(MAX_WAITING_SENDERS);
    const second = add(3 * MAX_WAITING_SENDERS);
    const few = add(1);
    expect(handedOver).toMatchObject([{ samples: MAX_WAITING_SENDERS }]);
    handedOver[0]?.reportDurable(true);
    expect(await Promise.all(first)).toEqual(first.map(() => true));
    expect(handedOver).toMatchObject([
      { samples: MAX_WAITING_SENDERS },
      { samples: 3 * MAX_WAITING_SENDERS + 1 },
    ]);
    handedOver[1]?.reportDurable(false);
    expect(await Promise.all([...second, ...few])).toEqual([...second, ...few].map(() => false));
    expect(handedOver).toHaveLength(2);
  });

  it('are not handed over while the samples of a run are not yet on disk', async () => {
    const early = add(1);
    const { reportDurable } = pushed.take();
    void add(MAX_WAITING_SENDERS);
    expect(handedOver).toEqual([]);
    reportDurable(true);
    await Promise.all(early);
    expect(handedOver).toMatchObject([{ samples: MAX_WAITING_SENDERS }]);
  });

  it('are handed over when the next message does not fit, however few senders wait', async () => {
    const large = new Array<Sample>(MAX_WAITING_SAMPLES - 1).fill(sample);
    void pushed.add(large, 10);
    const next = pushed.addWhenRoom([sample, sample], 10);
    expect(handedOver).toMatchObject([{ samples: MAX_WAITING_SAMPLES - 1 }]);
    await next;
    expect(handedOver).toHaveLength(1);
    expect(pushed.take().samples).toHaveLength(2);
  });

  it('are refused on close, after the senders of those handed over got their answer', async () => {
    const answers: string[] = [];
    const record = (who: string) => (isDurable: boolean) => answers.push(`${who} ${isDurable}`);
    const first = add(MAX_WAITING_SENDERS).map((durable) => durable.then(record('taken')));
    const late = add(1).map((durable) => durable.then(record('waiting')));
    const closed = pushed.close();
    const after = add(1).map((durable) => durable.then(record('after close')));
    expect(answers).toEqual([]);
    handedOver[0]?.reportDurable(true);
    await Promise.all([closed, ...first, ...late, ...after]);
    expect(answers.slice(0, MAX_WAITING_SENDERS)).toEqual(first.map(() => 'taken true'));
    expect(answers.slice(MAX_WAITING_SENDERS).sort()).toEqual(['after close false', 'waiting false']);
  });

  it('are refused after close', async () => {
    const waiting = add(2);
    await pushed.close();
    expect(await Promise.all([...waiting, ...add(MAX_WAITING_SENDERS)])).not.toContain(true);
    expect(handedOver).toEqual([]);
  });
});
