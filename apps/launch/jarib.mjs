#!/usr/bin/env node
import { requireNode } from './node-version.mjs';

requireNode();
await import('./commands/jarib.mjs');
