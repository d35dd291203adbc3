import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillTemplate, templateProblems, type Template } from './template.ts';

const KNOWN = ['title', 'count'];

it('fills in data, and keeps the type of a text that is one name and nothing else', () => {
  const template = { a: '{{title}}!', b: ['{{ count }}', '{{count}} of {{count}}'], c: 5, d: null, e: true };
  expect(fillTemplate(template, { title: 'x', count: 3 })).toEqual({
    ...{ a: 'x!', b: [3, '3 of 3'], c: 5, d: null, e: true },
  });
});

it('does not fill in what data contains', () => {
  expect(fillTemplate('{{title}} {{count}}', { title: '{{count}}', count: 1 })).toBe('{{count}} 1');
  expect(fillTemplate('a {{title}}', { title: '$& $1' })).toBe('a $& $1');
});

it('names what does not exist, and what is too deep', () => {
  const template = {
    text: '{{titel}}',
    list: ['{{}}', '{{count.toString}}', '{{constructor}}', '{{__proto__}}'],
  };
  expect(templateProblems(template, KNOWN).map((problem) => problem.split(',')[0])).toEqual([
    'body.text: there is no {{titel}}',
    'body.list[0]: there is no {{}}',
    'body.list[1]: there is no {{count.toString}}',
    'body.list[2]: there is no {{constructor}}',
    'body.list[3]: there is no {{__proto__}}',
  ]);
  const deep = Array.from({ length: 20 }).reduce<Template>((inner) => [inner], 'x');
  expect(templateProblems(deep, KNOWN)).toEqual([expect.stringContaining('more than 16 levels deep')]);
});

it('reads nothing but its data, whatever a template asks for', () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const filled = fillTemplate(`{{${name}}}`, { title: 'x' });
      expect(typeof filled).toBe('string');
      expect(String(filled)).not.toContain('function');
    }),
  );
});
