import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { OPENTELEMETRY_UTF8 } from '../../src/prometheus/dialect.ts';
import { anyOf, checkLabelName, checkMatchers, quote, type Selection, selectors } from '../../src/prometheus/promql.ts';

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
    expect(found.map(({ text }) => text)).toEqual([
      'm{namespace=~"a\\\\.b|c",exported_namespace="",container!="",container!="POD",exported_container!="POD",cluster="x"}',
      'm{exported_namespace=~"a\\\\.b|c",container!="",container!="POD",exported_container!="POD",cluster="x"}',
    ]);
  });

  it('needs one selector for all namespaces', () => {
    const found = selectors('m', { namespaces: 'all', matchers: '' }, ['x="y"']);
    expect(found.map(({ text }) => text)).toEqual([
      'm{container!="",container!="POD",exported_container!="POD",x="y"}',
    ]);
  });
});

it('checkLabelName refuses what is no label', () => {
  expect(checkLabelName('cluster')).toBe('cluster');
  expect(() => checkLabelName('a) (b')).toThrow(/cluster-label/);
});

describe('selectors of all namespaces and of other dialects', () => {
  it('leaves out patterns of namespaces, whatever label names them', () => {
    const found = selectors('m', { namespaces: 'all', except: ['kube-*', 'a.?'], matchers: '' });
    expect(found.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^m\{namespace!~"kube-\.\*\|a\\\\\.\.",exported_namespace="",/),
      expect.stringMatching(/^m\{exported_namespace!~"kube-\.\*\|a\\\\\.\.",exported_namespace!="",/),
    ]);
  });

  it('speaks the dialect of the selection about usage, and gives its rows the usual labels', () => {
    const selection: Selection = { namespaces: ['a'], matchers: 'x="y"', dialect: OPENTELEMETRY_UTF8 };
    const [found, ...more] = selectors('container_memory_rss', selection, ['container=~"app"']);
    expect(more).toEqual([]);
    expect(found?.text).toBe(
      '{__name__=~"container\\\\.memory\\\\.rss","k8s.namespace.name"!="","k8s.container.name"!="","k8s.namespace.name"=~"a","k8s.container.name"=~"app",x="y"}',
    );
    expect(found?.rename('v')).toContain('"pod", "$1", "k8s.pod.name", "(.*)")');
    const [exporter, ...others] = selectors('kube_pod_container_resource_limits', selection);
    expect(exporter?.text).toMatch(/^kube_pod_container_resource_limits\{namespace=~"a"/);
    expect(others.map(({ text }) => text).at(-1)).toMatch(/k8s\\\\.container\\\\.memory_limit/);
    expect(selectors('up', selection, [], 'any')).toHaveLength(2);
  });
});
