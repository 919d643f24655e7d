import type { Kubectl } from '../../kubectl/kubectl.ts';
import { createLimiter } from '../../limit.ts';
import type { Log } from '../../log.ts';
import type { Access } from '../../model/measurement.ts';
import type { Address } from './address.ts';
import { type ExecCandidate, nameCandidate } from './exec-candidates.ts';
import { buildCommand, type ExecOutcome, readOutcome, type Tool, toolsFor } from './exec-tools.ts';
import { QueryFailure } from './failure.ts';
import { type AnswerBounds, answerTooLarge, type HttpAnswer, type Transport, urlOfQuery } from './transport.ts';

/** How many containers in a row may fail before the way is given up; fewer where each costs a time-out. */
const MOST_TRIES = 12;
const MOST_UNREACHABLE = 4;
/** kubectl needs a moment more than the command in the pod. */
const GRACE_SECONDS = 10;

interface Chosen {
  readonly candidate: ExecCandidate;
  readonly tool: Tool;
}

/**
 * `kubectl exec` into a container that has `wget` or `curl`: the first candidate that gets an HTTP answer is kept, and
 * the next ones are tried when it goes away.
 */
export function openExec(
  address: Address,
  candidates: readonly ExecCandidate[],
  deps: { readonly kubectl: Kubectl; readonly log: Log },
): Transport {
  const waiting = [...candidates];
  const bareImages = new Set<string>();
  const closedNamespaces = new Set<string>();
  let chosen: Chosen | undefined;
  let last: ExecCandidate | undefined;

  const next = (): ExecCandidate | undefined => {
    for (let candidate = waiting.shift(); candidate; candidate = waiting.shift()) {
      const bare = candidate.image !== undefined && bareImages.has(candidate.image);
      if (!bare && !closedNamespaces.has(candidate.namespace)) return candidate;
    }
    return undefined;
  };

  const oneChooses = createLimiter(1);
  const choose = async (url: string, bounds: AnswerBounds): Promise<HttpAnswer> => {
    const reasons = new Map<string, number>();
    let timedOut = false;
    let unreachable = 0;
    for (let tries = 0; tries < MOST_TRIES && unreachable < MOST_UNREACHABLE; tries++) {
      bounds.signal?.throwIfAborted();
      const candidate = next();
      if (!candidate) break;
      const found = await tryTools(candidate, url, bounds, address, deps.kubectl);
      if ('tool' in found) {
        chosen = { candidate, tool: found.tool };
        last = candidate;
        deps.log.debug(`asking Prometheus through ${nameCandidate(candidate)} with ${found.tool}`);
        if (found.answer === undefined) throw answerTooLarge(bounds);
        return found.answer;
      }
      if (found.kind === 'no tool' && candidate.image !== undefined) bareImages.add(candidate.image);
      if (found.kind === 'forbidden') closedNamespaces.add(candidate.namespace);
      if (found.kind === 'unreachable' || found.kind === 'timed out') unreachable++;
      timedOut = found.kind === 'timed out';
      deps.log.debug(`not through ${nameCandidate(candidate)}: ${found.why}`);
      const reason = explain(found, candidate, address);
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    throw new QueryFailure(timedOut ? 'timed out' : 'refused', summarise(reasons));
  };

  /** `undefined` where the pod is gone. */
  const askThrough = async ({ candidate, tool }: Chosen, url: string, bounds: AnswerBounds) => {
    const outcome = await execute(candidate, tool, url, bounds, address, deps.kubectl);
    if (outcome.kind === 'answered') return outcome.answer;
    if (outcome.kind === 'too large') throw answerTooLarge(bounds);
    if (outcome.kind === 'timed out') throw new QueryFailure('timed out', outcome.why);
    if (outcome.kind === 'unreachable' || outcome.kind === 'hidden status') {
      throw new QueryFailure('unsteady', outcome.why);
    }
    deps.log.debug(`${nameCandidate(candidate)} went away: ${outcome.why}`);
    return undefined;
  };

  return {
    get access(): Access {
      return { way: 'exec', url: address.url, ...(last ? { through: nameCandidate(last) } : {}) };
    },
    async send(path, params, bounds) {
      const url = urlOfQuery(`${address.url}${path}`, params);
      for (;;) {
        bounds.signal?.throwIfAborted();
        const used = chosen;
        const answer = used ? await askThrough(used, url, bounds) : undefined;
        if (answer) return answer;
        // Of several queries that lose their pod at once, one looks for the next.
        if (chosen === used) chosen = undefined;
        const found = await oneChooses(async () => (chosen ? undefined : choose(url, bounds)));
        if (found) return found;
      }
    },
  };
}

type Failed = Exclude<ExecOutcome, { kind: 'answered' }>;

/** The tool that gets an answer, and the answer unless it is too large. */
async function tryTools(
  candidate: ExecCandidate,
  url: string,
  bounds: AnswerBounds,
  address: Address,
  kubectl: Kubectl,
): Promise<{ tool: Tool; answer?: HttpAnswer } | Failed> {
  let failed: Failed = { kind: 'no tool', why: 'no tool' };
  for (const tool of toolsFor(address)) {
    const outcome = await execute(candidate, tool, url, bounds, address, kubectl);
    if (outcome.kind === 'answered') return { tool, answer: outcome.answer };
    if (outcome.kind === 'too large') return { tool };
    if (outcome.kind !== 'no tool' || failed.kind === 'no tool') failed = outcome;
    // Many a busybox has no TLS, so curl may get through where wget does not.
    const mayDiffer = outcome.kind === 'unreachable' && address.url.startsWith('https:');
    if (outcome.kind !== 'no tool' && !mayDiffer) break;
  }
  return failed;
}

async function execute(
  candidate: ExecCandidate,
  tool: Tool,
  url: string,
  { timeoutSeconds, mostBytes, signal }: AnswerBounds,
  address: Address,
  kubectl: Kubectl,
): Promise<ExecOutcome> {
  const run = async (showErrors: boolean): Promise<ExecOutcome> => {
    const command = buildCommand(tool, url, address, timeoutSeconds, showErrors);
    const args = [
      'exec',
      ...(command.stdin === undefined ? [] : ['-i']),
      '-n',
      candidate.namespace,
      candidate.target,
      ...(candidate.container === undefined ? [] : ['-c', candidate.container]),
      '--',
      ...command.argv,
    ];
    const result = await kubectl.run(args, {
      stdin: command.stdin,
      timeoutSeconds: timeoutSeconds + GRACE_SECONDS,
      mostBytes,
      signal,
    });
    return readOutcome(tool, { ...result, stderr: address.redact(result.stderr) });
  };
  const outcome = await run(false);
  return outcome.kind === 'hidden status' ? run(true) : outcome;
}

function explain(failed: Failed, candidate: ExecCandidate, address: Address): string {
  const tools = toolsFor(address).join(' or ');
  if (failed.kind === 'no tool') {
    return toolsFor(address).length === 1 ? 'without curl, which a token or headers need' : `without ${tools}`;
  }
  if (failed.kind === 'forbidden') {
    return `forbidden in the namespace ${candidate.namespace} (needs the verb create on pods/exec): ${failed.why}`;
  }
  if (failed.kind === 'gone') return 'gone in the meantime';
  return failed.why;
}

function summarise(reasons: ReadonlyMap<string, number>): string {
  if (reasons.size === 0) {
    return 'no container in the inspected namespaces can run the queries: a ready pod with wget or curl is needed, or query-pod';
  }
  const parts = [...reasons].map(([reason, count]) => `${count} × ${reason}`);
  return `no container got an answer: ${parts.slice(0, 4).join('; ')}`;
}
