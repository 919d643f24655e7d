import { describe, expect, it } from 'vitest';
import { explainFailure, explainRefusals } from '../../src/kubectl/explain-failure.ts';

const USER = 'system:serviceaccount:memory-inspector:memory-inspector';

function failed(stderr: string, exitCode = 1) {
  return explainFailure({ exitCode, stdout: '', stderr });
}

describe('a refusal', () => {
  const listPods = `Error from server (Forbidden): pods is forbidden: User "${USER}" cannot list resource "pods" in API group "" in the namespace "monitoring"\n`;

  it('names user, verb, resource, group and namespace, and the smallest role', () => {
    const failure = failed(listPods);
    expect(failure.refusal).toEqual({ user: USER, verb: 'list', resource: 'pods', group: '', namespace: 'monitoring' });
    expect(failure.message).toBe(
      `"${USER}" may not list "pods" in API group "" in the namespace "monitoring". Bind this role to it with a RoleBinding: ` +
        '{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: memory-inspector, namespace: monitoring}, ' +
        'rules: [{apiGroups: [""], resources: ["pods"], verbs: ["list"]}]}',
    );
  });

  it('at the cluster scope asks for a ClusterRole', () => {
    const { message, refusal } = failed(
      `Error from server (Forbidden): nodes is forbidden: User "${USER}" cannot list resource "nodes" in API group "" at the cluster scope`,
    );
    expect(refusal).not.toHaveProperty('namespace');
    expect(message).toContain(
      'with a ClusterRoleBinding: {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole',
    );
  });

  it('of kubectl exec names the subresource', () => {
    const { refusal } = failed(
      `Error from server (Forbidden): pods "web-1" is forbidden: User "${USER}" cannot create resource "pods/exec" in API group "" in the namespace "pigo-rel"`,
    );
    expect(refusal).toMatchObject({ verb: 'create', resource: 'pods/exec', namespace: 'pigo-rel' });
  });

  it('keeps what a cloud says of its own permissions', () => {
    const { message } = failed(
      'Error from server (Forbidden): pods is forbidden: User "ci@project.iam.gserviceaccount.com" cannot list resource "pods" in API group "" in the namespace "a": requires one of ["container.pods.list"] permission(s).',
    );
    expect(message).toContain('(requires one of ["container.pods.list"])');
  });

  it('in another form is still one', () => {
    expect(failed('Error from server (Forbidden): namespaces "a" is forbidden: not today').kind).toBe('forbidden');
  });

  it('of several resources is one sentence with one role', () => {
    const right = { user: 'ci', verb: 'list', namespace: 'a' };
    const text = explainRefusals([
      { ...right, resource: 'pods', group: '' },
      { ...right, resource: 'deployments', group: 'apps' },
      { ...right, resource: 'statefulsets', group: 'apps' },
      { ...right, resource: 'pods', group: '' },
    ]);
    expect(text).toContain(
      '"ci" may not list "pods" in API group "" or list "deployments", "statefulsets" in API group "apps" in the namespace "a"',
    );
    expect(text).toContain(
      'rules: [{apiGroups: [""], resources: ["pods"], verbs: ["list"]}, {apiGroups: ["apps"], resources: ["deployments", "statefulsets"], verbs: ["list"]}]',
    );
  });
});

describe('what kubectl says', () => {
  it.each([
    ['unauthorized', 'error: You must be logged in to the server (Unauthorized)', 'expired'],
    [
      'unauthorized',
      'error: You must be logged in to the server (the server has asked for the client to provide credentials)',
      'expired',
    ],
    [
      'unauthorized',
      'Unable to connect to the server: getting credentials: exec: executable gke-gcloud-auth-plugin not found\n\nIt looks like you are trying to use a client-go credential plugin that is not installed.',
      'credential plugin',
    ],
    [
      'unauthorized',
      'Unable to connect to the server: getting credentials: exec: executable aws failed with exit code 255',
      'credential plugin',
    ],
    ['unauthorized', 'Please enter Username: error: EOF', 'no credentials'],
    ['unauthorized', 'error: EOF', 'no credentials'],
    ['configuration', 'error: context "prodd" does not exist', 'no context "prodd": set the option context'],
    [
      'configuration',
      'Error in configuration: context was not found for specified context: prodd',
      'no context "prodd"',
    ],
    [
      'configuration',
      'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
      'KUBECONFIG',
    ],
    [
      'configuration',
      "error: error loading config file \"/tmp/k\": yaml: line 1: did not find expected ',' or ']'",
      'cannot be used',
    ],
    [
      'unreachable',
      'The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?',
      'cannot be reached',
    ],
    [
      'unreachable',
      'Unable to connect to the server: dial tcp: lookup nope.invalid on 10.0.0.2:53: no such host',
      'cannot be reached',
    ],
    [
      'unreachable',
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'certificate-authority',
    ],
    ['unavailable', 'Unable to connect to the server: EOF', 'try again'],
    [
      'timeout',
      'Unable to connect to the server: context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      'in time',
    ],
    ['timeout', 'Unable to connect to the server: net/http: TLS handshake timeout', 'in time'],
    ['timeout', 'Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout', 'in time'],
    ['unavailable', 'Error from server (TooManyRequests): the server has received too many requests', 'try again'],
    ['unavailable', 'Error from server (ServiceUnavailable): apiserver not ready', 'try again'],
    ['unavailable', 'Error from server (InternalError): etcdserver: leader changed', 'try again'],
    ['unavailable', 'Error from server (Timeout): request did not complete within the allotted timeout', 'try again'],
    [
      'expired list',
      'Error from server (Expired): The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter',
      'expired',
    ],
    ['not found', 'Error from server (NotFound): the server could not find the requested resource', 'does not have it'],
    ['not found', 'Error from server (NotFound): namespaces "x" not found', 'namespaces "x" not found'],
    [
      'bad request',
      "Error from server (BadRequest): unable to parse requirement: found 'a'",
      'unable to parse requirement',
    ],
    ['other', 'error: something new', 'exit code 1: something new'],
    ['other', '', 'no output'],
  ])('is %s: %s', (kind, stderr, says) => {
    const failure = failed(stderr);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain(says);
  });

  it('comes out on one line, without control characters, and not endless', () => {
    const { message } = failed(`error: a\nb\u001b[31m\t${'x'.repeat(5_000)}`);
    expect(message).toMatch(/^[^\p{Cc}]+$/u);
    expect(message.length).toBeLessThan(500);
  });
});
