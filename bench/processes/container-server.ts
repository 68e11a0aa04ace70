import { spec } from '../../functions/sts.ts';
import { processDeps } from '../../lib/app/process-deps.ts';
import { openServer } from '../../lib/app/server.ts';
import { loadConfig } from '../../lib/config/load.ts';
import { reportTo } from './report.ts';

// The server of a container, with the configuration in its argument; its audit goes to standard output, which is
// discarded.

const config = loadConfig(process.argv[2] ?? '', {});
const audit = { ...config.audit, sink: { kind: 'stdout' as const } };
const { url } = await openServer(spec, { ...config, audit }, { host: '127.0.0.1', port: 0 }, processDeps());
reportTo(process, { url });
