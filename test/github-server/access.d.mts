/** Fields that the REST API's version 2026-03-10 no longer has. */
export const REMOVED: readonly string[];
