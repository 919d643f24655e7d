import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { createKubectl, TIMED_OUT } from '../../src/kubectl/run-kubectl.ts';

let directory: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubectl-test-'));
  env = { PATH: directory };
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** A program of that name on the PATH that runs this JavaScript. */
async function install(script: string, name = 'kubectl'): Promise<void> {
  const path = join(directory, name);
  await writeFile(path, `#!${process.execPath}\n${script}\n`);
  await chmod(path, 0o755);
}

const sayAll = `let text = '';
process.stdin.on('data', (chunk) => { text += chunk; }).on('end', () => {
  console.log(JSON.stringify({ args: process.argv.slice(2), kubeconfig: process.env.KUBECONFIG, stdin: text }));
});`;

describe('a run', () => {
  it('hands over arguments as they are, behind the context', async () => {
    await install(sayAll);
    const hostile = ['get', '--raw', '/a?b=$(id)&c=`id`;"\' \n', ''];
    const { stdout } = await createKubectl({ env, context: 'two words' }).run(hostile);
    expect(JSON.parse(stdout).args).toEqual(['--context', 'two words', ...hostile]);
  });

  it('hands over environment and standard input', async () => {
    await install(sayAll);
    const kubectl = createKubectl({ env: { ...env, KUBECONFIG: '/k' } });
    const { stdout } = await kubectl.run(['exec'], { stdin: 'header: käse' });
    expect(JSON.parse(stdout)).toMatchObject({ kubeconfig: '/k', stdin: 'header: käse' });
  });

  it('closes standard input when there is none, so that a prompt cannot hang it', async () => {
    await install(sayAll);
    const { stdout } = await createKubectl({ env }).run([]);
    expect(JSON.parse(stdout)).toMatchObject({ args: [], stdin: '' });
  });

  it('has a failure for a result, not for an exception', async () => {
    await install(`console.log('half'); console.error('error: no'); process.exitCode = 3;`);
    expect(await createKubectl({ env }).run([])).toEqual({ exitCode: 3, stdout: 'half\n', stderr: 'error: no\n' });
  });

  it('survives a program that ends without reading its input', async () => {
    await install('process.exit(1);');
    const { exitCode } = await createKubectl({ env }).run([], { stdin: 'x'.repeat(1_000_000) });
    expect(exitCode).toBe(1);
  });

  it('brings megabytes on one line and characters of several bytes through whole', async () => {
    await install(`process.stdout.write('€'.repeat(3_000_000));`);
    const { stdout } = await createKubectl({ env }).run([]);
    expect(stdout === '€'.repeat(3_000_000)).toBe(true);
  });

  it('says by which signal it was ended', async () => {
    await install(`process.kill(process.pid, 'SIGKILL');`);
    const { exitCode, stderr } = await createKubectl({ env }).run([]);
    expect([exitCode, stderr]).toEqual([1, 'kubectl was ended by SIGKILL']);
  });
});

describe('a run that takes too long', () => {
  it('is ended, and not waited for when a child of it holds the pipes', async () => {
    const end = join(directory, 'end');
    const child = `setTimeout(() => require('node:fs').writeFileSync(${JSON.stringify(end)}, ''), 5000)`;
    await install(`require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });
      setInterval(() => {}, 1000);`);
    const result = await createKubectl({ env, timeoutSeconds: 1 }).run(['get']);
    expect(existsSync(end)).toBe(false);
    expect(result.exitCode).toBe(TIMED_OUT);
    expect(result.stderr).toBe('kubectl was ended after 1 s without an answer');
  });

  it('is not waited for when a child of it holds the pipes and it has itself ended', async () => {
    const end = join(directory, 'end');
    const child = `setTimeout(() => require('node:fs').writeFileSync(${JSON.stringify(end)}, ''), 5000)`;
    await install(`require('node:child_process')
      .spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit', detached: true }).unref();`);
    const result = await createKubectl({ env, timeoutSeconds: 1 }).run(['get']);
    expect(existsSync(end)).toBe(false);
    expect(result.exitCode).toBe(TIMED_OUT);
  });

  it('may name its own time', async () => {
    await install('setInterval(() => {}, 1000);');
    const { exitCode } = await createKubectl({ env, timeoutSeconds: 600 }).run([], { timeoutSeconds: 0.2 });
    expect(exitCode).toBe(TIMED_OUT);
  });
});

describe('a run that writes too much', () => {
  const flood = (stream: string) => `const chunk = 'x'.repeat(1_000_000);
    const more = () => { while (process.${stream}.write(chunk)); process.${stream}.once('drain', more); };
    more();`;

  it('is ended at the bound', async () => {
    await install(flood('stdout'));
    const result = await createKubectl({ env }).run([], { mostBytes: 2 ** 21 });
    expect(result).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'kubectl was ended after 2 MB of output',
      tooLarge: true,
    });
  });

  it('may write as much as the bound', async () => {
    await install(`process.stdout.write('x'.repeat(2 ** 20));`);
    const result = await createKubectl({ env }).run([], { mostBytes: 2 ** 20 });
    expect([result.tooLarge, result.stdout.length]).toEqual([undefined, 2 ** 20]);
  });

  it('of what it says keeps the beginning', async () => {
    await install(`console.error('error: no'); process.stderr.write('x'.repeat(3_000_000)); process.exitCode = 3;`);
    const { exitCode, stderr } = await createKubectl({ env }).run([]);
    expect([exitCode, stderr.slice(0, 10), stderr.length]).toEqual([3, 'error: no\n', 2 ** 20]);
  });
});

describe('a program that cannot be started', () => {
  it('is missing', async () => {
    const run = createKubectl({ env }).run(['version']);
    await expect(run).rejects.toThrow(UserError);
    await expect(run).rejects.toThrow(
      'kubectl was not found on PATH: install it (in a workflow: in a step before this one',
    );
  });

  it('may not be executed', async () => {
    await writeFile(join(directory, 'kubectl'), 'x', { mode: 0o644 });
    await expect(createKubectl({ env }).run([])).rejects.toThrow('kubectl is not executable');
  });

  it('goes by another name where one is given', async () => {
    await install(`console.log('k');`, 'kubectl-1.34');
    expect((await createKubectl({ env, binary: 'kubectl-1.34' }).run([])).stdout).toBe('k\n');
  });
});
