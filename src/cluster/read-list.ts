import { setTimeout as wait } from 'node:timers/promises';
import { formatMegabytes, MIB } from '../bytes.ts';
import { UserError } from '../errors.ts';
import { explainFailure, type Failure } from '../kubectl/explain-failure.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { BrokenJson, DeepJson, eachElement, eachMember, endOfValue, parseJson, skipSpace } from '../text/json-scan.ts';

const PAGE = 500;
const REQUEST_TIMEOUT_SECONDS = 60;
const TRIES = 3;
/** A page of 500 pods is 3 to 10 MB. */
const MOST_BYTES = 256 * MIB;

export interface ListRequest {
  /** As the API server has it: `/api/v1/namespaces/a/pods`. */
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export type ListResult<T> =
  | { readonly ok: true; readonly items: readonly T[] }
  | { readonly ok: false; readonly failure: Failure };

export type Pause = (milliseconds: number) => Promise<unknown>;

interface PageMeta {
  readonly continue?: string;
}

/**
 * A whole list in pages of 500. Each item is mapped (`undefined` leaves it out) as soon as its page is there, so that
 * only what `map` keeps stays in memory. A list that expires between two pages is read anew. Answers that cannot be
 * had for the moment are asked for again.
 */
export async function readList<Item, T>(
  kubectl: Kubectl,
  request: ListRequest,
  map: (item: Item) => T | undefined,
  pause: Pause = wait,
): Promise<ListResult<T>> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await readPages(kubectl, request, map, pause);
    if (result.ok || result.failure.kind !== 'expired list' || attempt === TRIES) return result;
  }
}

/** One object, or why it could not be had. */
export async function readObject(kubectl: Kubectl, path: string, pause: Pause = wait): Promise<ListResult<unknown>> {
  const answer = await get(kubectl, path, pause);
  return answer.ok ? { ok: true, items: [parse(answer.text, path)] } : answer;
}

async function readPages<Item, T>(
  kubectl: Kubectl,
  request: ListRequest,
  map: (item: Item) => T | undefined,
  pause: Pause,
): Promise<ListResult<T>> {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const answer = await get(kubectl, pathOf(request, token), pause);
    if (!answer.ok) return answer;
    token = readPage(answer.text, request.path, (item) => {
      const kept = map(item as Item);
      if (kept !== undefined) items.push(kept);
    });
  } while (token);
  return { ok: true, items };
}

async function get(
  kubectl: Kubectl,
  path: string,
  pause: Pause,
): Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly failure: Failure }> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await kubectl.run(['get', '--raw', path, `--request-timeout=${REQUEST_TIMEOUT_SECONDS}s`], {
      timeoutSeconds: REQUEST_TIMEOUT_SECONDS + 30,
      mostBytes: MOST_BYTES,
    });
    if (result.exitCode === 0) return { ok: true, text: result.stdout };
    if (result.tooLarge) return { ok: false, failure: { kind: 'other', message: tooLarge(path) } };
    const failure = explainFailure(result);
    if (failure.kind !== 'unavailable' || attempt === TRIES) return { ok: false, failure };
    await pause(1_000 * attempt ** 2);
  }
}

function pathOf(request: ListRequest, token: string | undefined): string {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (request.labelSelector) query.set('labelSelector', request.labelSelector);
  if (request.fieldSelector) query.set('fieldSelector', request.fieldSelector);
  if (token) query.set('continue', token);
  return `${request.path}?${query}`;
}

/** Gives each item of a page to `visit` and results in the token of the next page. */
function readPage(text: string, path: string, visit: (item: unknown) => void): string | undefined {
  let meta: PageMeta = {};
  // A page of 500 pods is 3 to 10 MB of text and several times that as objects: only one of them is there at a time.
  const read = (start: number, use: (value: unknown) => void) => {
    const end = endOfValue(text, start);
    use(parse(text.slice(start, end), path));
    return end;
  };
  try {
    eachMember(text, skipSpace(text, 0), (key, start) => {
      if (key === 'items' && text[start] === '[') return eachElement(text, start, (at) => read(at, visit));
      if (key !== 'metadata') return endOfValue(text, start);
      return read(start, (value) => {
        meta = value as PageMeta;
      });
    });
  } catch (cause) {
    throw cause instanceof BrokenJson ? notJson(path, cause) : cause;
  }
  return meta.continue;
}

function parse(text: string, path: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw notJson(path, cause);
  }
}

function tooLarge(path: string): string {
  return `The answer to ${path} is larger than ${formatMegabytes(MOST_BYTES)}, far more than ${PAGE} objects take: check that the server address in the kubeconfig is that of an API server`;
}

function notJson(path: string, cause: unknown): UserError {
  const what = cause instanceof DeepJson ? cause.message : 'not JSON';
  return new UserError(
    `The answer to ${path} is ${what}: check that the server address in the kubeconfig is that of an API server`,
    { cause },
  );
}
