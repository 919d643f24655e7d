import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runBundle } from './run-bundle.ts';

const kubectlIsHere = spawnSync('kubectl', ['version', '--client']).status === 0;

/** What a job's step has in its environment beside the inputs. */
const job = {
  GITHUB_TOKEN: 'ghs_workflow',
  GH_TOKEN: 'ghs_workflow',
  GITHUB_ENTERPRISE_TOKEN: 'ghs_enterprise',
  GH_ENTERPRISE_TOKEN: 'ghs_enterprise',
  ACTIONS_RUNTIME_TOKEN: 'runtime-token',
  ACTIONS_CACHE_URL: 'https://cache.example',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://oidc.example',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc-request-token',
  GITHUB_ENV: '/runner/env',
  GITHUB_PATH: '/runner/path',
  GITHUB_STATE: '/runner/state',
};
const kept = {
  AWS_SECRET_ACCESS_KEY: 'cloud-credential',
  GOOGLE_APPLICATION_CREDENTIALS: '/cloud.json',
  NODE_EXTRA_CA_CERTS: '/ca.pem',
  NO_PROXY: '127.0.0.1',
  GITHUB_REPOSITORY: 'o/r',
};
const OF_THE_ACTION = /^(INPUT_|ACTIONS_)/;
const inputs = {
  namespaces: 'shop',
  'prometheus-access': 'direct',
  'prometheus-url': 'http://127.0.0.1:9',
  'prometheus-token': 'prometheus-s3cret',
  'github-token': 'ghs_workflow',
  'commit-report': 'false',
  'open-pull-requests': 'false',
};

/** Runs the bundle with a kubeconfig whose credential plugin writes down its environment, which is given back. */
async function environmentOfPlugin(
  more: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>>> {
  const folder = mkdtempSync(join(tmpdir(), 'plugin-'));
  const [plugin, dump, kubeconfig] = [join(folder, 'plugin'), join(folder, 'dump'), join(folder, 'config')];
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: 't' } };
  // Not a shell, which would leave out variables with a dash in their names.
  const script = `require('node:fs').writeFileSync('${dump}', JSON.stringify(process.env));
    console.log('${JSON.stringify(credential)}');`;
  writeFileSync(plugin, `#!${process.execPath}\n${script}\n`);
  chmodSync(plugin, 0o755);
  const exec = { apiVersion: credential.apiVersion, command: plugin, interactiveMode: 'Never' };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      // kubectl logs in before it connects: nobody has to listen.
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:9' } }],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  await runBundle({ inputs: { ...inputs, ...more }, env: { ...job, ...kept, KUBECONFIG: kubeconfig } });
  return JSON.parse(readFileSync(dump, 'utf8'));
}

describe('git', () => {
  it('sees nothing of the job but where programs and its home are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'git-'));
    const [git, dump] = [join(folder, 'git'), join(folder, 'dump')];
    writeFileSync(
      git,
      `#!${process.execPath}\nrequire('node:fs').writeFileSync('${dump}', JSON.stringify(process.env));\n`,
    );
    chmodSync(git, 0o755);
    const recording = readFileSync(fileURLToPath(new URL('../../demo/pigo.json.gz', import.meta.url)));
    await runBundle({
      inputs: { ...inputs, recording: 'case.json.gz' },
      files: { 'case.json.gz': recording },
      env: { ...job, ...kept, PATH: folder },
    });
    expect(Object.keys(JSON.parse(readFileSync(dump, 'utf8'))).sort()).toEqual(['HOME', 'PATH']);
  });
});

// Needs kubectl, which starts the credential plugins of a kubeconfig.
describe.runIf(kubectlIsHere)('a credential plugin of the kubeconfig', () => {
  it('sees no input, no token of the job and none of the files by which a step speaks to the runner', async () => {
    const seen = await environmentOfPlugin();
    const files = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'];
    expect(Object.keys(seen).filter((name) => OF_THE_ACTION.test(name) || name in job || files.includes(name))).toEqual(
      [],
    );
    expect(JSON.stringify(seen)).not.toMatch(/ghs_|prometheus-s3cret/);
  });

  it('keeps what it logs in with', async () => {
    const seen = await environmentOfPlugin();
    expect(seen).toMatchObject(kept);
    for (const name of ['PATH', 'HOME', 'KUBECONFIG']) expect(seen[name], name).toBeTruthy();
  });

  it('gets the two variables of the workflow’s OIDC where kubectl-oidc says so, and nothing else', async () => {
    const seen = await environmentOfPlugin({ 'kubectl-oidc': 'true' });
    const { ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN } = job;
    expect(Object.fromEntries(Object.entries(seen).filter(([name]) => OF_THE_ACTION.test(name)))).toEqual({
      ACTIONS_ID_TOKEN_REQUEST_URL,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN,
    });
  });
});
