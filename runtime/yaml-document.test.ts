import { describe, expect, it } from 'vitest';
import { composeYaml } from './yaml-document.ts';

const valueOf = (text: string): unknown => composeYaml(text).document?.toJS();

describe('a YAML text', () => {
  it('is one document', () => {
    expect(valueOf('a: [1, { b: 2 }]\n')).toEqual({ a: [1, { b: 2 }] });
    expect(valueOf('')).toBeNull();
    expect(composeYaml('a: 1\n---\na: 2\n').problems).toEqual(['more than one document']);
  });

  it('with mistakes says where they are', () => {
    expect(composeYaml('a: [1,\nb: 2').problems[0]).toMatch(/ at line 2, column \d+$/);
  });

  // Each of these ended the process, or nearly so.
  it.each(['[', '{a: ', '- ', '? ', '- ? ', '[a,', ' a:\n'])('of %j again and again is refused', (part) => {
    const nested =
      part === ' a:\n'
        ? Array.from({ length: 1_000 }, (_, depth) => ' '.repeat(depth) + 'a:\n').join('')
        : part.repeat(20_000);
    expect(composeYaml(nested)).toEqual({
      document: undefined,
      problems: ['nested more than 100 levels deep'],
    });
  });
});
