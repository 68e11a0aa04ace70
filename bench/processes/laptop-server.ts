import { clouds, door } from '../../functions/sts.ts';
import { openLaptop } from '../../lib/laptop/laptop.ts';
import { deployedGround } from '../../lib/platform/serve.ts';
import { reportTo } from './report.ts';

// What `npm start` serves, in a folder of its own; its audit goes to standard output, which leads nowhere here.

const { access } = await openLaptop(
  door,
  clouds,
  { folder: process.argv[2] ?? '', host: '127.0.0.1', port: 0 },
  deployedGround(),
);
reportTo(process, access);
