import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import {
  buildSchema,
  executeSync,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
} from 'graphql';

import { REMOVED } from './access.mjs';

type Json = Readonly<Record<string, unknown>>;

/** A `fetch` that holds every request and answer against GitHub's published contract. */
export interface Validation {
  readonly fetch: typeof fetch;
  /** One line for each breach; a test fails when there is any. */
  readonly breaches: readonly string[];
}

export function validateTraffic(): Validation {
  const breaches: string[] = [];
  const checked: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const method = init?.method ?? 'GET';
    const text = typeof init?.body === 'string' ? init.body : undefined;
    const body: unknown = text === undefined ? undefined : JSON.parse(text);
    const answer = await fetch(input, init);
    // A page comes from something else than GitHub, which made no contract.
    if (!/^application\/json\b/.test(answer.headers.get('content-type') ?? '')) return answer;
    const answered: unknown = answer.status === 204 ? undefined : await answer.clone().json();
    const version = new Headers(init?.headers).get('x-github-api-version');
    const found = checkExchange({ method, url, body, status: answer.status, answered, version });
    breaches.push(...found.map((breach) => `${method} ${url.pathname} (${answer.status}): ${breach}`));
    return answer;
  };
  return { fetch: checked, breaches };
}

interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
  readonly status: number;
  readonly answered: unknown;
  readonly version: string | null;
}

/** What cannot be checked is a breach: thrown from within `fetch` it would pass for a failure of the network. */
function checkExchange(exchange: Exchange): string[] {
  try {
    return exchange.url.pathname.endsWith('/graphql') ? checkGraphql(exchange) : checkRest(exchange);
  } catch (error) {
    return [`could not be checked: ${String(error)}`];
  }
}

const require = createRequire(import.meta.url);
const ajv = addFormats.default(new Ajv({ strict: false, allErrors: false, logger: false }));
const compiled = new Map<string, ValidateFunction>();
let contract: Json | undefined;
let operations: Operation[] | undefined;
let schema: GraphQLSchema | undefined;

function openContract(): Json {
  const file = require.resolve('@octokit/openapi/generated/api.github.com.json');
  contract ??= correct(JSON.parse(readFileSync(file, 'utf8')) as Json);
  return contract;
}

/**
 * A pull request's `head.repo` is null once the fork is deleted (github/rest-api-description#1811, still open). And the version
 * 2026-03-10 leaves out what this description, of 2022-11-28, requires.
 */
function correct(published: Json): Json {
  relax(record(published.components).schemas);
  const pull = record(record(record(published.components).schemas)['pull-request-simple']);
  const head = record(record(record(pull.properties).head).properties);
  Object.assign(head, { repo: { nullable: true, allOf: [head.repo] } });
  return published;
}

function relax(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { required } = schema as { required?: unknown };
  if (Array.isArray(required)) {
    const kept = required.filter((name) => !REMOVED.includes(name));
    Object.assign(schema, { required: kept });
  }
  for (const value of Object.values(schema)) relax(value);
}

/** Fields of a newer version's answer that it should no longer have. */
function findRemoved(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(REMOVED.includes(key) ? [`the answer still has ${key}`] : []),
    ...findRemoved(inner),
  ]);
}

function checkRest(exchange: Exchange): string[] {
  const found = findOperation(exchange.method, exchange.url.pathname.replace(/^\/repositories\/\d+/, '/repos/o/r'));
  if (found === undefined) return ['no such operation'];
  const { operation, parameters, key } = found;
  const breaches = exchange.version === '2026-03-10' ? findRemoved(exchange.answered) : [];
  const known = new Set(parameters.filter((one) => one.in === 'query').map((one) => one.name));
  for (const name of exchange.url.searchParams.keys()) if (!known.has(name)) breaches.push(`unknown parameter ${name}`);
  const asked = schemaOf(operation.requestBody);
  if (exchange.body !== undefined) {
    if (asked === undefined) breaches.push('a body that is not asked for');
    else breaches.push(...check(`${key} request`, asked, exchange.body), ...unknownKeys(asked, exchange.body));
  }
  if (exchange.status >= 500) return breaches;
  const responses = record(operation.responses);
  const declared = schemaOf(responses[String(exchange.status)]);
  if (declared !== undefined) breaches.push(...check(`${key} ${exchange.status}`, declared, exchange.answered));
  else if (exchange.status < 300) {
    if (!(String(exchange.status) in responses)) breaches.push('a status that is not declared');
  } else breaches.push(...check('basic-error', { $ref: '#/components/schemas/basic-error' }, exchange.answered));
  return breaches;
}

interface Operation {
  readonly key: string;
  readonly pattern: RegExp;
  readonly operation: Json;
  readonly parameters: readonly Json[];
}

function findOperation(method: string, pathname: string): Operation | undefined {
  operations ??= Object.entries(record(openContract().paths)).flatMap(([template, item]) =>
    Object.entries(record(item)).map(([verb, operation]) => readOperation(template, verb, record(operation))),
  );
  return operations.find(({ key, pattern }) => key.startsWith(`${method} `) && pattern.test(pathname));
}

function readOperation(template: string, verb: string, operation: Json): Operation {
  const pattern = template.replace(/[.+*?^$()[\]]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
  const parameters = (Array.isArray(operation.parameters) ? operation.parameters : []).map(resolve);
  return { key: `${verb.toUpperCase()} ${template}`, pattern: new RegExp(`^${pattern}$`), operation, parameters };
}

function schemaOf(part: unknown): Json | undefined {
  if (part === undefined) return undefined;
  const media = record(record(resolve(part).content)['application/json']);
  return media.schema === undefined ? undefined : record(media.schema);
}

function unknownKeys(asked: Json, body: unknown): string[] {
  const resolved = resolve(asked);
  if (resolved.properties === undefined || typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const properties = record(resolved.properties);
  return Object.keys(body).flatMap((name) => (name in properties ? [] : [`unknown field ${name}`]));
}

function check(key: string, part: Json, value: unknown): string[] {
  const validator = compiled.get(key) ?? compile(key, part);
  if (validator(value)) return [];
  return (validator.errors ?? []).map(
    (error) => `${key}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}

function compile(key: string, part: Json): ValidateFunction {
  const definitions: Record<string, unknown> = {};
  const validator = ajv.compile({ ...record(toJsonSchema(part, definitions)), $defs: definitions });
  compiled.set(key, validator);
  return validator;
}

/** OpenAPI 3.0's schemas as JSON Schema: `nullable`, and references into `$defs`. */
function toJsonSchema(part: unknown, definitions: Record<string, unknown>): unknown {
  if (Array.isArray(part)) return part.map((one) => toJsonSchema(one, definitions));
  if (typeof part !== 'object' || part === null) return part;
  const { nullable, example: _, examples: __, ...rest } = part as Json;
  if (typeof rest.$ref === 'string') {
    const name = rest.$ref.replace('#/components/schemas/', '');
    if (!(name in definitions)) {
      definitions[name] = {};
      definitions[name] = toJsonSchema(record(record(openContract().components).schemas)[name], definitions);
    }
    return { $ref: `#/$defs/${name}` };
  }
  const entries = Object.entries(rest).map(([name, value]) => [name, toJsonSchema(value, definitions)] as const);
  const converted = Object.fromEntries(entries);
  return nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted;
}

function resolve(part: unknown): Json {
  const { $ref } = record(part);
  if (typeof $ref !== 'string') return record(part);
  let found: unknown = openContract();
  for (const segment of $ref.slice(2).split('/')) found = record(found)[segment];
  return record(found);
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function checkGraphql({ body, answered }: Exchange): string[] {
  schema ??= buildSchema(
    readFileSync(new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url), 'utf8'),
    {
      assumeValid: true,
    },
  );
  const { query, variables } = record(body);
  const document = parse(String(query));
  const errors = validate(schema, document).map((error) => error.message);
  const operation = getOperationAST(document);
  if (errors.length > 0 || !operation) return errors.length > 0 ? errors : ['no operation'];
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], record(variables));
  if (coerced.errors !== undefined) return coerced.errors.map((error) => error.message);
  const { data, errors: failures } = record(answered);
  if (data === undefined || data === null || failures !== undefined) return [];
  const result = executeSync({ schema, document, rootValue: data, variableValues: record(variables) });
  const breaches = (result.errors ?? []).map((error) => error.message);
  if (breaches.length === 0 && !isDeepStrictEqual(JSON.parse(JSON.stringify(result.data)), data))
    breaches.push('the answer holds more than was selected');
  return breaches;
}
