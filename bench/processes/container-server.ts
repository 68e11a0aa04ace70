import { door } from '../../functions/sts.ts';
import { loadConfig } from '../../lib/config/config.ts';
import { deployedGround } from '../../lib/platform/serve.ts';
import { openServer } from '../../lib/server/open.ts';
import { reportTo } from './report.ts';

// The server of a container, with the configuration of its argument; its audit goes to standard output, which leads
// nowhere here.

const config = loadConfig(process.argv[2] ?? '', {});
const audit = { ...config.audit, sink: { kind: 'stdout' as const } };
const { url } = await openServer(door, { ...config, audit }, { host: '127.0.0.1', port: 0 }, deployedGround());
reportTo(process, { url });
