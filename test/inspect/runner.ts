import type { Runner } from '../../src/actions.ts';

/** A runner with some inputs, and what a run gives it. */
export function recordingRunner(inputs: Readonly<Record<string, string>>) {
  const given = { outputs: {} as Record<string, string>, summary: '' };
  const runner: Runner = {
    log: { step() {}, debug() {}, warn() {}, group: (_, work) => work() },
    input: (name) => inputs[name] ?? '',
    mask() {},
    output: (name, value) => {
      given.outputs[name] = value;
    },
    annotate() {},
    writeSummary: async (markdown) => {
      given.summary = markdown;
    },
  };
  return { runner, given };
}
