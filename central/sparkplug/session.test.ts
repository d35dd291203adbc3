import { describe, expect, it } from 'vitest';
import { decodePayload } from './payload.ts';
import { NodeSession, type Outcome } from './session.ts';
import { encode, metric, type MetricFields, type MetricValue } from './testing/encode.ts';
import type { DataTypeName } from '../../contract/sparkplug/data-types.ts';
import { parseSparkplugTopic } from '../../contract/sparkplug/topic.ts';

const LIMITS = { reorderTimeoutMs: 2_000, maxHeld: 32, maxMetrics: () => 50 };

/** An edge node's wire to a session, and a short word for each thing that the session makes of it. */
class Story {
  readonly session = new NodeSession(LIMITS);
  nowMs = 0;

  send(topic: string, seq: number | undefined, metrics: readonly MetricFields[] = []): string[] {
    const parsed = parseSparkplugTopic(`spBv1.0/${topic}`);
    if (parsed === undefined) throw new Error(`no topic: ${topic}`);
    const bytes = encode({ timestamp: 1_000, seq, metrics });
    return this.session.take({ topic: parsed, payload: decodePayload(bytes), bytes }, this.nowMs).map(tell);
  }

  nodeBirth(seq: number, bdSeq: number, metrics: readonly MetricFields[] = [RACK]): string[] {
    return this.send('g/NBIRTH/n', seq, [metric('bdSeq', 'UInt64', bdSeq), ...metrics]);
  }

  nodeDeath(bdSeq: number): string[] {
    return this.send('g/NDEATH/n', undefined, [metric('bdSeq', 'UInt64', bdSeq)]);
  }

  data(seq: number, ...metrics: readonly MetricFields[]): string[] {
    return this.send('g/NDATA/n', seq, metrics);
  }

  wait(ms: number): string[] {
    this.nowMs += ms;
    return this.session.expire(this.nowMs).map(tell);
  }
}

/** One column `a` of Floats, with one row. */
const DATA_SET = Buffer.from('080112016118092207' + '0a051d0000803f', 'hex');
const RACK = metric('Rack', 'Float', 20, { alias: 1 });

function tell(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'birth':
      return `${outcome.message.topic.device ?? 'node'} born with ${outcome.values.map(({ metric }) => metric.name).join(', ') || 'nothing'}`;
    case 'values':
      return `values of ${outcome.values.map((value) => value.metric.name).join(', ') || 'nothing'}`;
    case 'device-death':
      return `${String(outcome.message.topic.device)} died`;
    case 'death':
    case 'stale-death':
      return outcome.kind;
    case 'lost':
      return `${outcome.messages} lost`;
    case 'ask-rebirth':
      return 'ask';
    case 'refused':
      return `refused ${outcome.code}: ${outcome.reason}`;
  }
}

/** A metric as data messages carry it once there are aliases. */
function byAlias(alias: number, type: DataTypeName, value: MetricValue): MetricFields {
  return metric(undefined, type, value, { alias });
}

describe('a node', () => {
  it('is born, sends data by alias and by name, and dies', () => {
    const story = new Story();
    expect(story.nodeBirth(0, 3)).toEqual(['node born with Rack']);
    expect(story.data(1, byAlias(1, 'Float', 21))).toEqual(['values of Rack']);
    expect(story.data(2, metric('Rack', 'Float', 22))).toEqual(['values of Rack']);
    expect(story.nodeDeath(3)).toEqual(['death']);
    expect(story.session.state).toBe('dead');
  });

  it('that central does not know is asked for its birth, and its data is not guessed', () => {
    const story = new Story();
    expect(story.data(17, byAlias(1, 'Float', 21))).toEqual([
      'refused before-birth: NDATA before a birth',
      'ask',
    ]);
    expect(story.nodeBirth(18, 3)).toEqual(['node born with Rack']);
    expect(story.data(19, byAlias(1, 'Float', 21))).toEqual(['values of Rack']);
  });

  it('that was born again is not killed by the will of its former connection', () => {
    const story = new Story();
    story.nodeBirth(0, 3);
    story.nodeBirth(0, 4);
    expect(story.nodeDeath(3)).toEqual(['stale-death']);
    expect(story.session.state).toBe('born');
    expect(story.nodeDeath(4)).toEqual(['death']);
    expect(story.nodeDeath(4)).toEqual(['stale-death']);
  });

  it('says nothing more after its death until it is born again', () => {
    const story = new Story();
    story.nodeBirth(0, 255);
    story.nodeDeath(255);
    expect(story.data(1, RACK)).toEqual(['refused before-birth: NDATA after the death of its node', 'ask']);
    expect(story.nodeBirth(0, 0)).toEqual(['node born with Rack']);
  });

  it('whose bdSeq is no number from 0 to 255 has it refused by name, and still dies of its own death alone', () => {
    const story = new Story();
    expect(story.nodeBirth(0, 256)).toEqual([
      'node born with Rack',
      'refused bad-bdseq: bdSeq is 256: 0 to 255 was expected, it is ignored',
    ]);
    expect(story.session.bdSeq).toBeUndefined();
    expect(story.nodeDeath(257)).toEqual(['stale-death']);
    expect(story.nodeDeath(256)).toEqual(['death']);
  });

  it('may be born with any number from 0 to 255', () => {
    const story = new Story();
    story.nodeBirth(255, 1);
    expect(story.data(0, RACK)).toEqual(['values of Rack']);
  });
});

describe('a gap', () => {
  it('that closes in time is none', () => {
    const story = new Story();
    story.nodeBirth(0, 1);
    expect(story.data(2, metric('Rack', 'Float', 2))).toEqual([]);
    expect(story.wait(1_999)).toEqual([]);
    expect(story.data(1, metric('Rack', 'Float', 1))).toEqual(['values of Rack', 'values of Rack']);
    expect(story.wait(10_000)).toEqual([]);
  });

  it('that does not close is counted, and makes aliases unsafe until the next birth', () => {
    const story = new Story();
    story.nodeBirth(0, 1);
    story.data(4, metric('Rack', 'Float', 2));
    expect(story.wait(2_000)).toEqual(['3 lost', 'ask', 'values of Rack']);
    expect(story.data(5, byAlias(1, 'Float', 3))).toEqual([
      'values of nothing',
      'refused alias-after-gap: alias 1 (Rack before) after a gap: a birth may have been missed',
      'ask',
    ]);
    story.nodeBirth(6, 1);
    expect(story.data(7, byAlias(1, 'Float', 3))).toEqual(['values of Rack']);
  });

  it('of more than half the numbers cannot be told from a repeat: nothing is guessed', () => {
    const story = new Story();
    story.nodeBirth(0, 1);
    expect(story.data(200, RACK)).toEqual([
      'refused out-of-order: NDATA with sequence number 200 comes twice or far out of order',
      'ask',
    ]);
  });

  it('before a rebirth is closed by it', () => {
    const story = new Story();
    story.nodeBirth(0, 1);
    story.data(2, metric('Rack', 'Float', 2));
    expect(story.nodeBirth(0, 1)).toEqual(['1 lost', 'ask', 'values of Rack', 'node born with Rack']);
  });
});

describe('a device', () => {
  const volts = metric('Volts', 'UInt16', 230, { alias: 7 });

  it('is born, sends data, dies and comes back', () => {
    const story = new Story();
    story.nodeBirth(0, 1);
    expect(story.send('g/DBIRTH/n/ups', 1, [volts])).toEqual(['ups born with Volts']);
    expect(story.send('g/DDATA/n/ups', 2, [byAlias(7, 'UInt16', 231)])).toEqual(['values of Volts']);
    expect(story.send('g/DDEATH/n/ups', 3)).toEqual(['ups died']);
    expect(story.session.devices).toEqual([]);
    expect(story.send('g/DDATA/n/ups', 4, [byAlias(7, 'UInt16', 231)])).toEqual([
      'refused before-birth: DDATA of a device that was not born',
      'ask',
    ]);
    expect(story.send('g/DBIRTH/n/ups', 5, [volts])).toEqual(['ups born with Volts']);
  });

  it('cannot speak under the alias of another', () => {
    const story = new Story();
    story.nodeBirth(0, 1);
    story.send('g/DBIRTH/n/ups', 1, [volts]);
    const [, refused, asked] = story.send('g/DDATA/n/ups', 2, [byAlias(1, 'Float', 1)]);
    expect([refused, asked]).toEqual([
      'refused wrong-alias: alias 1 was given to Rack of the node itself',
      'ask',
    ]);
  });

  it('that takes an alias which is in use makes it mean nothing', () => {
    const story = new Story();
    story.nodeBirth(0, 1);
    expect(story.send('g/DBIRTH/n/ups', 1, [metric('Amps', 'Float', 1, { alias: 1 })])).toEqual([
      'ups born with Amps',
      'refused alias-reused: alias 1 is given to Amps and to Rack of the node itself: it means neither',
    ]);
    expect(story.data(2, byAlias(1, 'Float', 1))[1]).toBe(
      'refused unknown-alias: alias 1 was given to two metrics',
    );
    expect(story.send('g/DDATA/n/ups', 3, [metric('Amps', 'Float', 2)])).toEqual(['values of Amps']);
  });

  it('may take an alias that its own earlier birth had', () => {
    const story = new Story();
    story.nodeBirth(0, 1);
    story.send('g/DBIRTH/n/ups', 1, [volts]);
    expect(story.send('g/DBIRTH/n/ups', 2, [metric('Amps', 'Float', 1, { alias: 7 })])).toEqual([
      'ups born with Amps',
    ]);
    expect(story.send('g/DDATA/n/ups', 3, [byAlias(7, 'Float', 2)])).toEqual(['values of Amps']);
  });
});

describe('a metric', () => {
  it('with an alias of no birth is refused and a rebirth asked for; the others are taken', () => {
    const story = new Story();
    story.nodeBirth(0, 1);
    expect(story.data(1, RACK, byAlias(99, 'Float', 1))).toEqual([
      'values of Rack',
      'refused unknown-alias: alias 99 is in no birth certificate',
      'ask',
    ]);
  });

  it('that changes its type is refused', () => {
    const story = new Story();
    story.nodeBirth(0, 1);
    expect(story.data(1, metric('Rack', 'String', 'warm'))).toEqual([
      'values of nothing',
      'refused type-changed: Rack is sent as String, but was born as Float',
      'ask',
    ]);
  });

  it.each<[DataTypeName, MetricValue]>([
    ['Bytes', Buffer.from('ab')],
    ['DataSet', DATA_SET],
    ['Template', encode({ metrics: [metric('a', 'Float', 1)] })],
  ])('of the type %s is named at birth and not stored', (type, value) => {
    const story = new Story();
    expect(story.nodeBirth(0, 1, [RACK, metric('Odd', type, value)])).toEqual([
      'node born with Rack',
      `refused not-stored: Odd is a ${type}, which is not stored`,
    ]);
    expect(story.data(1, metric('Odd', type, value))[1]).toBe(
      `refused not-stored: Odd is a ${type}, which is not stored`,
    );
  });

  it('beyond what a node may have is refused by name', () => {
    const story = new Story();
    const many = Array.from({ length: 49 }, (_, at) => metric(`M${at}`, 'Float', at));
    expect(story.nodeBirth(0, 1, many)[1]).toBe(
      'refused too-many-metrics: a node may have 50 metrics and devices: M48',
    );
  });

  it('of the protocol itself is no measurement and no surprise', () => {
    const story = new Story();
    const control = metric('Node Control/Rebirth', 'Boolean', false);
    expect(story.nodeBirth(0, 1, [control])).toEqual(['node born with nothing']);
    expect(story.data(1, control)).toEqual(['values of nothing']);
  });
});

it('a message without a sequence number is refused', () => {
  const story = new Story();
  expect(story.nodeBirth(0, 1)).toHaveLength(1);
  expect(story.send('g/NDATA/n', undefined, [RACK])).toEqual([
    'refused no-seq: NDATA has no sequence number',
  ]);
});
