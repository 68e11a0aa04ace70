import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listenSettings } from '../../lib/app/listen-settings.ts';
import { startFailure } from '../../lib/app/start-failure.ts';
import { StsError } from '../../lib/core/errors.ts';
import { lockFolder } from '../../lib/laptop/folder-lock.ts';

describe('a server that does not start', () => {
  it('names the port that is taken, and the variable that chooses another', async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => first.once('listening', resolve));
    const { port } = first.address() as { port: number };
    const second = createServer().listen(port, '127.0.0.1');
    const thrown = await new Promise((resolve) => second.once('error', resolve));
    first.close();
    expect(startFailure(thrown)).toBe(
      `credmint does not start: 127.0.0.1:${port}: the port is in use (EADDRINUSE). Choose another port with PORT, or stop what listens there.`,
    );
  });

  it('names the folder that it cannot have, and the variable that chooses another', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'credmint-')), 'file');
    writeFileSync(file, '');
    const folder = join(file, 'home');
    expect(startFailure(await lockFolder(folder).catch((thrown: unknown) => thrown))).toBe(
      `credmint does not start: ${folder}: a part of the path is not a folder (ENOTDIR). Choose another folder with CREDMINT_DIR.`,
    );
  });

  it('says what was written for operators as it is', () => {
    expect(startFailure(new StsError('Misconfigured', 'Say this.'))).toBe('Say this.');
  });

  it.each(['abc', '-1', '65536', '3000 '])('does not take %j for a port', (PORT) => {
    expect(() => listenSettings({ PORT })).toThrow('PORT must be a port, a number from 0 (any free one) to 65535.');
  });

  it('leaves what the environment does not say to the configuration', () => {
    expect(listenSettings({ PORT: '', HOST: '' })).toEqual({});
    expect(listenSettings({ PORT: '0', HOST: '::', METRICS_PORT: '9100' })).toEqual({
      host: '::',
      port: 0,
      metricsPort: 9100,
    });
  });
});
