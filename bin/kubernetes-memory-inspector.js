#!/usr/bin/env node
// The bundle is an action as long as it is given no word.
if (process.argv.length === 2) process.argv.push('inspect');
await import('../dist/index.js');
