import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from '../../support/console/built.ts';
import { hasChromium, openChromium } from '../../support/console/chromium.ts';
import { role, type ServedPage, servePage, usualGrants } from '../../support/console/served.ts';
import { enter, isLive, maxWaitMs, openPage, type WatchedPage } from '../../support/console/watched-page.ts';

const leases = Object.fromEntries(
  Array.from({ length: 1_000 }, (_, index) => [
    `lease-${String(index).padStart(4, '0')}`,
    { operation: 'AssumeRole', account: 'authority', role, durationSeconds: 3600 },
  ]),
);

const teams = Array.from({ length: 499 }, (_, index) => ({
  name: `team-${index}`,
  callers: [index % 2 === 0 ? 'ci' : 'ops'],
  account: 'authority',
  operations: ['AssumeRole'],
  roles: [`arn:aws:iam::123456789012:role/team-${index}`],
}));

/** The authority mints at once, so that a thousand leases are not a load. */
const crowd = {
  leases,
  accounts: { authority: { cloud: 'authority' } },
  authority: {
    keys: ['env:RING'],
    roles: { demo: { trust: ['*'] } },
    accountIds: { aws: '123456789012' },
  },
  grants: [
    ...usualGrants.slice(1),
    { name: 'keep', callers: ['leases'], account: 'authority', operations: ['AssumeRole'], roles: [role] },
    ...teams,
  ],
};

describe.skipIf(!hasChromium)('the page in a browser', { timeout: 4 * maxWaitMs }, () => {
  let browser: Browser;
  let served: ServedPage;
  let watched: WatchedPage;

  let crowded: ServedPage;

  beforeAll(async () => {
    const also = { name: 'also', callers: ['ops'], account: 'aws', operations: ['AssumeRole'], roles: [role] };
    const built = await buildPage();
    [browser, served, crowded] = await Promise.all([
      openChromium(),
      servePage(built, { grants: [...usualGrants, also] }),
      servePage(built, crowd),
    ]);
    watched = await openPage(browser);
    for (const one of [crowded, served]) await enter(watched.page, await one.link());
  }, 8 * maxWaitMs);
  afterAll(async () => {
    // No test opened anything of another origin, and none broke the policy.
    const { complaints, origins } = watched;
    await browser.close();
    await Promise.all([served.close(), crowded.close()]);
    expect(complaints).toEqual([]);
    expect(new Set(origins)).toEqual(new Set([served.url, crowded.url]));
  }, 4 * maxWaitMs);

  /** One cookie serves all ports of a host, so whoever changes servers comes in again. */
  const open = async (path: string, from = served) => {
    const { page } = watched;
    if (new URL(page.url()).origin !== from.url) await enter(page, await from.link());
    await page.goto(`${from.url}${path}`);
    await isLive(page);
    return page;
  };

  it('shows a mint as it happens, and counts it', async () => {
    const page = await open('/console');
    await served.mint('seen');
    const given = page.locator('.tag-minted, .tag-kept');
    await page.getByRole('row').filter({ has: given }).filter({ hasText: role }).first().waitFor();
    await page.getByRole('region', { name: 'Accounts', exact: true }).locator('.number:not(.faint)').first().waitFor();
    await page.locator('.chart-place canvas').first().waitFor();
  });

  it('explains a denial, in the list and whole', async () => {
    const page = await open('/console/decisions');
    await served.mint('denied', `${role}-denied`);
    const row = page.getByRole('row').filter({ hasText: `${role}-denied` });
    await row.getByText('No grant of this caller allows this role.').waitFor();
    await row.getByRole('link').first().click();
    await page.getByRole('heading', { name: 'In the audit log' }).waitFor();
    await page.getByText('The log is whole').waitFor();
    await page.getByText(/^number \d+ of the chain/).waitFor();
    await page.getByText(`deploy: roles should be ${role}`).waitFor();
  });

  it('filters decisions as one types, what is there and what comes', async () => {
    const page = await open('/console/decisions');
    await page.getByRole('searchbox', { name: 'Filter' }).fill('demo-wanted');
    await served.mint('other', `${role}-other`);
    await served.mint('wanted', `${role}-wanted`);
    const rows = page.locator('.decisions tbody tr');
    await rows.filter({ hasText: `${role}-wanted` }).waitFor();
    expect(await rows.count()).toBe(1);
    await page.getByLabel('Outcome').selectOption('minted');
    await page.getByText('Nothing yet.').waitFor();
    expect(new URL(page.url()).search).toBe('?text=demo-wanted&ending=minted');
  });

  it('shows a thousand leases with the time left of each, and finds one', async () => {
    const page = await open('/console/leases', crowded);
    await page.getByText('1\u202f000 leases').waitFor();
    expect(await page.locator('.leases tbody tr').count()).toBe(1_000);
    await page.getByRole('searchbox', { name: 'Filter' }).fill('lease-0777');
    await page.getByText('1 lease', { exact: true }).waitFor();
    const row = page.getByRole('row', { name: /lease-0777/ });
    await row.getByText('fresh').waitFor({ timeout: 3 * maxWaitMs });
    await row
      .getByText(/^\d+ min \d\d s$/)
      .first()
      .waitFor();
  });

  it('draws 500 grants, finds one, and lights up what is connected', async () => {
    const page = await open('/console/access', crowded);
    await page.getByText('501 grants').waitFor();
    expect(await page.locator('.node-grant').count()).toBe(501);
    await page.getByRole('searchbox', { name: 'Filter' }).fill('team-123');
    await page.getByText('1 grant', { exact: true }).waitFor();
    expect(await page.locator('.graph .node text').allTextContents()).toEqual([
      'ops',
      'team-123',
      'authority',
      expect.stringContaining('role/team-123'),
    ]);
    await page.getByRole('searchbox', { name: 'Filter' }).fill('team-12');
    await page
      .locator('.node-grant')
      .filter({ hasText: /^team-123:/ })
      .click();
    expect(await page.locator('.node-grant:not(.faded)').count()).toBe(1);
    expect(await page.locator('.edge.strong').count()).toBe(3);
  });

  it('answers what would happen, by the keyboard alone', async () => {
    const page = await open('/console/access');
    await page.getByRole('combobox', { name: 'Caller' }).focus();
    await page.keyboard.type('ci');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('aws');
    await page.keyboard.press('Tab');
    await page.keyboard.type(role);
    await page.keyboard.press('Enter');
    await page.getByText('Allowed: ci, by the grant deploy').waitFor();
    await page
      .locator('.holders')

      .getByText('ops by the grant also')
      .first()
      .waitFor({ timeout: 3 * maxWaitMs });
  });

  it('shows a stranger nothing', async () => {
    const stranger = await openPage(browser);
    const response = await stranger.page.goto(`${served.url}/console`);
    expect(response?.status()).toBe(401);
    expect(await stranger.page.locator('body').innerText()).not.toMatch(/deploy|aws/);
    await stranger.close();
  });

  it('is not shown in a frame', async () => {
    const framing = await openPage(browser);
    await framing.page.setContent(`<iframe src="${served.url}/console"></iframe>`);
    const framed = () => framing.page.frames()[1]?.url();
    await expect.poll(framed, { timeout: maxWaitMs }).toBe('chrome-error://chromewebdata/');
    await framing.close();
  });
});
