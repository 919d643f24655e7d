import type { Mapping } from '../model/mapping.ts';
import type { RepositoryFiles } from '../model/repository-files.ts';
import type { Suggestion } from '../model/suggestion.ts';
import type { TemplateContainer } from '../model/workload.ts';
import { isParsed, parseManifest } from './documents.ts';
import { checkTarget, type FileTarget, targetOf } from './file-target.ts';
import { decode, type Miss, refuseText, refuseUnread, sayOf } from './readable.ts';

/** The place that the user named; its values must agree with the live ones like any other's. */
export async function locateMapped(
  suggestion: Suggestion,
  live: TemplateContainer,
  mapping: Mapping,
  files: RepositoryFiles,
): Promise<FileTarget | Miss> {
  const path = mapping.file.replace(/^\.\//, '');
  const miss = (reason: Miss['reason'], why: string): Miss => ({ reason, why: sayOf(path, why), lookedAt: [path] });
  const wrongEntry = (reason: Miss['reason'], why: string) =>
    miss(reason, `${why}; correct its entry in the option mappings`);
  if (/^\.git(hub)?\//i.test(path)) return wrongEntry('unsafe file', 'files in .git and .github are never edited');
  const file = (await files.list()).find((listed) => listed.path === path);
  if (!file) return wrongEntry('no manifest', 'the file that the mapping names is not in the repository');
  const unread = refuseUnread(file);
  if (unread) return miss(unread.reason, unread.why);
  const text = decode(await files.read(path));
  if (text === undefined) return miss('unsafe file', 'it is not valid UTF-8');
  const parsed = parseManifest(text);
  const refusal = refuseText(text, false) ?? (isParsed(parsed) ? undefined : parsed);
  if (refusal || !isParsed(parsed))
    return miss(refusal?.reason ?? 'not editable', refusal?.why ?? 'it cannot be parsed');
  const key = mapping.path.at(-1);
  if (typeof key !== 'string') return wrongEntry('no manifest', 'the path of the mapping does not end in a key');
  if (parsed.documents.length > 1)
    return wrongEntry('ambiguous', 'it has several documents, and a mapping names only a path');
  const target = targetOf(suggestion, 0, mapping.path.slice(0, -1), key);
  const wrong = checkTarget(parsed, target, live, suggestion);
  return wrong ? miss(wrong.reason, wrong.why) : { path, text, parsed, target };
}
