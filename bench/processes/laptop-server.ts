import { clouds, spec } from '../../functions/sts.ts';
import { clockOf } from '../../lib/app/clock.ts';
import { processDeps } from '../../lib/app/process-deps.ts';
import { streamSink } from '../../lib/audit/sinks/stream.ts';
import { openAuditTrail } from '../../lib/audit/trail.ts';
import { openLaptop } from '../../lib/laptop/laptop.ts';
import { reportTo } from './report.ts';

// What `npm start` serves, in a folder of its own. Its audit goes to standard output, which is discarded: `audit` measures
// what the trail in a file costs.

const deps = processDeps();
const { record } = await openAuditTrail(streamSink(process.stdout), clockOf(deps));
const place = { folder: process.argv[2] ?? '', host: '127.0.0.1', port: 0 };
const { access } = await openLaptop(spec, clouds, place, { ...deps, audit: record });
reportTo(process, access);
