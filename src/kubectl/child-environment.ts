import type { Variables } from '../environment.ts';

/** What the runner gives a step for itself: its inputs, its tokens, and the files by which it speaks to the runner. */
const OF_THE_STEP =
  /^(INPUT_.*|ACTIONS_.*|(GITHUB|GH)_(ENTERPRISE_)?TOKEN|GITHUB_(ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)|MEMORY_INSPECTOR_PROMETHEUS_.*)$/i;

/** By these a program gets the workflow's OIDC token, with which it logs in to a cloud. */
const OIDC = new Set(['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN']);

/**
 * The environment for a program that starts others in its turn, as kubectl does a kubeconfig's credential plugins: all
 * but what the runner gave this step alone. `oidc` lets the workflow's OIDC through.
 */
export function environmentForChildren(inherited: Variables, oidc: boolean): Variables {
  const passed = Object.entries(inherited).filter(([name]) => (oidc && OIDC.has(name)) || !OF_THE_STEP.test(name));
  return Object.fromEntries(passed);
}
