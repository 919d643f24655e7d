import type { KubectlResult } from './kubectl.ts';
import { TIMED_OUT } from './run-kubectl.ts';

/** What the API server refused. `namespace` is absent at the cluster scope, `subresource` for none (`exec`). */
export interface RefusedRight {
  readonly user: string;
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
  readonly namespace?: string;
}

/** Why kubectl failed. `message` is plain text on one line: what happened and what to do about it. */
export interface Failure {
  readonly kind:
    | 'forbidden'
    | 'unauthorized'
    | 'configuration'
    | 'unreachable'
    | 'not found'
    | 'expired list'
    | 'timeout'
    | 'unavailable'
    | 'bad request'
    | 'other';
  readonly message: string;
  readonly refusal?: RefusedRight;
}

type Rule = readonly [pattern: RegExp, explain: (said: string, match: RegExpExecArray) => Failure];

const RULES: readonly Rule[] = [
  [
    /User "([^"]*)" cannot (\S+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)")?/,
    (said, match) => forbidden(said, match),
  ],
  [/\(Forbidden\)|\bforbidden\b/i, (said) => ({ kind: 'forbidden', message: `The API server refused: ${said}` })],
  [
    /\(Unauthorized\)|provide credentials|must be logged in/,
    (said) => ({
      kind: 'unauthorized',
      message: `The API server did not accept the credentials in the kubeconfig (${said}): they are wrong or have expired. Log in again, or renew the token or certificate`,
    }),
  ],
  [
    /getting credentials:/,
    (said) => ({
      kind: 'unauthorized',
      message: `The kubeconfig's credential plugin failed (${said}): install it, or log in to the cloud (in a workflow: in a step before this one); if it logs in with the workflow's OIDC token, set kubectl-oidc`,
    }),
  ],
  [
    /Please enter (Username|Password)|^error: EOF$/,
    () => ({
      kind: 'unauthorized',
      message: 'The kubeconfig holds no credentials for its context: add a token, a certificate or a credential plugin',
    }),
  ],
  [
    /context "([^"]*)" does not exist|context was not found for specified context: (\S+)/,
    (_said, match) => ({
      kind: 'configuration',
      message: `The kubeconfig has no context "${match[1] ?? match[2]}": set the option context to one that "kubectl config get-contexts" lists, or leave it out`,
    }),
  ],
  [
    /error loading config file|invalid configuration|CreateFile|no configuration has been provided/i,
    (said) => ({
      kind: 'configuration',
      message: `The kubeconfig cannot be used (${said}): check the file that KUBECONFIG names`,
    }),
  ],
  [
    /server localhost:8080 was refused/,
    () => ({
      kind: 'configuration',
      message:
        'kubectl found no kubeconfig: set KUBECONFIG to the path of one, which a workflow writes in a step before this one',
    }),
  ],
  [
    /\(Expired\)|continue parameter is too old/,
    (said) => ({ kind: 'expired list', message: `The list expired while it was read (${said})` }),
  ],
  [/\(NotFound\)/, (said) => ({ kind: 'not found', message: `The API server does not have it: ${said}` })],
  [
    /\(BadRequest\)|\(Invalid\)/,
    (said) => ({ kind: 'bad request', message: `The API server did not understand the request: ${said}` }),
  ],
  [
    /\((TooManyRequests|ServiceUnavailable|InternalError|Timeout|ServerTimeout)\)|etcdserver: |\bEOF$|connection (reset|lost)|GOAWAY/,
    (said) => ({ kind: 'unavailable', message: `The API server could not answer (${said}): try again later` }),
  ],
  [
    /deadline exceeded|Client\.Timeout|i\/o timeout|TLS handshake timeout|without an answer/,
    (said) => ({
      kind: 'timeout',
      message: `The API server did not answer in time (${said}): check that this machine can reach it (network, firewall, private endpoint)`,
    }),
  ],
  [
    /x509:|certificate/,
    (said) => ({
      kind: 'unreachable',
      message: `The API server's certificate was not accepted (${said}): check certificate-authority and server in the kubeconfig`,
    }),
  ],
  [
    /connection to the server \S{1,300} was refused|Unable to connect to the server|connection refused|no such host|no route to host/,
    (said) => ({
      kind: 'unreachable',
      message: `The API server cannot be reached (${said}): check the server address in the kubeconfig, and that this machine can reach it`,
    }),
  ],
];

/** Reads kubectl's own words (those of 1.28 to 1.34) on standard error; pure. */
export function explainFailure(result: KubectlResult): Failure {
  const said = onOneLine(result.stderr);
  if (result.exitCode === TIMED_OUT && said === '')
    return { kind: 'timeout', message: 'kubectl did not finish in time' };
  for (const [pattern, explain] of RULES) {
    const match = pattern.exec(said);
    if (match) return explain(withoutPrefix(said), match);
  }
  return {
    kind: 'other',
    message: `kubectl failed with exit code ${result.exitCode}: ${withoutPrefix(said) || 'no output'}`,
  };
}

/** One sentence for rights refused to one user in one namespace (or at the cluster scope), and what grants them all. */
export function explainRefusals(refusals: readonly RefusedRight[]): string {
  const [first] = refusals;
  if (!first) return 'The API server refused';
  const rights = groupRights(refusals).map(
    ({ verb, group, resources }) => `${verb} ${resources} in API group "${group}"`,
  );
  const where = first.namespace === undefined ? 'at the cluster scope' : `in the namespace "${first.namespace}"`;
  const binding = first.namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
  return (
    `"${first.user}" may not ${rights.join(' or ')} ${where}. ` +
    `Bind this role to it with a ${binding}: ${roleFor(refusals)}`
  );
}

/** The smallest Role (or ClusterRole, at the cluster scope) that holds the rights refused, as one line of YAML. */
function roleFor(refusals: readonly RefusedRight[]): string {
  const namespace = refusals[0]?.namespace;
  const [kind, where] = namespace === undefined ? ['ClusterRole', ''] : ['Role', `, namespace: ${namespace}`];
  const rules = groupRights(refusals).map(
    ({ verb, group, resources }) => `{apiGroups: ["${group}"], resources: [${resources}], verbs: ["${verb}"]}`,
  );
  return `{apiVersion: rbac.authorization.k8s.io/v1, kind: ${kind}, metadata: {name: memory-inspector${where}}, rules: [${rules.join(', ')}]}`;
}

function groupRights(refusals: readonly RefusedRight[]) {
  const groups = new Map<string, { readonly verb: string; readonly group: string; readonly names: Set<string> }>();
  for (const { verb, group, resource } of refusals) {
    const key = `${verb} ${group}`;
    const entry = groups.get(key) ?? { verb, group, names: new Set<string>() };
    entry.names.add(`"${resource}"`);
    groups.set(key, entry);
  }
  return [...groups.values()].map(({ verb, group, names }) => ({ verb, group, resources: [...names].join(', ') }));
}

function forbidden(said: string, match: RegExpExecArray): Failure {
  const [, user = '', verb = '', resource = '', group = '', namespace] = match;
  const refusal = { user, verb, resource, group, ...(namespace === undefined ? {} : { namespace }) };
  // Clouds with their own authorization say what of theirs is missing.
  const cloud = between(said, 'requires one of [', ']') ?? between(said, 'User does not have access', '');
  return { kind: 'forbidden', refusal, message: `${explainRefusals([refusal])}${cloud ? ` (${cloud})` : ''}` };
}

/** The part of a text from `begin` to `end`, both included; to the text's end where `end` is empty. */
function between(text: string, begin: string, end: string): string | undefined {
  const from = text.indexOf(begin);
  const to = end === '' ? text.length : text.indexOf(end, from) + end.length;
  return from < 0 || to < from ? undefined : text.slice(from, to);
}

function onOneLine(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, 2_000);
}

function withoutPrefix(said: string): string {
  const text = said.replace(/^(error: |Error from server(?: \(\w+\))?: |Unable to connect to the server: )+/, '');
  return text.length > 400 ? `${text.slice(0, 399)}…` : text;
}
