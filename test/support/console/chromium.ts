import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where systems put it; .ci/run installs Debian's. */
const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

const executable = places.find((place) => existsSync(place));

/** Whether this machine has a browser. Where it has not, this says so aloud, and what needs one is reported as skipped. */
export const hasChromium = executable !== undefined;

if (!hasChromium) process.stderr.write('There is no Chromium on this machine: the page is not tested in a browser.\n');

/** A browser without a window. The sandbox needs what containers of CI do not give; nothing but our own pages is opened. */
export const openChromium = (): Promise<Browser> =>
  chromium.launch({
    ...(executable === undefined ? {} : { executablePath: executable }),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
