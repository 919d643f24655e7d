import type { KubectlResult } from '../../kubectl/kubectl.ts';
import type { Address } from './address.ts';
import { excerpt } from './failure.ts';
import type { HttpAnswer } from './transport.ts';

export type Tool = 'wget' | 'curl';

/** What runs in the container: an argument list without secrets, and what goes to its standard input. */
export interface Command {
  readonly argv: readonly string[];
  readonly stdin?: string;
}

/** What one `kubectl exec` came to. `no tool` and `gone` concern the container, `forbidden` its namespace. */
export type ExecOutcome =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  | {
      readonly kind: 'no tool' | 'gone' | 'forbidden' | 'unreachable' | 'timed out' | 'hidden status' | 'too large';
      readonly why: string;
    };

/** The tools that can send what the address asks for: wget takes headers from its argument list only. */
export function toolsFor(address: Address): readonly Tool[] {
  return Object.keys(address.headers).length === 0 ? ['wget', 'curl'] : ['curl'];
}

/** `showErrors` makes GNU wget print status and body of a refusal; busybox's does not know it. */
export function buildCommand(
  tool: Tool,
  url: string,
  address: Address,
  timeoutSeconds: number,
  showErrors = false,
): Command {
  const timeout = String(Math.max(1, Math.ceil(timeoutSeconds)));
  if (tool === 'wget') {
    const errors = showErrors ? ['-S', '--content-on-error'] : [];
    return { argv: ['wget', '-q', '-O', '-', '-T', timeout, '-t', '1', ...errors, url] };
  }
  const argv = ['curl', '-sS', '-g', '-m', timeout, '-w', '\\n%{http_code} %{redirect_url}'];
  const headers = Object.entries(address.headers);
  if (headers.length === 0) return { argv: [...argv, url] };
  const config = headers.map(([name, value]) => `header = ${quoteForCurl(`${name}: ${value}`)}\n`).join('');
  return { argv: [...argv, '-K', '-', url], stdin: config };
}

function quoteForCurl(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/[\r\n]/g, '')}"`;
}

/** Reads what came of a command in a container. */
export function readOutcome(tool: Tool, result: KubectlResult): ExecOutcome {
  if (result.exitCode === 0) {
    const answer = tool === 'curl' ? readCurl(result.stdout) : { status: 200, body: result.stdout };
    // Nothing after the body means that curl's last line is missing: the answer was cut on its way.
    return { kind: 'answered', answer: answer ?? { status: 200, body: result.stdout } };
  }
  const text = excerpt(result.stderr);
  if (result.tooLarge) return { kind: 'too large', why: text };
  if (/is forbidden|\(Forbidden\)/.test(text)) return { kind: 'forbidden', why: text };
  if (MISSING_TOOL.test(text)) return { kind: 'no tool', why: text };
  const code = Number(/exit (?:code|status) (\d+)/.exec(text)?.[1] ?? result.exitCode);
  if (code === 126 || code === 127) return { kind: 'no tool', why: text };
  const status = readStatus(result.stderr);
  if (status !== undefined) return { kind: 'answered', answer: { status, body: result.stdout } };
  if (GONE.test(text) || code === 137 || code === 143) return { kind: 'gone', why: text };
  if (tool === 'wget' && code === 8) return { kind: 'hidden status', why: text };
  if (code === 124 || (tool === 'curl' && code === 28) || /timed? ?out/i.test(text)) {
    return { kind: 'timed out', why: text || 'no answer in time' };
  }
  return { kind: 'unreachable', why: `${explainCode(tool, code)}${text}` };
}

const MISSING_TOOL = /executable file not found|no such file or directory|(wget|curl): not found|command not found/i;
const GONE =
  /pods? "[^"]*" not found|container not found|\(NotFound\)|completed pod|not running|is not valid for pod|error dialing backend|unable to upgrade connection|lost connection|unexpected EOF|connection reset|use of closed/i;

/** The status that wget printed: GNU's `HTTP/1.1 422 …` headers, or busybox's `server returned error: HTTP/1.1 422 …`. */
function readStatus(stderr: string): number | undefined {
  const all = [...stderr.matchAll(/HTTP\/\d(?:\.\d)? (\d{3})/g)];
  const last = all.at(-1)?.[1] ?? /ERROR (\d{3}):/.exec(stderr)?.[1];
  return last === undefined ? undefined : Number(last);
}

function readCurl(stdout: string): HttpAnswer | undefined {
  const line = /\n(\d{3}) ([^\n]*)$/.exec(stdout.slice(-4096));
  if (!line?.[1]) return undefined;
  const location = line[2] ?? '';
  const body = stdout.slice(0, stdout.length - line[0].length);
  return { status: Number(line[1]), body, ...(location === '' ? {} : { location }) };
}

/** wget -q says nothing but its exit status. */
function explainCode(tool: Tool, code: number): string {
  const known: Readonly<Record<number, string>> =
    tool === 'wget'
      ? { 4: 'network failure (name not resolved, or connection refused). ', 5: 'the certificate is not trusted. ' }
      : { 6: 'name not resolved. ', 7: 'connection refused. ', 60: 'the certificate is not trusted. ' };
  return known[code] ?? '';
}
