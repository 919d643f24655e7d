import { expect, test } from 'vitest';
import { nameFlags } from '../../src/terminal/name-flags.ts';

test.each([
  ['Option window must be a length of time', '--window must be a length of time'],
  ['Without the option namespaces, the whole cluster is read', 'Without --namespaces, the whole cluster is read'],
  ['Set prometheus-url, for example http://a', 'Set --prometheus-url, for example http://a'],
  [
    'Check prometheus-url, prometheus-access and query-pod.',
    'Check --prometheus-url, --prometheus-access and --query-pod.',
  ],
  ['Check prometheus-token.', 'Check MEMORY_INSPECTOR_PROMETHEUS_TOKEN.'],
  [
    'the option labels, --fail-on, a/fail-on, "fail-on" and window stay',
    'the option labels, --fail-on, a/fail-on, "fail-on" and window stay',
  ],
])('"%s" is said in a terminal as "%s"', (sentence, said) => {
  expect(nameFlags(sentence)).toBe(said);
});
