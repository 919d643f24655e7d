import { MIB } from '../bytes.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import type { Log } from '../log.ts';
import type { EndpointAnswer, SeenEndpoint, UnseenPart } from '../model/scraping.ts';
import { buildCommand, type Command, type ExecOutcome, readOutcome, type Tool } from './access/exec-tools.ts';

/** What a pod is asked by itself, through whichever of its containers can ask: the first JVM metrics end it. */
export interface PodQuestion {
  readonly namespace: string;
  readonly pod: string;
  readonly containers: readonly string[];
  readonly requests: readonly { readonly port: number; readonly path: string }[];
}

export interface ProbeDeps {
  readonly kubectl: Kubectl;
  readonly log: Log;
  /** Seconds since any fixed moment. */
  elapsed(): number;
}

/** Of one request; a JVM in trouble may take long. */
const TIMEOUT_SECONDS = 5;
/** kubectl needs a moment more than the command in the pod. */
const GRACE_SECONDS = 10;
/** Of all questions together: the run goes on without what is not answered by then. */
const MOST_SECONDS = 60;
/** A page of metrics is a tenth of it. */
const MOST_BYTES = 4 * MIB;
const TOOLS: readonly Tool[] = ['wget', 'curl'];
const NOBODY = { url: '', headers: {}, redact: (text: string) => text };
/** A proxy, for which containers have variables, does not know their own ports. */
const WITHOUT_PROXY = ['env', 'http_proxy=', 'all_proxy=', 'ALL_PROXY='];

/** What the pods answer to themselves. What cannot be asked, for want of rights or of a tool, is `unseen`. */
export async function probeEndpoints(
  questions: readonly PodQuestion[],
  deps: ProbeDeps,
): Promise<{ readonly endpoints: readonly SeenEndpoint[]; readonly unseen: readonly UnseenPart[] }> {
  const endpoints: SeenEndpoint[] = [];
  const unseen = new Set<string>();
  const closed = new Set<string>();
  const until = deps.elapsed() + MOST_SECONDS;
  for (const question of questions) {
    const { namespace } = question;
    if (closed.has(namespace)) continue;
    const found = deps.elapsed() < until ? await probePod(question, until, deps) : 'not asked';
    if (found === 'forbidden') closed.add(namespace);
    if (typeof found === 'string') unseen.add(namespace);
    else endpoints.push(...found);
  }
  return { endpoints, unseen: [...unseen].map((namespace) => ({ what: 'endpoint', namespace })) };
}

interface Way {
  readonly container: string;
  readonly tool: Tool;
}

/** Why a pod was not asked: nothing in it can ask, or nobody may in its namespace. */
type NotAsked = 'forbidden' | 'not asked';

async function probePod(
  { namespace, pod, containers, requests }: PodQuestion,
  until: number,
  deps: ProbeDeps,
): Promise<readonly SeenEndpoint[] | NotAsked> {
  const found: SeenEndpoint[] = [];
  const silent = new Set<number>();
  let ways: readonly Way[] = containers.flatMap((container) => TOOLS.map((tool) => ({ container, tool })));
  for (const { port, path } of requests) {
    if (silent.has(port)) continue;
    if (deps.elapsed() >= until) break;
    const asked = await askFirst(ways, { namespace, pod, url: `http://127.0.0.1:${port}${path}` }, deps);
    if (typeof asked === 'string') return asked;
    ways = [asked.way];
    const answer = answerOf(asked.outcome);
    if (answer === undefined) continue;
    found.push({ namespace, pod, port, path, answer });
    if (answer.kind === 'metrics' && answer.jvm) break;
    // Another path of a port that nobody listens on says no more.
    if (answer.kind === 'no answer') silent.add(port);
  }
  return found;
}

interface Request {
  readonly namespace: string;
  readonly pod: string;
  readonly url: string;
}

/** The outcome by the first way that has its tool. */
async function askFirst(
  ways: readonly Way[],
  request: Request,
  { kubectl, log }: ProbeDeps,
): Promise<{ readonly way: Way; readonly outcome: ExecOutcome } | NotAsked> {
  for (const way of ways) {
    const first = await execute(way, request, kubectl, false);
    const outcome = first.kind === 'hidden status' ? await execute(way, request, kubectl, true) : first;
    if (outcome.kind === 'forbidden' || outcome.kind === 'gone') {
      log.debug(`${request.namespace}/${request.pod} cannot be asked for its metrics: ${outcome.why}`);
      return outcome.kind === 'forbidden' ? 'forbidden' : 'not asked';
    }
    if (outcome.kind !== 'no tool') return { way, outcome };
  }
  log.debug(`${request.namespace}/${request.pod} has neither wget nor curl, so it is not asked for its metrics`);
  return 'not asked';
}

async function execute(
  { container, tool }: Way,
  { namespace, pod, url }: Request,
  kubectl: Kubectl,
  showErrors: boolean,
): Promise<ExecOutcome> {
  const { argv }: Command = buildCommand(tool, url, NOBODY, TIMEOUT_SECONDS, showErrors);
  const result = await kubectl.run(['exec', '-n', namespace, pod, '-c', container, '--', ...WITHOUT_PROXY, ...argv], {
    timeoutSeconds: TIMEOUT_SECONDS + GRACE_SECONDS,
    mostBytes: MOST_BYTES,
  });
  return readOutcome(tool, result);
}

/** Names under which libraries publish the memory of a JVM. */
const JVM_METRICS = /^jvm_memory_(?:used_bytes|bytes_used|max_bytes|bytes_max|limit_bytes)[ {]/m;
const METRICS = /^# (?:HELP|TYPE) \S/m;

/** `undefined` for what says nothing. */
function answerOf(outcome: ExecOutcome): EndpointAnswer | undefined {
  if (outcome.kind !== 'answered') {
    if (outcome.kind === 'timed out') return { kind: 'no answer', why: 'no answer in time' };
    if (outcome.kind !== 'unreachable') return undefined;
    const refused = /refused|network failure/i.test(outcome.why);
    return { kind: 'no answer', why: refused ? 'connection refused' : outcome.why };
  }
  const { status, body } = outcome.answer;
  if (status < 200 || status > 299) return { kind: 'status', status };
  if (JVM_METRICS.test(body)) return { kind: 'metrics', jvm: true };
  return METRICS.test(body) ? { kind: 'metrics', jvm: false } : { kind: 'something else' };
}
