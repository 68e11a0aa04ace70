// `npm run build:console`, and before each `npm start`: the page of the server. `npm start` goes on if this fails, as it does
// if the tools of the build are not installed, and serves the page as it was built before. Plain JavaScript, so that an old
// Node comes as far as bin/start.js, which says what is needed.

import { fileURLToPath } from 'node:url';

try {
  const { buildConsole } = await import('./console/build.ts');
  await buildConsole(fileURLToPath(new URL('..', import.meta.url)));
} catch (thrown) {
  console.error(`The page is not built anew: ${thrown.message}`);
  process.exitCode = 1;
}
