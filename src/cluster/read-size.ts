import type { Bytes } from '../bytes.ts';
import { sizeOf } from '../plausible.ts';
import { parseQuantity } from '../quantity.ts';

/** A quantity of memory as the API server has it; `undefined` for one that no memory can have. */
export function readSize(quantity: string | number): Bytes | undefined {
  const size = parseQuantity(String(quantity));
  return size === undefined ? undefined : sizeOf(size);
}
