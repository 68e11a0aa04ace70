import * as v from 'valibot';
import { readJson } from '../wire/json.ts';
import { usageError } from './errors.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const seconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(604_800));

/** Where a secret is: `env:NAME` or `file:PATH`. It never stands in the file itself. */
const reference = v.pipe(v.string(), v.regex(/^(env:[A-Za-z_]\w*|file:.+)$/, 'Expected env:NAME or file:PATH'));

/** How callers prove themselves; exactly one way. */
const proof = v.union([
  v.strictObject({ token: reference }),
  v.strictObject({ tokenCommand: v.pipe(v.array(text), v.minLength(1), v.maxLength(64)) }),
  v.strictObject({ github: v.strictObject({ audience: text }) }),
  v.strictObject({ gitlab: v.strictObject({ variable: v.optional(text, 'CREDMINT_ID_TOKEN') }) }),
  v.strictObject({ kubernetes: v.strictObject({ path: v.optional(text, '/var/run/secrets/credmint/token') }) }),
  v.strictObject({ accessKey: v.strictObject({ id: text, secret: reference, token: v.optional(reference) }) }),
  v.strictObject({
    login: v.strictObject({
      issuer: text,
      clientId: text,
      scope: v.optional(text, 'openid offline_access'),
      /** Which of the issuer's tokens the server is shown. */
      token: v.optional(v.picklist(['id', 'access']), 'id'),
    }),
  }),
]);

const profile = v.strictObject({
  server: v.optional(text),
  account: v.optional(text),
  role: v.optional(text),
  sessionName: v.optional(text),
  federation: v.optional(text),
  lease: v.optional(text),
  durationSeconds: v.optional(seconds),
  policy: v.optional(v.record(v.string(), v.unknown())),
  proof: v.optional(proof),
});

/** The file of profiles, `~/.config/credmint/config.json`. It holds no secret. */
const profilesSchema = v.strictObject({
  $schema: v.optional(text),
  profiles: v.record(v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/)), profile),
});

/** One entry of the file. */
export type Profile = v.InferOutput<typeof profile>;

/** One way to prove oneself. */
export type ProofSettings = v.InferOutput<typeof proof>;

/** How a person logs in. */
export type LoginSettings = Extract<ProofSettings, { login: unknown }>['login'];

/** The profile of that name, or a ClientError that names the file and what is wrong in it, and quotes no value. */
export const readProfile = (fileText: string, name: string, file: string): Profile => {
  const json = readJson(fileText);
  if (json === undefined) throw usageError(`${file}, the file of profiles, is not JSON.`, 'InvalidProfile');
  const result = v.safeParse(profilesSchema, json);
  if (!result.success) {
    const paths = result.issues.map((issue) => v.getDotPath(issue) ?? 'it must be an object with profiles');
    throw usageError(
      `${file}, the file of profiles, is not valid: ${[...new Set(paths)].join(', ')}.`,
      'InvalidProfile',
    );
  }
  const { profiles } = result.output;
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (found === undefined) throw usageError(`${file} has no profile ${name}.`, 'UnknownProfile');
  return found;
};
