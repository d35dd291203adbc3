import { expect, it } from 'vitest';
import { splitAnswers } from './split-answers.ts';

it.each([
  [['+QCAINFO: "PCC",1500,100,"LTE BAND 3",1,200,-89,-13,-58', '+QCAINFO: "SCC",3050,75,"LTE BAND 7"'], ''],
  [['+CREG: 0,0', '+CEREG: 0,1'], ' '],
  [['+QNWINFO: "a +CREG: b","45204"', '+CREG: 0,1'], ''],
])('two answers on one line are two: %j', (answers, between) => {
  expect(splitAnswers(answers.join(between))).toEqual(answers);
});

it.each(['', 'RM520N-GL', '+COPS: 0,2,"45204",7', '+CPIN: READY', 'unended "quote'])('%j is one', (line) => {
  expect(splitAnswers(line)).toEqual([line]);
});
