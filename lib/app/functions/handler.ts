import middy from '@middy/core';
import { StsError } from '../../core/errors.ts';
import { type Answerer, maxAnswerMs } from '../../platform/answer.ts';
import { albShapes } from '../../platform/aws/alb.ts';
import { httpApi } from '../../platform/aws/http-api.ts';
import { restApi } from '../../platform/aws/rest-api.ts';
import type { EventShape } from '../../platform/event-shape.ts';
import { shapeName } from '../../platform/shape-name.ts';
import { scf } from '../../platform/tencent/scf.ts';
import { isObject } from '../../wire/json.ts';
import { remainingMs } from './remaining.ts';

/** What a platform calls with its event. */
export type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** What events of HTTP look like. A function is built without those of platforms that it does not run on. */
const shapes: Readonly<Record<string, readonly EventShape[]>> = {
  httpApi: [httpApi],
  restApi: [restApi],
  alb: albShapes,
  scf: [scf],
};

const knownShapes = Object.values(shapes).flat();

/**
 * The handler of an answerer, for the HTTP events of every platform.
 *
 * @example
 * export const handler = handlerOf(health);
 */
export const handlerOf = (answer: Answerer): Handler => {
  const handle = async (event: unknown, context: unknown): Promise<unknown> => {
    if (isObject(event)) {
      for (const shape of knownShapes) {
        const raw = shape.read(event);
        if (raw !== undefined) return shape.write(await answer(raw, remainingMs(context, maxAnswerMs)));
      }
    }
    throw new StsError(
      'InvalidRequest',
      `The event is not an HTTP request of a known platform: it is ${shapeName(event)}.`,
    );
  };
  // We have a deadline of our own; middy's early timeout would discard the answer that says what took too long.
  return middy({ timeoutEarlyInMillis: 0 }).handler(handle as never) as Handler;
};
