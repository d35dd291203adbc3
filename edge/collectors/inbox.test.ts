import { beforeEach, describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { Inbox, MANY_WAIT, MAX_WAITING_SAMPLES } from './inbox.ts';

const sample: Sample = { measurement: 'mem', tags: {}, fields: { total: 1n }, timeMs: 1 };
interface HandOver {
  readonly samples: number;
  readonly settle: (isDurable: boolean) => void;
}

describe('what senders deliver between two runs', () => {
  let inbox: Inbox;
  let handedOver: HandOver[];
  beforeEach(() => {
    handedOver = [];
    inbox = new Inbox({
      clock: new ManualClock(),
      handOver: (samples, settle) => handedOver.push({ samples: samples.length, settle }),
    });
  });
  const put = (count: number) => Array.from({ length: count }, () => inbox.put([sample], 10));

  it('waits for the next run while few wait for their answer', () => {
    void put(MANY_WAIT - 1);
    for (let datagram = 0; datagram < 100; datagram++) inbox.leave([sample], 10);
    expect(handedOver).toEqual([]);
    expect(inbox.take().samples).toHaveLength(MANY_WAIT - 1 + 100);
  });

  it('is handed over when many wait, one write after the other, and each sender hears of its own', async () => {
    const first = put(MANY_WAIT);
    const second = put(3 * MANY_WAIT);
    const few = put(1);
    expect(handedOver).toMatchObject([{ samples: MANY_WAIT }]);
    handedOver[0]?.settle(true);
    expect(await Promise.all(first)).toEqual(first.map(() => true));
    expect(handedOver).toMatchObject([{ samples: MANY_WAIT }, { samples: 3 * MANY_WAIT + 1 }]);
    handedOver[1]?.settle(false);
    expect(await Promise.all([...second, ...few])).toEqual([...second, ...few].map(() => false));
    expect(handedOver).toHaveLength(2);
  });

  it('is not handed over beside a run whose samples are not yet on disk', async () => {
    const early = put(1);
    const { settle } = inbox.take();
    void put(MANY_WAIT);
    expect(handedOver).toEqual([]);
    settle(true);
    await Promise.all(early);
    expect(handedOver).toMatchObject([{ samples: MANY_WAIT }]);
  });

  it('is handed over when there is no room for the next message, however few wait', async () => {
    const large = new Array<Sample>(MAX_WAITING_SAMPLES - 1).fill(sample);
    void inbox.put(large, 10);
    const next = inbox.putWhenRoom([sample, sample], 10);
    expect(handedOver).toMatchObject([{ samples: MAX_WAITING_SAMPLES - 1 }]);
    await next;
    expect(handedOver).toHaveLength(1);
    expect(inbox.take().samples).toHaveLength(2);
  });

  it('is refused at the end, after those that were handed over have heard of theirs', async () => {
    const heard: string[] = [];
    const note = (who: string) => (isDurable: boolean) => heard.push(`${who} ${isDurable}`);
    const first = put(MANY_WAIT).map((settled) => settled.then(note('taken')));
    const late = put(1).map((settled) => settled.then(note('waiting')));
    const closed = inbox.close();
    const after = put(1).map((settled) => settled.then(note('after the end')));
    expect(heard).toEqual([]);
    handedOver[0]?.settle(true);
    await Promise.all([closed, ...first, ...late, ...after]);
    expect(heard.slice(0, MANY_WAIT)).toEqual(first.map(() => 'taken true'));
    expect(heard.slice(MANY_WAIT).sort()).toEqual(['after the end false', 'waiting false']);
  });

  it('is refused after the end', async () => {
    const waiting = put(2);
    await inbox.close();
    expect(await Promise.all([...waiting, ...put(MANY_WAIT)])).not.toContain(true);
    expect(handedOver).toEqual([]);
  });
});
