import { root } from './bundle.ts';

// `npm run build:console`, and before each `npm start`: the page of the server. Where the tools of the build are not
// installed, as in production, the page is served as it was built.

try {
  const { buildConsole } = await import('./console/build.ts');
  await buildConsole(root);
} catch (thrown) {
  console.error(`The page is not built: ${(thrown as Error).message}`);
}
