import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildConfigSchema, buildDocuments, CONFIG_EXAMPLE } from '../../scripts/documents.ts';
import { outputs } from '../../src/options/outputs.ts';
import { notesOf, optionNames } from '../../src/options/schema.ts';
import { readFile } from './read.ts';

const root = join(import.meta.dirname, '../..');
const readme = text('README.md');
const validate = new Ajv({ strict: true, strictTypes: false, allowUnionTypes: true }).compile(buildConfigSchema());

describe('the generated documents', () => {
  it.each([...buildDocuments(readme)])('%s is up to date (npm run docs writes it)', (path, generated) => {
    expect(existsSync(join(root, path)) ? text(path) : '').toBe(generated);
  });

  it('say something of every option, and what it accepts', () => {
    for (const name of optionNames) {
      expect(notesOf(name).description, name).toMatch(/^[A-Z`].*\.$/);
      expect(notesOf(name).accepts, name).not.toBe('');
    }
  });
});

describe('action.yml', () => {
  const action = parse(text('action.yml'));

  it('has an input for each option that can be one, and no other', () => {
    expect(Object.keys(action.inputs).sort()).toEqual(
      optionNames.filter((name) => notesOf(name).place !== 'file').sort(),
    );
  });

  it('leaves the defaults to the schema, so that the config file counts', () => {
    const withDefault = Object.entries<{ default?: string }>(action.inputs).filter(
      ([, input]) => input.default !== undefined,
    );
    expect(withDefault.map(([name, input]) => [name, input.default])).toEqual([
      ['github-token', `\${{ github.token }}`],
    ]);
  });

  it('has the outputs and runs the committed bundle', () => {
    expect(Object.keys(action.outputs)).toEqual(Object.keys(outputs));
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  });
});

describe('README.md', () => {
  it('has a row for every option and output', () => {
    for (const name of [...optionNames, ...Object.keys(outputs)]) expect(readme).toContain(`\n| \`${name}\` | `);
  });
});

describe('the JSON Schema of the config file', () => {
  it('knows every option that can stand there, and no other', () => {
    const { properties } = buildConfigSchema() as { properties: object };
    expect(Object.keys(properties).sort()).toEqual(
      optionNames.filter((name) => notesOf(name).place !== 'input').sort(),
    );
  });

  it('takes the example, and so does the reader', () => {
    expect(validate(parse(CONFIG_EXAMPLE)), JSON.stringify(validate.errors)).toBe(true);
    const options = readFile(CONFIG_EXAMPLE);
    expect(readme).toContain(CONFIG_EXAMPLE);
    for (const list of [options.overrides, options.ignore, options.owners, options.mappings, options.helmReleases]) {
      expect(list).toHaveLength(1);
    }
  });

  it.each([
    'usage-yelow: 3',
    'usage-red: "80"',
    'usage-red: 101',
    'fail-on: orange',
    'overrides: [{ usage-red: 90 }]',
    'github-token: x',
  ])('refuses %s, as the reader does', (config) => {
    expect(validate(parse(config))).toBe(false);
    expect(() => readFile(config)).toThrow();
  });
});

function text(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
