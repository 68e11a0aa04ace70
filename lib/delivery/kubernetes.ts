import { readFile } from 'node:fs/promises';
import { formats } from '../clouds/json/formats.ts';
import { StsError } from '../core/errors.ts';
import { requestTo } from '../core/http.ts';
import { member, readJson } from '../wire/json.ts';
import type { Deliver, Payload } from './delivery.ts';
import { refusal } from './refusal.ts';
import type { KubernetesSettings } from './settings.ts';

/**
 * A Secret, by server-side apply: one request creates or changes it, and owns the fields that it sets. Other fields stay.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export const toKubernetes: Deliver<KubernetesSettings> = async (settings, payload, deps, signal) => {
  const { namespace, secretName, endpoint, tokenFile, caFile } = settings;
  const [token, ca] = await Promise.all([textOf(tokenFile), caFile === undefined ? undefined : textOf(caFile)]);
  const transport = ca === undefined ? deps.transport : deps.trusting(ca);
  const { status, body } = await transport(
    requestTo(endpoint, {
      method: 'PATCH',
      path: `${endpoint.pathname.replace(/\/$/, '')}/api/v1/namespaces/${namespace}/secrets/${secretName}`,
      query: 'fieldManager=credmint&force=true',
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token.trim()}`,
        // JSON is valid YAML.
        'content-type': 'application/apply-patch+yaml',
      },
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: secretName, namespace },
        type: 'Opaque',
        data: dataOf(settings, payload),
      }),
    }),
    signal,
  );
  const said = readJson(body);
  if (status === 200 || status === 201) {
    if (member(said, 'kind') === 'Secret') return;
    throw new StsError('CloudUnintelligible', 'The target does not confirm that it accepted the credentials.');
  }
  const reason = member(said, 'reason');
  throw refusal(status, typeof reason === 'string' ? reason : undefined);
};

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** One entry, or one for each environment variable, as `envFrom` of a container reads them. */
const dataOf = ({ entry, format }: KubernetesSettings, { content }: Payload): Readonly<Record<string, string>> =>
  entry === undefined
    ? Object.fromEntries(content.variables().map(([name, value]) => [name, base64(value)]))
    : { [entry]: base64(formats[format](content).text) };

const textOf = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new StsError('Misconfigured', 'The token or the certificates of the cluster cannot be read.');
  }
};
