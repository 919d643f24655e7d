import { setFlagsFromString } from 'node:v8';
import { setFailed } from '@actions/core';
import { createRunner, explainThrown } from './actions.ts';
import { run } from './run.ts';

// A run's garbage is large answers that die young: left alone, V8 lets the space for them grow to 64 MB.
setFlagsFromString('--semi-space-growth-factor=1');
const runner = createRunner();
try {
  const failure = await run(runner, process.env);
  if (failure !== undefined) setFailed(failure);
} catch (thrown) {
  setFailed(explainThrown(thrown, runner.log));
}
