import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { anyOf, checkLabelName, checkMatchers, quote, selectors } from '../../src/prometheus/promql.ts';

describe('quote', () => {
  it('gives a literal of one line that reads back as the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\r', '\t', '}', '$', 'é') }), (text) => {
        const literal = quote(text);
        expect(literal).not.toMatch(/[\n\r]/);
        expect(JSON.parse(literal)).toBe(text);
      }),
    );
  });
});

describe('anyOf', () => {
  it('matches the given texts and nothing else', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '|', '(', ')', '[', '\\', '-', '$', '^', '+') });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (texts, other) => {
        const anchored = new RegExp(`^(?:${JSON.parse(anyOf(texts))})$`);
        for (const each of texts) expect(anchored.test(each)).toBe(true);
        expect(anchored.test(other)).toBe(texts.includes(other));
      }),
    );
  });
});

describe('checkMatchers', () => {
  it.each([
    [undefined, ''],
    ['', ''],
    ['cluster="prod"', 'cluster="prod"'],
    ['{cluster="prod", env =~ "a|b",}', 'cluster="prod",env =~ "a|b"'],
    ['note="a,b}\\"c"', 'note="a,b}\\"c"'],
  ])('takes %s', (option, expected) => {
    expect(checkMatchers(option)).toBe(expected);
  });

  it.each(['prod', 'cluster=prod', 'cluster="prod"} or up{a="b"', 'a="b" c="d"', 'a="b'])('refuses %s', (option) => {
    expect(() => checkMatchers(option)).toThrow(UserError);
    expect(() => checkMatchers(option)).toThrow(/prometheus-matchers/);
  });
});

describe('selectors', () => {
  it('looks for renamed rows by their own namespace, never by that of the exporter', () => {
    const found = selectors('m', { namespaces: ['a.b', 'c'], matchers: 'cluster="x"' });
    expect(found).toEqual([
      'm{namespace=~"a\\\\.b|c",exported_namespace="",container!="",container!="POD",exported_container!="POD",cluster="x"}',
      'm{exported_namespace=~"a\\\\.b|c",container!="",container!="POD",exported_container!="POD",cluster="x"}',
    ]);
  });

  it('needs one selector for all namespaces', () => {
    expect(selectors('m', { namespaces: 'all', matchers: '' }, ['x="y"'])).toEqual([
      'm{container!="",container!="POD",exported_container!="POD",x="y"}',
    ]);
  });
});

it('checkLabelName refuses what is no label', () => {
  expect(checkLabelName('cluster')).toBe('cluster');
  expect(() => checkLabelName('a) (b')).toThrow(/cluster-label/);
});
