import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { upstreams } from '../../lib/clouds/catalog.ts';
import { validate } from '../../lib/config/validate.ts';
import { root } from '../../scripts/bundle.ts';
import { readConfiguration } from '../../scripts/package/configuration.ts';

const folder = join(root, 'deploy/kubernetes');

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Record<string, never>;
}

const read = (part: string): readonly Manifest[] =>
  readdirSync(join(folder, part))
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, part, file), 'utf8')).map((each) => each.toJS()));

const all = ['base', 'monitoring', 'example'].flatMap(read);
const manifests = all.filter(({ apiVersion }) => !apiVersion.startsWith('kustomize.'));

/** The published schema of a kind, as a class that validates. */
const modelOf = async ({ apiVersion, kind }: Manifest): Promise<new (manifest: object) => { validate(): void }> => {
  const from = apiVersion.startsWith('monitoring.') ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models';
  return (await import(`${from}/${apiVersion}/${kind}`))[kind];
};

/** As kustomize writes it: with the labels that it adds to selectors and templates. */
const labelled = (manifest: Manifest): object => {
  const labels = { 'app.kubernetes.io/name': 'credmint' };
  if (manifest.kind !== 'Deployment') return manifest;
  const { template, ...spec } = manifest.spec as Record<string, object>;
  return {
    ...manifest,
    spec: { ...spec, selector: { matchLabels: labels }, template: { ...template, metadata: { labels } } },
  };
};

const one = (kind: string): Manifest => manifests.find((each) => each.kind === kind) ?? expect.unreachable();
const pod = () => (one('Deployment').spec as never as { template: { spec: Record<string, never> } }).template.spec;
const container = () =>
  (pod() as never as { containers: Record<string, never>[] }).containers[0] ?? expect.unreachable();

/** As written, or as kustomize built it. */
const expectSelectors = (among: readonly Manifest[]): void => {
  const specOf = (kind: string): unknown => among.find((each) => each.kind === kind)?.spec;
  const own = { matchLabels: { 'app.kubernetes.io/name': 'credmint' } };
  const storeSelector = { matchExpressions: [{ key: 'credmint/store', operator: 'In', values: ['true'] }] };

  expect(specOf('PodDisruptionBudget')).toMatchObject({ selector: own });
  expect(specOf('NetworkPolicy')).toMatchObject({
    podSelector: own,
    egress: expect.arrayContaining([{ to: [{ podSelector: storeSelector }], ports: [{ port: 6379 }] }]),
  });
};

describe('the manifests for Kubernetes', () => {
  it.each(manifests.map((each) => [each.kind, each.metadata.name, each] as const))(
    'are valid by the published schema: %s %s',
    async (_kind, _name, manifest) => {
      const Model = await modelOf(manifest);

      expect(() => new Model(labelled(manifest)).validate()).not.toThrow();
    },
  );

  it('would not be valid with a member of another type', async () => {
    const Model = await modelOf(one('Deployment'));

    expect(() => new Model({ ...labelled(one('Deployment')), spec: { replicas: 'two' } }).validate()).toThrow();
  });

  it('list every file that there is, and no other', () => {
    for (const part of ['base', 'monitoring', 'example']) {
      const [kustomization] = read(part).filter(({ apiVersion }) => apiVersion.startsWith('kustomize.'));
      const { resources } = kustomization as unknown as { readonly resources: readonly string[] };
      const files = readdirSync(join(folder, part)).filter(
        (file) => file.endsWith('.yaml') && file !== 'kustomization.yaml',
      );

      expect(resources.filter((each) => each.endsWith('.yaml')).toSorted()).toEqual(files.toSorted());
    }
  });

  it('satisfy the restricted Pod Security Standard', () => {
    expect(pod()['securityContext']).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container()['securityContext']).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod()['hostNetwork']).toBeUndefined();
  });

  it('run the user and the port of the image, and are told where their configuration is mounted', () => {
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
    const user = /USER (\d+):(\d+)/.exec(dockerfile);

    expect(pod()['securityContext']).toMatchObject({ runAsUser: Number(user?.[1]), runAsGroup: Number(user?.[2]) });
    expect(container()['ports']).toContainEqual({
      name: 'http',
      containerPort: Number(/EXPOSE (\d+)/.exec(dockerfile)?.[1]),
    });
    expect(container()['volumeMounts']).toContainEqual({
      name: 'config',
      mountPath: '/etc/credmint/config',
      readOnly: true,
    });
  });

  it('let a pod finish what is under way before it is killed', () => {
    const validation = validate({}, upstreams);
    const { noticeSeconds, drainSeconds } = 'written' in validation ? validation.written.server : expect.unreachable();

    expect(Number(pod()['terminationGracePeriodSeconds'])).toBeGreaterThan(noticeSeconds + drainSeconds);
  });

  it('give no token for the cluster, and reach no metadata of a node', () => {
    expect(pod()['automountServiceAccountToken']).toBe(false);
    expect(JSON.stringify(one('NetworkPolicy').spec)).toContain('"except":["169.254.0.0/16"]');
  });

  it('limit and count the pods of credmint alone, and let them reach the store', () => {
    expectSelectors(manifests);
  });

  it('come with a configuration that is valid', () => {
    const path = join(folder, 'example/credmint.config.json');
    const { standIns, notes } = readConfiguration(path, { target: 'aws', secretsAllowed: false });

    expect(standIns.unknown).toEqual([]);
    expect(notes).toHaveLength(3);
  });

  it('come with commands that make each secret which the configuration refers to, after its namespace', () => {
    const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8');
    const [, commands = ''] = /```sh\n((?:(?!```)[\s\S])*kubectl apply -k[\s\S]*?)```/.exec(page) ?? [];
    const made = [...commands.matchAll(/--from-file=(\S+)/g)].map(([, name]) => name);
    const config = readFileSync(join(folder, 'example/credmint.config.json'), 'utf8');
    const referred = [...config.matchAll(/file:\/etc\/credmint\/secrets\/([^"]+)/g)].map(([, name]) => name);

    expect(made.toSorted()).toEqual(referred.toSorted());
    expect(commands.indexOf('namespace.yaml')).toBeLessThan(commands.indexOf('create secret'));
    expect(commands.indexOf('namespace.yaml')).toBeGreaterThan(0);
  });
});

const kustomize = (part: string) =>
  spawnSync('kubectl', ['kustomize', join(folder, part)], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
if (!hasKubectl) process.stderr.write('Skipped, since this machine has none: kubectl kustomize\n');

// kubectl has kustomize in it, and asks no cluster for this.
describe.skipIf(!hasKubectl)('kustomize', () => {
  const { stdout, stderr, status } = kustomize('example');
  const built = parseAllDocuments(stdout).map((each) => each.toJS() as Manifest);
  const text = JSON.stringify(built);
  const builtOne = (kind: string): string => JSON.stringify(built.find((each) => each.kind === kind));

  it('builds the example, which is valid by the published schemas', async () => {
    expect(status, stderr).toBe(0);
    expect(built.map(({ kind }) => kind).sort()).toEqual([...manifests.map(({ kind }) => kind), 'ConfigMap'].sort());
    for (const manifest of built) {
      const Model = await modelOf(manifest);
      expect(() => new Model(manifest).validate(), manifest.kind).not.toThrow();
    }
  });

  it('puts everything into the namespace, and the image and the configuration of the overlay into the pods', () => {
    const namespaced = built.filter(({ kind }) => kind !== 'Namespace');
    expect(new Set(namespaced.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['credmint']));
    const { name } = built.find(({ kind }) => kind === 'ConfigMap')?.metadata ?? expect.unreachable();
    expect(name).toMatch(/^credmint-config-\w+$/);
    expect(builtOne('Deployment')).toContain(`"configMap":{"name":"${name}"}`);
    expect(builtOne('Deployment')).toContain('"image":"registry.example.com/credmint:0.1.0"');
    expect(text).not.toContain('"name":"credmint-config"');
  });

  it('leaves the selectors of the budget and the network policy as they are written', () => {
    expectSelectors(built);
  });

  it('gives the figures a port of their own, which the monitor finds', () => {
    expect(builtOne('Deployment')).toContain('{"name":"METRICS_PORT","value":"9090"}');
    expect(builtOne('Deployment')).toContain('{"containerPort":9090,"name":"metrics"}');
    expect(builtOne('Service')).toContain('"name":"metrics","port":9090');
    expect(builtOne('ServiceMonitor')).toContain('"port":"metrics"');
  });
});
