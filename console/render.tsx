import { renderToString } from 'preact-render-to-string';
import type { PageView } from '../lib/console/view.ts';
import { type Actions, App } from './app.tsx';
import { clockOf } from './live-view.ts';
import { viewId } from './view-id.ts';

const titles: Readonly<Record<PageView['page'], string>> = {
  now: 'Now',
  leases: 'Leases',
  decisions: 'Decisions',
  record: 'Decision',
  access: 'Who can get what',
};

/** Until scripts run, forms ask the server. */
const still: Actions = { filterDecisions: () => undefined, filter: () => undefined, ask: async () => undefined };

/** JSON that no text of which ends the element that it stands in. */
const inScript = (view: PageView): string => JSON.stringify(view).replaceAll('<', '\\u003c');

/** The whole document of a view. */
export const render = (view: PageView): string =>
  `<!doctype html>${renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${titles[view.page]} · credmint`}</title>
        <link rel="stylesheet" href="/console/console.css" />
        <link rel="icon" type="image/svg+xml" href="/console/icon.svg" />
        <script type="module" src="/console/console.js" />
      </head>
      <body>
        <div id="app">
          <App view={view} liveness="still" clock={clockOf(view)} actions={still} />
        </div>
        <script type="application/json" id={viewId} dangerouslySetInnerHTML={{ __html: inScript(view) }} />
      </body>
    </html>,
  )}`;
