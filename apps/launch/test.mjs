import { requireNode } from './node-version.mjs';

requireNode();
await import('./commands/test.mjs');
