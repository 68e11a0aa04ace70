import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsCall } from '../../lib/aws/json.ts';
import type { FormatName } from '../../lib/clouds/json/formats.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { deliverer, type deliveries } from '../../lib/delivery/deliveries.ts';
import type { DeliveryDeps, Payload } from '../../lib/delivery/delivery.ts';
import type { DeliverySettings } from '../../lib/delivery/settings.ts';
import { hmacHex, keyOf } from '../../lib/signers/digest.ts';
import { readTc3, verifyTc3 } from '../../lib/signers/tc3.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { credentialsOf } from './requests.ts';
import { type Answer, type Recorder, record, signatureOf } from './store-recorder.ts';

export const now = new Date('2026-11-22T12:00:00Z');
const secret = new Secret('the-secret-half-of-the-key');
export const hookSecret = new Secret('the-secret-of-the-webhook');
const key = { id: 'AKIDDELIVERY', secret };

/** Credentials on their way, the same each time for the same number. */
export const parcelOf = (number = 1): Payload => ({
  lease: 'demo',
  version: String(number).padStart(32, '0'),
  content: {
    account: 'aws',
    cloud: 'aws',
    credentials: credentialsOf(number, now),
    variables: () => [
      ['AWS_ACCESS_KEY_ID', `ASIA${number}`],
      ['AWS_SECRET_ACCESS_KEY', `secret ${number}`],
    ],
    now,
  },
});

/** One place of a kind, on this machine, that says what it has. */
export interface Place {
  readonly deliver: (payload: Payload, signal?: AbortSignal) => Promise<void>;
  /** What was sent, of places that are sent to. */
  readonly requests: readonly HttpRequest[];
  /** The content that it has now, and how often it took one. */
  has(): string | undefined;
  /** Breaks it: every delivery from then on is refused, for good or for now. */
  refuse(how: 'for good' | 'for now'): void;
  close(): Promise<void>;
}

const meansOf = (): DeliveryDeps => {
  const transport = nodeTransport();
  const clock = { now: () => now, monotonicMs: () => 0, sleep: async () => undefined, chance: () => 0.5 };
  const credentials = async () => ({ ...key, token: new Secret('the-role-token') });
  return {
    transport,
    clock,
    trusting: (ca) => nodeTransport({ ca }),
    aws: (name, region, endpoint) => awsCall({ name, region, endpoint }, { transport, credentials, now: () => now }),
  };
};

/** What a service makes of a request: its answer, and the content that it took. */
type Service = (request: HttpRequest) => { readonly answer: Answer; readonly took?: string };
type Refusal = (how: 'for good' | 'for now') => Answer;

const remote = async (service: Service, refusal: Refusal, settings: (url: URL) => DeliverySettings): Promise<Place> => {
  let content: string | undefined;
  let refusing: 'for good' | 'for now' | undefined;
  const recorder: Recorder = await record((request) => {
    if (refusing !== undefined) return refusal(refusing);
    const { answer, took } = service(request);
    content = took ?? content;
    return answer;
  });
  const deliver = deliverer(meansOf());
  return {
    requests: recorder.requests,
    deliver: (payload, signal = AbortSignal.timeout(60_000)) => deliver(settings(recorder.url), payload, signal),
    has: () => content,
    refuse: (how) => {
      refusing = how;
    },
    close: recorder.close,
  };
};

const aws = (
  service: 'secretsmanager' | 'ssm',
  target: string,
  field: string,
  settings: (url: URL) => DeliverySettings,
) =>
  remote(
    (request) => {
      const proof = signatureOf(request, secret);
      const isOurs = proof?.scope.service === service && proof.scope.region === 'eu-central-1';
      if (!isOurs || proof.sessionToken !== 'the-role-token' || request.headers['x-amz-target'] !== target) {
        return { answer: { status: 400, body: { __type: 'InvalidSignatureException' } } };
      }
      return { answer: { body: { Version: 1 } }, took: JSON.parse(request.body)[field] };
    },
    (how) =>
      how === 'for now'
        ? { status: 500, body: { __type: 'InternalServiceError' } }
        : {
            status: 400,
            body: { __type: 'ResourceNotFoundException', message: 'a sentence that quotes what was sent' },
          },
    settings,
  );

const inFolder = (name: string): string => join(mkdtempSync(join(tmpdir(), 'credmint-delivery-')), name);

/** Opens a place of every kind that there is: the registry's own type sees to it. */
export const places: { readonly [Kind in keyof typeof deliveries]: (format: FormatName) => Promise<Place> } = {
  secretsmanager: (format) =>
    aws('secretsmanager', 'secretsmanager.PutSecretValue', 'SecretString', (endpoint) => ({
      kind: 'secretsmanager',
      secretId: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:demo-a1b2c3',
      region: 'eu-central-1',
      endpoint,
      format,
    })),

  ssm: (format) =>
    aws('ssm', 'AmazonSSM.PutParameter', 'Value', (endpoint) => ({
      kind: 'ssm',
      parameter: '/demo/credentials',
      region: 'eu-central-1',
      endpoint,
      format,
    })),

  'tencent-ssm': (format) => {
    let exists = false;
    const refused = (Code: string): Answer => ({
      body: { Response: { Error: { Code, Message: 'a sentence' }, RequestId: 'r' } },
    });
    return remote(
      (request) => {
        const proof = readTc3(request);
        const isSigned = proof !== undefined && proof.scope.service === 'ssm' && verifyTc3(request, proof, secret);
        if (!isSigned || request.headers['x-tc-version'] !== '2019-09-23') {
          return { answer: refused('AuthFailure.SignatureFailure') };
        }
        const { SecretName, VersionId, SecretString } = JSON.parse(request.body);
        const action = request.headers['x-tc-action'];
        if (action === 'UpdateSecret' && !exists) return { answer: refused('ResourceNotFound.SecretNotExist') };
        exists = true;
        return { answer: { body: { Response: { SecretName, VersionId, RequestId: 'r' } } }, took: SecretString };
      },
      (how) => refused(how === 'for now' ? 'InternalError' : 'UnauthorizedOperation'),
      (endpoint) => ({
        kind: 'tencent-ssm',
        secretName: 'demo',
        versionId: 'credmint',
        region: 'ap-guangzhou',
        key,
        endpoint,
        format,
      }),
    );
  },

  kubernetes: (format) => {
    const tokenFile = inFolder('token');
    writeFileSync(tokenFile, 'the-service-account-token\n');
    return remote(
      ({ method, path, query, headers, body }) => {
        if (headers['authorization'] !== 'Bearer the-service-account-token') {
          return { answer: { status: 401, body: { kind: 'Status', reason: 'Unauthorized' } } };
        }
        const { apiVersion, kind, metadata, data } = JSON.parse(body);
        const isApply =
          method === 'PATCH' &&
          path === '/api/v1/namespaces/apps/secrets/demo' &&
          query === 'fieldManager=credmint&force=true' &&
          headers['content-type'] === 'application/apply-patch+yaml' &&
          [apiVersion, kind, metadata.name, metadata.namespace].join(' ') === 'v1 Secret demo apps';
        if (!isApply) return { answer: { status: 422, body: { kind: 'Status', reason: 'Invalid' } } };
        return {
          answer: { status: 201, body: { kind: 'Secret' } },
          took: Buffer.from(data['credentials.json'], 'base64').toString('utf8'),
        };
      },
      (how) =>
        how === 'for now'
          ? { status: 503, body: { kind: 'Status', reason: 'ServiceUnavailable' } }
          : { status: 403, body: { kind: 'Status', reason: 'Forbidden', message: 'a sentence' } },
      (endpoint) => ({
        kind: 'kubernetes',
        namespace: 'apps',
        secretName: 'demo',
        entry: 'credentials.json',
        endpoint,
        tokenFile,
        format,
      }),
    );
  },

  webhook: (format) =>
    remote(
      ({ headers, body }) => {
        const [, time, proof] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['credmint-signature'] ?? '') ?? [];
        const isOurs = proof === hmacHex(keyOf(hookSecret.reveal()), `${time}.${body}`);
        return isOurs ? { answer: { status: 204, body: '' }, took: body } : { answer: { status: 401 } };
      },
      (how) => ({ status: how === 'for now' ? 503 : 410 }),
      (url) => ({ kind: 'webhook', url: new URL('/hook?x=1', url), secret: hookSecret, format }),
    ),

  file: async (format) => {
    const path = inFolder('credentials');
    let folder = path;
    const deliver = deliverer(meansOf());
    return {
      requests: [],
      deliver: (payload, signal = AbortSignal.timeout(60_000)) =>
        deliver({ kind: 'file', path: folder, format }, payload, signal),
      has: () => readFileSync(path, 'utf8'),
      refuse: () => {
        folder = join(path, 'beneath-a-file');
      },
      close: async () => chmodSync(path, 0o600),
    };
  },
};
