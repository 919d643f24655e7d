import { MIB } from '../bytes.ts';
import type { NotLocatedReason } from '../model/location.ts';
import type { RepositoryFile } from '../model/repository-files.ts';
import { saysGenerated, templateNamedIn } from './generated/marked.ts';

/** Why a file, or a value in it, is left alone. */
export interface WhyNot {
  readonly reason: NotLocatedReason;
  readonly why: string;
}

/** Why there is no edit, with the files that were looked at. */
export interface Miss extends WhyNot {
  readonly lookedAt: readonly string[];
}

/** A sentence about a file: "k8s/web.yaml is encrypted with SOPS", "k8s/web.yaml: line 3 is no YAML". */
export function sayOf(path: string, why: string): string {
  return why.startsWith('it ') ? `${path} ${why.slice('it '.length)}` : `${path}: ${why}`;
}

/** No manifest that a person writes is larger. */
export const LARGEST_FILE = 2 * MIB;

/** Why a listed file must not even be read; `undefined` when it may. */
export function refuseUnread(file: RepositoryFile): WhyNot | undefined {
  if (file.type === 'symlink') return { reason: 'unsafe file', why: 'it is a symbolic link' };
  if (file.type === 'submodule') return { reason: 'unsafe file', why: 'it is a submodule' };
  if (file.size > LARGEST_FILE) return { reason: 'unsafe file', why: 'it is larger than 2 MB' };
  if (/^\/|(^|\/)\.\.(\/|$)|\\|\0/.test(file.path))
    return { reason: 'unsafe file', why: 'its path is not a plain one' };
  return undefined;
}

/** A file's bytes as text with a byte order mark kept; `undefined` where they are not valid UTF-8. */
export function decode(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

/**
 * Why a text that was read must not be edited; `undefined` when it may. `written` is what the repository says of its path.
 * The template that `helm template` rendered it from is looked for by `templateAt`.
 */
export function refuseText(
  text: string,
  written: WhyNot | false | undefined,
  templateAt: (named: string) => string | undefined = () => undefined,
): WhyNot | undefined {
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return { reason: 'unsafe file', why: 'its content is kept in Git LFS' };
  }
  if (/^[ \t]*"?sops"?[ \t]*:/m.test(text) || text.includes('ENC[AES256_GCM')) {
    return { reason: 'encrypted', why: 'it is encrypted with SOPS' };
  }
  if (written) return written;
  const said = saysGenerated(text);
  if (said !== undefined) return { reason: 'generated', why: said };
  const template = templateNamedIn(text);
  if (template === undefined) return undefined;
  const source = templateAt(template) ?? template;
  return { reason: 'generated', why: `it is written by helm template: change its source ${source}, or the values` };
}
