import * as v from 'valibot';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { signingKeyOfPem } from '../../issuer/open-key.ts';
import type { IssuerKey, IssuerSettings } from '../../issuer/settings.ts';
import { type ConfigContext, withoutAwsRole } from '../context.ts';
import { isRemote } from '../references/reference.ts';
import { described, endpoint, referenceOr } from '../values.ts';

const kmsForm = 'kms:arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+';

/** Our own OIDC issuer. */
export const issuer = v.strictObject({
  url: described(
    'The `iss` of its tokens, exactly: where callers reach this server, as https://id.example.com.',
    v.pipe(
      endpoint,
      v.check((text) => !URL.canParse(text) || new URL(text).origin === text, 'must have no path, not even a final /'),
    ),
  ),
  keys: described(
    'References to private keys as PEM (RSA of 2048 bits or more, or EC on P-256 or P-384), or kms:ARN of keys that stay in AWS KMS. The first signs, all are published.',
    v.pipe(v.array(referenceOr(kmsForm, 'kms:ARN')), v.minLength(1)),
  ),
});

/** The issuer as it is used. */
export const issuerOf = ({ url, keys }: v.InferOutput<typeof issuer>, context: ConfigContext): IssuerSettings => {
  const [first = noKey, ...more] = keys.map((text, index) => keyOf(text, `issuer.keys.${index}`, context));
  return { url, keys: [first, ...more] };
};

const noKey: IssuerKey = { kind: 'pem', pem: new Secret('') };

const keyOf = (text: string, path: string, context: ConfigContext): IssuerKey => {
  if (text.startsWith('kms:')) return kmsKeyOf(text.slice('kms:'.length), path, context);
  const pem = context.secret(path, text);
  // A text that is kept elsewhere may not have been fetched; it is judged when it is opened.
  if (pem.reveal() === '' || isRemote(text)) return { kind: 'pem', pem };
  try {
    signingKeyOfPem(pem);
  } catch (thrown) {
    context.fault(path, (thrown as Error).message);
  }
  return { kind: 'pem', pem };
};

const kmsKeyOf = (keyId: string, path: string, { aws, environment, fault }: ConfigContext): IssuerKey => {
  if (aws === undefined) fault(path, withoutAwsRole);
  const endpoint = environment['AWS_ENDPOINT_URL_KMS'];
  return omitUndefined<IssuerKey>({
    kind: 'kms',
    keyId,
    region: keyId.split(':')[3] ?? '',
    endpoint: endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint) : undefined,
  });
};
