import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parse } from 'yaml';

const trigger = v.strictObject({
  type: v.picklist(['cos', 'ckafka']),
  name: v.string(),
  /** As https://cloud.tencent.com/document/product/583/39901 has it. */
  settings: v.record(v.string(), v.unknown()),
});

const texts = v.array(v.string());

/** The part of `serverless.yml` that applies to SCF; the rest is for AWS. */
const fileSchema = v.object({
  service: v.string(),
  provider: v.object({ memorySize: v.number(), timeout: v.number() }),
  functions: v.record(
    v.string(),
    v.object({
      memorySize: v.optional(v.number()),
      timeout: v.optional(v.number()),
      events: v.array(v.record(v.string(), v.unknown())),
    }),
  ),
  custom: v.object({
    tencent: v.strictObject({
      runtime: v.string(),
      namespace: v.string(),
      alias: v.string(),
      /** The CAM role whose credentials the functions get in their environment. */
      role: v.optional(v.string()),
      /** Names of variables that are copied from the environment of the deployment. */
      environment: v.optional(texts, []),
      url: v.strictObject({
        auth: v.picklist(['NONE', 'CAM']),
        cors: v.strictObject({ origins: texts, methods: texts, headers: texts, maxAge: v.number() }),
      }),
      triggers: v.record(v.string(), v.array(trigger)),
    }),
  }),
});

export type Settings = v.InferOutput<typeof fileSchema>;

/** Reads `serverless.yml`. Tags of CloudFormation are ignored: nothing that is read here has any. */
export const readSettings = (path: string): Settings =>
  v.parse(fileSchema, parse(readFileSync(path, 'utf8'), { logLevel: 'silent' }));
