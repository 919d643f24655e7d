import type { Readable } from 'node:stream';

/**
 * Keeps what a stream gives, up to so many bytes; the first byte beyond is told once, and nothing is kept from then on. The
 * result gives it as text.
 */
export function collectOutput(stream: Readable, mostBytes: number, full?: () => void): () => string {
  const bytes = collectBytes(stream, mostBytes, full);
  return () => bytes().toString();
}

/** As `collectOutput`, with the bytes as they came. */
export function collectBytes(stream: Readable, mostBytes: number, full: () => void = () => undefined): () => Buffer {
  const chunks: Buffer[] = [];
  let left = mostBytes;
  stream.on('data', (chunk: Buffer) => {
    if (left >= 0 && chunk.length > left) full();
    if (left > 0) chunks.push(chunk.subarray(0, left));
    left = chunk.length > left ? -1 : left - chunk.length;
  });
  return () => Buffer.concat(chunks);
}
