import { randomInt } from 'node:crypto';
import middy from '@middy/core';
import type { TlsSettings } from '../../config/sections/tls.ts';
import { StsError } from '../../core/errors.ts';
import { type Answerer, maxAnswerMs } from '../../platform/answer.ts';
import { apiGatewayV2 } from '../../platform/aws/http-api.ts';
import { apiGatewayV1 } from '../../platform/aws/rest-api.ts';
import type { EventShape } from '../../platform/event-shape.ts';
import { tencentScf } from '../../platform/tencent/scf.ts';
import { nodeTransport } from '../../transport/node-http.ts';
import { isObject } from '../../wire/json.ts';
import type { AppDeps, FunctionSpec } from '../compose.ts';
import { type App, createApp } from '../create-app.ts';
import { openConfig } from '../open-config.ts';

/** What a platform calls with its event; node:http calls `answer` of the same object. */
export interface Handler {
  (event: unknown, context: unknown): Promise<unknown>;
  readonly answer: Answerer;
}

const shapes: readonly EventShape[] = [apiGatewayV2, apiGatewayV1, tencentScf];

/** What remains for an answer when the platform will cut us off: time to write the audit record and to reply. */
const reserve = 500;

/** How long an answer may take, in milliseconds: what the platform leaves us, and no more than `most`. */
export const remaining = (context: unknown, most = maxAnswerMs): number => {
  const { getRemainingTimeInMillis, time_limit_in_ms: limit } = isObject(context) ? context : {};
  if (typeof getRemainingTimeInMillis === 'function') return Number(getRemainingTimeInMillis()) - reserve;
  return typeof limit === 'number' ? Math.min(limit - reserve, most) : most;
};

/** The handler of an answerer, for every platform's shape of event. */
export const handlerOf = (answer: Answerer): Handler => {
  const handle = async (event: unknown, context: unknown): Promise<unknown> => {
    if (isObject(event)) {
      for (const shape of shapes) {
        const raw = shape.read(event);
        if (raw !== undefined) return shape.write(await answer(raw, remaining(context)));
      }
    }
    throw new StsError('InvalidRequest', 'The event is not an HTTP request of a platform that is known here.');
  };
  // The deadline is ours, so middy's own early timeout is off: it would discard the answer that says what was late.
  const wrapped = middy({ timeoutEarlyInMillis: 0 }).handler(handle as never) as (
    event: unknown,
    context: unknown,
  ) => Promise<unknown>;
  return Object.assign((event: unknown, context: unknown) => wrapped(event, context), { answer });
};

/** The ground of a deployed function, which remembers and writes its audit trail where its configuration says. */
export const deployedDeps = (): Omit<AppDeps, 'audit' | 'store'> => ({
  transport: nodeTransport(),
  now: () => new Date(),
  nonce: () => randomInt(1, 2 ** 47),
});

/** A function, and a way to have it configured before its first request. */
export interface HttpFunction extends Handler {
  /** Reads the configuration, and says what a server of it shows in handshakes; rejects with what is wrong with it. */
  open(): Promise<TlsSettings | undefined>;
  /** Ends the audit trail and closes the store; after that nothing is minted. */
  close(): Promise<void>;
}

/** A function that serves these dialects and clouds, configured by its environment at its first request. */
export const httpFunction = (spec: FunctionSpec): HttpFunction => {
  let app: App | undefined;
  let opening: Promise<App> | undefined;
  const build = async (): Promise<App> => {
    const appDeps = deployedDeps();
    return createApp(spec, await openConfig(appDeps), appDeps);
  };
  const open = async (): Promise<App> => {
    opening ??= build();
    try {
      app = await opening;
      return app;
    } catch (thrown) {
      // What was wrong may have passed by the next request.
      opening = undefined;
      throw thrown;
    }
  };
  return Object.assign(
    handlerOf(async (raw, deadline) => (app ?? (await open())).answer(raw, deadline)),
    { open: async () => (await open()).config.tls, close: async () => app?.close() },
  );
};
