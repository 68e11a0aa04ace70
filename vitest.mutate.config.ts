import { defineConfig } from 'vitest/config';
import all from './vitest.config.ts';

// For `npm run mutate`: the tests beside the code that is mutated, and the attacks. No process or bundle of its own runs
// in them, in which no mutant would be active, and each takes moments.
export default defineConfig({
  test: {
    ...all.test,
    include: [
      'test/{attacks,auth,authority,broker,grants,mint,policies,signers}/**/*.test.ts',
      'test/stores/seal/*.test.ts',
    ],
    reporters: ['default'],
  },
});
