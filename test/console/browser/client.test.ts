import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LeaseView } from '../../../lib/console/view.ts';
import { buildPage } from '../../support/console/built.ts';
import { hasChromium, openChromium } from '../../support/console/chromium.ts';
import { type ServedPage, servePage } from '../../support/console/served.ts';
import { enter, isLive, maxWaitMs, openPage, type WatchedPage } from '../../support/console/watched-page.ts';

const lease: LeaseView = {
  name: 'nightly',
  account: 'aws',
  subject: 'arn:aws:iam::123456789012:role/demo',
  state: 'fresh',
  failures: 1,
  deliveryFailures: 0,
  targets: 0,
};

describe.skipIf(!hasChromium)('the script of the page', { timeout: 4 * maxWaitMs }, () => {
  let browser: Browser;
  let served: ServedPage;
  let watched: WatchedPage;

  beforeAll(async () => {
    [browser, served] = await Promise.all([openChromium(), buildPage().then((built) => servePage(built))]);
  }, 8 * maxWaitMs);
  afterAll(async () => {
    await browser.close();
    await served.close();
  }, 4 * maxWaitMs);
  beforeEach(async () => {
    watched = await openPage(browser);
    await enter(watched.page, await served.link());
  }, 4 * maxWaitMs);
  afterEach(() => watched.close());

  it('starts with the view of the document, and asks for it no second time', async () => {
    const { page, complaints } = watched;
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.resourceType() === 'fetch') asked.push(request.url());
    });
    await page.goto(`${served.url}/console/decisions`);
    await isLive(page);

    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('shows leases as they change while a filter is typed', async () => {
    const { page } = watched;
    await page.route('**/console/live', (route) =>
      route.fulfill({
        contentType: 'text/event-stream',
        body: `event: leases\ndata: ${JSON.stringify([lease, { ...lease, name: 'hourly' }])}\n\n`,
      }),
    );
    await page.goto(`${served.url}/console/leases?filter=nightly`);
    await page.getByRole('row', { name: /nightly/ }).waitFor();

    expect(await page.locator('.leases tbody tr').count()).toBe(1);
    expect(await page.locator('.leases tbody tr td').last().innerText()).toBe('1 refresh');
  });

  it('asks again for a stream that a busy server refuses, and does not say that the session is over', async () => {
    const { page } = watched;
    let refused = 0;
    await page.route('**/console/live', (route) =>
      refused++ === 0 ? route.fulfill({ status: 503, body: 'busy' }) : route.continue(),
    );
    await page.goto(`${served.url}/console`);
    await isLive(page);

    expect(refused).toBe(2);
    expect(await page.getByText('Session over').count()).toBe(0);
  });

  it('says that the session is over if that is why the stream is refused', async () => {
    const { page } = watched;
    await page.route(/\/(live|icon\.svg)$/, (route) => route.fulfill({ status: 401, body: '' }));
    await page.goto(`${served.url}/console`);
    await page.getByText('Session over').waitFor();
  });

  it('shows why a question was not answered, until one is', async () => {
    const { page } = watched;
    await page.goto(`${served.url}/console/access`);
    await isLive(page);
    await page.route('**/console/access*', (route) => route.fulfill({ status: 503, body: 'Too many ask.' }), {
      times: 1,
    });
    await page.getByRole('button', { name: 'What would happen' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('Too many ask.').waitFor();
    await page.getByRole('button', { name: 'What would happen' }).click();
    await alert.waitFor({ state: 'detached' });
  });
});
