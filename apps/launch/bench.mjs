import { requireNode } from './node-version.mjs';

requireNode();
await import('./commands/bench.mjs');
