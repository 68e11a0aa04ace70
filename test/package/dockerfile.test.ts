import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/bundle.ts';

// Nothing here builds the image: machines that run these tests need no Docker. This reads what it promises.

const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
const instructions = text
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1) }));
const all = (name: string): string[] => instructions.filter((one) => one.name === name).map(({ rest }) => rest);
/** Of the last stage alone: what is in the image. */
const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
const lastOf = (name: string): string[] => last.filter((one) => one.name === name).map(({ rest }) => rest);

describe('the Dockerfile', () => {
  it('ends in an image without shell or package manager, of the Node that is tested', () => {
    expect(all('ARG')).toContainEqual(
      expect.stringMatching(/^RUNTIME=gcr\.io\/distroless\/nodejs24-debian\d+:nonroot$/),
    );
    expect(lastOf('FROM')).toEqual([['$', '{RUNTIME}'].join('')]);
    expect(lastOf('RUN')).toEqual([]);
  });

  it('runs as an unprivileged user, named by number', () => {
    expect(lastOf('USER')).toEqual(['65532:65532']);
  });

  it('installs exactly what the lock file says, runs no install scripts, builds the page, and leaves out the tools', () => {
    const [install, installTools, build, ...more] = all('RUN');
    expect(more).toEqual([]);
    for (const part of ['npm ci', '--omit=dev', '--ignore-scripts']) expect(install).toContain(part);
    for (const part of ['npm ci', '--ignore-scripts']) expect(installTools).toContain(part);
    expect(build).toBe('node scripts/build-console.js');
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(scripts['build:console']).toBe(build);
  });

  it('copies what the server needs, which is there, and nothing whole', () => {
    const copied = all('COPY').flatMap((line) =>
      line
        .split(' ')
        .slice(0, -1)
        .filter((word) => !word.startsWith('--')),
    );
    for (const path of copied.filter((one) => !one.startsWith('/')))
      expect(existsSync(join(root, path)), path).toBe(true);
    expect(copied).not.toContain('.');
  });

  it('lets nothing into its build but what it copies', () => {
    const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    expect(lines).toContain('*');
    for (const line of lines.filter((one) => one.startsWith('!'))) expect(text).toContain(line.slice(1));
  });

  it('holds no secret, and is told of the configuration by its path', () => {
    expect(lastOf('ENV').join(' ')).toContain('CREDMINT_CONFIG=/etc/credmint/credmint.config.json');
    expect(text).not.toMatch(/SECRET|TOKEN|PASSWORD|KEY=/i);
  });

  it('says by Node whether it is alive, is ended by SIGTERM, and starts what `npm start` does', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const [health] = lastOf('HEALTHCHECK');
    expect(health).toContain('CMD ["/nodejs/bin/node", "/app/bin/healthcheck.ts"]');
    expect(lastOf('STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(lastOf('ENTRYPOINT')).toEqual([
      `["/nodejs/bin/node", "/app/${scripts.start.replace(/^.*exec node /, '')}"]`,
    ]);
  });
});
