import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page of a browser that remembers what went wrong in it, and where it went. */
export interface WatchedPage {
  readonly page: Page;
  /** What its console complained of: CSP, errors, failed requests. */
  readonly complaints: string[];
  /** The origins of everything that was asked for. */
  readonly origins: ReadonlySet<string>;
  close(): Promise<void>;
}

/** As long as a loaded machine may take for anything, in milliseconds. */
export const maxWaitMs = 15_000;

export const openPage = async (browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> => {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(maxWaitMs);
  const page = await context.newPage();
  const complaints: string[] = [];
  const origins = new Set<string>();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  return { page, complaints, origins, close: () => context.close() };
};

/** Comes in by a link, and waits until what happens arrives by itself. */
export const enter = async (page: Page, link: string): Promise<void> => {
  await page.goto(link);
  await page.waitForURL(/\/console$/);
  await isLive(page);
};

export const isLive = (page: Page): Promise<void> => page.getByText('Live', { exact: true }).waitFor();
