import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';

/** Loose objects of a repository, read and written without a process for each. Packed ones are not seen. */
export function openObjects(gitDir) {
  const folderOf = (sha) => `${gitDir}/objects/${sha.slice(0, 2)}`;
  const fileOf = (sha) => `${folderOf(sha)}/${sha.slice(2)}`;

  return {
    /** `{type, content}`, or undefined where there is no loose object of that name. */
    async read(sha) {
      if (!/^[0-9a-f]{40}$/.test(sha)) return undefined;
      const packed = await readFile(fileOf(sha)).catch(() => undefined);
      if (packed === undefined) return undefined;
      const raw = await promisify(inflate)(packed);
      const end = raw.indexOf(0);
      return { type: raw.subarray(0, end).toString().split(' ')[0], content: raw.subarray(end + 1) };
    },
    async write(type, bytes) {
      const content = Buffer.from(bytes);
      const raw = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
      const sha = createHash('sha1').update(raw).digest('hex');
      await mkdir(folderOf(sha), { recursive: true });
      const half = `${gitDir}/objects/half-${randomUUID()}`;
      await writeFile(half, await promisify(deflate)(raw));
      await rename(half, fileOf(sha));
      return sha;
    },
  };
}
