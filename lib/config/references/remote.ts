import { carried } from '../../core/carried.ts';
import { causeInWords, causeOf } from '../../core/cause.ts';
import { StsError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import { member, readJson } from '../../wire/json.ts';
import { plainText } from '../../wire/plain-text.ts';
import { parameters, secrets } from './aws.ts';
import type { ReferenceDeps } from './deps.ts';
import type { SecretSources } from './sources.ts';
import { tencentSecrets } from './tencent.ts';

/**
 * The secrets that remote references lead to, by reference; one that leads nowhere is left out. Rejects with an
 * StsError if a place does not answer or refuses.
 */
export type Follow = (references: readonly string[]) => Promise<ReadonlyMap<string, Secret>>;

/** The first request of a cold start waits for this. */
const timeoutMs = 5_000;

/** The text of a secret by its name; undefined if there is none. */
type FetchText = (name: string, signal: AbortSignal) => Promise<string | undefined>;

type PlaceKind = 'ssm' | 'secretsmanager' | 'tencent-ssm';

/**
 * Every place of secrets that is asked over the network; it comes to nothing if the environment does not name the place.
 * A function is built without those that its configuration does not refer to.
 */
const places: Readonly<Record<PlaceKind, (sources: SecretSources, deps: ReferenceDeps) => FetchText | undefined>> = {
  ssm: parameters,
  secretsmanager: secrets,
  'tencent-ssm': tencentSecrets,
};

/** Follows remote references, all at once and each secret once, however many of its members are asked for. */
export const followRemote = (sources: SecretSources, deps: ReferenceDeps): Follow => {
  // Each place once, as it keeps the key that it is asked with.
  const opened = new Map<string, FetchText | undefined>();
  const placeOf = (kind: string): FetchText | undefined => {
    if (!opened.has(kind))
      opened.set(kind, carried(places[kind as PlaceKind], `references of ${kind}:`)(sources, deps));
    return opened.get(kind);
  };

  return async (references) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const texts = new Map<string, Promise<string | undefined>>();
    const found = await Promise.all(
      references.map(async (reference): Promise<readonly (readonly [string, Secret])[]> => {
        const { kind, name, key } = partsOf(reference);
        const text = texts.get(`${kind}:${name}`) ?? Promise.resolve(placeOf(kind)?.(name, signal));
        texts.set(`${kind}:${name}`, text);
        const whole = await text.catch((thrown: unknown) => {
          if (thrown instanceof StsError) throw thrown;
          const cause = causeOf(thrown);
          const why = cause === 'Unknown' ? '' : `: ${causeInWords(cause)}`;
          throw new StsError('CloudUnavailable', `The place of ${kind}: references does not answer${why}.`, { cause });
        });
        const plain = plainText(whole ?? '');
        const said = key === undefined ? plain : member(readJson(plain), key);
        const value = typeof said === 'string' ? plainText(said) : '';
        // An empty secret is one that everybody knows.
        return value === '' ? [] : [[reference, new Secret(value)]];
      }),
    );
    return new Map(found.flat());
  };
};

/** `KIND:NAME`, or `KIND:NAME#KEY` for one member of a secret that is a JSON object. */
const partsOf = (reference: string): { readonly kind: string; readonly name: string; readonly key?: string } => {
  const [, kind = '', name = '', key] = /^([a-z-]+):([^#]*)(?:#(.*))?$/.exec(reference) ?? [];
  return key === undefined ? { kind, name } : { kind, name, key };
};
