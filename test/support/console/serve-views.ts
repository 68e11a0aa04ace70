import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { BuiltPage } from '../../../lib/console/built-page.ts';
import { contentTypes, pageHeaders } from '../../../lib/console/headers.ts';
import type { PageView } from '../../../lib/console/view.ts';
import { type NodeAnswerer, nodeServer } from '../../../lib/platform/node/node-server.ts';

/** A server of views that do not change, with the headers of the page, and a stream on which nothing happens. */
export const serveViews = async (page: BuiltPage, views: Readonly<Record<string, PageView>>) => {
  const headersOf = (type: string) => pageHeaders('request', new Date(), type);
  const file =
    (type: string, body: string): NodeAnswerer =>
    async () => ({ status: 200, headers: headersOf(type), body });
  const shown = Object.entries(views).map(([path, view]): [string, NodeAnswerer] => [
    path,
    async ({ headers }) =>
      headers['accept'] === contentTypes.json
        ? { status: 200, headers: headersOf(contentTypes.json), body: JSON.stringify(view) }
        : { status: 200, headers: headersOf(contentTypes.html), body: page.render(view) },
  ]);
  const server = nodeServer(
    {
      ...Object.fromEntries(shown),
      '/console/console.js': file(contentTypes.script, page.script),
      '/console/console.css': file(contentTypes.style, page.style),
      '/console/icon.svg': file(contentTypes.icon, page.icon),
      '/console/live': async () => ({
        status: 200,
        headers: headersOf(contentTypes.events),
        stream: (_write, gone) => once(gone, 'abort').then(() => undefined),
      }),
    },
    async () => ({ status: 404, headers: {}, body: '' }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
