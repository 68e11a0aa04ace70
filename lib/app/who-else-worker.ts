import { parentPort } from 'node:worker_threads';
import { clouds, upstreamsWith } from '../clouds/dialects.ts';
import type { WrittenConfig } from '../config/schema.ts';
import { presets } from '../config/sections/callers/jwt-presets.ts';
import { rangesOf } from '../diagnostics/prove/ranges.ts';
import { type WhoQuestion, who } from '../diagnostics/prove/who.ts';

const upstreams = upstreamsWith(clouds);

parentPort?.on('message', (asked: { readonly written: WrittenConfig; readonly question: WhoQuestion }) => {
  parentPort?.postMessage(
    who(asked.written, asked.question, {
      presets,
      range: rangesOf(upstreams, clouds),
      checkPolicy: (cloud, policy) => upstreams.find(({ id }) => id === cloud)?.checkPolicy(policy),
      now: new Date(),
    }),
  );
});
