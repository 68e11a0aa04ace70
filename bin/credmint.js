#!/usr/bin/env node
import { existsSync } from 'node:fs';

// In the repository the sources run as they are, by the Node that it pins; the package has them built, for Node 20.
const source = new URL('./credmint.ts', import.meta.url);
if (existsSync(source)) {
  (await import('./require-node.js')).requireNode();
  await import(source.href);
} else await import(new URL('../dist/npm/credmint.js', import.meta.url).href);
