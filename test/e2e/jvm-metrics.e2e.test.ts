import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBundle } from '../bundle/run-bundle.ts';
import { ACTUATOR, JVM_PAGE } from './jvm-metrics/scenes.ts';
import { NAMESPACES, PROMETHEUS_URL, startScenes } from './jvm-metrics/start.ts';

interface Told {
  readonly name: string;
  readonly state: string;
  readonly link?: string;
  readonly text?: string;
  readonly fix?: string;
}

let scenes: Awaited<ReturnType<typeof startScenes>>;
beforeAll(async () => {
  scenes = await startScenes();
}, 180_000);
afterAll(() => scenes?.stop());

/** What a run says of each JVM, by name, and its report. */
async function inspect(kubeconfig: string, inputs: Readonly<Record<string, string>> = {}) {
  const run = await runBundle({
    inputs: { namespaces: NAMESPACES.join(','), 'prometheus-url': PROMETHEUS_URL, 'fail-on': 'never', ...inputs },
    env: { KUBECONFIG: kubeconfig },
  });
  const read = (output: string) => readFileSync(join(run.workspace, run.outputs[output] ?? run.log), 'utf8');
  const { jvmMetrics = [] } = JSON.parse(read('report-json-path')) as { readonly jvmMetrics?: readonly Told[] };
  return { run, told: new Map(jvmMetrics.map((one) => [one.name, one])), report: read('report-path') };
}

describe('the way of the JVM metrics, with the documented rights', () => {
  let first: Awaited<ReturnType<typeof inspect>>;
  beforeAll(async () => {
    first = await inspect(scenes.kubeconfigs.all);
  });

  it.each([
    ['right', 'covered', undefined, undefined],
    ['arriving', 'young', undefined, undefined],
    ['bare', 'broken', 'no monitor', 'add monitor'],
    ['gone', 'broken', 'endpoint', undefined],
    ['path', 'broken', 'path', 'change monitor'],
    ['port', 'broken', 'port', 'change monitor'],
    ['labels', 'broken', 'labels', 'change monitor'],
    ['unlabelled', 'broken', 'not selected', 'change monitor'],
    ['elsewhere', 'broken', 'namespace', undefined],
    ['apart', 'broken', 'not selected', undefined],
  ])('tells of "%s" that it is %s (%s), and how to mend it', (name, state, link, fix) => {
    const { state: found, link: foundLink, fix: foundFix } = first.told.get(name) ?? {};
    expect([found, foundLink, foundFix]).toEqual([state, link, fix]);
  });

  it('says it in the report, in words and as YAML to copy', () => {
    const section = /## JVM metrics[\s\S]*?(?=\n## )/.exec(first.report)?.[0] ?? '';
    expect(section).toContain('JVM metrics arrive from 1 of 10 containers.');
    expect(section).toContain('answers with **status 404**');
    expect(section).toContain('asks for the port `http`, but the Service has `service-api`');
    expect(section).toMatch(/kind: ServiceMonitor\n {2}metadata:\n {4}name: bare\n[\s\S]*path: \/actuator\/prometheus/);
    expect(section).not.toContain('could not be read');
  });

  it('is told the same from its recording', async () => {
    const recorded = await inspect(scenes.kubeconfigs.all, { record: 'case.json.gz' });
    const files = { 'case.json.gz': readFileSync(join(recorded.run.workspace, 'case.json.gz')) };
    const again = await runBundle({ inputs: { recording: 'case.json.gz', 'fail-on': 'never' }, files });
    const read = (path: string | undefined) => JSON.parse(readFileSync(join(again.workspace, path ?? ''), 'utf8'));
    expect(read(again.outputs['report-json-path']).jvmMetrics).toEqual([...recorded.told.values()]);
  });

  it('finds the series that arrived between two runs', async () => {
    await scenes.publish('arriving', ACTUATOR, JVM_PAGE, 'jvm_memory_used_bytes');
    const { told } = await inspect(scenes.kubeconfigs.all);
    expect(told.get('arriving')?.state).toBe('covered');
  });
});

describe('without the optional rights', () => {
  it('what cannot be seen is said, and fails nothing', async () => {
    const { told, run, report } = await inspect(scenes.kubeconfigs.few);
    expect(run.outputs.outcome).not.toBe('error');
    expect(told.get('right')?.state).toBe('covered');
    for (const name of ['bare', 'port', 'labels', 'apart']) expect(told.get(name)?.state).toBe('unknown');
    expect(report).toContain('Services could not be read and monitors could not be read');
    expect(report).not.toMatch(/Missing:.*(?:services|monitors)/i);
  });

  it('a target that Prometheus has is told all the same', async () => {
    const { told } = await inspect(scenes.kubeconfigs.few);
    expect(told.get('gone')).toMatchObject({ state: expect.stringMatching(/^(?:broken|young)$/) });
  });
});
