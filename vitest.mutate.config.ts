import { env } from 'node:process';
import { defineConfig } from 'vitest/config';
import all from './vitest.config.ts';

// For `npm run mutate`, which names the tests of a part in `MUTATE_TESTS`, with spaces between. No process or bundle of its own
// runs in them, in which no mutant would be active.
export default defineConfig({
  test: {
    ...all.test,
    // biome-ignore lint/style/noProcessEnv: of a tool, not of the service
    include: env['MUTATE_TESTS']?.split(' ') ?? [],
    // A mutant that is instrumented is far slower, on a machine that does other things too.
    testTimeout: 120_000,
    reporters: ['default'],
  },
});
