import { env } from 'node:process';
import { defineConfig } from 'vitest/config';
import all from './vitest.config.ts';

// For `npm run mutate`: the tests beside the code that is mutated, and the attacks. No process or bundle of its own runs
// in them, in which no mutant would be active, and each takes moments. `MUTATE_TESTS` names fewer, with spaces between:
// for one folder, its own tests find nearly all that all of them find, in a tenth of the time.
export default defineConfig({
  test: {
    ...all.test,
    // biome-ignore lint/style/noProcessEnv: of a tool, not of the service
    include: env['MUTATE_TESTS']?.split(' ') ?? [
      'test/{attacks,auth,authority,broker,grants,mint,policies,signers}/**/*.test.ts',
      'test/stores/seal/*.test.ts',
      // What the broker does besides, which is tested where it comes from.
      'test/leases/{list,read}.test.ts',
      'test/issuer/exchange.test.ts',
      'test/clouds/ecs/login.test.ts',
    ],
    // A mutant that is instrumented is far slower, on a machine that does other things too.
    testTimeout: 120_000,
    reporters: ['default'],
  },
});
