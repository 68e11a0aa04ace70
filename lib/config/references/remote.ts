import { awsCredentials } from '../../aws/credentials.ts';
import { type AwsDeps, awsCall } from '../../aws/json.ts';
import { StsError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { Transport } from '../../core/transport.ts';
import { member, readJson } from '../../wire/json.ts';
import type { Follow, ReferencePlaces } from './places.ts';
import { tencentSecret } from './tencent.ts';

/** What references are followed with. */
export interface ReferenceDeps {
  readonly transport: Transport;
  readonly now: () => Date;
}

/** A cold start waits for this. */
const milliseconds = 5000;

/** Follows remote references, all at once and each secret once, however many of its members are asked for. */
export const followReferences = (places: ReferencePlaces, deps: ReferenceDeps): Follow => {
  const { aws, tencent } = places;
  const awsMeans: AwsDeps | undefined = aws && {
    ...deps,
    credentials: awsCredentials(aws.source, deps.transport, deps.now),
  };

  const fetchText = async (kind: string, name: string, signal: AbortSignal): Promise<string | undefined> => {
    if (kind === 'tencent-ssm') return tencent && tencentSecret(tencent, name, deps, signal);
    if (aws === undefined || awsMeans === undefined) return undefined;
    const { region } = aws;
    // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
    if (kind === 'ssm') {
      const call = awsCall({ name: 'ssm', region, endpoint: aws.ssm }, awsMeans);
      const reply = await call('GetParameter', { Name: name, WithDecryption: true }, signal);
      return textOf(reply, (result) => member(member(result, 'Parameter'), 'Value'));
    }
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
    const call = awsCall({ name: 'secretsmanager', region, endpoint: aws.secretsManager }, awsMeans);
    const reply = await call('GetSecretValue', { SecretId: name }, signal);
    return textOf(reply, (result) => member(result, 'SecretString'));
  };

  return async (references) => {
    const signal = AbortSignal.timeout(milliseconds);
    const texts = new Map<string, Promise<string | undefined>>();
    const found = await Promise.all(
      references.map(async (reference): Promise<readonly (readonly [string, Secret])[]> => {
        const { kind, name, key } = partsOf(reference);
        const text = texts.get(`${kind}:${name}`) ?? fetchText(kind, name, signal);
        texts.set(`${kind}:${name}`, text);
        const whole = await text.catch((thrown: unknown) => {
          if (thrown instanceof StsError) throw thrown;
          throw new StsError('CloudUnavailable', 'A place that keeps secrets of the configuration does not answer.');
        });
        const value = key === undefined ? whole : member(readJson(whole ?? ''), key);
        // An empty secret is one that everybody knows.
        return typeof value === 'string' && value !== '' ? [[reference, new Secret(value)]] : [];
      }),
    );
    return new Map(found.flat());
  };
};

/** `KIND:NAME`, and of a secret that is a JSON object one member: `KIND:NAME#KEY`. */
const partsOf = (reference: string): { readonly kind: string; readonly name: string; readonly key?: string } => {
  const [, kind = '', name = '', key] = /^([a-z-]+):([^#]*)(?:#(.*))?$/.exec(reference) ?? [];
  return key === undefined ? { kind, name } : { kind, name, key };
};

const textOf = (reply: { result: unknown } | { error: string }, read: (result: unknown) => unknown) => {
  if ('result' in reply) {
    const value = read(reply.result);
    return typeof value === 'string' ? value : undefined;
  }
  if (/^(ParameterNotFound|ResourceNotFoundException)$/.test(reply.error)) return undefined;
  throw new StsError('Misconfigured', `A secret of the configuration may not be read (${reply.error}).`);
};
