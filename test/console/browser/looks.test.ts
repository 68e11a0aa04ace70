import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../scripts/bundle.ts';
import { buildPage } from '../../support/console/built.ts';
import { hasChromium, openChromium } from '../../support/console/chromium.ts';
import { sampleViews } from '../../support/console/sample-views.ts';
import { serveViews } from '../../support/console/serve-views.ts';
import { isLive, maxWaitMs, openPage } from '../../support/console/watched-page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const artifacts = join(root, '.reports/console');
/** What README shows; `UPDATE_PICTURES=1 npm test -- test/console/browser` draws it anew. */
const picture = join(root, 'docs/console.png');
const maxPictureBytes = 200 * 1024;

const sizes = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const looks = [
  { colorScheme: 'light', size: 'wide', scripts: true },
  { colorScheme: 'dark', size: 'wide', scripts: true },
  { colorScheme: 'light', size: 'phone', scripts: true },
  { colorScheme: 'dark', size: 'phone', scripts: true },
  { colorScheme: 'light', size: 'phone', scripts: false },
  { colorScheme: 'dark', size: 'wide', scripts: false },
] as const;

describe.skipIf(!hasChromium)('the looks of the page', { timeout: 4 * maxWaitMs }, () => {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof serveViews>>;

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    [browser, served] = await Promise.all([openChromium(), buildPage().then((page) => serveViews(page, sampleViews))]);
  }, 4 * maxWaitMs);
  afterAll(async () => {
    await browser.close();
    await served.close();
  }, 4 * maxWaitMs);

  it.each(looks)('axe finds nothing: $colorScheme, $size, scripts $scripts', async ({ colorScheme, size, scripts }) => {
    // axe itself makes markup of text, which our policy forbids; that the page needs none is seen in the other tests.
    const { page, close } = await openPage(browser, {
      colorScheme,
      viewport: sizes[size],
      bypassCSP: true,
    });
    // axe is a script itself, and waits for timers: so the page's own script is empty, rather than all scripts off.
    if (!scripts)
      await page.route('**/console.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    for (const path of Object.keys(sampleViews)) {
      await page.goto(`${served.url}${path}`);
      if (scripts) await isLive(page);
      await page.evaluate(axe);
      const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
      const found = violations.map(({ id, nodes }) => `${path}: ${id}: ${nodes.map(({ html }) => html).join('\n')}`);
      expect(found).toEqual([]);
      // Nothing is wider than the screen but what scrolls by itself.
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(sizes[size].width);
      const name = [path.slice('/console/'.length) || 'now', colorScheme, size, ...(scripts ? [] : ['still'])].join(
        '-',
      );
      await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true });
    }
    await close();
  });

  it('has its tables, and answers forms, without scripts', async () => {
    const { page, close } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${served.url}/console`);
    await page.getByText('As it was loaded').waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThan(15);
    await page.getByRole('cell', { name: '68 of 100/s' }).waitFor();
    await page.getByRole('link', { name: 'Who can get what' }).click();
    await page.getByRole('button', { name: 'What would happen' }).waitFor();
    await page.getByText('Refused: site-deploy: ClaimMismatch').waitFor();
    await close();
  });

  it('is what README shows, in less than 200 KB', async () => {
    const { page, close } = await openPage(browser, { viewport: { width: 1180, height: 860 } });
    await page.goto(`${served.url}/console`);
    await isLive(page);
    await page.locator('.chart-place canvas').nth(1).waitFor();
    const drawn = await page.screenshot();
    writeFileSync(join(artifacts, 'readme.png'), drawn);
    if (process.env['UPDATE_PICTURES'] !== undefined) writeFileSync(picture, drawn);
    const kept = readFileSync(picture);
    for (const bytes of [drawn, kept]) {
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(bytes.length).toBeLessThan(maxPictureBytes);
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1180, 860]);
    }
    await close();
  });
});
