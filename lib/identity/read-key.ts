import { StsError } from '../core/errors.ts';
import type { HttpResponse } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { member, readJson } from '../wire/json.ts';
import type { RenewableKey } from './renewed.ts';

/** How a metadata service names the parts of a key. */
interface KeyNames {
  readonly id: string;
  readonly secret: string;
}

const awsNames: KeyNames = { id: 'AccessKeyId', secret: 'SecretAccessKey' };
const tencentNames: KeyNames = { id: 'TmpSecretId', secret: 'TmpSecretKey' };

/** A temporary key out of the reply of a metadata service, or an StsError that names the service. */
const readKey = ({ status, body }: HttpResponse, source: string, names: KeyNames): RenewableKey => {
  const content = status === 200 ? readJson(body) : undefined;
  const text = (name: string): string | undefined => {
    const value = member(content, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [id, secret, token] = [text(names.id), text(names.secret), text('Token')];
  const expiration = new Date(text('Expiration') ?? '');
  const code = text('Code');
  const isWhole = id !== undefined && secret !== undefined && token !== undefined;
  if (!isWhole || Number.isNaN(expiration.getTime()) || (code !== undefined && code !== 'Success')) {
    throw new StsError('CloudUnavailable', `${source} gave no credentials.`);
  }
  return { key: { id, secret: new Secret(secret), token: new Secret(token) }, expiration };
};

export const readAwsKey = (response: HttpResponse, source: string): RenewableKey => readKey(response, source, awsNames);

export const readTencentKey = (response: HttpResponse, source: string): RenewableKey =>
  readKey(response, source, tencentNames);
