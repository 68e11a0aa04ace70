// `npm run build:console`, and before each `npm start`: the page of the server. Where the tools of the build are not
// installed, as in production, it is served as it was built. Plain JavaScript, so that an old Node comes as far as bin/start.js,
// which says what is needed.

import { fileURLToPath } from 'node:url';

try {
  const { buildConsole } = await import('./console/build.ts');
  await buildConsole(fileURLToPath(new URL('..', import.meta.url)));
} catch (thrown) {
  console.error(`The page is not built: ${thrown.message}`);
}
