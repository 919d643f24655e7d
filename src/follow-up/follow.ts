import type { FollowUps } from '../model/follow-up.ts';

export const NOTHING_FOLLOWED: FollowUps = { changes: [] };
