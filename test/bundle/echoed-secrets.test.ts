import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { podName } from '../cluster/generate-cluster.ts';
import { type BundleRun, runBundle } from './run-bundle.ts';
import { type Reply, startBoth, startCluster } from './stand-ins.ts';

const kubectlIsHere = spawnSync('kubectl', ['version', '--client']).status === 0;

/** The query and what to echo, as JSON writes it within a string. */
type Gateway = (query: string, isRange: boolean, echo: { readonly text: string; readonly json: string }) => Reply;

const LABELS = `"namespace":"shop","pod":"${podName(0, 0)}","container":"app","__name__":"container_memory_working_set_bytes"`;

function success(isRange: boolean, labels: string, more: string): Reply {
  const result = isRange
    ? '"values":[[1795500000,"1000000"],[1795500300,"1000000"]]'
    : '"value":[1795500000,"1000000"]';
  return {
    status: 200,
    body: `{"status":"success"${more},"data":{"result":[{"metric":{${LABELS}${labels}},${result}}]}}`,
  };
}

/** Every place of an answer from which something is shown. */
const gateways: Readonly<Record<string, Gateway>> = {
  'in the warnings of a whole answer': (_, isRange, { json }) =>
    success(isRange, '', `,"warnings":["store ${json} is down"]`),
  'as the name of a cluster': (query, isRange, { json }) => {
    const one = success(isRange, `,"cluster":"${json}"`, '');
    if (!query.startsWith('count')) return one;
    return {
      ...one,
      body: one.body.replace(
        /\[(\{"metric.*\})\]/,
        '[$1,{"metric":{"cluster":"b","namespace":"shop"},"value":[1,"1"]}]',
      ),
    };
  },
  'as a namespace and a container': (_, isRange, { json }) => {
    const more = `,"exported_container":"${json}","exported_pod":"${json}"`;
    return success(isRange, more, '');
  },
  'in the error of a refusal': (_, __, { json }) => ({
    status: 403,
    body: `{"status":"error","errorType":"${json}","error":"token ${json} may not"}`,
  }),
  'in an error for every namespace': (query, isRange, { json }) =>
    /^(vector|count)/.test(query)
      ? success(isRange, '', '')
      : { status: 422, body: `{"status":"error","errorType":"execution","error":"too many samples for ${json}"}` },
  'in the title of a page': (_, __, { text }) => ({ status: 200, body: `<html><title>Hello ${text}</title>` }),
  'in the text of an error': (_, __, { text }) => ({
    status: 500,
    body: `no tenant for Authorization: ${text}, go away`,
  }),
  'as a text at the place of an answer': (_, __, { text }) => ({ status: 200, body: `unknown token ${text}` }),
  'in a redirect': (_, __, { text }) => ({
    status: 302,
    body: '',
    location: `https://sso.example/${encodeURI(text)}/x?y`,
  }),
};

/** What a server may make of the header that it got. */
const forms: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  percent: (text) => Buffer.from(text).toString('hex').replace(/../g, '%$&'),
  html: (text) => Array.from(text, (unit) => `&#${unit.charCodeAt(0)};`).join(''),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 of more': (text) => Buffer.from(`me:${text}!`).toString('base64url'),
  'base64 of yet more': (text) => Buffer.from(`user:${text}`).toString('base64'),
};

let both: Awaited<ReturnType<typeof startBoth>>;
let answer: (query: string, isRange: boolean) => Reply;

beforeAll(async () => {
  both = await startBoth(startCluster(), (params, isRange) => answer(params.get('query') ?? '', isRange));
});

afterAll(() => both.close());

function everythingShown(run: BundleRun): string {
  const files = run.written.map((path) => {
    const content = readFileSync(join(run.workspace, path));
    return path.endsWith('.gz') ? gunzipSync(content).toString() : content.toString();
  });
  const log = run.log.replace(/^::add-mask::.*$/gm, '');
  return [log, run.summary, JSON.stringify(run.outputs), ...Object.values(run.outputs), ...run.written, ...files].join(
    '\n',
  );
}

const escapeInJson = (text: string) =>
  Array.from(text, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const writtenInJson = (text: string) => JSON.stringify(text).slice(1, -1);

/** With every letter that some encoding writes otherwise. */
const SECRET = 't0kaZ9._-+/=~$"\\<&%\'{|x';

// Needs kubectl: the bundle reads the cluster before it asks Prometheus.
describe.runIf(kubectlIsHere)('a secret that a gateway echoes', () => {
  it.each(Object.entries(gateways))(
    '%s is in nothing that the run shows or writes, in any form',
    async (_, gateway) => {
      const texts = Object.values(forms).map((write) => write(SECRET));
      const text = texts.join(' ');
      const json = texts.flatMap((one) => [escapeInJson(one), writtenInJson(one)]).join(' ');
      answer = (query, isRange) => gateway(query, isRange, { text, json });
      const run = await runBundle({
        inputs: {
          namespaces: 'shop',
          'prometheus-url': both.url,
          'prometheus-access': 'direct',
          'prometheus-token': SECRET,
          record: 'case.json.gz',
          at: '2026-11-24T06:05:00Z',
        },
        env: { KUBECONFIG: both.kubeconfig, RUNNER_DEBUG: '1' },
      });
      const shown = everythingShown(run);
      const hidden = [SECRET, ...texts].map((one) => one.replace(/=+$/, ''));
      for (const one of [...hidden, writtenInJson(SECRET), encodeURI(SECRET)]) expect(shown).not.toContain(one);
      expect(shown).toContain('***');
      expect(shown).not.toContain('This is a bug');
    },
  );

  it('takes no name of the cluster for a secret, though a header has the same value', async () => {
    answer = (_, isRange) => success(isRange, '', '');
    const run = await runBundle({
      inputs: {
        namespaces: 'shop',
        'prometheus-url': both.url,
        'prometheus-access': 'direct',
        'prometheus-headers': 'X-Tenant: shop',
        record: 'case.json',
        at: '2026-11-24T06:05:00Z',
      },
      env: { KUBECONFIG: both.kubeconfig },
    });
    const recording = JSON.parse(readFileSync(join(run.workspace, 'case.json'), 'utf8'));
    expect(recording.measurements).toMatchObject([{ namespace: 'shop', pod: podName(0, 0), container: 'app' }]);
  });
});
