import json from '../signers/vectors.json' with { type: 'json' };
import more from '../signers/vectors-of-more-clouds.json' with { type: 'json' };

/** A signature that a vendor's own code made, or that its pages print, with every step on the way to it. */
export interface Vector {
  readonly dialect: string;
  readonly name: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signedHeaders?: string;
  readonly region?: string;
  readonly service?: string;
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken?: string | null;
  readonly timestamp?: string | null;
  readonly wireUrl?: string;
  readonly expected: {
    readonly canonicalRequest?: string;
    readonly stringToSign: string;
    readonly signature: string;
    readonly authorization?: string;
  };
}

const all: readonly unknown[] = [...json, ...more];

/** The vectors of these schemes; never none, so that a suite over them cannot pass by being empty. */
export const vectorsOf = (...dialects: readonly string[]): readonly Vector[] => {
  const found = (all as readonly Vector[]).filter(({ dialect }) => dialects.includes(dialect));
  if (found.length === 0) throw new Error(`There are no vectors of ${dialects.join(', ')}.`);
  return found;
};
