import { compareLines, type LineEdit, splitLines } from './line-edits.ts';

const CONTEXT = 3;

/** A file before and after; `before` is undefined for a new one. */
export interface FileChange {
  readonly path: string;
  readonly before?: string;
  readonly after: string;
}

/** A unified diff that `git apply` takes; empty where nothing differs. */
export function unifiedDiff({ path, before, after }: FileChange): string {
  if (before === after) return '';
  const edits = compareLines(splitLines(before ?? ''), splitLines(after));
  const [oldName, newName] = [quotePath(`a/${path}`), quotePath(`b/${path}`)];
  const header = [`diff --git ${oldName} ${newName}`];
  if (before === undefined) header.push('new file mode 100644');
  if (edits.length > 0)
    header.push(`--- ${before === undefined ? '/dev/null' : withTab(oldName)}`, `+++ ${withTab(newName)}`);
  return `${header.join('\n')}\n${cutHunks(edits).map(writeHunk).join('')}`;
}

interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly edits: LineEdit[];
}

function cutHunks(edits: readonly LineEdit[]): Hunk[] {
  const hunks: Hunk[] = [];
  let [oldLine, newLine, lastChange] = [1, 1, Number.NEGATIVE_INFINITY];
  const positions = edits.map((edit) => {
    const position = { oldLine, newLine };
    if (edit.kind !== '+') oldLine++;
    if (edit.kind !== '-') newLine++;
    return position;
  });
  edits.forEach((edit, index) => {
    if (edit.kind === ' ') return;
    const joined = index - lastChange <= 2 * CONTEXT + 1;
    const from = joined ? lastChange + 1 : Math.max(0, index - CONTEXT);
    if (!joined) {
      closeHunk(hunks.at(-1), edits, lastChange);
      const position = positions[from] ?? { oldLine: 1, newLine: 1 };
      hunks.push({ oldStart: position.oldLine, newStart: position.newLine, edits: [] });
    }
    for (const one of edits.slice(from, index + 1)) hunks.at(-1)?.edits.push(one);
    lastChange = index;
  });
  closeHunk(hunks.at(-1), edits, lastChange);
  return hunks;
}

function closeHunk(hunk: Hunk | undefined, edits: readonly LineEdit[], lastChange: number): void {
  hunk?.edits.push(...edits.slice(lastChange + 1, lastChange + 1 + CONTEXT));
}

function writeHunk({ oldStart, newStart, edits }: Hunk): string {
  const oldCount = edits.filter((edit) => edit.kind !== '+').length;
  const newCount = edits.filter((edit) => edit.kind !== '-').length;
  const range = (start: number, count: number) => `${count === 0 ? start - 1 : start},${count}`;
  const lines = edits.map(({ kind, line }) =>
    line.endsWith('\n') ? `${kind}${line}` : `${kind}${line}\n\\ No newline at end of file\n`,
  );
  return `@@ -${range(oldStart, oldCount)} +${range(newStart, newCount)} @@\n${lines.join('')}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };

function quotePath(path: string): string {
  if (!/["\\\p{Cc}]/u.test(path)) return path;
  const quoted = path.replace(/["\\\p{Cc}]/gu, (character) => {
    const octal = (character.codePointAt(0) ?? 0).toString(8).padStart(3, '0');
    return ESCAPES[character] ?? `\\${octal}`;
  });
  return `"${quoted}"`;
}

/** A tab ends a name that holds spaces. */
function withTab(name: string): string {
  return name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name;
}
