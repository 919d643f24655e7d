import type { ContainerEvidence } from '../model/gate.ts';

/** What a container needed at most, in bytes: as it was measured, and without the page cache that the kernel can take back. */
export interface Need {
  readonly whole: number;
  readonly own: number;
}

/** The higher of usage and peak; where it waits for memory, page cache counts in full. `undefined` where nothing was measured. */
export function neededOf({ used, peak, cacheShare = 0, waits }: ContainerEvidence): Need | undefined {
  if (used === undefined && peak === undefined) return undefined;
  const whole = Math.max(used ?? 0, peak ?? 0);
  return { whole, own: waits ? whole : whole * (1 - cacheShare) };
}
