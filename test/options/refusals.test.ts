import { describe, expect, it } from 'vitest';
import { secretsOf } from '../../src/secrets.ts';
import { type Inputs, read, readFile } from './read.ts';

describe('a value that is not accepted', () => {
  it.each([
    ['usage-red', 'abc', 'Option usage-red must be a number from 1 to 100 (percent, without the sign), not "abc".'],
    ['usage-red', '101', 'Option usage-red must be a number from 1 to 100 (percent, without the sign), not 101.'],
    ['usage-red', '0x50', 'Option usage-red must be a number from 1 to 100 (percent, without the sign), not "0x50".'],
    ['fail-on', 'orange', 'Option fail-on must be red, yellow or never, not "orange".'],
    ['draft', 'yes', 'Option draft must be true or false, not "yes".'],
    ['window', '5m', 'Option window must be a length of time in whole hours from 6h to 31d, not "5m".'],
    ['pull-request-limit', '2.5', 'Option pull-request-limit must be a whole number from 1 to 100, not 2.5.'],
  ])('%s: %s is named with what is accepted', (name, value, message) => {
    expect(messageOf({ [name]: value })).toBe(message);
  });

  it.each([
    ['window', '24', '1.5d', '-24h', '24 h', '90m', '400m', '32d', '9999999999h'],
    ['slow-window', '3d', '100h'],
    ['over-provisioned-above', '2GB', '0', '-1Gi', '1.5 Gi'],
    ['time-zone', 'Berlin', '+01:00', 'Europe/Nowhere'],
    ['at', 'yesterday', '2026-11-24', '2026-11-24T06:00:00', '2026-02-30T06:00:00Z', '2026-11-24T25:00:00Z'],
    ['report-directory', '/tmp', '../x', 'a/../b', '.github/reports', '.GIT', 'a\\b', 'C:x', '.', '/', './/'],
    // What Windows and macOS take for `.git` and `..`.
    [
      'report-directory',
      '.git.',
      '.git . ./x',
      'a/.Git /x',
      'GIT~1',
      'x/git~2',
      'GitHub~1',
      '.github./x',
      '.. /x',
      '...',
    ],
    ['report-directory', '.g\u200cit', '.git\ufeff/x', '.gi\u202et', '.git::$INDEX_ALLOCATION'],
    ['record', '/tmp/x', '../x', '.git/config', '.github/workflows/x.yml', '.GIT/x', '.git./x', 'git~1/x', 'a\u0000b'],
    ['report-name', 'report', 'a/{date}', '.{date}', '{date}\u0007'],
    ['cluster-name', 'a/b', '..', 'a..b', '-a', 'a.lock', 'a b', 'a.', '::error::'],
    [
      'prometheus-url',
      'prometheus:9090',
      'ftp://x',
      'http://',
      'http://x?y=1',
      'http://x/#a',
      'http://x y',
      'http://a:%ff@x',
      'http://x/%zz',
    ],
    ['prometheus-matchers', 'cluster=prod', '"', '__name__="up"', 'a="b"} or up{', 'a="b" c="d"'],
    ['query-pod', 'nacos-0', 'a/b/c/d', 'A/b', '--all/x/-y z'],
    ['report-branch', '-x', 'a..b', 'a b', 'a//b', '/a', 'a.lock', 'a/.b', 'x~1', '@', 'a@{1}'],
    ['namespaces', 'Shop', 'a/b', 'a b'],
    ['reviewers', 'a b', 'a/b', '-x'],
    ['manifests', '!', 'a\\b', '{a,b}.yaml'],
    ['labels', 'x'.repeat(51)],
    ['cluster-label', 'a-b'],
    ['limit-factor', '1', '1.05', '11'],
    ['request-factor', '0.5'],
  ])('%s refuses what cannot work', (name, ...values) => {
    for (const value of values) expect(messageOf({ [name]: value }), value).toContain(`Option ${name} `);
  });

  it('is told of every one at once', () => {
    expect(messageOf({ draft: 'yes', 'fail-on': 'no' })).toMatch(/Option draft .*\. Option fail-on .*\.$/);
  });

  it('names the file where it stands, and wants types, not texts, there', () => {
    expect(messageOf({}, 'usage-red: "80"')).toBe(
      'Option usage-red (in .github/memory-inspector.yml) must be a number from 1 to 100 (percent, without the sign), not "80".',
    );
    expect(messageOf({}, 'draft: "true"')).toContain('Option draft (in ');
    expect(messageOf({}, 'labels: {a: b}')).toContain('Option labels (in ');
    expect(messageOf({}, 'window: 24')).toContain('Option window (in ');
  });

  it('is shown short and without line breaks', () => {
    const message = messageOf({ 'fail-on': `a\n::error::${'x'.repeat(5000)}` });
    expect(message.length).toBeLessThan(200);
    expect(message).not.toContain('\n');
  });
});

describe('the config file', () => {
  it('knows slips', () => {
    expect(messageOf({}, 'usage-yelow: 3')).toBe(
      'Unknown option "usage-yelow" in .github/memory-inspector.yml. Did you mean usage-yellow?',
    );
    expect(messageOf({}, 'failOn: red')).toContain('Did you mean fail-on?');
    expect(messageOf({}, 'usage_red: 80')).toContain('Did you mean usage-red?');
    expect(messageOf({}, 'colour: blue')).toContain('The README lists all options.');
    expect(messageOf({}, '__proto__: 1')).toContain('Unknown option "__proto__"');
  });

  it.each(['prometheus-token: x', 'github-token: x', 'config: x', 'kubectl-oidc: true'])(
    'is no place for %s',
    (text) => {
      expect(messageOf({}, text)).toContain('cannot be set in .github/memory-inspector.yml. Set it as an input');
    },
  );

  it.each(['a: [b', 'draft: true\ndraft: false', '{{ a }}: b: c', 'a: &a [x]\nb: *c', '- a', 'text', '3'])(
    'must be a mapping of YAML, which %j is not',
    (text) =>
      expect(messageOf({}, text)).toMatch(/^\.github\/memory-inspector\.yml (is not valid YAML|must hold a mapping)/),
  );

  it('refuses an alias bomb', () => {
    const levels = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`);
    expect(messageOf({}, `a0: &a0 [x]\n${levels.join('\n')}`)).toContain('is not valid YAML');
  });

  it.each([
    ['overrides: [{ usage-red: 90 }]', 'Option overrides[0].match (in .github/memory-inspector.yml) is missing;'],
    [
      'overrides: [{ match: { nmae: x } }]',
      'has the unknown key "nmae"; it must be a mapping with the keys namespace, kind, name, container (did you mean name?)',
    ],
    ['overrides: [{ match: {} }]', 'must be at least one of namespace, kind, name, container'],
    ['overrides: [{ match: { name: x }, usage-red: 300 }]', 'Option overrides[0].usage-red (in '],
    ['overrides: { match: { name: x } }', 'must be a list of entries with match and thresholds'],
    ['ignore: [{ match: { name: x } }]', 'Option ignore[0].reason (in .github/memory-inspector.yml) is missing;'],
    ['ignore: [{ match: { name: x }, reason: y, until: 2026-02-30 }]', 'must be a date such as'],
    ['owners: [{ match: { name: x } }]', 'must be at least one of labels, reviewers, team-reviewers, assignees'],
    ['owners: [{ match: { name: x }, labels: [Memory-Inspector/rebase] }]', 'Option owners[0].labels (in '],
    ['owners: [{ reviewers: [ana] }]', 'Option owners[0].match (in .github/memory-inspector.yml) is missing;'],
    ['owners: [{ match: { name: x }, reviewers: [not a user] }]', 'Option owners[0].reviewers (in '],
    ['owners: [{ match: { name: x }, team-reviewer: [a] }]', 'did you mean team-reviewers?'],
    ['mappings: [{ match: { name: x }, file: ../x, path: a }]', 'Option mappings[0].file (in '],
    ['mappings: [{ match: { name: x }, file: x, path: a..b }]', 'Option mappings[0].path (in '],
  ])('%s is explained', (text, part) => {
    expect(messageOf({}, text)).toContain(part);
  });
});

describe('what cannot work together', () => {
  it.each<[Inputs, string]>([
    [{ 'usage-red': '60' }, 'Option usage-yellow (70) must not be above usage-red (60)'],
    [{ 'growth-yellow': '50' }, 'Option growth-yellow (50) must not be above growth-red (20)'],
    [{ 'over-provisioned-below': '75' }, 'Option over-provisioned-below (75) must not be above usage-yellow (70)'],
    [{ window: '8d' }, 'Option window must not be longer than slow-window'],
    [{ 'sizing-window': '1d', window: '25h' }, 'Option window must not be longer than sizing-window'],
  ])('%o', (inputs, part) => {
    expect(messageOf(inputs)).toContain(part);
  });

  it('counts for an override together with what it leaves as it is', () => {
    expect(messageOf({}, 'overrides: [{ match: { name: x }, usage-yellow: 90 }]')).toBe(
      'With overrides[0]: Option usage-yellow (90) must not be above usage-red (85).',
    );
    expect(readFile('overrides: [{ match: { name: x }, usage-yellow: 90, usage-red: 95 }]').overrides).toHaveLength(1);
  });

  it('leaves what can work: no yellow at all, or another red line with the same factor', () => {
    expect(read({ 'usage-yellow': '85' }).thresholds.usageYellow).toBe(85);
    expect(read({ 'usage-red': '75' }).thresholds).toMatchObject({ usageRed: 75, limitFactor: 1.3 });
  });
});

describe('secrets', () => {
  it.each<Inputs>([
    { 'prometheus-token': 'top secret' },
    { 'github-token': 'top secret' },
    { 'prometheus-headers': 'top secret' },
    { 'prometheus-url': 'ftp://user:top%20secret@host' },
    { 'prometheus-url': 'http://user:top/secret@host:9090' },
    { 'prometheus-url': 'user:top-secret@host:9090' },
  ])('never stand in an error: %o', (inputs) => {
    const message = messageOf(inputs);
    expect(message).toContain(`Option ${Object.keys(inputs)[0]} must be`);
    expect(message).not.toContain('secret@');
    expect(message).not.toContain('top');
  });

  it('are all named for masking, in every form that may be seen', () => {
    const options = read({
      'prometheus-token': 'aaa',
      'github-token': 'bbb',
      'prometheus-headers': 'Authorization: Bearer ccc\nX-Key: ddd\nX-Scope-OrgID: shop',
      'prometheus-url': 'https://user:p%40ss@host',
    });
    const basic = Buffer.from('user:p@ss').toString('base64');
    expect(new Set(secretsOf(options))).toEqual(
      new Set(['aaa', 'bbb', 'Bearer ccc', 'ccc', 'ddd', 'p%40ss', 'p@ss', basic]),
    );
    expect(secretsOf(read())).toEqual([]);
    const ofBasic = read({ 'prometheus-headers': `Authorization: Basic ${basic}`, 'prometheus-url': 'https://host' });
    expect(new Set(secretsOf(ofBasic))).toEqual(new Set([`Basic ${basic}`, basic, 'user:p@ss', 'p@ss']));
    expect(secretsOf(read({ 'prometheus-url': 'https://key@host' }))).toContain('key');
  });
});

function messageOf(inputs: Inputs, config?: string): string {
  try {
    if (config === undefined) read(inputs);
    else readFile(config, inputs);
  } catch (thrown) {
    return String(thrown instanceof Error ? thrown.message : thrown);
  }
  return 'accepted';
}
