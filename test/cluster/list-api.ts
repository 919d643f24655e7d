/** The API server's objects as far as the tests look into them. */
export interface ApiObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** A list that makes its items when they are asked for. */
export interface LazyList {
  readonly length: number;
  at(index: number): ApiObject | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface ListApiOptions {
  /** By resource name, such as `pods`; `nodes` and `namespaces` too. A resource that is not there is a 404. */
  readonly lists: Readonly<Record<string, LazyList>>;
  /** Whether the caller may `verb` (`list`, `get`) the resource; `namespace` is absent at the cluster scope. */
  readonly allows?: (verb: string, resource: string, namespace: string | undefined) => boolean;
  /** The API groups beside `apps`, with their versions; without it, they are not told. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** How often a continue token is refused as expired before one is accepted. */
  readonly expiringTokens?: number;
}

export interface ListApi {
  answer(target: string): Answer;
  /** All that was asked for, in order. */
  readonly requests: readonly string[];
}

const ALWAYS = ['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'pods', 'horizontalpodautoscalers'];
const BOUNDS = ['limitranges', 'resourcequotas', 'nodes', 'namespaces'];

/** Speaks the list protocol of the API server: `limit`, `continue`, `labelSelector`, and its refusals, in its words. */
export function createListApi(options: ListApiOptions): ListApi {
  const requests: string[] = [];
  let expiring = options.expiringTokens ?? 0;
  const known = new Map<string, LazyList>([...ALWAYS, ...BOUNDS].map((name) => [name, []]));
  for (const [name, list] of Object.entries(options.lists)) known.set(name, list);

  const answer = (target: string): Answer => {
    requests.push(target);
    if (target === '/apis' && options.groups) return groupList(options.groups);
    const url = new URL(target, 'http://api.test');
    const [, group = '', namespace, resource = ''] =
      /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+)(?=\/))?\/([^/?]+(?:\/[^/]+)?)$/.exec(url.pathname) ?? [];
    const named = /^namespaces\/(.+)$/.exec(resource)?.[1];
    if (named) return getNamespace(named, known, options);
    if (options.allows?.('list', resource, namespace) === false) return refusal('list', resource, group, namespace);
    const list = known.get(resource);
    if (!list) return failure(404, 'NotFound', 'the server could not find the requested resource');
    const token = url.searchParams.get('continue');
    if (token && expiring > 0) {
      expiring -= 1;
      return failure(410, 'Expired', 'The provided continue parameter is too old to display a consistent list result.');
    }
    const selects = selectorOf(url.searchParams.get('labelSelector') ?? '');
    if (typeof selects === 'string') return failure(400, 'BadRequest', selects);
    const keeps = (item: ApiObject) => (!namespace || item.metadata.namespace === namespace) && selects(item);
    return pageOf(list, Number(token ?? 0), Number(url.searchParams.get('limit') ?? Number.POSITIVE_INFINITY), keeps);
  };
  return { answer, requests };
}

function groupList(groups: NonNullable<ListApiOptions['groups']>): Answer {
  const listed = Object.entries(groups).map(([name, versions]) => ({
    name,
    versions: versions.map((version) => ({ groupVersion: `${name}/${version}`, version })),
  }));
  return { status: 200, body: JSON.stringify({ kind: 'APIGroupList', apiVersion: 'v1', groups: listed }) };
}

function pageOf(list: LazyList, from: number, limit: number, keeps: (item: ApiObject) => boolean): Answer {
  const items: ApiObject[] = [];
  let index = from;
  for (; index < list.length && items.length < limit; index += 1) {
    const item = list.at(index);
    if (item && keeps(item)) items.push(item);
  }
  const metadata = index < list.length ? { resourceVersion: '1', continue: String(index) } : { resourceVersion: '1' };
  return { status: 200, body: JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata, items }) };
}

function getNamespace(name: string, known: ReadonlyMap<string, LazyList>, options: ListApiOptions): Answer {
  if (options.allows?.('get', 'namespaces', name) === false) return refusal('get', 'namespaces', '', name);
  const list = known.get('namespaces');
  for (let index = 0; index < (list?.length ?? 0); index += 1) {
    if (list?.at(index)?.metadata.name === name) return { status: 200, body: JSON.stringify(list.at(index)) };
  }
  return failure(404, 'NotFound', `namespaces "${name}" not found`);
}

function refusal(verb: string, resource: string, group: string, namespace: string | undefined): Answer {
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = `User "system:serviceaccount:ci:inspector" cannot ${verb} resource "${resource}" in API group "${group}"`;
  return failure(403, 'Forbidden', `${resource} is forbidden: ${what} ${where}`);
}

function failure(code: number, reason: string, message: string): Answer {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return { status: code, body: JSON.stringify(status) };
}

/** Equality and existence; the rest of the grammar is the API server's own. A string is its complaint. */
function selectorOf(selector: string): string | ((item: ApiObject) => boolean) {
  const terms = selector.split(',').filter((term) => term !== '');
  const tests: ((labels: Readonly<Record<string, string>>) => boolean)[] = [];
  for (const term of terms) {
    const [, not, key = '', operator, value] = /^(!?)([\w./-]+)(?:(=|==|!=)([\w.-]*))?$/.exec(term) ?? [];
    if (/^[\w./-]+==?[\w.-]+=/.test(term)) return "found '==', expected: ',' or 'end of string'";
    if (key === '') return `unable to parse requirement: found '${term}'`;
    if (operator === '!=') tests.push((labels) => labels[key] !== value);
    else if (operator) tests.push((labels) => labels[key] === value);
    else tests.push((labels) => Object.hasOwn(labels, key) !== (not === '!'));
  }
  return (item) => tests.every((test) => test(item.metadata.labels ?? {}));
}
